//! A disk that hangs, seen from outside: answers in time, a state that shows, an alert, and an
//! event as soon as one can be written.

use std::time::Duration;

use db::Options;
use http::StatusCode;
use loomwire::{http::Health, stall::Watch};
use serde_json::json;
use testkit::Installation;
use types::console::AuditFilter;

use crate::app::App;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_hangs_is_an_answer_a_state_and_an_event() {
    let options = Options {
        wait_limit: Duration::from_secs(2),
        commit_limit: Duration::from_secs(2),
        ..Options::default()
    };
    let home = Installation::with("sqlite::memory:", &options).await;
    let (platform, db) = (home.platform.clone(), home.db.clone());
    let health = Health::new(move || {
        let platform = platform.clone();
        async move { platform.ping().await.is_ok() }
    });
    let app = App::with(home, &[], axum::Router::new());
    let ready = async || ready(&health).await;
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    let mut watch = Watch::default();
    let system = app.home.platform.system();
    watch.look(&system).await;
    assert_eq!(ready().await, StatusCode::OK);

    db.hold_commits(true);
    let reply = app.post("/verify/start").key(&key).json(&json!({})).send().await;
    assert_eq!(
        (reply.status.as_u16(), reply.code().as_str()),
        (503, "UNAVAILABLE")
    );
    assert!(reply.text().contains("may yet do it"), "{}", reply.text());
    let reply = app.post("/verify/start").key(&key).json(&json!({})).send().await;
    assert_eq!(
        (reply.status.as_u16(), reply.code().as_str()),
        (503, "UNAVAILABLE")
    );
    assert_eq!(ready().await, StatusCode::SERVICE_UNAVAILABLE);
    watch.look(&system).await;
    let page = platform::ledger::page(&system).await.unwrap();
    assert!(page.write_stalled_seconds.is_some(), "staff see it");

    db.hold_commits(false);
    // Once a write has come to its end, writes flow.
    while app.home.platform.write_stalled().is_some() {
        drop(app.post("/verify/start").key(&key).json(&json!({})).send().await);
    }
    assert_eq!(ready().await, StatusCode::OK);
    watch.look(&system).await;
    let told = platform::audit::list(&user, &AuditFilter::default())
        .await
        .unwrap();
    let started = told
        .rows
        .iter()
        .filter(|row| row.action == "verification.started")
        .count();
    let shown = platform::verification::list(&user, &types::console::VerificationFilter::default())
        .await
        .unwrap();
    assert_eq!(shown.rows.len(), started, "each with its event, the late one too");
    assert!(started >= 2);
    let mut read = db.read().await.unwrap();
    let events = db::on!(read, |c| sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM audit_events WHERE action = 'database.write_stalled'"
    )
    .fetch_one(c)
    .await);
    assert_eq!(events.unwrap(), 1);
}

async fn ready(health: &Health) -> StatusCode {
    let request = http::Request::get("/readyz").body(axum::body::Body::empty());
    let routes = health.clone().routes();
    tower::ServiceExt::oneshot(routes, request.unwrap())
        .await
        .unwrap()
        .status()
}
