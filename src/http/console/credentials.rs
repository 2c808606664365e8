//! Forms about one's own ways to sign in. Where a page has several, `intent` says which was sent.

use app::FormOutcome;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::request::Parts;
use platform::{Ctx, Error, identity};
use serde::Deserialize;
use types::{PasskeyId, StepUp};

use super::{ApiError, AppState, Visitor, id, refusal, reply, step_up::fresh};

const METHODS: &str = "/account/sign-in-methods";
/// The same, offering to end the other sessions.
const CHANGED: &str = "/account/sign-in-methods?changed=1";

/// All fields of these forms; each sends those that it has.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Change {
    intent: String,
    name: String,
    current_password: String,
    password: String,
    totp_secret: String,
    totp_code: String,
    step_up_code: Option<String>,
}

impl Change {
    /// What is shown again. Passwords and codes are not.
    fn values(self) -> Vec<(String, String)> {
        let mut values = vec![("intent".to_owned(), self.intent), ("name".to_owned(), self.name)];
        // The app has it already, and the next code is of the same.
        values.push(("totp_secret".to_owned(), self.totp_secret));
        values
    }

    async fn confirmed(&self, ctx: &Ctx) -> Result<Ctx, Error> {
        fresh(ctx.clone(), StepUp::Credentials, self.step_up_code.as_deref()).await
    }
}

fn unknown() -> Error {
    Error::invalid(
        "intent",
        "This form is not known. Reload the page and send it again.",
    )
}

/// New recovery codes, which the page itself shows this once.
pub(super) async fn recovery_codes(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<Change>,
) -> Result<Response, ApiError> {
    let made = async {
        let ctx = form.confirmed(&ctx).await?;
        let codes = identity::recovery_codes_make(&ctx).await?;
        Ok((ctx, codes))
    };
    match made.await {
        Ok((ctx, codes)) => Ok(reply(&state, ctx, parts, FormOutcome::RecoveryCodes(codes)).await),
        Err(error) => refusal(&state, ctx, parts, error, form.values()).await,
    }
}

/// Renames or removes a passkey.
pub(super) async fn passkey(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(passkey): Path<String>,
    parts: Parts,
    Form(form): Form<Change>,
) -> Result<Response, ApiError> {
    let passkey: PasskeyId = id(&passkey, "The passkey")?;
    let done = async {
        let ctx = form.confirmed(&ctx).await?;
        match form.intent.as_str() {
            "rename" => {
                identity::passkey_rename(&ctx, passkey, &form.name).await?;
                Ok(METHODS)
            }
            "remove" => {
                identity::passkey_remove(&ctx, passkey).await?;
                Ok(CHANGED)
            }
            _ => Err(unknown()),
        }
    };
    match done.await {
        Ok(onward) => Ok(Redirect::to(onward).into_response()),
        Err(error) => refusal(&state, ctx, parts, error, form.values()).await,
    }
}

/// Sets, changes or removes password and authenticator app.
pub(super) async fn password(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<Change>,
) -> Result<Response, ApiError> {
    let done = async {
        let ctx = form.confirmed(&ctx).await?;
        let outcome = change_password(&ctx, &form).await?;
        Ok((ctx, outcome))
    };
    match done.await {
        Ok((_, None)) => Ok(Redirect::to(CHANGED).into_response()),
        Ok((ctx, Some(outcome))) => Ok(reply(&state, ctx, parts, outcome).await),
        Err(error) => refusal(&state, ctx, parts, error, form.values()).await,
    }
}

async fn change_password(ctx: &Ctx, form: &Change) -> Result<Option<FormOutcome>, Error> {
    match form.intent.as_str() {
        "set" => {
            let (secret, code) = (&form.totp_secret, &form.totp_code);
            let codes = identity::password_totp_set(ctx, &form.password, secret, code).await?;
            Ok(Some(FormOutcome::RecoveryCodes(codes)))
        }
        "change" => {
            identity::password_change(ctx, &form.current_password, &form.password).await?;
            let text = "The password was changed.";
            Ok(Some(FormOutcome::Saved(text.into())))
        }
        "app" => {
            identity::totp_replace(ctx, &form.totp_secret, &form.totp_code).await?;
            Ok(Some(FormOutcome::Saved(
                "The authenticator app was replaced.".into(),
            )))
        }
        "remove" => identity::password_totp_remove(ctx).await.map(|()| None),
        _ => Err(unknown()),
    }
}
