//! Changing one's own ways to sign in. Each change asks for a fresh confirmation, is audited, and
//! is told to the person.

use serde::{Deserialize, Serialize};
use types::{PasskeyId, StepUp, UserId};
use webauthn_rs::prelude::{PasskeyRegistration, Uuid};

use super::{
    ceremony::{self, PasskeyCeremony},
    enrol::{self, PasswordTotp},
    factor,
    methods::{Held, own},
    passkey,
    password::{self, Whose},
    second_way::is_password,
    store,
};
use crate::{
    Actor, Ctx, Error, Result,
    access::{check_name, organisations_of},
    audit::{Action, Event, Tx},
    guard::{self, Attempt, GuardKind},
    mail::Message,
    notices,
    recall::Topic,
};

const KIND: &str = "passkey_add";
/// More passkeys than anybody needs; a bound all the same.
const MOST: usize = 25;
const NO_PASSWORD: Error = Error::Conflict("This account has no password. Set one first.");

#[derive(Serialize, Deserialize)]
struct State {
    registration: PasskeyRegistration,
    user: UserId,
}

async fn change(ctx: &Ctx) -> Result<UserId> {
    let user = own(ctx)?;
    ctx.require_fresh(StepUp::Credentials).await?;
    Ok(user)
}

/// First half of adding a passkey: none of those that the person has.
///
/// # Errors
/// `StepUp`; `Conflict` if there are too many.
pub async fn passkey_add_begin(ctx: &Ctx) -> Result<PasskeyCeremony> {
    let user = change(ctx).await?;
    let id = user.to_string();
    let mut read = ctx.read().await?;
    let known = store::known(&mut read, &id).await?;
    let known = known.ok_or(Error::NotFound("The account"))?;
    let own = store::credential_ids(&mut read, &id).await?;
    drop(read);
    if own.len() >= MOST {
        return Err(Error::Conflict(
            "This account has as many passkeys as it can have. Remove one first.",
        ));
    }
    let handle = Uuid::from_slice(&known.handle).map_err(Error::internal)?;
    let (options, registration) = passkey::ask(ctx, handle, &known.email, &known.name, own)?;
    ceremony::begin(ctx, KIND, &State { registration, user }, &options).await
}

/// Second half: checks the new passkey and gives it its name.
///
/// # Errors
/// `StepUp`; `Invalid` for the name; `Unauthenticated` if the answer does not hold.
pub async fn passkey_add_finish(
    ctx: &Ctx,
    ceremony: &str,
    credential: serde_json::Value,
    name: &str,
) -> Result<PasskeyId> {
    let user = change(ctx).await?;
    let name = named(name)?;
    let mut tx = ctx.begin().await?;
    let state: State = ceremony::take(ctx, &mut tx, KIND, ceremony).await?;
    let made = passkey::made(ctx, credential, &state.registration);
    let Some(new) = made.ok().filter(|_| state.user == user) else {
        // The ceremony is used up with the refusal.
        let event = Event::new(Action::PasskeyAdded).denied().target(user);
        ctx.commit(tx, event).await?;
        return Err(Error::Unauthenticated(
            "The passkey could not be checked. Start again.",
        ));
    };
    let id = passkey::keep(ctx, &mut tx, user, &new, name).await?;
    let text = format!("The passkey “{name}” was added to your account. It can sign in from now on.");
    tell(ctx, &mut tx, user, "A passkey was added to your account", text).await?;
    ctx.commit(tx, event(Action::PasskeyAdded, user).detail("passkey", id))
        .await?;
    Ok(id)
}

fn named(name: &str) -> Result<&str> {
    let name = name.trim();
    check_name(name).map_err(|message| Error::invalid("name", message))?;
    Ok(name)
}

/// Gives a passkey another name.
///
/// # Errors
/// `StepUp`; `NotFound`; `Invalid` for the name.
pub async fn passkey_rename(ctx: &Ctx, id: PasskeyId, name: &str) -> Result<()> {
    let user = change(ctx).await?;
    let name = named(name)?;
    let mut tx = ctx.begin().await?;
    if !store::rename_passkey(&mut tx, &user.to_string(), &id.to_string(), name).await? {
        return Err(Error::NotFound("The passkey"));
    }
    let text = format!("A passkey of your account is called “{name}” from now on.");
    tell(ctx, &mut tx, user, "A passkey of your account was renamed", text).await?;
    ctx.commit(tx, event(Action::PasskeyRenamed, user).detail("passkey", id))
        .await
}

