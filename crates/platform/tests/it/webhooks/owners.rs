//! Whose they are, who may, and what is secret.

use hmac::{Hmac, KeyInit as _, Mac as _};
use platform::{Error, webhooks};
use sha2::Sha256;
use testkit::{Cluster, Installation};
use types::{
    DeliveryId, Environment, Permission, Role, WebhookId,
    webhooks::{WebhookDraft, WebhookState},
};

use super::{approved, count, deliveries, draft, header, made, page, send, shop};
use crate::retention::codes;

/// The contract's one signature: hex of HMAC-SHA256 of the body under the secret as a text.
fn single(secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    hex::encode(mac.chain_update(body.as_bytes()).finalize().into_bytes())
}

#[tokio::test]
async fn two_secrets_sign_for_a_day() {
    let home = Installation::in_memory().await;
    let shop = shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let made = webhooks::create(&user, &draft(Environment::Test)).await.unwrap();
    let (id, old) = (made.id, made.secret);
    let sent = async || {
        approved(&key).await;
        send(&system).await;
        let posting = shop.seen().pop().unwrap();
        let all = header(&posting, "webhook-signature").split(' ').count();
        let one = header(&posting, "x-webhook-signature").to_owned();
        let is_of = move |secret: &str| one == single(secret, &posting.body);
        (all, is_of)
    };
    let (all, is_of) = sent().await;
    assert!(all == 1 && is_of(&old));
    let new = webhooks::rotate(&user, id).await.unwrap().secret;
    assert_ne!(old, new);
    for secret in [&old, &new] {
        assert!(secret.starts_with("whsec_") && secret.len() == 6 + 44, "256 bits");
    }
    let again = webhooks::rotate(&user, id).await;
    assert!(matches!(again, Err(Error::Conflict(_))), "never three");
    let (all, is_of) = sent().await;
    assert!(
        all == 2 && is_of(&old),
        "who can read one value has not the new one yet"
    );
    assert!(page(&user, id).await.old_secret_until.is_some());
    home.clock.advance(86_399);
    assert_eq!(sent().await.0, 2);
    home.clock.advance(1);
    let (all, is_of) = sent().await;
    assert!(all == 1 && is_of(&new));
    assert!(page(&user, id).await.old_secret_until.is_none());
    home.mails().await;
    let kept = "SELECT CAST(COUNT(*) AS BIGINT) FROM webhook_endpoints WHERE old_sealed IS NOT NULL";
    assert_eq!(count(&home, kept).await, 0, "the sweep has removed the old one");
    // Before its time, if somebody else may know it.
    webhooks::rotate(&user, id).await.unwrap();
    webhooks::end_old_secret(&user, id).await.unwrap();
    assert_eq!(sent().await.0, 1);
    let none = webhooks::end_old_secret(&user, id).await;
    assert!(matches!(none, Err(Error::Conflict(_))));
    assert_eq!(codes(&user, "webhook.").await.len(), 4);
}

#[tokio::test]
async fn another_tenant_s_are_not_there() {
    let home = Installation::in_memory().await;
    shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let id = made(&user).await;
    approved(&key).await;
    let delivery = deliveries(&user, id).await[0].id;
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let owner = home.joined(other, "Olga Owner", Role::Owner, None).await.ctx;
    let own = made(&owner).await;
    let not_there =
        |result: Result<(), Error>| assert!(matches!(result, Err(Error::NotFound(_))), "{result:?}");
    not_there(webhooks::one(&owner, id, None, None).await.map(drop));
    not_there(webhooks::delivery(&owner, id, delivery).await.map(drop));
    not_there(webhooks::delivery(&owner, own, delivery).await.map(drop));
    not_there(webhooks::update(&owner, id, &draft(Environment::Test)).await);
    not_there(webhooks::disable(&owner, id).await);
    not_there(webhooks::enable(&owner, id).await);
    not_there(webhooks::delete(&owner, id).await);
    not_there(webhooks::rotate(&owner, id).await.map(drop));
    not_there(webhooks::end_old_secret(&owner, id).await);
    not_there(webhooks::test(&owner, id).await.map(drop));
    not_there(webhooks::replay(&owner, id, delivery).await);
    not_there(webhooks::replay(&owner, own, delivery).await);
    not_there(
        webhooks::replay_since(&owner, id, "2026-01-01T00:00")
            .await
            .map(drop),
    );
    assert_eq!(webhooks::page(&owner).await.unwrap().rows.len(), 1);
    assert!(
        deliveries(&owner, own).await.is_empty(),
        "another's verification is not told"
    );
    // Nor one that is nobody's.
    let nobody = (WebhookId::from_u128(7), DeliveryId::from_u128(7));
    not_there(webhooks::one(&user, nobody.0, None, None).await.map(drop));
    not_there(webhooks::delivery(&user, id, nobody.1).await.map(drop));
}

