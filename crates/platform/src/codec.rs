//! Small encodings that several modules share.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use types::{Entropy, source::random};

/// SHA-256. Enough for the secrets that we make ourselves: they have 256 random bits, so a
/// slow hash would protect nothing.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// HMAC-SHA256 (RFC 2104).
pub(crate) fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        // Unreachable: HMAC takes keys of any length. A constant would be a hole, so hash.
        |_| sha256(&[key, message].concat()),
        |mac| mac.chain_update(message).finalize().into_bytes().into(),
    )
}

/// 256 random bits as 43 URL-safe characters.
pub(crate) fn secret(entropy: &dyn Entropy) -> String {
    URL_SAFE_NO_PAD.encode(random::<32>(entropy))
}

/// The digest under which such a secret is kept.
pub(crate) fn digest(secret: &str) -> Vec<u8> {
    sha256(secret.as_bytes()).to_vec()
}
