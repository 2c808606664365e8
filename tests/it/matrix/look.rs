//! A staff member who looks into an organisation, at every route: reads are in the customer's
//! log, and nothing is done.

use super::{
    routes::{Leaves, Route, routes},
    world::{Asker, World},
};

/// Routes that do something for whoever asks, in a look or not, each with its reason.
const ASIDE: &[(&str, &str)] = &[
    ("/verify/start", "asks for an API key and knows no session"),
    ("/verify/complete", "asks for an API key and knows no session"),
    ("/leaks", "is anybody's, and the same for all"),
    ("/leaks/github", "asks for a signature and knows no session"),
    ("/rate-limits/{name}", "asks for an API key and knows no session"),
    ("/api-keys", "asks for an API key and knows no session"),
    ("/api-keys/{id}", "asks for an API key and knows no session"),
    (
        "/api-keys/{id}/rotate",
        "asks for an API key and knows no session",
    ),
    (
        "/api-keys/{id}/revoke",
        "asks for an API key and knows no session",
    ),
    (
        "/v/{secret}/consent",
        "is the verified person's, who has the link",
    ),
    (
        "/v/{secret}/decline",
        "is the verified person's, who has the link",
    ),
    ("/v/{secret}/lines", "is the verified person's, who has the link"),
    (
        "/not-me/{secret}",
        "is done by the link of a notice, without a session",
    ),
    ("/session", "is a sign of life of the staff member's own session"),
    ("/theme", "sets a cookie"),
    ("/support/leave", "is the way out"),
    ("/sign-out", "ends the look with its session"),
];

/// What a request in a look may leave in the log.
const LEFT: [&str; 4] = [
    "support.page_read",
    "support.look_blocked",
    "permission.denied",
    "session.confirmation_missing",
];

async fn looking() -> World {
    let mut world = World::new().await;
    world.admit(Asker::Looking).await;
    world
}

/// Codes of events since this many.
async fn since(world: &World, before: usize) -> Vec<(String, String, String)> {
    let mut read = world.app.home.db.read().await.unwrap();
    let all: Vec<(String, String, String)> = db::on!(read, |c| sqlx::query_as(
        "SELECT action, organisation_id, actor_kind FROM audit_events ORDER BY id"
    )
    .fetch_all(c)
    .await)
    .unwrap();
    all.into_iter().skip(before).collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what a filter hands over")]
fn acts(route: &&Route) -> bool {
    let aside = ASIDE.iter().any(|(template, _)| *template == route.template);
    !matches!(route.leaves, Leaves::Nothing | Leaves::Cookie) && !aside
}

#[tokio::test]
async fn no_route_that_changes_something_does_so_in_a_look() {
    let world = looking().await;
    for route in routes().filter(acts) {
        let before = since(&world, 0).await.len();
        let reply = world.ask(route, "asker").await;
        let left = since(&world, before).await;
        let place = format!("{} {}: {left:?}", route.method, route.template);
        // Reading by POST is reading: what it reads is not a look's to see, or is in the log.
        if reply.status == 200 {
            assert!(route.template.starts_with("/fn/"), "{place} was done");
        } else {
            // 409: a link of somebody else's, which is refused before anything is begun.
            assert!(
                [403, 409].contains(&reply.status.as_u16()),
                "{place}: {}",
                reply.status
            );
        }
        for (code, ..) in &left {
            assert!(LEFT.contains(&code.as_str()), "{place}");
        }
        // A confirmation, if the session had one, would not help either.
        assert!(!reply.text().contains("name=\"step_up_code\""), "{place}");
    }
}

#[tokio::test]
async fn each_page_read_in_a_look_is_one_event_in_the_customers_log() {
    let world = looking().await;
    let organisation = world.fill("{organisation}");
    let own = |path: &str| {
        ["/account", "/report", "/session"]
            .iter()
            .any(|own| path.starts_with(own))
    };
    let mut pages = 0;
    let is_page = |route: &&Route| route.method == "GET" && !route.template.starts_with("/v/");
    for route in routes().filter(is_page) {
        let before = since(&world, 0).await.len();
        let reply = world.ask(route, "asker").await;
        let left = since(&world, before).await;
        let reads = left.iter().filter(|(code, ..)| code == "support.page_read");
        let place = format!("GET {}: {left:?}", route.template);
        if own(route.template) || reply.status != 200 {
            continue;
        }
        let unknown_to_sessions = ["/healthz", "/readyz", "/.well-known/jwks.json", "/openapi.json"];
        if unknown_to_sessions.contains(&route.template) || route.template.contains("{secret}") {
            continue;
        }
        // Public, and the same for everybody: no page of the organisation.
        let public = ["/ledger/", "/event.schema.json"];
        if route.template == "/dev/outbox" || public.iter().any(|at| route.template.starts_with(at)) {
            continue;
        }
        let reads: Vec<_> = reads.collect();
        assert_eq!(reads.len(), 1, "{place}");
        assert!(
            reads
                .iter()
                .all(|(_, to, kind)| *to == organisation && kind == "staff"),
            "{place}"
        );
        pages += 1;
    }
    assert!(pages >= 8, "{pages} pages were read");
}
