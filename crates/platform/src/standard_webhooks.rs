//! Signing as Standard Webhooks 1.0 has it (<https://www.standardwebhooks.com>), for whoever sends.
//!
//! A secret is `whsec_` and base64; its bytes sign `id.moment.body` with HMAC-SHA256, so that a
//! receiver can tell who sent it, when, and what was sent before.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use types::{Entropy, source::random};
use zeroize::Zeroizing;

use crate::codec;

/// What every secret begins with.
const PREFIX: &str = "whsec_";

/// A fresh secret: 256 random bits. The standard asks for 24 to 64 bytes.
pub(crate) fn secret(entropy: &dyn Entropy) -> String {
    format!("{PREFIX}{}", STANDARD.encode(random::<32>(entropy)))
}

/// The bytes that sign; none if the text is no such secret.
pub(crate) fn key(secret: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = secret.strip_prefix(PREFIX)?;
    STANDARD.decode(text).ok().map(Zeroizing::new)
}

/// The value of the header `webhook-signature` for one secret; none if the text is no secret.
pub(crate) fn signature(secret: &str, id: &str, moment: &str, body: &str) -> Option<String> {
    let key = key(secret)?;
    let signed = codec::hmac_sha256(&key, format!("{id}.{moment}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(signed)))
}
