//! A start that has a name (the header `Idempotency-Key`): asked again under it within
//! [`LIFETIME`], the answer is the same one, and nothing is started.
//!
//! The name is claimed in the transaction that starts the verification: a start that fails has
//! claimed nothing, so that the next try starts one.

use types::{Environment, VerificationId};
use vault::Aad;
use zeroize::Zeroizing;

use super::{
    start::{StartRequest, Started},
    store::idempotency as store,
};
use crate::{
    Ctx, Error, Result,
    audit::{Housekeeping, Tx},
    codec,
    keyring::Purpose,
};

/// How long a name stands for its start, in seconds: a day.
const LIFETIME: i64 = 86_400;
/// The longest name, in characters.
const LONGEST: usize = 255;
/// The length of the digest that stands before the secret in what is sealed.
const DIGEST: usize = 32;

/// What is wrong with a name, if anything is.
pub(super) fn problem(name: &str) -> Option<&'static str> {
    let fits = (1..=LONGEST).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
    (!fits).then_some("Idempotency-Key has 1 to 255 visible ASCII characters, such as a random UUID.")
}

/// The start that a name is for.
pub(super) struct Claim<'a> {
    pub(super) name: &'a str,
    pub(super) environment: Environment,
    /// What the verification is called if this is the first of that name.
    pub(super) id: VerificationId,
    /// The secret of its session link.
    pub(super) secret: &'a str,
    pub(super) request: &'a StartRequest,
}

/// Claims the name; what an earlier start of that name has claimed it for, and the secret of its
/// session link.
///
/// # Errors
/// `Conflict` if the earlier start asked for something else.
pub(super) async fn claim(
    ctx: &Ctx,
    tx: &mut Tx,
    claim: &Claim<'_>,
) -> Result<Option<(VerificationId, Zeroizing<String>)>> {
    let tenant = ctx.tenant()?.to_string();
    let key = ctx.data_key(tx, Purpose::Personal, &tenant).await?;
    let asked = claim.request.digest()?;
    let id = claim.id.to_string();
    let plain = Zeroizing::new([asked.as_slice(), claim.secret.as_bytes()].concat());
    let row = store::Row {
        verification_id: id.clone(),
        data_key_id: key.id.clone(),
        sealed: key.key.seal(ctx.rng(), &aad(&tenant, &id, key.version), &plain)?,
    };
    let name = codec::digest(claim.name);
    let place = store::Place {
        tenant: &tenant,
        environment: claim.environment,
        name: &name,
    };
    let now = ctx.now();
    if store::claim(tx, &place, &row, (now, now.plus_seconds(LIFETIME))).await? {
        return Ok(None);
    }
    let Some(before) = store::get(tx, &place).await? else {
        return Err(Error::internal("a name that is claimed has no row"));
    };
    let (then, secret) = open(ctx, tx, &tenant, &before).await?;
    if then != asked {
        return Err(Error::Conflict(
            "This Idempotency-Key was used with another body in the last 24 hours. Send the same body, or another key.",
        ));
    }
    Ok(Some((before.verification_id.parse()?, secret)))
}

async fn open(
    ctx: &Ctx,
    tx: &mut Tx,
    tenant: &str,
    row: &store::Row,
) -> Result<(Vec<u8>, Zeroizing<String>)> {
    let key = ctx.data_key_by_id(tx, &row.data_key_id).await?;
    let key = key.ok_or_else(|| Error::internal("the key of a start was destroyed"))?;
    let place = aad(tenant, &row.verification_id, key.version);
    let plain = key.key.open(&place, &row.sealed)?;
    let (digest, secret) = plain
        .split_at_checked(DIGEST)
        .ok_or_else(|| Error::internal("a sealed start is too short"))?;
    let secret = String::from_utf8(secret.to_vec()).map_err(Error::internal)?;
    Ok((digest.to_vec(), Zeroizing::new(secret)))
}

fn aad<'a>(tenant: &'a str, id: &'a str, key_version: u32) -> Aad<'a> {
    Aad {
        tenant,
        table: "idempotency_keys",
        row: id,
        column: "sealed",
        key_version,
    }
}

/// The answer of the earlier start. It is given once that start is in the database for certain: on
/// `SQLite` it may be in the same batch, whose one COMMIT this waits for.
pub(super) async fn again(ctx: &Ctx, tx: Tx, id: VerificationId, secret: &str) -> Result<Started> {
    ctx.commit_housekeeping(tx, Housekeeping::StartAnsweredAgain)
        .await?;
    Ok(Started {
        id,
        session_url: super::start::session_url(ctx, secret),
        replayed: true,
    })
}

/// Removes names whose time is over.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    Ok(store::sweep(tx, ctx.now()).await?)
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn a_name_is_visible_ascii_of_some_length() {
        for good in ["a", "7c9e6679-7425-40de-944b-e07fc1f90ae7", &"x".repeat(255)] {
            assert_eq!(problem(good), None, "{good}");
        }
        for bad in ["", "two words", "tab\t", "é", &"x".repeat(256)] {
            assert!(problem(bad).is_some(), "{bad}");
        }
    }
}
