//! Tokens: issued from what was decided, checked for the tenant that they were issued to.

use receipt::{Claims, Jwks};
use types::{Assurance, Permission, Timestamp, VerificationId, VerificationStatus};

use super::{signing, store::VerificationRow};
use crate::{Ctx, Error, Result};

/// Whether a token holds, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validation {
    /// Whether the person has reached 18.
    pub over18: bool,
    /// From when on the token is not valid.
    pub expires_at: Timestamp,
    /// The verification that it is of.
    pub verification: VerificationId,
}

/// The issuer's name: the public address.
fn issuer(ctx: &Ctx) -> String {
    ctx.settings().public_url.origin().ascii_serialization()
}

/// The token of an approved verification. It is made anew from what was decided, so nothing
/// secret is kept, and its `jti` is always the same.
pub(super) async fn issue(ctx: &Ctx, row: &VerificationRow) -> Result<Option<String>> {
    if row.status != VerificationStatus::Approved {
        return Ok(None);
    }
    let key = signing::current(ctx, &mut *ctx.read().await?).await?;
    let missing = || Error::internal("an approved verification without a token id");
    let claims = Claims {
        iss: issuer(ctx),
        sub: row.id,
        aud: row.organisation,
        iat: row.completed_at.ok_or_else(missing)?.as_seconds(),
        exp: row.token_expires_at.ok_or_else(missing)?.as_seconds(),
        jti: row.token_id.ok_or_else(missing)?,
        over18: row.over18.unwrap_or(false),
        assurance: row.assurance.unwrap_or(Assurance::SelfAsserted),
        checks: row.checks.clone(),
    };
    Ok(Some(receipt::issue(&key, &claims)))
}

/// Whether the token is ours, for this tenant, and not expired; `None` for any other.
///
/// # Errors
/// `Forbidden` without [`Permission::TokensValidate`].
pub async fn validate(ctx: &Ctx, token: &str) -> Result<Option<Validation>> {
    ctx.require(Permission::TokensValidate).await?;
    let keys = signing::all(&mut *ctx.read().await?).await?;
    let audience = ctx.tenant()?.to_string();
    let claims = receipt::check(token, &keys, ctx.now(), &issuer(ctx), &audience);
    Ok(claims.ok().map(|claims| Validation {
        over18: claims.over18,
        expires_at: Timestamp::from_millis(claims.exp.saturating_mul(1000)),
        verification: claims.sub,
    }))
}

/// The public keys that verify tokens offline. Public: no permission.
///
/// # Errors
/// If the database fails.
pub async fn jwks(ctx: &Ctx) -> Result<Jwks> {
    let keys = signing::all(&mut *ctx.read().await?).await?;
    Ok(Jwks {
        keys: keys.iter().map(receipt::VerifyingKey::jwk).collect(),
    })
}
