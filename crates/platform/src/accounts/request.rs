//! Writing down what somebody asks for in the name of an address.

use db::Conn;
use serde::{Deserialize, Serialize};
use types::{AddressRequestId, UserId};
use vault::Aad;
use zeroize::Zeroizing;

use super::store::{self, RequestRow};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Tx},
    guard::{self, Attempt, GuardKind},
    jobs::{self, Job},
    keyring::{INSTALLATION, Purpose},
};

/// How long a recovery's request waits for its job, in seconds.
const RECOVERY_LIFETIME: i64 = 3600;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    SignUp,
    EmailChange,
    Recovery,
}

impl Kind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::EmailChange => "email_change",
            Self::Recovery => "recovery",
        }
    }
}

/// What was typed. Personal: it is sealed, and never printed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) organisation: String,
}

/// The address as it is kept: trimmed, and one that a mail can go to.
///
/// # Errors
/// `Invalid`.
pub(crate) fn check_address(text: &str) -> Result<String> {
    let text = text.trim();
    let parts = text.split_once('@');
    let whole = parts.is_some_and(|(local, host)| {
        !local.is_empty() && local.len() <= 64 && !host.is_empty() && !host.contains('@')
    });
    // RFC 5321, section 4.5.3.1.3; quoted names and comments are refused, as nearly everywhere.
    let plain = text.len() <= 254
        && !text
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"".contains(c));
    if whole && plain {
        return Ok(text.to_owned());
    }
    Err(Error::invalid(
        "email",
        "Give an e-mail address, such as ada@example.com.",
    ))
}

/// Each request sends a mail, so they are slowed down, whether the address is known or not.
pub(super) async fn guarded(ctx: &Ctx, what: GuardKind, account: &str) -> Result<()> {
    let account = Some(account);
    guard::check(ctx, &Attempt { what, account }).await
}

/// Writes the request down and has it answered.
pub(super) async fn ask(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: Kind,
    user: Option<UserId>,
    asked: &Asked,
    lifetime: i64,
) -> Result<AddressRequestId> {
    let id = AddressRequestId::new(ctx.clock(), ctx.rng());
    let row_id = id.to_string();
    let key = ctx.data_key(tx, Purpose::Personal, INSTALLATION).await?;
    let plain = Zeroizing::new(serde_json::to_vec(asked)?);
    let row = RequestRow {
        sealed: key.key.seal(ctx.rng(), &aad(&row_id, key.version), &plain)?,
        data_key_id: key.id,
        id: row_id,
        kind: kind.as_str().to_owned(),
        user_id: user.map(|user| user.to_string()),
        expires_at: ctx.now().plus_seconds(lifetime).as_millis(),
    };
    store::insert(tx, &row, ctx.now()).await?;
    jobs::enqueue(ctx, tx, &Job::AnswerAddress(id), ctx.now()).await?;
    Ok(id)
}

/// Asks to recover the account with this address, if there is one. The answer is a mail.
///
/// # Errors
/// `Invalid` if it is no address; `Throttled`.
pub async fn ask_recovery(ctx: &Ctx, email: &str) -> Result<()> {
    let asked = Asked {
        email: check_address(email)?,
        ..Asked::default()
    };
    guarded(ctx, GuardKind::Recovery, &asked.email).await?;
    let mut tx = ctx.begin().await?;
    let id = ask(ctx, &mut tx, Kind::Recovery, None, &asked, RECOVERY_LIFETIME).await?;
    ctx.commit(tx, Event::new(Action::RecoveryAsked).target(id)).await
}

/// What was typed; `None` once it cannot be read any more.
pub(super) async fn read(ctx: &Ctx, conn: &mut Conn, row: &RequestRow) -> Result<Option<Asked>> {
    let Some(key) = ctx.data_key_by_id(conn, &row.data_key_id).await? else {
        return Ok(None);
    };
    let plain = key.key.open(&aad(&row.id, key.version), &row.sealed)?;
    Ok(Some(serde_json::from_slice(&plain)?))
}

/// The request of this kind that a link is for, and what was typed.
pub(super) async fn of_link(
    ctx: &Ctx,
    conn: &mut Conn,
    id: &str,
    kind: Kind,
) -> Result<Option<(RequestRow, Asked)>> {
    let row = store::request(conn, id, ctx.now()).await?;
    let Some(row) = row.filter(|row| row.kind == kind.as_str()) else {
        return Ok(None);
    };
    let asked = read(ctx, conn, &row).await?;
    Ok(asked.map(|asked| (row, asked)))
}

/// Drops what the user asked for: with a recovery everything that is open ends.
pub(crate) async fn forget_of(tx: &mut Tx, user: UserId) -> Result<()> {
    for id in store::of_user(tx, &user.to_string()).await? {
        crate::links::revoke(tx, crate::links::LinkKind::ConfirmEmail, &id).await?;
        store::delete(tx, &id).await?;
    }
    Ok(())
}

fn aad(id: &str, key_version: u32) -> Aad<'_> {
    Aad {
        tenant: INSTALLATION,
        table: "address_requests",
        row: id,
        column: "sealed",
        key_version,
    }
}

#[cfg(test)]
mod tests {
    use super::check_address;

    #[test]
    fn an_address_is_plain_and_one() {
        for good in ["ada@example.com", " ada+x@localhost ", "a.b@ex.example"] {
            assert_eq!(check_address(good).unwrap(), good.trim());
        }
        let long = format!("{}@example.com", "x".repeat(65));
        for bad in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a@b@c",
            "a b@example.com",
            "a@example.com\nBcc: eve@example.com",
            "<ada@example.com>",
            "a@example.com,eve@example.com",
            &long,
        ] {
            assert!(check_address(bad).is_err(), "{bad}");
        }
    }
}
