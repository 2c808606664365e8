//! Rotations that were planned.

use platform::{Error, api_keys, audit};
use testkit::{Cluster, Installation};
use types::{
    Environment,
    console::{AttentionReason, AuditFilter},
    keys::KeyTerms,
    webhooks::WebhookDraft,
};

use super::DAY;

const SUBJECT: &str = "An API key is due for rotation";

fn every(days: u32) -> KeyTerms {
    KeyTerms {
        rotate_days: Some(days),
        ..KeyTerms::usual("Checkout")
    }
}

/// Mails of it in the last hour: older ones are forgotten some day.
async fn told(home: &Installation) -> usize {
    let since = home.anonymous().now().plus_seconds(-3_600);
    let mails = home.mails().await;
    mails
        .iter()
        .filter(|mail| mail.subject == SUBJECT && mail.created_at >= since)
        .count()
}

async fn due(home: &Installation) {
    let (user, _) = home.first_person().await;
    let draft = WebhookDraft {
        url: "https://shop.example.com/".into(),
        environment: "live".into(),
        events: vec!["api_key.rotation_due".into()],
        ..WebhookDraft::default()
    };
    let endpoint = platform::webhooks::create(&user, &draft).await.unwrap().id;
    let old = api_keys::create(&user, Environment::Live, &every(30))
        .await
        .unwrap()
        .row;
    assert_eq!(old.rotates_at, Some(user.now().plus_seconds(30 * DAY)));
    home.clock.advance(30 * DAY - 700);
    assert_eq!(told(home).await, 0, "the day has not come");
    home.clock.advance(1_400);
    assert_eq!(told(home).await, 1);
    home.clock.advance(6 * DAY);
    assert_eq!(told(home).await, 0, "once");
    home.clock.advance(DAY);
    assert_eq!(told(home).await, 1, "and again after a week");

    let page = platform::webhooks::one(&user, endpoint, None, None)
        .await
        .unwrap();
    assert_eq!(page.deliveries.rows.len(), 1, "programs are told once");
    let filter = AuditFilter {
        action: Some("api_key.rotation_due".into()),
        ..AuditFilter::default()
    };
    assert_eq!(audit::list(&user, &filter).await.unwrap().rows.len(), 1);
    let overview = platform::verification::overview(&user).await.unwrap();
    assert_eq!(overview.attention[0].reason, AttentionReason::RotationDue);

    let until = user.now().plus_seconds(DAY);
    let new = api_keys::rotate(&user, old.id, until).await.unwrap().row;
    assert_eq!(new.rotate_days, Some(30));
    assert_eq!(new.rotates_at, Some(user.now().plus_seconds(30 * DAY)));
    home.clock.advance(15 * DAY);
    assert_eq!(
        told(home).await,
        0,
        "the old one was rotated, the new one has time"
    );
}

#[tokio::test]
async fn on_its_day_owner_programs_and_log_are_told() {
    due(&Installation::in_memory().await).await;
}

#[tokio::test]
async fn so_they_are_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    due(&Installation::at(&cluster.database().await.unwrap()).await).await;
}

#[tokio::test]
async fn it_can_be_put_off_and_taken_back_and_what_ended_is_not_due() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    for days in [0, 3_651] {
        let refused = api_keys::create(&user, Environment::Live, &every(days)).await;
        assert!(matches!(refused, Err(Error::Invalid { fields }) if fields[0].0 == "rotate_days"));
    }
    let kept = api_keys::create(&user, Environment::Live, &every(10))
        .await
        .unwrap()
        .row;
    let revoked = api_keys::create(&user, Environment::Live, &every(10))
        .await
        .unwrap()
        .row;
    api_keys::revoke(&user, revoked.id).await.unwrap();
    home.clock.advance(9 * DAY);
    let later = api_keys::change(&user, kept.id, &every(20)).await.unwrap();
    assert_eq!(later.rotates_at, Some(kept.created_at.plus_seconds(20 * DAY)));
    home.clock.advance(2 * DAY);
    assert_eq!(told(&home).await, 0);
    let now = api_keys::change(&user, kept.id, &every(5)).await.unwrap();
    assert!(now.is_due(user.now()));
    home.clock.advance(1_000);
    assert_eq!(told(&home).await, 1);
    api_keys::change(&user, kept.id, &KeyTerms::usual("Checkout"))
        .await
        .unwrap();
    home.clock.advance(30 * DAY);
    assert_eq!(told(&home).await, 0);
}
