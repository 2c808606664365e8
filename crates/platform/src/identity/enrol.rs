//! The second way to sign in, as it is made with an account or added to one: a password and an
//! authenticator app together.
//!
//! It is in two steps, since a hash takes its time and must not hold up the database:
//! [`check_password_totp`] before a transaction, [`enrol_password_totp`] within it.

use types::UserId;
use zeroize::Zeroizing;

use super::{
    factor,
    password::{self, Whose},
    store,
    totp::Secret,
};
use crate::{Ctx, Error, Result, audit::Tx, recall::Topic};

/// A password and an authenticator app, checked and not yet anybody's.
pub struct PasswordTotp {
    /// The PHC string.
    hash: Zeroizing<String>,
    secret: Secret,
    step: i64,
}

/// A fresh secret for an authenticator app, as base32 text. It travels with the form that is
/// shown, and counts once a code of it came back.
pub fn begin_totp(ctx: &Ctx) -> String {
    Secret::generate(ctx.rng()).base32()
}

/// What a QR code of the secret says (Key URI format, as authenticator apps read it).
pub fn totp_uri(secret: &str, email: &str) -> String {
    let account: String = url::form_urlencoded::byte_serialize(email.as_bytes()).collect();
    let account = account.replace('+', "%20");
    format!(
        "otpauth://totp/Loomwire:{account}?secret={secret}&issuer=Loomwire&algorithm=SHA1&digits=6&period=30"
    )
}

/// Checks a new password and the first code of a new app. Fields: `password`, `totp_code`.
///
/// # Errors
/// `Invalid`; `Unavailable` if too many passwords are being hashed.
pub async fn check_password_totp(
    ctx: &Ctx,
    whose: Whose<'_>,
    password: &str,
    totp_secret: &str,
    code: &str,
) -> Result<PasswordTotp> {
    let mut fields = Vec::new();
    let password = password::check(password, whose)
        .map_err(|message| fields.push(("password".to_owned(), message)))
        .ok();
    let app = first_code(ctx, totp_secret, code)
        .map_err(|message| fields.push(("totp_code".to_owned(), message)))
        .ok();
    let (Some(password), Some((secret, step))) = (password, app) else {
        return Err(Error::Invalid { fields });
    };
    let hash = ctx.hasher().hash(ctx.rng(), &password).await?;
    Ok(PasswordTotp { hash, secret, step })
}

/// The secret, and the step whose code has shown that the app has it.
pub(super) fn first_code(ctx: &Ctx, secret: &str, code: &str) -> Result<(Secret, i64), String> {
    let secret =
        Secret::parse(secret).ok_or("The app's key was not sent with the form. Scan the code anew.")?;
    let step = secret.step_of(code, ctx.now(), i64::MIN).ok_or(
        "This is not the code that your app shows now. Check that the clock of your phone is right, and type the six digits anew.",
    )?;
    Ok((secret, step))
}

/// Gives them to an account; what it had before is replaced. Gives the recovery codes, which can
/// be seen this once. The caller audits it, and tells the person.
///
/// # Errors
/// If the database fails.
pub async fn enrol_password_totp(
    ctx: &Ctx,
    tx: &mut Tx,
    user: UserId,
    new: PasswordTotp,
) -> Result<Vec<String>> {
    keep_hash(ctx, tx, user, &new.hash).await?;
    factor::keep_totp(ctx, tx, user, &new.secret, new.step).await?;
    factor::make_recovery_codes(ctx, tx, user).await
}

/// Seals a hash under the person's key.
pub(super) async fn keep_hash(ctx: &Ctx, tx: &mut Tx, user: UserId, hash: &str) -> Result<()> {
    tx.changes(Topic::Sessions);
    let user = user.to_string();
    let sealed = factor::seal(ctx, tx, "passwords", &user, hash.as_bytes()).await?;
    Ok(store::replace_password(tx, &user, &sealed, ctx.now()).await?)
}
