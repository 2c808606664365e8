//! The console: pages, and the forms on them.
//!
//! A form is posted to its page's own path. What it came to is either a redirect, or the same
//! page again with what was typed and what is wrong, so every form works without JavaScript.

mod account;
mod alerts;
mod audit;
mod credentials;
mod entry;
mod export;
mod invitations;
mod key_limits;
mod key_policy;
mod keys;
mod leaks;
mod organisations;
mod profile;
mod proof;
mod recovery;
mod retention;
mod review;
mod roles;
mod security;
mod sign_in;
mod staff;
mod step_up;
mod streams;
mod support;
mod team;
mod usage;
mod watch;
mod webhooks;

use app::FormOutcome;
use axum::{
    Router,
    extract::{Path, Request, State},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use http::request::Parts;
use platform::{Ctx, Error};

use super::{
    ApiError,
    caller::Visitor,
    render::{Told, call, render},
    state::AppState,
};

/// What an organisation wants to be told of.
fn for_alerts() -> Router<AppState> {
    Router::new()
        .route("/alerts", get(page))
        .route("/alerts/firing", get(alerts::firing))
        .route("/alerts/new", get(page).post(alerts::create))
        .route("/alerts/channels", get(page))
        .route("/alerts/channels/new", get(page).post(alerts::create_channel))
        .route("/alerts/channels/{id}", get(page).post(alerts::change_channel))
        .route("/alerts/{id}", get(page).post(alerts::change))
        .route("/alerts/{id}/edit", get(page).post(alerts::edit))
}

/// What an organisation's developers look after: verifications, usage, keys, alerts, webhooks.
fn for_programs() -> Router<AppState> {
    Router::new()
        .route("/verifications", get(page))
        .route("/verifications/export", get(page).post(export::verifications))
        .route("/verifications/{id}", get(page))
        .route("/usage/report", get(page))
        .route("/usage/report.csv", get(usage::report))
        .route("/usage/requests", get(page))
        .route("/usage/requests.csv", get(usage::requests))
        .route("/usage/requests/{id}", get(page))
        .route("/keys", get(page))
        .route("/keys/new", get(page).post(keys::create))
        .route("/keys/policy", get(page).post(key_policy::change))
        .route("/keys/limits", get(page))
        .route("/keys/limits/new", get(page).post(key_limits::create))
        .route("/keys/limits/{name}", get(page).post(key_limits::change))
        .route("/leaks", get(anybody).post(leaks::paste))
        .route("/reference", get(reference))
        .route("/keys/{id}", get(page).post(keys::act))
        .route("/keys/{id}/edit", get(page).post(keys::change))
        .route("/keys/{id}/rotate", get(page).post(keys::rotate))
        .route("/keys/{id}/revoke", get(page).post(keys::revoke))
        .merge(for_alerts())
        .route("/webhooks", get(page))
        .route("/webhooks/new", get(page).post(webhooks::create))
        .route("/webhooks/{id}", get(page).post(webhooks::change))
        .route(
            "/webhooks/{id}/deliveries/{delivery}",
            get(page).post(webhooks::replay),
        )
}

pub(super) fn routes(state: &AppState) -> Router<AppState> {
    Router::new()
        .route("/", get(page))
        .merge(for_programs())
        .route("/audit", get(page))
        .route("/audit/{id}", get(page))
        .route("/audit/searches", get(page).post(audit::save_search))
        .route("/audit/searches/{id}/remove", post(audit::remove_search))
        .route("/audit/exports", get(page).post(audit::ask_export))
        .route("/audit/exports/{id}/file", get(audit::file))
        .route("/staff/audit", get(page))
        .route("/staff/audit/{id}", get(page))
        .route("/staff/audit/searches", get(page).post(audit::save_search))
        .route("/staff/audit/searches/{id}/remove", post(audit::remove_search))
        .route("/staff/audit/exports", get(page).post(audit::ask_export))
        .route("/staff/audit/exports/{id}/file", get(audit::file))
        .route("/audit/{id}/proof", get(proof::event))
        .route("/staff/audit/{id}/proof", get(proof::any_event))
        .route("/settings", get(page).post(organisations::update))
        .route("/organisations/new", get(page).post(organisations::create))
        .route("/organisations/switch", post(organisations::switch))
        .route("/team", get(page))
        .route("/team/members/{id}", get(page).post(team::change))
        .route("/team/members/{id}/remove", get(page).post(team::remove))
        .route("/team/leave", get(page).post(team::leave))
        .route("/team/roles", get(page))
        .route("/team/roles/new", get(page).post(roles::create))
        .route("/team/roles/{id}", get(page).post(roles::update))
        .route("/team/roles/{id}/delete", get(page).post(roles::delete))
        .route("/settings/security", get(page).post(security::update))
        .route("/staff/organisations", get(page))
        .route(
            "/staff/organisations/{id}/quota",
            get(page).post(staff::set_quota),
        )
        .route("/staff/access", get(page))
        .route("/staff/access/give", get(page).post(staff::give))
        .route("/staff/access/people/{id}", get(page).post(staff::change))
        .route("/staff/access/elevate", get(page).post(staff::ask))
        .route("/staff/access/elevations/{id}", get(page).post(staff::decide))
        .route("/staff/jobs", get(page))
        .route("/staff/backups", get(page))
        .route("/staff/ledger", get(page))
        .route("/staff/jobs/{id}/retry", post(retry_job))
        .route("/account/sessions", get(page).post(watch::end_sessions))
        .route("/account/activity", get(page))
        .route("/account/notifications", get(page).post(watch::choose_reminders))
        .route("/report", get(anybody).post(watch::report))
        .route("/staff/signals", get(page))
        .route("/staff/signals/{id}/handle", post(watch::handle_signal))
        .route("/staff/sessions", get(page).post(watch::end_everybodys_sessions))
        .route("/staff/support", get(page).post(support::search))
        .route("/staff/support/{subject}", get(page).post(support::note))
        .route(
            "/staff/support/{subject}/hand-over",
            get(page).post(support::hand_over),
        )
        .route("/staff/support/{subject}/look", get(page).post(support::look))
        .route(
            "/staff/support/{subject}/recovery",
            get(page).post(support::recovery),
        )
        .route("/staff/support/handovers/{id}/close", post(support::close))
        .route("/support-access", get(page).post(support::access))
        .route("/support/leave", post(support::leave))
        .route("/not-me/{secret}", get(watch::not_me_page).post(watch::not_me))
        .route("/session", get(watch::remaining).post(watch::keep_alive))
        .route("/team/invite", get(page).post(invitations::team))
        .route("/invitations/{secret}", get(anybody).post(invitations::accept))
        .route("/account", get(page).post(profile::change))
        .route("/account/email/{secret}", get(page).post(profile::confirm_email))
        .route("/account/recovery", get(page).post(profile::cancel_recovery))
        .route("/staff/accounts", get(page).post(recovery::staff))
        .route("/sign-up", get(only_strangers).post(entry::sign_up))
        .route("/sign-up/{secret}", get(anybody).post(entry::confirm_sign_up))
        .route("/recover", get(anybody).post(recovery::ask))
        .route("/recover/{secret}", get(anybody).post(recovery::go_on))
        .route("/recover/cancel/{secret}", get(anybody).post(recovery::cancel))
        .route("/dev/outbox", get(anybody))
        .route(
            "/account/sign-in-methods",
            get(page).post(credentials::recovery_codes),
        )
        .route(
            "/account/sign-in-methods/passkeys/{id}",
            get(page).post(credentials::passkey),
        )
        .route(
            "/account/sign-in-methods/password",
            get(page).post(credentials::password),
        )
        .route("/sign-in", get(only_strangers).post(sign_in::with_password))
        .route("/setup/{token}", get(only_strangers))
        .route("/sign-out", post(account::sign_out))
        .route("/theme", post(account::theme))
        .route("/fn/{*function}", post(function))
        .merge(kept())
        .route_layer(middleware::from_fn_with_state(state.clone(), step_up::carry))
        .route_layer(middleware::from_fn_with_state(state.clone(), watch::device))
}

/// What is kept how long, held, streamed and erased: of the organisation, and of the installation.
fn kept() -> Router<AppState> {
    use types::retention::LogScope::{Installation, Organisation};
    let scoped = |scope| axum::Extension(scope);
    let log = |base: &'static str, scope| {
        let at = |path: &str| format!("{base}{path}");
        Router::new()
            .route(&at("/retention"), get(page).post(retention::update))
            .route(&at("/holds/new"), get(page).post(retention::place))
            .route(&at("/holds/{id}/release"), get(page).post(retention::release))
            .route(&at("/streams"), get(page))
            .route(&at("/streams/new"), get(page).post(streams::create))
            .route(&at("/streams/{id}"), get(page).post(streams::change))
            .layer(scoped(scope))
    };
    log("/audit", Organisation)
        .merge(log("/staff", Installation))
        .route("/staff/erasure", get(page).post(retention::erase))
}

