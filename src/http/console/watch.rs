//! Forms about the security of one's own account, and of everybody's for staff; and what the
//! pages ask of the session while they are open.

use app::FormOutcome;
use axum::{
    Form,
    extract::{Path, Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, Method, header, request::Parts};
use platform::{Actor, Ctx, Error, reminders, sessions, signals};
use serde::Deserialize;
use types::{SessionId, StepUp, security::ReminderKind};

use super::{
    super::{
        caller::{Device, Stranger},
        cookie,
    },
    ApiError, AppState, Told, Visitor, id, onward, refusal, render, reply,
    step_up::fresh,
};

/// A browser is known again for so long, in seconds: as long as browsers keep a cookie at most.
const DEVICE_AGE: i64 = 400 * 86_400;
/// Characters of such a cookie: 256 bits in base64url.
const DEVICE_LENGTH: usize = 43;
const REPORT: &str = "/report";

/// Tells a request by which browser it was sent, and gives a browser that has none a cookie to
/// be known again by, before anybody signs in with it. It signs nobody in. Not so on the page
/// of reports, which a person who is verified comes to as well: nobody signs in there.
pub(super) async fn device(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let cookies = state.cookies();
    let known = cookies.read(request.headers(), cookie::DEVICE);
    let known = known
        .filter(|value| value.len() == DEVICE_LENGTH)
        .map(ToOwned::to_owned);
    let fresh = (known.is_none() && request.method() == Method::GET && request.uri().path() != REPORT)
        .then(|| signals::new_device(&state.platform().system()));
    if let Some(device) = known {
        request.extensions_mut().insert(Device(device));
    }
    let mut response = next.run(request).await;
    let cookie = fresh.and_then(|device| cookies.set(cookie::DEVICE, &device, Some(DEVICE_AGE)));
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// How many milliseconds the session has left, as text: 0 if it is over. Asking is no sign of
/// life.
pub(super) async fn remaining(
    State(state): State<AppState>,
    Stranger(ctx): Stranger,
    headers: HeaderMap,
) -> Result<String, ApiError> {
    let Some(secret) = state.cookies().read(&headers, cookie::SESSION) else {
        return Ok("0".to_owned());
    };
    let left = sessions::remaining(&ctx, secret).await?;
    Ok(left.unwrap_or_default().to_string())
}

/// The same, after a sign of life.
pub(super) async fn keep_alive(
    state: State<AppState>,
    _alive: Visitor,
    stranger: Stranger,
    headers: HeaderMap,
) -> Result<String, ApiError> {
    remaining(state, stranger, headers).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct EndForm {
    session: Option<String>,
    others: Option<String>,
}

/// Ends one of one's own sessions, or all others.
pub(super) async fn end_sessions(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<EndForm>,
) -> Result<Response, ApiError> {
    let here = form
        .session
        .as_deref()
        .is_some_and(|session| is_here(&ctx, session));
    match end(&ctx, &form).await {
        Ok(_) if here => Ok(Redirect::to("/sign-in").into_response()),
        Ok(said) => Ok(reply(&state, ctx, parts, FormOutcome::Saved(said)).await),
        Err(error) => refusal(&state, ctx, parts, error, Vec::new()).await,
    }
}

/// Whether it is the session through which this is asked.
fn is_here(ctx: &Ctx, named: &str) -> bool {
    matches!(ctx.actor(), Actor::User { session, .. } if session.to_string() == named)
}

async fn end(ctx: &Ctx, form: &EndForm) -> Result<String, Error> {
    match (&form.session, &form.others) {
        (Some(session), _) => {
            let session: SessionId = session.parse().map_err(|_| Error::NotFound("The session"))?;
            sessions::revoke(ctx, session).await?;
            Ok("The session was ended.".to_owned())
        }
        (None, Some(_)) => Ok(match sessions::revoke_others(ctx).await? {
            1 => "The other session was ended.".to_owned(),
            ended => format!("{ended} other sessions were ended."),
        }),
        (None, None) => Err(Error::Conflict("Nothing was ended: choose a session.")),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct EverybodyForm {
    confirm: String,
    step_up_code: Option<String>,
}

/// Ends everybody's sessions but the one that this is asked through.
pub(super) async fn end_everybodys_sessions(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<EverybodyForm>,
) -> Result<Response, ApiError> {
    let done = async {
        let ctx = fresh(ctx.clone(), StepUp::Staff, form.step_up_code.as_deref()).await?;
        let ended = sessions::end_everybodys(&ctx, &form.confirm).await?;
        Ok((ctx, ended))
    };
    match done.await {
        Ok((ctx, ended)) => {
            let said = match ended {
                1 => "One session was ended.".to_owned(),
                ended => format!("{ended} sessions were ended."),
            };
            Ok(reply(&state, ctx, parts, FormOutcome::Saved(said)).await)
        }
        Err(error) => {
            let values = vec![("confirm".to_owned(), form.confirm)];
            refusal(&state, ctx, parts, error, values).await
        }
    }
}

/// Chooses reminders: the boxes that are checked.
pub(super) async fn choose_reminders(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(checked): Form<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    let wanted: Vec<ReminderKind> = checked.iter().filter_map(|(name, _)| name.parse().ok()).collect();
    match reminders::choose(&ctx, &wanted).await {
        Ok(()) => {
            let saved = FormOutcome::Saved("The reminders were saved.".to_owned());
            Ok(reply(&state, ctx, parts, saved).await)
        }
        Err(error) => refusal(&state, ctx, parts, error, Vec::new()).await,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ReportForm {
    about: String,
    text: String,
}

/// Takes a report of anybody, with an account or without.
pub(super) async fn report(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
    parts: Parts,
    Form(form): Form<ReportForm>,
) -> Result<Response, ApiError> {
    match signals::report(&ctx, &form.about, &form.text).await {
        Ok(id) => Ok(reply(&state, ctx, parts, FormOutcome::Reported(id)).await),
        Err(error) => {
            let values = vec![("about".to_owned(), form.about), ("text".to_owned(), form.text)];
            refusal(&state, ctx, parts, error, values).await
        }
    }
}

pub(super) async fn handle_signal(
    Visitor(ctx): Visitor,
    Path(signal): Path<String>,
) -> Result<Redirect, ApiError> {
    let done = signals::handle(&ctx, id(&signal, "The signal")?).await;
    onward(done, "/staff/signals")
}

/// What "this wasn't me" will do, for whoever has the link: also somebody who is signed in.
pub(super) async fn not_me_page(State(state): State<AppState>, visitor: Visitor, parts: Parts) -> Response {
    render(&state, visitor.0, parts, Told::default()).await
}

pub(super) async fn not_me(
    State(state): State<AppState>,
    Stranger(ctx): Stranger,
    Path(secret): Path<String>,
    parts: Parts,
) -> Result<Response, ApiError> {
    signals::not_me(&ctx, &secret).await?;
    // If it was this browser's session too, it is over; another account's goes on.
    let over = match state.cookies().read(&parts.headers, cookie::SESSION) {
        Some(session) => sessions::remaining(&ctx, session).await?.is_none(),
        None => false,
    };
    let done = FormOutcome::Saved("Every session was ended.".to_owned());
    let mut response = reply(&state, ctx, parts, done).await;
    if let Some(cookie) = state.cookies().clear(cookie::SESSION).filter(|_| over) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
