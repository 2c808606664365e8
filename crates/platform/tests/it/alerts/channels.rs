//! What goes through channels: at least once, under one id, and nobody waits for who hangs.

use std::time::Duration;

use platform::{Error, alerts};
use serde_json::Value;
use testkit::{Installation, who};
use types::{
    Environment,
    alerts::{AlertDraft, ChannelDraft},
    webhooks::DeliveryState,
};

use super::{calls, events, homes, mail_channel, receiver, requests, rule, send, step, webhook_channel};

fn header<'a>(posting: &'a platform::webhooks::Posting, name: &str) -> &'a str {
    let found = posting.headers.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value)
}

fn slack(url: &str) -> ChannelDraft {
    ChannelDraft {
        kind: "slack".into(),
        name: "#ops <!here> & co".into(),
        url: url.into(),
        ..ChannelDraft::default()
    }
}

async fn every_kind_says_the_same(home: Installation) {
    let receiver = receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let mail = mail_channel(&user, "Ada").await;
    let (hook, secret) = webhook_channel(&user, "hook").await;
    let chat = alerts::create_channel(&user, &slack("https://chat.example.com/services/T0/secret"))
        .await
        .unwrap();
    assert_eq!(chat.secret, None, "nothing is signed there");
    let everybody: Vec<_> = [mail, hook, chat.id].map(|id| id.to_string()).into();
    let draft = AlertDraft {
        name: "Too many <b> & more".into(),
        warning_channels: everybody.clone(),
        critical_channels: everybody,
        ..requests()
    };
    let id = rule(&user, &draft).await;
    calls(&home, &key, 25, 0).await;
    step(&home).await;
    assert_eq!(send(&system).await, 3);
    let told = events(&user, id).await;
    assert_eq!(told[0].deliveries.len(), 3);
    assert!(
        told[0]
            .deliveries
            .iter()
            .all(|one| one.state == DeliveryState::Delivered)
    );

    let mails = home.mails().await;
    let mail = mails
        .iter()
        .find(|mail| mail.subject.starts_with("Critical: Too many"))
        .unwrap();
    assert_eq!(mail.subject, "Critical: Too many <b> & more");
    assert!(mail.paragraphs[0].contains("Requests: 25 calls; the threshold is 20 calls."));
    assert_eq!(mail.links[0].1, format!("/alerts/{id}"));

    let seen = receiver.seen();
    let posted = |host: &str| seen.iter().find(|posting| posting.url.contains(host)).unwrap();
    let hooked = posted("hook.example.com");
    let body: Value = serde_json::from_str(&hooked.body).unwrap();
    assert_eq!(body["type"], "alert.fired");
    assert_eq!(body["data"]["alertId"], id.to_string());
    assert_eq!(body["data"]["value"], 25);
    assert_eq!(body["data"]["to"], "critical");
    assert!(header(hooked, "webhook-id").starts_with("ald_"));
    assert!(header(hooked, "webhook-signature").starts_with("v1,"));
    assert!(secret.starts_with("whsec_") && !hooked.body.contains(&secret));
    let chatted = posted("chat.example.com");
    assert!(header(chatted, "webhook-signature").is_empty());
    let body: Value = serde_json::from_str(&chatted.body).unwrap();
    let text = body["text"].as_str().unwrap();
    assert!(
        text.starts_with("Critical: Too many &lt;b&gt; &amp; more"),
        "{text}"
    );
    assert_eq!(body["blocks"][0]["text"]["type"], "plain_text");
    assert!(!chatted.body.contains("<b>"));
    // Nobody reads where they lead but who sends.
    let shown = format!("{:?}", alerts::channels(&user).await.unwrap());
    assert!(
        shown.contains("chat.example.com") && !shown.contains("secret"),
        "{shown}"
    );
    home.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        Box::pin(every_kind_says_the_same(home)).await;
    }
}

async fn what_is_not_taken_comes_again_under_the_same_id(home: Installation) {
    let receiver = receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let (hook, _) = webhook_channel(&user, "hook").await;
    let draft = AlertDraft {
        critical_channels: vec![hook.to_string()],
        ..requests()
    };
    let id = rule(&user, &draft).await;
    calls(&home, &key, 25, 0).await;
    step(&home).await;
    // Whoever claimed it is killed before it is sent, or before that is noted.
    let held = alerts::claim(&system, 10).await.unwrap();
    assert_eq!(held.len(), 1);
    drop(held);
    assert_eq!(send(&system).await, 0, "it is somebody's");
    home.clock.advance(61);
    receiver.answers(503);
    assert_eq!(send(&system).await, 1);
    let waits = events(&user, id).await[0].deliveries[0].clone();
    assert_eq!(
        (waits.state, waits.attempts, waits.status),
        (DeliveryState::Pending, 1, Some(503))
    );
    assert_eq!(waits.problem.as_deref(), Some("It answered 503."));
    home.clock.advance(25);
    receiver.answers(200);
    assert_eq!(send(&system).await, 1);
    assert_eq!(
        events(&user, id).await[0].deliveries[0].state,
        DeliveryState::Delivered
    );
    let seen = receiver.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(header(&seen[0], "webhook-id"), header(&seen[1], "webhook-id"));
    assert_eq!(send(&system).await, 0);
    // For days nobody takes it: it is given up.
    calls(&home, &key, 0, 0).await;
    for _ in 0..6 {
        step(&home).await;
    }
    receiver.answers(500);
    for _ in 0..160 {
        send(&system).await;
        home.clock.advance(1_800);
    }
    let last = events(&user, id).await.pop().unwrap().deliveries[0].clone();
    assert_eq!((last.state, last.attempts), (DeliveryState::Failed, 10));
    home.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attempts() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        Box::pin(what_is_not_taken_comes_again_under_the_same_id(home)).await;
    }
}

