//! Where a session's last request came from: sealed under its user's key.

use db::Conn;
use serde::{Deserialize, Serialize};
use vault::Aad;
use zeroize::Zeroizing;

use crate::{Ctx, Result, keyring::Purpose};

/// Address and user agent of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) address: Option<String>,
    pub(super) agent: Option<String>,
}

/// A place as its row has it.
pub(super) struct SealedPlace {
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
}

const fn aad<'a>(user: &'a str, session: &'a str, key_version: u32) -> Aad<'a> {
    Aad {
        tenant: user,
        table: "sessions",
        row: session,
        column: "place",
        key_version,
    }
}

/// Seals where the context's request came from.
pub(super) async fn seal(ctx: &Ctx, conn: &mut Conn, user: &str, session: &str) -> Result<SealedPlace> {
    let origin = ctx.origin();
    let place = Place {
        address: origin.address.map(|address| address.to_string()),
        agent: origin.user_agent.clone(),
    };
    let key = ctx.data_key(conn, Purpose::Personal, user).await?;
    let plain = Zeroizing::new(serde_json::to_vec(&place)?);
    Ok(SealedPlace {
        sealed: key
            .key
            .seal(ctx.rng(), &aad(user, session, key.version), &plain)?,
        data_key_id: key.id,
    })
}

/// The place; an empty one if it was never noted, or its key is gone.
pub(super) async fn open(
    ctx: &Ctx,
    conn: &mut Conn,
    user: &str,
    session: &str,
    sealed: Option<SealedPlace>,
) -> Result<Place> {
    let Some(place) = sealed else {
        return Ok(Place::default());
    };
    let Some(key) = ctx.data_key_by_id(conn, &place.data_key_id).await? else {
        return Ok(Place::default());
    };
    let plain = key.key.open(&aad(user, session, key.version), &place.sealed)?;
    Ok(serde_json::from_slice(&plain)?)
}
