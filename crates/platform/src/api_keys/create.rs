//! Making a key.

use types::{
    ApiKeyId, Environment, Permission, StepUp,
    console::{ApiKeyRow, NewApiKey},
    keys::KeyTerms,
};
use zeroize::Zeroizing;

use super::{
    NOT_THERE, event, key, page, policy,
    rotate::ROTATED,
    store,
    terms::{self, Checked, Maker},
};
use crate::{
    Ctx, Result,
    audit::{Action, Tx},
    codec,
    keyring::{INSTALLATION, Purpose},
};

/// Makes a key. What it returns is the only time that the key can be seen. A key that makes keys
/// makes them for its own environment, with no more than it has itself, and in the name of the
/// person who answers for it.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysManage`]; `StepUp`; `NotFound` for a program that asks
/// for another environment than its own; `Invalid` for the terms.
pub async fn create(ctx: &Ctx, environment: Environment, terms: &KeyTerms) -> Result<NewApiKey> {
    ctx.require(Permission::KeysManage).await?;
    ctx.require_fresh(StepUp::Keys).await?;
    if !terms::sees(ctx, environment) {
        return Err(NOT_THERE);
    }
    let mut tx = ctx.begin().await?;
    let maker = Maker::of(ctx, &mut tx).await?;
    let checked = terms::checked(ctx, &mut tx, terms, maker.user).await?;
    maker.hold(&checked)?;
    policy::hold(&mut tx, &ctx.tenant()?.to_string(), &checked, ctx.now()).await?;
    let (row, key) = make(ctx, &mut tx, environment, &maker, &checked, None).await?;
    let event = event(Action::ApiKeyCreated, &row)
        .detail("scopes", checked.scopes)
        .detail("networks", &checked.networks);
    ctx.commit(tx, event).await?;
    Ok(NewApiKey {
        row,
        key: key.to_string(),
    })
}

/// Writes a key; as its successor, if it takes over from another.
pub(super) async fn make(
    ctx: &Ctx,
    tx: &mut Tx,
    environment: Environment,
    maker: &Maker,
    terms: &Checked,
    line: Option<&store::Line>,
) -> Result<(ApiKeyRow, Zeroizing<String>)> {
    let tenant = ctx.tenant()?.to_string();
    let id = ApiKeyId::new(ctx.clock(), ctx.rng());
    let key = key::generate(ctx.rng(), environment);
    let pepper = ctx.data_key(tx, Purpose::Pepper, INSTALLATION).await?;
    let new = store::NewKey {
        id: id.to_string(),
        environment,
        prefix: key::prefix(&key),
        last_four: key::last_four(&key),
        digest: codec::hmac_sha256(pepper.key.bytes(), key.as_bytes()),
        pepper_version: i64::from(pepper.version),
        terms,
        line,
    };
    let inserted = store::insert(tx, &tenant, &new, &maker.user.to_string(), ctx.now()).await;
    // On PostgreSQL two rotations at once both see a key without a successor; the index sees two.
    if let Err(error) = &inserted
        && error.violates("api_keys", &["predecessor_id"])
    {
        return Err(ROTATED);
    }
    inserted?;
    Ok((page::seen(ctx, tx, id).await?, key))
}
