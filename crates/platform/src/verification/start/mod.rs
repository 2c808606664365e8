//! Starting a verification.

mod asked;
mod batch;
mod check;
mod gather;

use std::sync::Arc;

use serde::Serialize;
use types::{Permission, VerificationId};
use zeroize::Zeroizing;

use super::idempotency;
use crate::{Ctx, Error, Result, codec, usage};

pub(super) use asked::Asked;
use batch::Verdict;
pub(crate) use gather::Gathering;

/// What a business may say when it starts a verification. All of it is optional.
#[derive(Clone, Default, Serialize)]
pub struct StartRequest {
    /// The business's own name for this start, from the header `Idempotency-Key`: under it, the
    /// same request is answered the same for 24 hours and starts nothing. 1 to 255 visible ASCII
    /// characters, apart for live and test keys.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
    /// The person's user agent: kept as a keyed hash, for 30 days.
    pub user_agent: Option<String>,
    /// The person's address: kept as a keyed hash, for 30 days.
    pub ip: Option<String>,
    /// What to check: `document`, and `age`. The document's consistency and expiry are always
    /// checked; `age` without a minimum age means 18.
    pub checks: Option<Vec<String>>,
    /// Whole years, 1 to 120: the outcome is denied below it.
    pub minimum_age: Option<i64>,
    /// The business's own reference, at most 200 characters. Not for personal data.
    pub reference: Option<String>,
    /// Where the person goes afterwards: https, or http on a loopback host.
    pub return_url: Option<String>,
    /// The region that the verification must stay in.
    pub region: Option<String>,
}

impl StartRequest {
    /// SHA-256 of what is asked for, the name left out. It is only ever kept sealed: an address can
    /// be guessed from it.
    pub(super) fn digest(&self) -> Result<[u8; 32]> {
        Ok(codec::sha256(&Zeroizing::new(serde_json::to_vec(self)?)))
    }
}

/// A verification just started.
pub struct Started {
    /// Its id.
    pub id: VerificationId,
    /// **Secret**: the page for the person.
    pub session_url: String,
    /// An earlier call of the same name started it.
    pub replayed: bool,
}

/// Starts a verification: one row, one job that ends it in time, one audit event, and of a live key
/// one billable unit, in one transaction. Starts that come while another is being written are
/// written together after it, each as if it were alone.
///
/// # Errors
/// `Forbidden` without [`Permission::VerificationsStart`]; `Invalid`; `WrongRegion`; `Conflict` if
/// the request's name stands for another request; `QuotaExceeded`.
pub async fn start(ctx: &Ctx, request: StartRequest) -> Result<Started> {
    ctx.require(Permission::VerificationsStart).await?;
    let asked = Arc::new(Asked::new(ctx, request)?);
    let mut alone = false;
    loop {
        match gather::ask(&asked, alone).await? {
            Verdict::Started => {
                return Ok(Started {
                    id: asked.id,
                    session_url: session_url(ctx, &asked.secret),
                    replayed: false,
                });
            }
            Verdict::NameTaken => {
                if let Some(started) = idempotency::again(&asked).await? {
                    return Ok(started);
                }
            }
            Verdict::UsedUp { limit, month } => {
                usage::tell_refused(ctx, limit, &month).await?;
                return Err(Error::QuotaExceeded { limit, month });
            }
            Verdict::Later => {}
            Verdict::Alone => alone = true,
        }
    }
}

/// The page for the person.
pub(super) fn session_url(ctx: &Ctx, secret: &str) -> String {
    let mut url = ctx.settings().public_url.clone();
    url.set_path(&format!("/v/{secret}"));
    url.into()
}