#[tokio::test]
async fn a_receiver_that_hangs_stops_no_other() {
    let home = Installation::in_memory().await;
    let receiver = receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let (hangs, _) = webhook_channel(&user, "hangs").await;
    let (works, _) = webhook_channel(&user, "works").await;
    for number in 0..12 {
        let draft = AlertDraft {
            name: format!("Rule {number}"),
            critical_channels: vec![hangs.to_string(), works.to_string()],
            ..requests()
        };
        rule(&user, &draft).await;
    }
    calls(&home, &key, 25, 0).await;
    step(&home).await;
    // As the worker does: everything at once, as far as there is room.
    let mut under_way = tokio::task::JoinSet::new();
    for _ in 0..6 {
        for delivery in alerts::claim(&system, 8).await.unwrap() {
            let system = system.clone();
            under_way.spawn(async move { alerts::deliver(&system, delivery).await.unwrap() });
        }
        // What works is done at once; what hangs hangs.
        let rest = async { while under_way.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(Duration::from_millis(100), rest).await;
    }
    assert_eq!(receiver.seen().len(), 12, "each of those that work");
    assert_eq!(
        under_way.len(),
        4,
        "and no more than four places are taken by the other"
    );
    under_way.abort_all();
}

#[tokio::test]
async fn a_test_says_whether_it_arrives() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (hook, _) = webhook_channel(&user, "hook").await;
    let without = alerts::test_channel(&user, hook).await;
    assert!(
        matches!(without, Err(Error::Unavailable(_))),
        "nobody carries anything"
    );
    let receiver = receiver(&home);
    receiver.answers(404);
    let problem = alerts::test_channel(&user, hook).await.unwrap();
    assert_eq!(problem.as_deref(), Some("It answered 404."));
    let page = alerts::channel(&user, hook).await.unwrap();
    assert_eq!(page.row.tested_at, None);
    assert_eq!(
        page.deliveries[0].state,
        DeliveryState::Failed,
        "it is not sent again"
    );
    receiver.answers(200);
    assert_eq!(alerts::test_channel(&user, hook).await.unwrap(), None);
    assert!(
        alerts::channel(&user, hook)
            .await
            .unwrap()
            .row
            .tested_at
            .is_some()
    );
    let mail = mail_channel(&user, "Ada").await;
    assert_eq!(alerts::test_channel(&user, mail).await.unwrap(), None);
    let mails = home.mails().await;
    assert!(mails.iter().any(|mail| mail.subject == "Test: Ada"));
    alerts::delete_channel(&user, hook).await.unwrap();
    assert!(matches!(
        alerts::channel(&user, hook).await,
        Err(Error::NotFound(_))
    ));
}

#[tokio::test]
async fn what_leads_nowhere_any_more_is_forgotten() {
    let home = Installation::in_memory().await;
    receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let (hook, _) = webhook_channel(&user, "hook").await;
    let draft = AlertDraft {
        critical_channels: vec![hook.to_string()],
        ..requests()
    };
    rule(&user, &draft).await;
    calls(&home, &key, 25, 0).await;
    step(&home).await;
    // As if it had been removed by somebody else in the same moment.
    home.execute("DELETE FROM alert_channels", &[]).await;
    let system = home.platform.system();
    assert_eq!(send(&system).await, 1);
    home.clock.advance(61);
    assert_eq!(send(&system).await, 0, "nobody tries for ever");
}

#[tokio::test]
async fn mails_go_to_members_only() {
    let home = Installation::in_memory().await;
    receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let stranger = home.joined(other, "Olga Owner", types::Role::Owner, None).await;
    let draft = |member: String| ChannelDraft {
        kind: "email".into(),
        name: "Somebody".into(),
        member,
        ..ChannelDraft::default()
    };
    for member in [stranger.id.to_string(), String::new(), "usr_nonsense".into()] {
        let refused = alerts::create_channel(&user, &draft(member)).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })));
    }
    for url in [
        "http://example.com/in",
        "ftp://example.com",
        "",
        "https://user@example.com/",
    ] {
        let refused = alerts::create_channel(&user, &slack(url)).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{url}");
    }
    // One who has left is sent nothing more.
    let (_, organisation) = who(&user);
    let colleague = home
        .joined(organisation, "Bea", types::Role::Developer, None)
        .await;
    let channel = alerts::create_channel(&user, &draft(colleague.id.to_string()))
        .await
        .unwrap()
        .id;
    let told = AlertDraft {
        critical_channels: vec![channel.to_string()],
        ..requests()
    };
    let id = rule(&user, &told).await;
    home.execute(
        "DELETE FROM memberships WHERE user_id = $1",
        &[&colleague.id.to_string()],
    )
    .await;
    calls(&home, &key, 25, 0).await;
    step(&home).await;
    send(&home.platform.system()).await;
    let delivery = events(&user, id).await[0].deliveries[0].clone();
    assert_eq!(delivery.state, DeliveryState::Failed);
    assert!(delivery.problem.unwrap().contains("has left"));
}
