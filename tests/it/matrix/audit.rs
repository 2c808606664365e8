//! Each mutating route, driven to success: it leaves its audit event, or is housekeeping.

use std::sync::Arc;

use platform::audit::Housekeeping;
use serde_json::json;
use testkit::{Authenticator, Fault, Reporter};

use super::{
    routes::{Leaves, Route, routes},
    world::World,
};
use crate::app::{ORIGIN, Reply};

/// Drives the route in a world of its own.
async fn drive(route: &Route) {
    let world = World::new().await;
    let place = format!("{} {}", route.method, route.template);
    if route.template == "/v/{secret}/lines" {
        let consent = |one: &&Route| one.method == "POST" && one.template.ends_with("/consent");
        world.ask(routes().find(consent).unwrap(), "nobody").await;
    }
    let (code, by) = match route.leaves {
        Leaves::Event(code, by) => (code, by),
        Leaves::Housekeeping(reason, by) => {
            let known = Housekeeping::ALL.iter().any(|one| format!("{one:?}") == reason);
            assert!(known, "{place}: there is no Housekeeping::{reason}");
            ("", by)
        }
        _ => ("", "first"),
    };
    let before = world.told(code).await;
    let reply = world.ask(route, by).await;
    assert!(
        reply.status.as_u16() < 400,
        "{place}: {} {}",
        reply.status,
        reply.text()
    );
    let events = i64::from(!code.is_empty());
    assert_eq!(world.told(code).await - before, events, "{place}: {code}");
}

#[tokio::test]
async fn every_mutating_route_that_succeeds_is_in_the_audit_log() {
    for route in routes() {
        if !matches!(route.leaves, Leaves::Nothing | Leaves::Ceremony(_)) {
            drive(route).await;
        }
    }
}

async fn finish(
    world: &World,
    path: &str,
    by: Option<&str>,
    ceremony: &str,
    answer: &serde_json::Value,
) -> Reply {
    let mut call = world.app.post(path).header("origin", ORIGIN);
    if let Some(name) = by {
        call = call.session(world.secret(name));
    }
    call.json(&json!({"ceremony": ceremony, "credential": answer.to_string()}))
        .send()
        .await
}

/// The ceremonies of passkeys, each to its end.
#[tokio::test]
async fn every_ceremony_that_succeeds_is_in_the_audit_log() {
    let mut world = World::new().await;
    let anonymous = world.app.home.anonymous();
    let mut ended = Vec::new();

    let begun = platform::identity::sign_in_begin(&anonymous).await.unwrap();
    let answer = world.passkey.sign_in(&begun.options, Fault::None);
    let reply = finish(&world, "/fn/sign_in/finish", None, &begun.ceremony, &answer).await;
    ended.push(("/fn/sign_in/finish", reply));

    let first = world.app.home.signed_in(world.secret("first")).await;
    let begun = platform::identity::passkey_add_begin(&first).await.unwrap();
    let answer = Authenticator::new(ORIGIN, 10).register(&begun.options, Fault::None);
    let body = json!({"ceremony": begun.ceremony, "credential": answer.to_string(), "name": "Phone"});
    let path = "/fn/credential/add_finish";
    let call = world.app.post(path).header("origin", ORIGIN);
    ended.push((path, call.session(world.secret("first")).json(&body).send().await));

    let begun = platform::identity::step_up_begin(&first, types::StepUp::Keys)
        .await
        .unwrap();
    let answer = world.passkey.sign_in(&begun.options, Fault::None);
    let reply = finish(
        &world,
        "/fn/step_up/finish",
        Some("first"),
        &begun.ceremony,
        &answer,
    )
    .await;
    ended.push(("/fn/step_up/finish", reply));

    let link = world.fill("{setup}");
    let begun = platform::identity::setup_begin(&anonymous, &link, platform::identity::SetupForm::default())
        .await
        .unwrap();
    let answer = Authenticator::new(ORIGIN, 9).register(&begun.options, Fault::None);
    let reply = finish(&world, "/fn/set_up/finish", None, &begun.ceremony, &answer).await;
    ended.push(("/fn/set_up/finish", reply));

    let reporter = Reporter::new();
    let home = &world.app.home;
    home.platform.leak_keys_from(Arc::new(reporter.clone()));
    let body = format!(
        r#"[{{"token":"{}","url":"https://shop.example"}}]"#,
        world.secret("key")
    );
    let call = world.app.post("/leaks/github");
    let call = call.header("github-public-key-identifier", Reporter::KEY_ID);
    let call = call.header("github-public-key-signature", &reporter.sign(&body));
    ended.push(("/leaks/github", call.raw(body).send().await));
    home.mails().await;

    for (path, reply) in &ended {
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    }
    for route in routes() {
        if let Leaves::Ceremony(code) = route.leaves {
            assert!(
                ended.iter().any(|(path, _)| *path == route.template),
                "{} is not driven",
                route.template
            );
            assert!(world.told(code).await > 0, "{}: {code}", route.template);
        }
    }
}
