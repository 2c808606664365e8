//! Reports of GitHub's secret scanning partner programme: a JSON list of findings, signed with
//! ECDSA over P-256 and SHA-256 by a key that GitHub publishes.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use p256::{
    ecdsa::{DerSignature, VerifyingKey, signature::Verifier},
    pkcs8::DecodePublicKey,
};
use serde::Deserialize;
use types::Timestamp;

use super::{Found, MOST, Source, take};
use crate::{Ctx, Error, Result};

/// Keys are fetched at most so often, in seconds: a made-up key id must not make us ask GitHub
/// each time.
const APART: i64 = 60;
/// After so many seconds they are fetched anew.
const STALE: i64 = 86_400;

/// A key that signs reports.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PublicKey {
    /// What a report names it by.
    #[serde(rename = "key_identifier")]
    pub id: String,
    /// SPKI in PEM (RFC 7468).
    #[serde(rename = "key")]
    pub pem: String,
}

/// Whoever fetches the keys that GitHub publishes.
#[async_trait::async_trait]
pub trait KeySource: Send + Sync {
    /// All keys, those that are not in use any more too.
    ///
    /// # Errors
    /// Why they cannot be had.
    async fn keys(&self) -> Result<Vec<PublicKey>, String>;
}

/// The keys, and whoever fetches them.
#[derive(Default)]
pub(crate) struct Remembered {
    pub(crate) source: OnceLock<Arc<dyn KeySource>>,
    keys: Mutex<Option<(Timestamp, Vec<PublicKey>)>>,
}

impl Remembered {
    fn get(&self) -> Option<(Timestamp, Vec<PublicKey>)> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, now: Timestamp, keys: Vec<PublicKey>) {
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, keys));
    }
}

/// One finding.
#[derive(Deserialize)]
struct Finding {
    token: String,
    #[serde(default)]
    url: Option<String>,
}

/// Takes a report: its body as it came, the id of the key that signed it, and the signature
/// (base64 of its DER form).
///
/// # Errors
/// `Unauthenticated` if the signature does not hold; `Invalid` if the body is no such list;
/// `Unavailable` if the keys cannot be had: GitHub sends it again.
pub async fn github(ctx: &Ctx, body: &[u8], key_id: &str, signature: &str) -> Result<()> {
    const REFUSED: Error = Error::Unauthenticated("The signature of this report does not hold.");
    let key = key(ctx, key_id).await?.ok_or(REFUSED)?;
    let signature = STANDARD.decode(signature.trim()).map_err(|_| REFUSED)?;
    if !holds(&key, body, &signature) {
        return Err(REFUSED);
    }
    let findings: Vec<Finding> = serde_json::from_slice(body)
        .map_err(|_| Error::invalid("body", "A report is a JSON list of objects with token and url."))?;
    let found: Vec<Found> = findings
        .into_iter()
        .take(MOST)
        .map(|finding| Found {
            token: finding.token,
            place: finding.url.unwrap_or_default(),
        })
        .collect();
    take(ctx, &found, Source::GitHub).await
}

fn holds(key: &PublicKey, body: &[u8], signature: &[u8]) -> bool {
    let Ok(verifier) = VerifyingKey::from_public_key_pem(&key.pem) else {
        return false;
    };
    DerSignature::try_from(signature).is_ok_and(|signature| verifier.verify(body, &signature).is_ok())
}

/// The key of this id, from memory or fetched.
async fn key(ctx: &Ctx, id: &str) -> Result<Option<PublicKey>> {
    let memory = ctx.leak_keys();
    let find = |keys: &[PublicKey]| keys.iter().find(|key| key.id == id).cloned();
    let now = ctx.now();
    if let Some((fetched, keys)) = memory.get() {
        let age = now.millis_since(fetched) / 1000;
        let known = find(&keys);
        if (known.is_some() && age < STALE) || age < APART {
            return Ok(known);
        }
    }
    let source = memory.source.get();
    let source = source.ok_or_else(|| Error::Unavailable("Nobody fetches GitHub's keys here.".to_owned()))?;
    let keys = source.keys().await.map_err(Error::Unavailable)?;
    let known = find(&keys);
    memory.put(now, keys);
    Ok(known)
}
