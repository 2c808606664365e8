//! A Leptos page as an answer, to a GET or to a form.

use app::{FormOutcome, HostedView, PageContext, Reference, SessionCookie, Theme};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{Request, header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use platform::{Actor, Ctx};
use types::RequestId;

use super::{cookie, csp, state::AppState};

/// What a page is told beside the request.
#[derive(Clone, Default)]
pub(super) struct Told {
    /// What the form came to that was just sent.
    pub(super) outcome: Option<FormOutcome>,
    /// The state of the person's page.
    pub(super) hosted: Option<HostedView>,
    /// What the API's reference shows.
    pub(super) reference: Option<Reference>,
}

/// Renders the page of this path. A form's answer is rendered as the page of its own path.
pub(super) async fn render(state: &AppState, ctx: Ctx, parts: Parts, told: Told) -> Response {
    let mut page = page_context(state, &ctx, &parts, told.outcome);
    page.looking = ctx.actor().look().is_some();
    let options = AppState::leptos(&page.assets);
    let context = provide(state, ctx, page, told.hosted, told.reference);
    let shell = move || app::shell(options.clone());
    let render = leptos_axum::render_app_async_with_context(context, shell);
    render(Request::from_parts(parts, Body::empty()))
        .await
        .into_response()
}

/// Runs a server function that an island calls.
pub(super) async fn call(state: &AppState, ctx: Ctx, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let page = page_context(state, &ctx, &parts, None);
    let context = provide(state, ctx, page, None, None);
    let request = Request::from_parts(parts, body);
    leptos_axum::handle_server_fns_with_context(context, request)
        .await
        .into_response()
}

fn page_context(state: &AppState, ctx: &Ctx, parts: &Parts, outcome: Option<FormOutcome>) -> PageContext {
    let theme = state
        .cookies()
        .read(&parts.headers, cookie::THEME)
        .unwrap_or_default();
    let request_id = parts.extensions.get::<RequestId>().map(ToString::to_string);
    PageContext {
        theme: Theme::from_word(theme),
        request_id: request_id.unwrap_or_default(),
        public_url: state.public_url().to_owned(),
        signed_in: matches!(ctx.actor(), Actor::User { .. }),
        path: parts.uri.path().to_owned(),
        assets: AppState::assets(),
        outcome,
        looking: false,
    }
}

/// What every page and server function finds in its context.
fn provide(
    state: &AppState,
    ctx: Ctx,
    page: PageContext,
    hosted: Option<HostedView>,
    reference: Option<Reference>,
) -> impl Fn() + Clone + Send + Sync + 'static {
    let (cookies, seconds) = (state.cookies(), state.session_seconds());
    let session = SessionCookie(std::sync::Arc::new(move |session| {
        // The secret's alphabet is one that a cookie takes.
        let header = cookies.set(cookie::SESSION, &session.secret, Some(seconds));
        header
            .and_then(|value| value.to_str().map(ToOwned::to_owned).ok())
            .unwrap_or_default()
    }));
    move || {
        provide_context(ctx.clone());
        provide_context(page.clone());
        provide_context(session.clone());
        if let Some(hosted) = &hosted {
            provide_context(hosted.clone());
        }
        if let Some(reference) = &reference {
            provide_context(reference.clone());
        }
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, csp::csp(&nonce));
        }
    }
}
