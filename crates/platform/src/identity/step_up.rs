//! Confirming a dangerous action: a fresh passkey or a code of the authenticator app, by the
//! person who is signed in, for this action and this session alone (OWASP ASVS 5.0.0, 7.5.1 and
//! 7.5.3). Recovery codes do not count: they are for getting in.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use types::{SessionId, StepUp, UserId};
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};
use webauthn_rs_proto::AllowCredentials;

use super::{
    ceremony::{self, PasskeyCeremony},
    factor,
    passkey::{self, Proven, Refused},
    store,
};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event, Tx},
    guard::{self, Attempt, GuardKind},
    sessions::{self, CONFIRMED, NewSession},
};

const KIND: &str = "step_up";
const REFUSED: Error = Error::Unauthenticated(
    "This passkey did not confirm it. Use one of your own passkeys for this account, or start again.",
);

/// A session that has just confirmed an action.
pub struct Confirmed {
    /// The same request, with the confirmation.
    pub ctx: Ctx,
    /// The session with a fresh secret: the one before is of no use any more.
    pub session: NewSession,
}

#[derive(Serialize, Deserialize)]
struct State {
    authentication: DiscoverableAuthentication,
    action: String,
    session: String,
}

fn present(ctx: &Ctx) -> Result<(UserId, SessionId)> {
    match ctx.actor() {
        Actor::User { id, session, .. } => Ok((*id, *session)),
        _ => Err(Error::Unauthenticated("Sign in first.")),
    }
}

/// First half: a challenge for the passkeys of whoever is signed in.
///
/// # Errors
/// `Unauthenticated` if nobody is; `Conflict` without a passkey.
pub async fn step_up_begin(ctx: &Ctx, action: StepUp) -> Result<PasskeyCeremony> {
    let (user, session) = present(ctx)?;
    let own = store::credential_ids(&mut *ctx.read().await?, &user.to_string()).await?;
    if own.is_empty() {
        return Err(Error::Conflict(
            "This account has no passkey. Confirm with a code of your authenticator app.",
        ));
    }
    let (mut options, authentication) = ctx.webauthn().start_discoverable_authentication()?;
    options.mediation = None;
    options.public_key.allow_credentials = own
        .into_iter()
        .map(|id| AllowCredentials {
            type_: "public-key".into(),
            id,
            transports: None,
        })
        .collect();
    let state = State {
        authentication,
        action: action.to_string(),
        session: session.to_string(),
    };
    ceremony::begin(ctx, KIND, &state, &options).await
}

/// Second half: checks the answer, and notes the confirmation of the action that the ceremony
/// was begun for. A refusal is audited.
///
/// # Errors
/// `Unauthenticated` if the answer does not hold, or the ceremony is another session's.
pub async fn step_up_finish(ctx: &Ctx, ceremony: &str, credential: serde_json::Value) -> Result<Confirmed> {
    let (user, session) = present(ctx)?;
    let mut tx = ctx.begin().await?;
    let state: State = ceremony::take(ctx, &mut tx, KIND, ceremony).await?;
    let action = state.action.parse()?;
    let checked = if state.session == session.to_string() {
        prove(ctx, &mut tx, user, state.authentication, credential).await?
    } else {
        Err("the ceremony was begun by another session".into())
    };
    match checked {
        Ok(proven) => {
            proven.used(ctx, &mut tx).await?;
            confirm(ctx, tx, session, action, "passkey").await
        }
        Err(refused) => {
            passkey::tell_of_copy(ctx, &mut tx, &refused).await?;
            ctx.commit(tx, refusal(action, refused.reason)).await?;
            Err(REFUSED)
        }
    }
}

async fn prove(
    ctx: &Ctx,
    tx: &mut Tx,
    user: UserId,
    state: DiscoverableAuthentication,
    credential: serde_json::Value,
) -> Result<Result<Proven, Refused>> {
    let Ok(answer) = serde_json::from_value::<PublicKeyCredential>(credential) else {
        return Ok(Err("the answer could not be read".into()));
    };
    // Only among this user's own: another's passkey confirms nothing.
    let row = store::passkey_of_user(tx, &user.to_string(), answer.get_credential_id()).await?;
    Ok(passkey::check(ctx, &answer, state, row))
}

/// Confirms with a code of the authenticator app. A refusal is audited, and counts as a failed
/// try of the code.
///
/// # Errors
/// `Invalid` for the field `step_up_code` if the code does not hold; `Throttled`;
/// `Unauthenticated` if nobody is signed in.
pub async fn step_up_with_code(ctx: &Ctx, action: StepUp, code: &str) -> Result<Confirmed> {
    let (user, session) = present(ctx)?;
    let account = user.to_string();
    let attempt = Attempt {
        what: GuardKind::StepUp,
        account: Some(&account),
    };
    guard::check(ctx, &attempt).await?;
    let mut tx = ctx.begin().await?;
    if factor::accept_totp(ctx, &mut tx, user, code).await? {
        let confirmed = confirm(ctx, tx, session, action, "code").await?;
        guard::succeeded(ctx, &attempt).await?;
        return Ok(confirmed);
    }
    let others = factor::failed(ctx, &mut tx, user).await?;
    ctx.commit_all(tx, refusal(action, "the code did not hold"), others)
        .await?;
    Err(Error::invalid(
        "step_up_code",
        "This code was not accepted. Each works once, for half a minute: wait for the next one.",
    ))
}

fn refusal(action: StepUp, reason: &'static str) -> Event {
    Event::new(Action::ConfirmationRefused)
        .denied()
        .detail("action", action)
        .detail("reason", reason)
}

async fn confirm(
    ctx: &Ctx,
    mut tx: Tx,
    session: SessionId,
    action: StepUp,
    means: &'static str,
) -> Result<Confirmed> {
    sessions::confirm(ctx, &mut tx, session, action).await?;
    let renewed = sessions::rotate(ctx, &mut tx, session).await?;
    let event = Event::new(Action::Confirmed)
        .target(session)
        .detail("action", action)
        .detail("means", means);
    ctx.commit(tx, event).await?;
    let mut actor = ctx.actor().clone();
    if let Actor::User { standing, .. } = &mut actor {
        let until = ctx.now().plus_seconds(CONFIRMED);
        let confirmed = &mut Arc::make_mut(standing).confirmed;
        confirmed.retain(|(known, _)| *known != action);
        confirmed.push((action, until));
    }
    Ok(Confirmed {
        ctx: ctx.acting_as(actor),
        session: renewed,
    })
}
