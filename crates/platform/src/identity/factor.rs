//! The second factor beside a password: codes of an authenticator app, and recovery codes. Which
//! of them were used, and how often somebody was wrong, is counted in the database, so that of
//! two at once one wins.

use data_encoding::BASE32_NOPAD;
use types::{UserId, source::random};
use vault::Aad;
use zeroize::Zeroizing;

use super::{
    store::{self, Sealed},
    totp::Secret,
};
use crate::{
    Ctx, Result,
    audit::{Action, Event, Tx},
    codec,
    keyring::Purpose,
    mail::Message,
    notices,
};

/// NIST SP 800-63B-4, section 3.2.2: no more than 100 consecutive failures.
const FAILURES: i64 = 100;
/// Recovery codes of a person.
pub(super) const CODES: usize = 10;

/// Seals a value of a person's under their own key.
pub(super) async fn seal(
    ctx: &Ctx,
    tx: &mut Tx,
    table: &'static str,
    user: &str,
    plain: &[u8],
) -> Result<Sealed> {
    let key = ctx.data_key(tx, Purpose::Personal, user).await?;
    Ok(Sealed {
        sealed: key.key.seal(ctx.rng(), &aad(table, user, key.version), plain)?,
        data_key_id: key.id,
    })
}

/// Opens it; nothing if the key is gone.
pub(super) async fn open(
    ctx: &Ctx,
    conn: &mut db::Conn,
    table: &'static str,
    user: &str,
    row: &Sealed,
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let Some(key) = ctx.data_key_by_id(conn, &row.data_key_id).await? else {
        return Ok(None);
    };
    Ok(Some(key.key.open(&aad(table, user, key.version), &row.sealed)?))
}

pub(super) const fn aad<'a>(table: &'static str, user: &'a str, key_version: u32) -> Aad<'a> {
    Aad {
        tenant: user,
        table,
        row: user,
        column: "sealed",
        key_version,
    }
}

/// Keeps the secret of an authenticator app, `step` being the one that it was shown to work with.
pub(super) async fn keep_totp(
    ctx: &Ctx,
    tx: &mut Tx,
    user: UserId,
    secret: &Secret,
    step: i64,
) -> Result<()> {
    let user = user.to_string();
    let sealed = seal(ctx, tx, "totps", &user, secret.bytes()).await?;
    Ok(store::replace_totp(tx, &user, &sealed, step, ctx.now()).await?)
}

/// Whether this is a code of the person's app whose time is now and that was not used; it is
/// used with this (RFC 6238, section 5.2).
pub(super) async fn accept_totp(ctx: &Ctx, tx: &mut Tx, user: UserId, code: &str) -> Result<bool> {
    let user = user.to_string();
    let Some(row) = store::totp(tx, &user).await? else {
        return Ok(false);
    };
    let Some(plain) = open(ctx, tx, "totps", &user, &row.sealed()).await? else {
        return Ok(false);
    };
    let step = Secret::from_bytes(&plain).and_then(|secret| secret.step_of(code, ctx.now(), row.last_step));
    match step {
        Some(step) if !row.disabled => Ok(store::use_step(tx, &user, step).await?),
        _ => Ok(false),
    }
}

/// Whether this is a recovery code of the person's that was not used; it is used with this.
pub(super) async fn accept_recovery_code(ctx: &Ctx, tx: &mut Tx, user: UserId, code: &str) -> Result<bool> {
    let user = user.to_string();
    Ok(store::use_recovery_code(tx, &user, &digest(&user, code), ctx.now()).await?)
}

/// Makes ten new recovery codes; those before stop working. They can be seen this once.
pub(super) async fn make_recovery_codes(ctx: &Ctx, tx: &mut Tx, user: UserId) -> Result<Vec<String>> {
    let user = user.to_string();
    let codes: Vec<String> = (0..CODES).map(|_| recovery_code(ctx)).collect();
    let digests: Vec<Vec<u8>> = codes.iter().map(|code| digest(&user, code)).collect();
    store::replace_recovery_codes(tx, &user, &digests, ctx.now()).await?;
    Ok(codes)
}

/// 120 random bits in groups of four letters. Beyond 112 bits a plain hash is enough (NIST
/// SP 800-63B-4, section 3.1.2.2).
fn recovery_code(ctx: &Ctx) -> String {
    let letters = BASE32_NOPAD.encode(&random::<15>(ctx.rng()));
    let groups: Vec<&str> = letters
        .as_bytes()
        .chunks(4)
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join("-")
}

/// How a recovery code is kept. It is read as it is typed: in small letters, with or without
/// hyphens.
fn digest(user: &str, code: &str) -> Vec<u8> {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    codec::digest(&format!("{user}:{}", letters.to_ascii_uppercase()))
}

/// Counts a wrong answer to password or code. With the 100th in a row neither is taken any more,
/// and the person is told; passkeys go on working. What it also meant, as events.
pub(super) async fn failed(ctx: &Ctx, tx: &mut Tx, user: UserId) -> Result<Vec<Event>> {
    let count = store::count_failure(tx, &user.to_string(), FAILURES, ctx.now()).await?;
    if count != Some(FAILURES) {
        return Ok(Vec::new());
    }
    let cause = format!("password.disabled:{user}:{}", ctx.now().as_millis());
    let message = Message::new("password.disabled", cause, "Signing in with your password was switched off")
        .text(format!(
            "{FAILURES} wrong passwords or codes came in a row for your account, so neither is taken any more. Your passkeys go on working."
        ))
        .text("To use a password again, sign in with a passkey and set a new one, or recover your account.");
    notices::tell(ctx, tx, user, message).await?;
    let event = Event::new(Action::PasswordDisabled)
        .by_user(user)
        .target(user)
        .detail("failures", FAILURES);
    Ok(vec![event])
}

/// Takes neither password nor code any more, as if too many wrong ones had come: its owner says
/// that somebody else may know them.
pub(crate) async fn disable_password(ctx: &Ctx, tx: &mut Tx, user: UserId) -> Result<()> {
    store::count_failure(tx, &user.to_string(), 1, ctx.now()).await?;
    Ok(())
}