/// Removes a passkey, unless it is the last way in, or the last that is asked for.
///
/// # Errors
/// `StepUp`; `NotFound`; `Conflict` if it must stay.
pub async fn passkey_remove(ctx: &Ctx, id: PasskeyId) -> Result<()> {
    let user = change(ctx).await?;
    let (account, text) = (user.to_string(), id.to_string());
    let mut tx = ctx.begin().await?;
    store::lock_user(&mut tx, &account).await?;
    let held = Held::read(&mut tx, &account).await?;
    if let Some(reason) = held.passkey_stays(&text) {
        return Err(Error::Conflict(reason));
    }
    tx.changes(Topic::Sessions);
    if !store::remove_passkey(&mut tx, &account, &text).await? {
        return Err(Error::NotFound("The passkey"));
    }
    let left = held.count().saturating_sub(1);
    let text = format!("A passkey was removed from your account. {left} are left.");
    tell(
        ctx,
        &mut tx,
        user,
        "A passkey was removed from your account",
        text,
    )
    .await?;
    ctx.commit(tx, event(Action::PasskeyRemoved, user).detail("passkey", id))
        .await
}

/// Sets password and authenticator app at once, in the place of those before. Gives the
/// recovery codes, which can be seen this once.
///
/// # Errors
/// `StepUp`; `Invalid` for `password` or `totp_code`; `Conflict` for staff.
pub async fn password_totp_set(
    ctx: &Ctx,
    password: &str,
    totp_secret: &str,
    code: &str,
) -> Result<Vec<String>> {
    let user = change(ctx).await?;
    if matches!(
        ctx.actor(),
        Actor::User {
            staff_role: Some(_),
            ..
        }
    ) {
        return Err(Error::Conflict(
            "Staff of this installation sign in with a passkey only.",
        ));
    }
    let words = Words::of(ctx, user).await?;
    let new: PasswordTotp =
        enrol::check_password_totp(ctx, words.whose(), password, totp_secret, code).await?;
    let mut tx = ctx.begin().await?;
    let codes = enrol::enrol_password_totp(ctx, &mut tx, user, new).await?;
    let text = "A password and an authenticator app were set for your account. Together they can sign in from now on.";
    tell(ctx, &mut tx, user, "A password was set for your account", text).await?;
    ctx.commit(tx, event(Action::PasswordTotpEnrolled, user)).await?;
    Ok(codes)
}

/// Changes the password, for who knows the present one (OWASP ASVS 5.0.0, 6.2.3). If too many
/// wrong answers had disabled it, the present one is not asked for, and the new one is taken
/// again: the confirmation was by a passkey then, since no code is taken either.
///
/// # Errors
/// `StepUp`; `Throttled`; `Invalid` for `current_password` or `password`; `Conflict` if there is
/// none yet.
pub async fn password_change(ctx: &Ctx, current: &str, password: &str) -> Result<()> {
    let user = change(ctx).await?;
    let words = Words::of(ctx, user).await?;
    let password =
        password::check(password, words.whose()).map_err(|message| Error::invalid("password", message))?;
    hold_to_present(ctx, user, &words.email, current).await?;
    let hash = ctx.hasher().hash(ctx.rng(), &password).await?;
    let mut tx = ctx.begin().await?;
    if store::password_state(&mut tx, &user.to_string()).await?.is_none() {
        return Err(NO_PASSWORD);
    }
    enrol::keep_hash(ctx, &mut tx, user, &hash).await?;
    let text = "The password of your account was changed.";
    tell(ctx, &mut tx, user, "Your password was changed", text).await?;
    ctx.commit(tx, event(Action::PasswordChanged, user)).await
}

/// Holds a change to the present password. A wrong one counts as everywhere.
async fn hold_to_present(ctx: &Ctx, user: UserId, email: &str, shown: &str) -> Result<()> {
    let account = user.to_string();
    let state = store::password_state(&mut *ctx.read().await?, &account).await?;
    let (_, disabled) = state.ok_or(NO_PASSWORD)?;
    if disabled.is_some() {
        return Ok(());
    }
    let attempt = Attempt {
        what: GuardKind::StepUp,
        account: Some(&account),
    };
    guard::check(ctx, &attempt).await?;
    if is_password(ctx, user, email, shown).await? {
        return guard::succeeded(ctx, &attempt).await;
    }
    let mut tx = ctx.begin().await?;
    let others = factor::failed(ctx, &mut tx, user).await?;
    let refused = event(Action::ConfirmationRefused, user)
        .denied()
        .detail("action", StepUp::Credentials)
        .detail("reason", "the present password did not hold");
    ctx.commit_all(tx, refused, others).await?;
    Err(Error::invalid(
        "current_password",
        "This is not your present password. If you do not know it, remove password and app and set both anew.",
    ))
}

