//! The keys by which GitHub signs its reports of leaked secrets, fetched from where it publishes
//! them. They are fetched when a report comes that names one we do not know, and never before.

use bytes::Bytes;
use http::{Method, Request, header};
use platform::leaks::{KeySource, PublicKey};
use serde::Deserialize;

use crate::guarded::Guarded;

/// Where GitHub publishes them (documentation of the secret scanning partner programme).
pub const GITHUB: &str = "https://api.github.com/meta/public_keys/secret_scanning";

/// Fetches the keys.
#[derive(Debug)]
pub struct PublishedKeys {
    guarded: Guarded,
    address: String,
}

#[derive(Deserialize)]
struct Published {
    public_keys: Vec<PublicKey>,
}

impl PublishedKeys {
    /// From this address.
    pub fn new(guarded: Guarded, address: impl Into<String>) -> Self {
        Self {
            guarded,
            address: address.into(),
        }
    }
}

#[async_trait::async_trait]
impl KeySource for PublishedKeys {
    async fn keys(&self) -> Result<Vec<PublicKey>, String> {
        let request = Request::builder()
            .method(Method::GET)
            .uri(&self.address)
            .header(header::ACCEPT, "application/json")
            .header(
                header::USER_AGENT,
                concat!("Loomwire/", env!("CARGO_PKG_VERSION")),
            )
            .body(Bytes::new())
            .map_err(|error| error.to_string())?;
        let answer = self.guarded.send(request, None).await;
        let answer = answer.map_err(|error| format!("GitHub's keys cannot be fetched: {error}"))?;
        if !answer.status().is_success() {
            return Err(format!(
                "GitHub's keys cannot be fetched: it answered {}",
                answer.status()
            ));
        }
        let published: Published =
            serde_json::from_slice(answer.body()).map_err(|_| "GitHub's keys cannot be read".to_owned())?;
        Ok(published.public_keys)
    }
}
