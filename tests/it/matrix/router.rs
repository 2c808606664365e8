//! The table held to the router, and to the server functions that are registered.

use std::collections::BTreeSet;

use leptos::server_fn::axum::server_fn_paths;

use super::routes::{Leaves, routes};
use crate::app::{App, ORIGIN};

const UNAUTHORIZED: &str = include_str!("without_authorization_test.txt");
const UNAUDITED: &str = include_str!("without_audit_test.txt");

/// `/fn/{*function}` stands for every server function; they are listed one by one.
const FUNCTIONS: &str = "/fn/{*function}";

/// The paths of the router, from what it says of itself for debugging.
fn templates(app: &App) -> BTreeSet<String> {
    let told = format!("{:?}", app.routes);
    let (_, paths) = told
        .split_once("paths: {")
        .expect("axum says the paths of a router");
    let (paths, _) = paths.split_once('}').map_or((paths, ""), |_| {
        // Paths have braces of their own: the list ends at the brace that is in no quotes.
        let mut quoted = false;
        let end = paths.find(|letter| {
            if letter == '"' {
                quoted = !quoted;
            }
            letter == '}' && !quoted
        });
        paths.split_at(end.expect("the list ends"))
    });
    let found: BTreeSet<String> = paths
        .split('"')
        .filter(|part| part.starts_with('/'))
        .map(ToOwned::to_owned)
        .collect();
    assert!(
        found.len() > 20,
        "the router's paths could not be read from {told}"
    );
    found
}

/// A path that fits the template.
fn sample(template: &str) -> String {
    let parts = template
        .split('/')
        .map(|part| if part.starts_with('{') { "x" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Method and path of every route that there is.
async fn real(app: &App) -> BTreeSet<(String, String)> {
    // The gate of the API stands before its routes' methods too.
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    let mut found = BTreeSet::new();
    for template in templates(app) {
        if template == FUNCTIONS {
            continue;
        }
        let call = app.call("TRACE", &sample(&template)).header("origin", ORIGIN);
        let reply = call.key(&key).send().await;
        assert_eq!(reply.status, 405, "{template} takes any method");
        let allowed = reply.header("allow");
        for method in allowed
            .split(',')
            .map(str::trim)
            .filter(|method| *method != "HEAD")
        {
            found.insert((method.to_owned(), template.clone()));
        }
    }
    for (path, method) in server_fn_paths() {
        found.insert((method.to_string(), path.to_owned()));
    }
    found
}

#[tokio::test]
async fn every_route_of_the_router_is_in_the_matrix_and_every_line_is_a_route() {
    let app = App::new().await;
    let real = real(&app).await;
    let listed: BTreeSet<_> = routes()
        .map(|route| (route.method.to_owned(), route.template.to_owned()))
        .collect();
    assert_eq!(listed.len(), routes().count(), "a route is listed twice");
    let missing: Vec<_> = real
        .difference(&listed)
        .map(|(m, path)| format!("{m} {path}"))
        .collect();
    let excused: Vec<_> = UNAUTHORIZED.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(
        missing, excused,
        "these routes have no line under tests/it/matrix/routes (left), or have one and are still \
         excused in without_authorization_test.txt (right): add a line for each"
    );
    let gone: Vec<_> = listed.difference(&real).collect();
    assert!(
        gone.is_empty(),
        "these lines of the matrix are no routes any more: {gone:?}"
    );
}

#[test]
fn every_mutating_route_has_a_test_of_its_audit_event() {
    let untested: Vec<_> = routes()
        .filter(|route| route.method != "GET" && route.leaves == Leaves::Nothing)
        // Server functions and two calls of the API are sent by POST and only read.
        .filter(|route| !READS.contains(&route.template))
        .map(|route| format!("{} {}", route.method, route.template))
        .collect();
    let excused: Vec<_> = UNAUDITED.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(
        untested, excused,
        "these mutating routes (left) say nothing of what they leave: give their lines an \
         audit event, or a named Housekeeping"
    );
}

/// Routes that are asked for by POST and change nothing, by name: a new one is a decision.
const READS: &[&str] = &[
    "/tokens/validate",
    "/fn/console/load",
    "/fn/verification/overview",
    "/fn/verification/list",
    "/fn/verification/detail",
    "/fn/api_key/limit",
    "/fn/api_key/limits",
    "/fn/api_key/list",
    "/fn/api_key/page",
    "/fn/api_key/policy",
    "/fn/audit/list",
    "/fn/audit/event",
    "/fn/audit/desk",
    "/fn/audit/exports",
    "/fn/organisation/settings",
    "/fn/team/list",
    "/fn/team/member",
    "/fn/role/list",
    "/fn/role/get",
    "/fn/security/page",
    "/fn/job/page",
    "/fn/backup/page",
    "/fn/ledger/page",
    "/fn/set_up/open",
    "/fn/credential/methods",
    "/fn/credential/app",
    "/fn/account/profile",
    "/fn/account/email_change",
    "/fn/account/sign_up_offered",
    "/fn/account/sign_up_offer",
    "/fn/audit/own",
    "/fn/session/page",
    "/fn/session/open",
    "/fn/reminder/choices",
    "/fn/invitation/page",
    "/fn/invitation/view",
    "/fn/recovery/own",
    "/fn/recovery/view",
    "/fn/recovery/cancel_view",
    "/fn/signal/not_me",
    "/fn/mail/outbox",
    "/fn/set_up/app_key",
    "/fn/support/access",
    "/fn/retention/page",
    "/fn/retention/hold",
    "/fn/retention/erasable",
    "/fn/streams/page",
    "/fn/streams/one",
    "/fn/alerts/page",
    "/fn/alerts/one",
    "/fn/alerts/choices",
    "/fn/alerts/channels",
    "/fn/alerts/channel",
    "/fn/webhooks/page",
    "/fn/webhooks/one",
    "/fn/webhooks/delivery",
    "/fn/usage/report",
    "/fn/usage/requests",
    "/fn/usage/request",
];