/// Puts another authenticator app in the place of the one before.
///
/// # Errors
/// `StepUp`; `Invalid` for `totp_code`; `Conflict` if there is no password.
pub async fn totp_replace(ctx: &Ctx, totp_secret: &str, code: &str) -> Result<()> {
    let user = change(ctx).await?;
    let first = enrol::first_code(ctx, totp_secret, code);
    let (secret, step) = first.map_err(|message| Error::invalid("totp_code", message))?;
    let mut tx = ctx.begin().await?;
    if store::password_state(&mut tx, &user.to_string()).await?.is_none() {
        return Err(NO_PASSWORD);
    }
    factor::keep_totp(ctx, &mut tx, user, &secret, step).await?;
    let text = "Another authenticator app gives the codes for your account from now on.";
    tell(ctx, &mut tx, user, "Your authenticator app was replaced", text).await?;
    ctx.commit(tx, event(Action::TotpReplaced, user)).await
}

/// Removes password, authenticator app and recovery codes, unless they are the only way in.
///
/// # Errors
/// `StepUp`; `Conflict` if they must stay, or are not there.
pub async fn password_totp_remove(ctx: &Ctx) -> Result<()> {
    let user = change(ctx).await?;
    let account = user.to_string();
    let mut tx = ctx.begin().await?;
    store::lock_user(&mut tx, &account).await?;
    let held = Held::read(&mut tx, &account).await?;
    if let Some(reason) = held.password_stays() {
        return Err(Error::Conflict(reason));
    }
    tx.changes(Topic::Sessions);
    if !store::remove_password(&mut tx, &account).await? {
        return Err(NO_PASSWORD);
    }
    let text = "Password, authenticator app and recovery codes were removed from your account. Your passkeys go on working.";
    tell(ctx, &mut tx, user, "Your password was removed", text).await?;
    ctx.commit(tx, event(Action::PasswordTotpRemoved, user)).await
}

/// Makes ten new recovery codes; those before stop working. They can be seen this once.
///
/// # Errors
/// `StepUp`; `Conflict` without a password, beside which alone they count.
pub async fn recovery_codes_make(ctx: &Ctx) -> Result<Vec<String>> {
    let user = change(ctx).await?;
    let mut tx = ctx.begin().await?;
    if store::password_state(&mut tx, &user.to_string()).await?.is_none() {
        return Err(NO_PASSWORD);
    }
    let codes = factor::make_recovery_codes(ctx, &mut tx, user).await?;
    let text = "New recovery codes were made for your account; those before do not work any more.";
    tell(ctx, &mut tx, user, "New recovery codes were made", text).await?;
    ctx.commit(tx, event(Action::RecoveryCodesMade, user)).await?;
    Ok(codes)
}

fn event(action: Action, user: UserId) -> Event {
    Event::new(action).target(user)
}

async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    user: UserId,
    subject: &'static str,
    text: impl Into<String>,
) -> Result<()> {
    // Two changes in one millisecond are two: the cause has a random part.
    let cause = format!("credential.changed:{}", crate::codec::secret(ctx.rng()));
    let message = Message::new("credential.changed", cause, subject).text(text);
    notices::tell(ctx, tx, user, message).await
}

/// What a password of this person must not be made of.
struct Words {
    name: String,
    email: String,
    organisation: String,
}

impl Words {
    async fn of(ctx: &Ctx, user: UserId) -> Result<Self> {
        let mut read = ctx.read().await?;
        let row = store::user(&mut read, &user.to_string()).await?;
        let row = row.ok_or(Error::NotFound("The account"))?;
        let names = organisations_of(&mut read, &row.id).await?;
        let names: Vec<String> = names.into_iter().map(|row| row.name).collect();
        Ok(Self {
            name: row.name,
            email: row.email,
            organisation: names.join(" "),
        })
    }

    fn whose(&self) -> Whose<'_> {
        Whose {
            name: &self.name,
            email: &self.email,
            organisation: &self.organisation,
        }
    }
}