/// A page for whoever is signed in.
async fn page(State(state): State<AppState>, visitor: Visitor, parts: Parts) -> Result<Response, ApiError> {
    if !visitor.is_signed_in() {
        return Ok(Redirect::to(&sign_in_first(&parts.uri)).into_response());
    }
    Ok(render(&state, visitor.0, parts, Told::default()).await)
}

/// Signing in, and on to this page.
fn sign_in_first(uri: &http::Uri) -> String {
    let asked = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    if asked == "/" {
        return "/sign-in".to_owned();
    }
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("next", asked)
        .finish();
    format!("/sign-in?{query}")
}

/// A page for whoever is not.
async fn only_strangers(State(state): State<AppState>, visitor: Visitor, parts: Parts) -> Response {
    if visitor.is_signed_in() {
        return Redirect::to("/").into_response();
    }
    render(&state, visitor.0, parts, Told::default()).await
}

/// A page for whoever has the link, or the address.
async fn anybody(State(state): State<AppState>, Visitor(ctx): Visitor, parts: Parts) -> Response {
    render(&state, ctx, parts, Told::default()).await
}

/// The API's reference, for everybody.
async fn reference(State(state): State<AppState>, Visitor(ctx): Visitor, parts: Parts) -> Response {
    let told = Told {
        reference: Some(state.document().reference.clone()),
        ..Told::default()
    };
    render(&state, ctx, parts, told).await
}

