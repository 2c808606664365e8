//! Forms of people who are on their way in: signing up, and a password with an app behind a link
//! from a mail.

use app::FormOutcome;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use http::{header, request::Parts};
use platform::{
    Ctx, accounts,
    accounts::SignUpForm,
    identity::{self, PasswordForm},
};
use serde::Deserialize;

use super::{super::cookie, ApiError, AppState, Visitor, refusal, reply};

/// The answer to whoever names an address, whatever is known of it.
pub(super) const ON_ITS_WAY: &str = "If this address can be used, a mail is on its way to it. Nothing comes? Look into the spam folder, then try again in ten minutes.";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SignUp {
    name: String,
    email: String,
    organisation: String,
}

pub(super) async fn sign_up(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<SignUp>,
) -> Result<Response, ApiError> {
    let SignUp {
        name,
        email,
        organisation,
    } = form;
    let asked = SignUpForm {
        name,
        email,
        organisation,
    };
    match accounts::ask_sign_up(&ctx, &asked).await {
        Ok(()) => Ok(reply(&state, ctx, parts, FormOutcome::Saved(ON_ITS_WAY.into())).await),
        Err(error) => {
            let values = vec![
                ("name".into(), asked.name),
                ("email".into(), asked.email),
                ("organisation".into(), asked.organisation),
            ];
            refusal(&state, ctx, parts, error, values).await
        }
    }
}

/// A password and an app. No `Debug`: they are secrets.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct EnrolForm {
    name: String,
    password: String,
    totp_secret: String,
    totp_code: String,
}

impl EnrolForm {
    /// Whether it was this form that was sent.
    pub(super) fn is_filled(&self) -> bool {
        !self.totp_secret.is_empty()
    }
}

pub(super) async fn confirm_sign_up(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    Path(secret): Path<String>,
    parts: Parts,
    Form(form): Form<EnrolForm>,
) -> Result<Response, ApiError> {
    enrol(&state, ctx, parts, &secret, form).await
}

/// Comes in through the link. The answer shows the recovery codes, and brings the session.
pub(super) async fn enrol(
    state: &AppState,
    ctx: Ctx,
    parts: Parts,
    secret: &str,
    form: EnrolForm,
) -> Result<Response, ApiError> {
    let typed = PasswordForm {
        name: &form.name,
        password: &form.password,
        totp_secret: &form.totp_secret,
        totp_code: &form.totp_code,
    };
    match identity::enter_with_password(&ctx, secret, typed).await {
        Ok(entered) => {
            let mut response = reply(state, ctx, parts, FormOutcome::RecoveryCodes(entered.codes)).await;
            let seconds = state.session_seconds();
            let session = &entered.session.secret;
            if let Some(cookie) = state.cookies().set(cookie::SESSION, session, Some(seconds)) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(error) => {
            // The app has the key already; the password is typed anew.
            let values = vec![
                ("name".into(), form.name),
                ("totp_secret".into(), form.totp_secret),
            ];
            refusal(state, ctx, parts, error, values).await
        }
    }
}
