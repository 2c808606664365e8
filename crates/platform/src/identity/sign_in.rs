//! Signing in with a passkey, and out.

use types::{MfaRequirement, OrganisationId, SignInMethod, UserId};
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::{
    ceremony::{self, PasskeyCeremony},
    passkey::{self, Proven, Refused},
    store,
};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event, Tx},
    sessions::{self, NewSession},
    support,
};

const KIND: &str = "sign_in";
/// One answer for every way in which it can fail: it tells nobody which accounts exist.
const REFUSED: Error =
    Error::Unauthenticated("This passkey was not accepted. Use one that you enrolled here, or start again.");

/// First half: a challenge that any passkey of this installation can answer.
///
/// # Errors
/// If the database fails.
pub async fn sign_in_begin(ctx: &Ctx) -> Result<PasskeyCeremony> {
    let (options, state) = ctx.webauthn().start_discoverable_authentication()?;
    ceremony::begin(ctx, KIND, &state, &options).await
}

/// Second half: checks the answer and makes a session. A refusal is audited.
///
/// # Errors
/// `Unauthenticated` if the answer does not hold.
pub async fn sign_in_finish(ctx: &Ctx, ceremony: &str, credential: serde_json::Value) -> Result<NewSession> {
    let mut tx = ctx.begin().await?;
    let state: DiscoverableAuthentication = ceremony::take(ctx, &mut tx, KIND, ceremony).await?;
    match prove(ctx, &mut tx, state, credential).await? {
        Ok(proven) => enter(ctx, tx, &proven).await,
        Err(refused) => {
            passkey::tell_of_copy(ctx, &mut tx, &refused).await?;
            // The ceremony is used up with the refusal: its challenge answers once.
            let event = Event::new(Action::SignInFailed)
                .denied()
                .detail("reason", refused.reason);
            ctx.commit(tx, event).await?;
            Err(REFUSED)
        }
    }
}

async fn prove(
    ctx: &Ctx,
    tx: &mut Tx,
    state: DiscoverableAuthentication,
    credential: serde_json::Value,
) -> Result<Result<Proven, Refused>> {
    let Ok(answer) = serde_json::from_value::<PublicKeyCredential>(credential) else {
        return Ok(Err("the answer could not be read".into()));
    };
    let Some(handle) = answer.get_user_unique_id() else {
        return Ok(Err("the passkey named no account".into()));
    };
    let row = store::passkey_of_handle(tx, handle, answer.get_credential_id()).await?;
    Ok(passkey::check(ctx, &answer, state, row))
}

async fn enter(ctx: &Ctx, mut tx: Tx, proven: &Proven) -> Result<NewSession> {
    let user: UserId = proven.row.user_id.parse()?;
    let anonymous = ctx.acting_as(Actor::Anonymous);
    proven.used(ctx, &mut tx).await?;
    let organisation = match may_enter(&mut tx, &proven.row.user_id, proven.method()).await? {
        Ok(organisation) => organisation,
        Err(error) => {
            let event = Event::new(Action::SignInFailed)
                .by_user(user)
                .target(user)
                .denied()
                .detail("reason", "no organisation admits this passkey");
            anonymous.commit(tx, event).await?;
            return Err(error);
        }
    };
    end_present(ctx, &mut tx).await?;
    let session = sessions::create(ctx, &mut tx, user, organisation, proven.method()).await?;
    let event = Event::new(Action::SignedIn)
        .by_user(user)
        .in_organisation(organisation)
        .target(user)
        .detail("passkey", &proven.row.id);
    anonymous.commit(tx, event).await?;
    Ok(session)
}

/// The first organisation, by name, that admits a session that begins like this.
pub(super) async fn may_enter(
    tx: &mut Tx,
    user: &str,
    method: SignInMethod,
) -> Result<Result<OrganisationId, Error>> {
    let doors = store::doors(tx, user).await?;
    if doors.is_empty() {
        return Ok(Err(Error::Conflict(
            "This account belongs to no organisation. Ask an administrator to invite you.",
        )));
    }
    for (organisation, requirement) in doors {
        if requirement.parse::<MfaRequirement>()?.is_met_by(method) {
            return Ok(Ok(organisation.parse()?));
        }
    }
    Ok(Err(match method {
        SignInMethod::PasswordTotp => Error::Conflict(
            "Your organisation asks its members for a passkey. Sign in with yours, or ask an administrator.",
        ),
        _ => Error::Conflict(
            "Your organisation asks for a passkey that stays on its device, such as a security key. Sign in with one, or ask an administrator.",
        ),
    }))
}

/// Ends the session that came with the request of a sign-in: somebody else may have put it
/// there (OWASP ASVS 5.0.0, 7.2.4).
pub(super) async fn end_present(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    match ctx.actor() {
        Actor::User { session, .. } => sessions::end(tx, *session).await,
        _ => Ok(()),
    }
}

/// Ends the session of the context.
///
/// # Errors
/// `Unauthenticated` if there is none.
pub async fn sign_out(ctx: &Ctx) -> Result<()> {
    let Actor::User { id, session, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("You are signed out."));
    };
    // Also out of a look, which ends with its session.
    let mut tx = ctx.begin_aside().await?;
    let looks = support::end_with_session(ctx, &mut tx).await?;
    sessions::end(&mut tx, *session).await?;
    let mut event = Event::new(Action::SignedOut).target(id);
    if let Some(look) = ctx.actor().look() {
        event = event.in_organisation(look.home);
    }
    ctx.commit_all(tx, event, looks).await
}
