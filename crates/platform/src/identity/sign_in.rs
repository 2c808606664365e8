//! Signing in with a passkey, and out.

use types::SignInMethod;
use webauthn_rs::prelude::{AuthenticationResult, DiscoverableAuthentication, Passkey, PublicKeyCredential};

use super::{
    ceremony::{self, PasskeyCeremony},
    store::{self, PasskeyRow},
};
use crate::{
    Actor, Ctx, Error, Result,
    access::organisations_of,
    audit::{Action, Event},
    sessions::{self, NewSession},
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
    let checked = match read_answer(credential) {
        Ok(answer) => {
            let row = store::passkey(&mut tx, &answer.handle, &answer.credential_id).await?;
            check(ctx, &answer.credential, state, row)
        }
        Err(reason) => Err(reason),
    };
    let (row, passkey) = match checked {
        Ok(checked) => checked,
        Err(reason) => {
            // The ceremony is used up with the refusal: its challenge answers once.
            let event = Event::new(Action::SignInFailed).denied().detail("reason", reason);
            ctx.commit(tx, event).await?;
            return Err(REFUSED);
        }
    };
    let choice = organisations_of(&mut tx, &row.user_id).await?.into_iter().next();
    let organisation = choice.ok_or(Error::Conflict(
        "This account belongs to no organisation. Ask an administrator to invite you.",
    ))?;
    store::passkey_used(&mut tx, &row.id, &passkey, ctx.now()).await?;
    let (user, organisation) = (row.user_id.parse()?, organisation.id.parse()?);
    let session = sessions::create(ctx, &mut tx, user, organisation, SignInMethod::Passkey).await?;
    let event = Event::new(Action::SignedIn)
        .by_user(user)
        .in_organisation(organisation)
        .target(user)
        .detail("passkey", &row.id);
    ctx.commit(tx, event).await?;
    Ok(session)
}

struct Answer {
    credential: PublicKeyCredential,
    handle: Vec<u8>,
    credential_id: Vec<u8>,
}

fn read_answer(credential: serde_json::Value) -> Result<Answer, &'static str> {
    let credential: PublicKeyCredential =
        serde_json::from_value(credential).map_err(|_| "the answer could not be read")?;
    let handle = credential
        .get_user_unique_id()
        .ok_or("the passkey named no account")?
        .to_vec();
    let credential_id = credential.get_credential_id().to_vec();
    Ok(Answer {
        credential,
        handle,
        credential_id,
    })
}

/// The passkey with its counter moved on, if the answer holds.
fn check(
    ctx: &Ctx,
    answer: &PublicKeyCredential,
    state: DiscoverableAuthentication,
    row: Option<PasskeyRow>,
) -> Result<(PasskeyRow, Passkey), &'static str> {
    let row = row.ok_or("the passkey is not enrolled here")?;
    let mut passkey: Passkey =
        serde_json::from_str(&row.credential).map_err(|_| "the stored passkey could not be read")?;
    let result: AuthenticationResult = ctx
        .webauthn()
        .finish_discoverable_authentication_v2(answer, state, &passkey)
        .map_err(|_| "the passkey's signature, origin or counter did not hold")?;
    if !result.user_verified() {
        return Err("the authenticator did not verify the user");
    }
    passkey.update_credential(&result);
    Ok((row, passkey))
}

/// Ends the session of the context.
///
/// # Errors
/// `Unauthenticated` if there is none.
pub async fn sign_out(ctx: &Ctx) -> Result<()> {
    let Actor::User { id, session, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("You are signed out."));
    };
    let mut tx = ctx.begin().await?;
    sessions::end(&mut tx, *session).await?;
    ctx.commit(tx, Event::new(Action::SignedOut).target(id)).await
}
