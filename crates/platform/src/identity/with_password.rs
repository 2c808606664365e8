//! Signing in with a password and a code.
//!
//! **Invariant**: who has no right password and code learns nothing but that: unknown accounts,
//! accounts without a password and wrong answers take the same work and get the same words.

use types::{SignInMethod, UserId};
use zeroize::Zeroizing;

use super::{
    factor, password,
    sign_in::{end_present, may_enter},
    store::{self, PasswordRow},
};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event, Housekeeping, Tx},
    guard::{self, Attempt, GuardKind},
    mail::Message,
    notices,
    sessions::{self, NewSession},
};

/// OWASP ASVS 5.0.0, 6.3.8: the same for every way in which it can fail.
const REFUSED: Error = Error::Unauthenticated(
    "E-mail address, password or code were not accepted. Check all three; each code works once.",
);
const STAFF: Error = Error::Conflict(
    "Staff of this installation sign in with a passkey. Use yours, or ask a colleague to start a recovery.",
);

/// What was shown beside the password.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Factor {
    App,
    RecoveryCode,
}

impl Factor {
    const fn words(self) -> &'static str {
        match self {
            Self::App => "one-time code",
            Self::RecoveryCode => "recovery code",
        }
    }
}

/// Checks both factors and makes a session. The code is the authenticator app's, or a recovery
/// code. A refusal is audited.
///
/// # Errors
/// `Unauthenticated` if they do not hold, whichever it was; `Throttled`; `Conflict`, once both
/// were right, for staff and where the organisation asks for more.
pub async fn sign_in_with_password(ctx: &Ctx, email: &str, password: &str, code: &str) -> Result<NewSession> {
    let attempt = Attempt {
        what: GuardKind::SignIn,
        account: Some(email),
    };
    guard::check(ctx, &attempt).await?;
    let (row, kept) = find(ctx, email).await?;
    let password = password::normalized(password);
    let password_holds = ctx.hasher().verify(ctx.rng(), &password, kept.clone()).await?;
    let mut tx = ctx.begin().await?;
    let factor = match &row {
        Some(row) if password_holds => second(ctx, &mut tx, row, code).await?,
        _ => None,
    };
    match (row, factor) {
        (Some(row), Some(factor)) => {
            let entered = enter(ctx, tx, &row, factor).await;
            // Both factors were right, whatever stands in the way behind them.
            guard::succeeded(ctx, &attempt).await?;
            // Only now: before, the time that it takes would tell that the password was right.
            if let (Ok(_), Some(kept)) = (&entered, kept)
                && let Err(error) = renew(ctx, &row, &password, &kept).await
            {
                tracing::warn!(%error, "a password's hash was not renewed: its next sign-in tries again");
            }
            entered
        }
        (row, _) => refuse(ctx, tx, row, &attempt).await,
    }
}

/// The account of this address, and its hash.
async fn find(ctx: &Ctx, email: &str) -> Result<(Option<PasswordRow>, Option<Zeroizing<String>>)> {
    let mut read = ctx.read().await?;
    let Some(row) = store::password_by_email(&mut read, &email.trim().to_lowercase()).await? else {
        return Ok((None, None));
    };
    let hash = factor::open(ctx, &mut read, "passwords", &row.user_id, &row.sealed()).await?;
    let hash = hash.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    Ok((Some(row), hash.map(Zeroizing::new)))
}

/// Uses the code up, if it holds and the password that was checked is still taken.
async fn second(ctx: &Ctx, tx: &mut Tx, row: &PasswordRow, code: &str) -> Result<Option<Factor>> {
    let user: UserId = row.user_id.parse()?;
    let factor = if factor::accept_totp(ctx, tx, user, code).await? {
        Factor::App
    } else if row.disabled_at.is_none() && factor::accept_recovery_code(ctx, tx, user, code).await? {
        Factor::RecoveryCode
    } else {
        return Ok(None);
    };
    let taken = store::forget_failures(tx, &row.user_id, row.changed_at).await?;
    Ok(taken.then_some(factor))
}

