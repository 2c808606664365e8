//! Keys: one that signs, those that verify, and how they are published (RFC 7517, RFC 8037).

use std::fmt;

use ed25519_dalek::{Signature, Signer};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::encoding::{decode, encode};

const KEY_TYPE: &str = "OKP";
const CURVE: &str = "Ed25519";
pub(crate) const ALGORITHM: &str = "EdDSA";

/// The published key is not one that can verify a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this key is not a sound Ed25519 key with its own thumbprint as `kid`")]
pub struct UnusableKey;

/// The private key that signs tokens. Wiped when dropped, never printed.
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    kid: String,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

impl SigningKey {
    /// From the 32 secret bytes (RFC 8032, section 5.1.5).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let kid = thumbprint(key.verifying_key().as_bytes());
        Self { key, kid }
    }

    /// The key's id: its thumbprint (RFC 7638, RFC 8037 appendix A.3).
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey {
            key: self.key.verifying_key(),
            kid: self.kid.clone(),
        }
    }

    /// The public half, as it is published.
    pub fn jwk(&self) -> Jwk {
        self.verifying_key().jwk()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

/// A public key that verifies tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    key: ed25519_dalek::VerifyingKey,
    kid: String,
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VerifyingKey").field(&self.kid).finish()
    }
}

impl VerifyingKey {
    /// From the 32 public bytes. Bytes that are no point, or one of small order (with which
    /// anybody could sign), are refused.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, UnusableKey> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| UnusableKey)?;
        if key.is_weak() {
            return Err(UnusableKey);
        }
        let kid = thumbprint(bytes);
        Ok(Self { key, kid })
    }

    /// The 32 public bytes.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// The key's id: its thumbprint.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The key as it is published.
    pub fn jwk(&self) -> Jwk {
        Jwk {
            kty: KEY_TYPE.to_owned(),
            crv: Some(CURVE.to_owned()),
            x: Some(encode(self.key.as_bytes())),
            kid: Some(self.kid.clone()),
            alg: Some(ALGORITHM.to_owned()),
            usage: Some("sig".to_owned()),
        }
    }

    /// Strict: refuses the malleable signatures that RFC 8032, section 5.1.7 lets pass.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.key
            .verify_strict(message, &Signature::from_bytes(signature))
            .is_ok()
    }
}

/// A public key as JSON (RFC 7517, RFC 8037 section 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// The key type: `OKP` for ours.
    pub kty: String,
    /// The curve: `Ed25519` for ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// The public bytes in base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// The key's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// The algorithm: `EdDSA` for ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// What the key is for: `sig` for ours.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
}

impl TryFrom<&Jwk> for VerifyingKey {
    type Error = UnusableKey;

    fn try_from(jwk: &Jwk) -> Result<Self, UnusableKey> {
        let fits = |value: &Option<String>, wanted| value.as_deref().is_none_or(|v| v == wanted);
        let named = jwk.kty == KEY_TYPE && jwk.crv.as_deref() == Some(CURVE);
        if !named || !fits(&jwk.alg, ALGORITHM) || !fits(&jwk.usage, "sig") {
            return Err(UnusableKey);
        }
        let bytes = jwk.x.as_deref().and_then(decode).ok_or(UnusableKey)?;
        let key = Self::from_bytes(bytes.as_slice().try_into().map_err(|_| UnusableKey)?)?;
        if fits(&jwk.kid, &key.kid) {
            Ok(key)
        } else {
            Err(UnusableKey)
        }
    }
}

/// A set of public keys as JSON (RFC 7517, section 5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwks {
    /// The keys.
    pub keys: Vec<Jwk>,
}

impl Jwks {
    /// The keys that can verify tokens; others are passed over (RFC 7517, section 5).
    pub fn verifying_keys(&self) -> Vec<VerifyingKey> {
        let keys = self.keys.iter();
        keys.filter_map(|jwk| VerifyingKey::try_from(jwk).ok()).collect()
    }
}

impl<'a> FromIterator<&'a VerifyingKey> for Jwks {
    fn from_iter<I: IntoIterator<Item = &'a VerifyingKey>>(keys: I) -> Self {
        Self {
            keys: keys.into_iter().map(VerifyingKey::jwk).collect(),
        }
    }
}

/// SHA-256 over the required members in this order, without blanks (RFC 7638, section 3).
fn thumbprint(public: &[u8; 32]) -> String {
    let x = encode(public);
    let members = format!(r#"{{"crv":"{CURVE}","kty":"{KEY_TYPE}","x":"{x}"}}"#);
    encode(&Sha256::digest(members))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::sign_compact;

    /// RFC 8037, appendix A.1.
    const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn key() -> SigningKey {
        SigningKey::from_seed(&decode(SEED).unwrap().try_into().unwrap())
    }

    #[test]
    fn the_public_key_and_thumbprint_are_those_of_rfc_8037() {
        let jwk = key().jwk();
        assert_eq!(jwk.x.as_deref(), Some(PUBLIC));
        assert_eq!(key().kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(jwk.kid.as_deref(), Some(key().kid()));
    }

    #[test]
    fn the_signature_is_that_of_rfc_8037() {
        let token = sign_compact(&key(), br#"{"alg":"EdDSA"}"#, b"Example of Ed25519 signing");
        assert_eq!(
            token,
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
             hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
    }

    #[test]
    fn debug_says_which_key_and_nothing_of_it() {
        let text = format!("{:?} {:?}", key(), key().verifying_key());
        assert!(text.contains(key().kid()));
        assert!(!text.contains(SEED) && !text.contains("157, 97"));
    }
}