async fn function(State(state): State<AppState>, visitor: Visitor, request: Request) -> Response {
    call(&state, visitor.0, request).await
}

/// The page of this path again, with what the form came to.
async fn reply(state: &AppState, ctx: Ctx, parts: Parts, outcome: FormOutcome) -> Response {
    render(
        state,
        ctx,
        parts,
        Told {
            outcome: Some(outcome),
            ..Told::default()
        },
    )
    .await
}

/// A form that was not done: the page again with what was typed, where that can be mended
/// there; else an error.
async fn refusal(
    state: &AppState,
    ctx: Ctx,
    parts: Parts,
    error: Error,
    values: Vec<(String, String)>,
) -> Result<Response, ApiError> {
    let (message, fields) = match error {
        Error::Invalid { fields } => (String::new(), fields),
        Error::Conflict(message) => (message.to_owned(), Vec::new()),
        Error::StepUp(_) => {
            return Ok(reply(state, ctx, parts, FormOutcome::Unconfirmed { values }).await);
        }
        Error::Unauthenticated(_) => return Ok(Redirect::to("/sign-in").into_response()),
        other => return Err(other.into()),
    };
    let outcome = FormOutcome::Errors {
        message,
        fields,
        values,
    };
    Ok(reply(state, ctx, parts, outcome).await)
}

/// An id in a path that cannot be one is an id that is not there.
fn id<T: std::str::FromStr>(text: &str, what: &'static str) -> Result<T, ApiError> {
    text.parse().map_err(|_| Error::NotFound(what).into())
}

/// A form whose answer is a page elsewhere: there, or to the sign-in for whoever is not signed
/// in.
fn onward(done: Result<(), Error>, to: &str) -> Result<Redirect, ApiError> {
    match done {
        Ok(()) => Ok(Redirect::to(to)),
        Err(Error::Unauthenticated(_)) => Ok(Redirect::to("/sign-in")),
        Err(other) => Err(other.into()),
    }
}

async fn retry_job(Visitor(ctx): Visitor, Path(job): Path<String>) -> Result<Redirect, ApiError> {
    let done = platform::jobs::retry(&ctx, id(&job, "The failed job")?).await;
    onward(done, "/staff/jobs")
}
