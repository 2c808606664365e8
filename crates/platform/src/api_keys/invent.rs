//! A key of an invented past. Nobody is told the key, so nobody can use it.

use types::{
    ApiKeyId, Environment, Timestamp, UserId,
    keys::{Scope, Scopes},
};

use super::{key, networks::Networks, store, terms::Checked};
use crate::{
    Ctx, Result,
    audit::Tx,
    codec,
    keyring::{INSTALLATION, Purpose},
};

/// What is known of it.
pub(crate) struct Invented<'a> {
    pub(crate) id: ApiKeyId,
    pub(crate) name: &'a str,
    pub(crate) environment: Environment,
    pub(crate) maker: UserId,
    pub(crate) made: Timestamp,
    pub(crate) rotate_days: Option<u32>,
}

/// Writes it; its last four characters.
pub(crate) async fn invent(ctx: &Ctx, tx: &mut Tx, tenant: &str, invented: &Invented<'_>) -> Result<String> {
    let key = key::generate(ctx.rng(), invented.environment);
    let pepper = ctx.data_key(tx, Purpose::Pepper, INSTALLATION).await?;
    let terms = Checked {
        name: invented.name.to_owned(),
        scopes: Scope::USUAL
            .into_iter()
            .chain([Scope::UsageRead])
            .collect::<Scopes>(),
        networks: Networks::default(),
        expires_at: None,
        note: String::new(),
        owner: invented.maker,
        calls_per_minute: None,
        rotate_days: invented.rotate_days,
        limits: Vec::new(),
    };
    let new = store::NewKey {
        id: invented.id.to_string(),
        environment: invented.environment,
        prefix: key::prefix(&key),
        last_four: key::last_four(&key),
        digest: codec::hmac_sha256(pepper.key.bytes(), key.as_bytes()),
        pepper_version: i64::from(pepper.version),
        terms: &terms,
        line: None,
    };
    store::insert(tx, tenant, &new, &invented.maker.to_string(), invented.made).await?;
    Ok(new.last_four)
}
