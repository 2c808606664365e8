//! One 256-bit key, and sealing and opening with it.

use std::fmt;

use chacha20poly1305::{
    KeyInit, Tag, XChaCha20Poly1305, XNonce,
    aead::{AeadInOut, Key},
};
use types::{Entropy, source::random};
use zeroize::Zeroizing;

use crate::{
    VaultError,
    aad::{Aad, Purpose},
};

/// The first byte of a sealed value: XChaCha20-Poly1305, then nonce, ciphertext and tag.
const FORMAT: u8 = 1;
/// With 192 bits a random nonce does not repeat (draft-irtf-cfrg-xchacha, section 3.1).
const NONCE: usize = 24;
const TAG: usize = 16;
pub(crate) const KEY: usize = 32;

/// A key that seals secrets. It is wiped when dropped and never printed.
///
/// It is boxed so that moving it leaves no copy behind.
pub struct DataKey(Box<Zeroizing<[u8; KEY]>>);

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(..)")
    }
}

impl DataKey {
    /// A fresh random key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut key = Self::blank();
        entropy.fill(key.bytes_mut());
        key
    }

    pub(crate) fn blank() -> Self {
        Self(Box::new(Zeroizing::new([0; KEY])))
    }

    /// The key itself, for a keyed hash (RFC 2104). Do not copy it.
    pub fn bytes(&self) -> &[u8; KEY] {
        &self.0
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8; KEY] {
        &mut self.0
    }

    /// Seals a secret for the place that `aad` names. The result is 41 bytes longer.
    pub fn seal(
        &self,
        entropy: &dyn Entropy,
        aad: &Aad<'_>,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.encrypt(entropy, aad, Purpose::Secret, plaintext)
    }

    /// Opens what [`DataKey::seal`] made for the same place.
    pub fn open(&self, aad: &Aad<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        self.decrypt(aad, Purpose::Secret, sealed)
    }

    /// Seals another key under this one.
    pub(crate) fn wrap(
        &self,
        entropy: &dyn Entropy,
        aad: &Aad<'_>,
        key: &DataKey,
    ) -> Result<Vec<u8>, VaultError> {
        self.encrypt(entropy, aad, Purpose::DataKey, key.bytes())
    }

    /// Opens what [`DataKey::wrap`] made.
    pub(crate) fn unwrap(&self, aad: &Aad<'_>, wrapped: &[u8]) -> Result<DataKey, VaultError> {
        let bytes = self.decrypt(aad, Purpose::DataKey, wrapped)?;
        let mut key = DataKey::blank();
        if bytes.len() != KEY {
            return Err(VaultError::Refused);
        }
        key.bytes_mut().copy_from_slice(&bytes);
        Ok(key)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        let key: &Key<XChaCha20Poly1305> = self.bytes().into();
        XChaCha20Poly1305::new(key)
    }

    fn encrypt(
        &self,
        entropy: &dyn Entropy,
        aad: &Aad<'_>,
        purpose: Purpose,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let nonce = random::<NONCE>(entropy);
        // The capacity is exact, so the plaintext is not left behind in an outgrown buffer.
        let mut sealed = Vec::with_capacity(1 + NONCE + plaintext.len() + TAG);
        sealed.push(FORMAT);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plaintext);
        let body = sealed.get_mut(1 + NONCE..).unwrap_or_default();
        let tag = self
            .cipher()
            .encrypt_inout_detached(&XNonce::from(nonce), &aad.to_bytes(FORMAT, purpose), body.into())
            .map_err(|_| VaultError::TooLong)?;
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }

    fn decrypt(
        &self,
        aad: &Aad<'_>,
        purpose: Purpose,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (&[format], rest) = sealed.split_first_chunk().ok_or(VaultError::Refused)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(VaultError::Refused)?;
        let (body, tag) = rest.split_last_chunk::<TAG>().ok_or(VaultError::Refused)?;
        if format != FORMAT {
            return Err(VaultError::Refused);
        }
        let mut plaintext = Zeroizing::new(body.to_vec());
        self.cipher()
            .decrypt_inout_detached(
                &XNonce::from(*nonce),
                &aad.to_bytes(format, purpose),
                plaintext.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .map_err(|_| VaultError::Refused)?;
        Ok(plaintext)
    }
}
