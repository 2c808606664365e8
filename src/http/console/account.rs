//! Forms about the viewer: sign out, colours.

use app::Theme;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, header};
use platform::{Error, identity};
use serde::Deserialize;
use url::Url;

use super::{super::cookie, ApiError, AppState, Visitor};

/// The colours are remembered for a year, in seconds.
const THEME_AGE: i64 = 365 * 86_400;

pub(super) async fn sign_out(
    State(state): State<AppState>,
    Visitor(ctx): Visitor,
) -> Result<Response, ApiError> {
    match identity::sign_out(&ctx).await {
        // Signed out twice is signed out.
        Ok(()) | Err(Error::Unauthenticated(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let mut response = Redirect::to("/sign-in").into_response();
    if let Some(cookie) = state.cookies().clear(cookie::SESSION) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

#[derive(Deserialize)]
pub(super) struct ThemeForm {
    theme: String,
}

pub(super) async fn theme(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(form): Form<ThemeForm>,
) -> Response {
    let theme = Theme::from_word(&form.theme);
    let mut response = Redirect::to(&came_from(&state, &headers)).into_response();
    if let Some(cookie) = state
        .cookies()
        .set(cookie::THEME, theme.as_str(), Some(THEME_AGE))
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The page of ours that the form was on; nowhere else.
fn came_from(state: &AppState, headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let url = referer.and_then(|text| Url::parse(text).ok());
    let ours = url.filter(|url| url.origin().ascii_serialization() == state.public_url());
    ours.map_or_else(
        || "/".to_owned(),
        |url| match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        },
    )
}