#[tokio::test]
async fn who_may_read_and_who_may_change() {
    let home = Installation::in_memory().await;
    shop(&home);
    let (user, _) = home.first_person().await;
    let id = made(&user).await;
    let (auditor, _) = home.colleague(&user, Role::Auditor, "aud@example.com", 41).await;
    let seen = page(&auditor, id).await;
    assert_eq!(
        seen.url, None,
        "what may be a secret is for whoever may change it"
    );
    assert_eq!(seen.row.target, "https://shop.example.com/in?…");
    assert!(page(&user, id).await.url.is_some());
    let refused = |result: Result<(), Error>| {
        assert!(
            matches!(result, Err(Error::Forbidden(Permission::WebhooksManage))),
            "{result:?}"
        );
    };
    refused(
        webhooks::create(&auditor, &draft(Environment::Test))
            .await
            .map(drop),
    );
    refused(webhooks::disable(&auditor, id).await);
    refused(webhooks::test(&auditor, id).await.map(drop));
    refused(
        webhooks::replay_since(&auditor, id, "2026-01-01T00:00")
            .await
            .map(drop),
    );
    let (developer, _) = home
        .colleague(&user, Role::Developer, "dev@example.com", 42)
        .await;
    webhooks::disable(&developer, id).await.unwrap();
    let (billing, _) = home.colleague(&user, Role::Billing, "bill@example.com", 43).await;
    let refused = webhooks::page(&billing).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::WebhooksRead))));
    // Without a fresh confirmation nothing is changed.
    let mut actor = user.actor().clone();
    if let platform::Actor::User { standing, .. } = &mut actor {
        std::sync::Arc::make_mut(standing).confirmed.clear();
    }
    let stale = user.acting_as(actor);
    assert!(matches!(
        webhooks::enable(&stale, id).await,
        Err(Error::StepUp(_))
    ));
    assert!(matches!(
        webhooks::rotate(&stale, id).await,
        Err(Error::StepUp(_))
    ));
    assert_eq!(page(&user, id).await.row.state, WebhookState::Disabled);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let home = Installation::in_memory().await;
    shop(&home);
    let (user, _) = home.first_person().await;
    let field = async |change: &dyn Fn(&mut WebhookDraft)| {
        let mut draft = draft(Environment::Test);
        change(&mut draft);
        match webhooks::create(&user, &draft).await {
            Err(Error::Invalid { fields }) => fields.into_iter().map(|(name, _)| name).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    for bad in [
        "http://shop.example.com/",
        "http://10.0.0.1/",
        "ftp://shop.example.com/",
        "https://user:x@shop.example.com/",
        "https://shop.example.com/#x",
        "shop.example.com",
    ] {
        assert_eq!(field(&|draft| draft.url = bad.into()).await, ["url"], "{bad}");
    }
    assert_eq!(field(&|draft| draft.events.clear()).await, ["events"]);
    assert_eq!(
        field(&|draft| draft.events = vec!["webhook.test".into()]).await[0],
        "events"
    );
    assert_eq!(
        field(&|draft| draft.environment = "both".into()).await,
        ["environment"]
    );
    assert_eq!(
        field(&|draft| draft.description = "x".repeat(201)).await,
        ["description"]
    );
    for _ in 0..20 {
        made(&user).await;
    }
    let full = webhooks::create(&user, &draft(Environment::Test)).await;
    assert!(matches!(full, Err(Error::Conflict(_))));
    let id = webhooks::page(&user).await.unwrap().rows[0].id;
    let mut change = draft(Environment::Test);
    change.url = "https://shop.example.com/elsewhere".into();
    webhooks::update(&user, id, &change).await.unwrap();
    webhooks::update(&user, id, &change).await.unwrap();
    assert_eq!(
        codes(&user, "webhook.updated").await.len(),
        1,
        "nothing changed the second time"
    );
    assert_eq!(
        page(&user, id).await.row.target,
        "https://shop.example.com/elsewhere"
    );
}

#[tokio::test]
async fn what_was_sent_is_kept_for_thirty_days() {
    let home = Installation::in_memory().await;
    let shop = shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let id = made(&user).await;
    approved(&key).await;
    send(&system).await;
    shop.answers(500);
    home.clock.advance(29 * 86_400);
    approved(&key).await;
    send(&system).await;
    home.mails().await;
    assert_eq!(deliveries(&user, id).await.len(), 2);
    home.clock.advance(86_400 + 1);
    home.mails().await;
    let rows = deliveries(&user, id).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(count(&home, super::MESSAGES).await, 1);
    let attempts = "SELECT CAST(COUNT(*) AS BIGINT) FROM webhook_attempts";
    assert_eq!(count(&home, attempts).await, 1);
}

async fn by_state(home: Installation) {
    let shop = shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let id = made(&user).await;
    approved(&key).await;
    send(&home.platform.system()).await;
    shop.is_away();
    approved(&key).await;
    send(&home.platform.system()).await;
    for (word, expected) in [
        (None, 2),
        (Some("delivered"), 1),
        (Some("pending"), 1),
        (Some("failed"), 0),
    ] {
        let rows = webhooks::one(&user, id, word, None)
            .await
            .unwrap()
            .deliveries
            .rows;
        assert_eq!(rows.len(), expected, "{word:?}");
        assert!(word.is_none() || rows.iter().all(|row| Some(row.state.as_str()) == word));
    }
    let strange = webhooks::one(&user, id, Some("lost"), None).await;
    assert!(matches!(strange, Err(Error::Invalid { fields }) if fields[0].0 == "state"));
}

#[tokio::test]
async fn deliveries_are_told_apart_by_state() {
    by_state(Installation::in_memory().await).await;
}

#[tokio::test]
async fn and_so_they_are_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    by_state(Installation::at(&cluster.database().await.unwrap()).await).await;
}
