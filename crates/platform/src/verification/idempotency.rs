//! A start that has a name (the header `Idempotency-Key`): asked again under it within
//! [`LIFETIME`], the answer is the same one, and nothing is started.
//!
//! The name is claimed in the transaction that starts the verification: a start that fails has
//! claimed nothing, so that the next try starts one.

use std::collections::HashSet;

use types::VerificationId;
use vault::Aad;
use zeroize::Zeroizing;

use super::{
    start::{Asked, Started},
    store::idempotency as store,
};
use crate::{
    Ctx, Error, Result,
    audit::{Housekeeping, Tx},
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

/// Claims the names of those starts that have one, no two the same; which of these starts may not
/// be written, since an earlier one has its name.
pub(super) async fn claim(tx: &mut Tx, starts: &[&Asked]) -> Result<HashSet<VerificationId>> {
    let mut rows = Vec::new();
    for asked in starts {
        rows.extend(new_row(tx, asked).await?);
    }
    let mut taken: HashSet<VerificationId> = starts
        .iter()
        .filter(|asked| asked.request.idempotency_key.is_some())
        .map(|asked| asked.id)
        .collect();
    let Some(first) = starts.first().filter(|_| !rows.is_empty()) else {
        return Ok(taken);
    };
    rows.sort_by(|a, b| a.place().cmp(&b.place()));
    for id in store::claim(tx, &rows, first.ctx.now()).await? {
        taken.remove(&id.parse()?);
    }
    Ok(taken)
}

async fn new_row(tx: &mut Tx, asked: &Asked) -> Result<Option<store::NewRow>> {
    let Some(name) = asked.name() else {
        return Ok(None);
    };
    let (ctx, id) = (&asked.ctx, asked.id.to_string());
    let tenant = asked.organisation.to_string();
    let key = ctx.data_key(tx, Purpose::Personal, &tenant).await?;
    let plain = Zeroizing::new([&asked.request.digest()?, asked.secret.as_bytes()].concat());
    Ok(Some(store::NewRow {
        environment: asked.environment,
        name,
        stands_for: store::Row {
            data_key_id: key.id.clone(),
            sealed: key.key.seal(ctx.rng(), &aad(&tenant, &id, key.version), &plain)?,
            verification_id: id,
        },
        organisation_id: tenant,
        expires_at: ctx.now().plus_seconds(LIFETIME),
    }))
}

/// Whether an earlier start has the name of this one.
pub(super) async fn is_taken(tx: &mut Tx, asked: &Asked) -> Result<bool> {
    Ok(earlier(tx, asked).await?.is_some())
}

async fn earlier(tx: &mut Tx, asked: &Asked) -> Result<Option<store::Row>> {
    let Some(name) = asked.name() else {
        return Ok(None);
    };
    let place = store::Place {
        tenant: &asked.organisation.to_string(),
        environment: asked.environment,
        name: &name,
    };
    Ok(store::get(tx, &place, asked.ctx.now()).await?)
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

/// The answer of the earlier start of that name; none if its time is over by now. It is given once
/// that start is in the database for certain: on `SQLite` it may be in the same batch, whose one
/// COMMIT this waits for.
///
/// # Errors
/// `Conflict` if the earlier start asked for something else.
pub(super) async fn again(asked: &Asked) -> Result<Option<Started>> {
    let ctx = &asked.ctx;
    let mut tx = ctx.begin().await?;
    let Some(before) = earlier(&mut tx, asked).await? else {
        return Ok(None);
    };
    let (then, secret) = open(ctx, &mut tx, &asked.organisation.to_string(), &before).await?;
    if then != asked.request.digest()? {
        return Err(Error::Conflict(
            "This Idempotency-Key was used with another body in the last 24 hours. Send the same body, or another key.",
        ));
    }
    ctx.commit_housekeeping(tx, Housekeeping::StartAnsweredAgain)
        .await?;
    Ok(Some(Started {
        id: before.verification_id.parse()?,
        session_url: super::start::session_url(ctx, &secret),
        replayed: true,
    }))
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
