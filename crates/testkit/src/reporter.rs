//! A partner who reports leaked keys as GitHub does, with a key of its own.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use p256::{
    ecdsa::{DerSignature, SigningKey, signature::Signer},
    pkcs8::{EncodePublicKey, LineEnding},
};
use platform::leaks::{KeySource, PublicKey};

/// Signs reports, and publishes the key.
#[derive(Clone, Debug)]
pub struct Reporter(SigningKey);

impl Reporter {
    /// What its key is called.
    pub const KEY_ID: &str = "reporter";

    /// With a key that is the same each time.
    ///
    /// # Panics
    /// Never: the number is a key.
    pub fn new() -> Self {
        Self(SigningKey::from_slice(&[7; 32]).unwrap())
    }

    /// The signature of a report: base64 of its DER form.
    pub fn sign(&self, body: &str) -> String {
        let signature: DerSignature = self.0.sign(body.as_bytes());
        STANDARD.encode(signature.as_bytes())
    }
}

impl Default for Reporter {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait::async_trait]
impl KeySource for Reporter {
    async fn keys(&self) -> Result<Vec<PublicKey>, String> {
        let pem = self.0.verifying_key().to_public_key_pem(LineEnding::LF);
        Ok(vec![PublicKey {
            id: Self::KEY_ID.to_owned(),
            pem: pem.map_err(|error| error.to_string())?,
        }])
    }
}