/// A refusal costs the same writes whether or not there is such an account.
async fn refuse(
    ctx: &Ctx,
    mut tx: Tx,
    row: Option<PasswordRow>,
    attempt: &Attempt<'_>,
) -> Result<NewSession> {
    let event = Event::new(Action::SignInFailed)
        .denied()
        .detail("reason", "the e-mail address, password or code did not hold");
    if let Some(row) = row {
        let others = factor::failed(ctx, &mut tx, row.user_id.parse()?).await?;
        ctx.acting_as(Actor::Anonymous)
            .commit_all(tx, event.target(row.user_id), others)
            .await?;
    } else {
        store::count_failure(&mut tx, "", i64::MAX, ctx.now()).await?;
        ctx.acting_as(Actor::Anonymous).commit(tx, event).await?;
    }
    guard::failed(ctx, attempt).await?;
    Err(REFUSED)
}

/// Makes the session of somebody whose two factors were right.
async fn enter(ctx: &Ctx, mut tx: Tx, row: &PasswordRow, factor: Factor) -> Result<NewSession> {
    let user: UserId = row.user_id.parse()?;
    let anonymous = ctx.acting_as(Actor::Anonymous);
    let stopped = |reason: &'static str| {
        Event::new(Action::SignInFailed)
            .by_user(user)
            .target(user)
            .denied()
            .detail("reason", reason)
    };
    if row.staff_role.is_some() {
        anonymous
            .commit(tx, stopped("staff sign in with a passkey"))
            .await?;
        return Err(STAFF);
    }
    let organisation = match may_enter(&mut tx, &row.user_id, SignInMethod::PasswordTotp).await? {
        Ok(organisation) => organisation,
        Err(error) => {
            anonymous
                .commit(tx, stopped("no organisation admits a password"))
                .await?;
            return Err(error);
        }
    };
    end_present(ctx, &mut tx).await?;
    let session = sessions::create(ctx, &mut tx, user, organisation, SignInMethod::PasswordTotp).await?;
    if factor == Factor::RecoveryCode {
        tell_of_recovery_code(ctx, &mut tx, user).await?;
    }
    let event = Event::new(Action::SignedInWithPassword)
        .by_user(user)
        .in_organisation(organisation)
        .target(user)
        .detail("factor", factor.words());
    anonymous.commit(tx, event).await?;
    Ok(session)
}

/// Keeps the password at today's cost, if its hash is of another. It stays the same password: set
/// when it was set.
async fn renew(ctx: &Ctx, row: &PasswordRow, password: &str, kept: &str) -> Result<()> {
    if !ctx.hasher().is_outdated(kept) {
        return Ok(());
    }
    let hash = ctx.hasher().hash(ctx.rng(), password).await?;
    let mut tx = ctx.begin().await?;
    let sealed = factor::seal(ctx, &mut tx, "passwords", &row.user_id, hash.as_bytes()).await?;
    store::renew_hash(&mut tx, &row.user_id, &sealed, row.changed_at).await?;
    ctx.commit_housekeeping(tx, Housekeeping::PasswordRehashed).await
}

/// NIST SP 800-63B-4, section 4.2.3: the use of a recovery code is always told.
async fn tell_of_recovery_code(ctx: &Ctx, tx: &mut Tx, user: UserId) -> Result<()> {
    let left = store::recovery_codes_left(tx, &user.to_string()).await?;
    let cause = format!("recovery_code.used:{user}:{}", ctx.now().as_millis());
    let message = Message::new(
        "recovery_code.used",
        cause,
        "A recovery code signed in to your account",
    )
    .text(format!(
        "Somebody signed in with your password and one of your recovery codes. {left} of them are left."
    ))
    .text("If you have lost your authenticator app, set up a new one under Account, Sign-in methods.");
    notices::tell(ctx, tx, user, message).await
}
