//! Webhooks in the console: pages and forms, without scripts.

use std::sync::{Arc, Mutex};

use platform::{
    verification::{self, Evidence, StartRequest},
    webhooks::{self, Answer, Courier, Posting, Undelivered},
};
use testkit::adult_passport;
use types::{Environment, StepUp};

use crate::app::App;

/// Takes what it is sent, or answers with something else.
struct Shop(Mutex<u16>);

#[async_trait::async_trait]
impl Courier for Shop {
    async fn post(&self, _: &Posting) -> Result<Answer, Undelivered> {
        Ok(Answer {
            status: *self.0.lock().unwrap(),
            body: b"<script>alert(1)</script>".to_vec(),
            cut: false,
        })
    }
}

fn shop(app: &App) -> Arc<Shop> {
    let shop = Arc::new(Shop(Mutex::new(200)));
    app.home.platform.post_with(shop.clone());
    shop
}

const NEW: [(&str, &str); 4] = [
    ("url", "https://shop.example.com/in?token=abc"),
    ("description", "Shop"),
    ("environment", "test"),
    ("events", "verification.completed"),
];

/// The path of the one webhook that there is.
async fn path(user: &platform::Ctx) -> String {
    let rows = webhooks::page(user).await.unwrap().rows;
    format!("/webhooks/{}", rows[0].id)
}

#[tokio::test]
async fn a_webhook_is_made_tested_rotated_and_deleted_by_forms() {
    let app = App::new().await;
    let shop = shop(&app);
    let (user, session) = app.first_person().await;
    let page = app.get("/webhooks").session(&session).send().await.text();
    assert!(page.contains("No webhook yet") && page.contains("href=\"/webhooks/new\""));
    let made = app
        .post("/webhooks/new")
        .session(&session)
        .form(&NEW)
        .send()
        .await;
    assert_eq!(made.status, 200);
    let shown = made.text();
    let at = shown.find("whsec_").unwrap();
    let secret = &shown[at..at + 50];
    assert!(made.header("cache-control").contains("no-store"));
    let listed = app.get("/webhooks").session(&session).send().await.text();
    assert!(listed.contains("https://shop.example.com/in?…") && !listed.contains("token=abc"));
    assert!(listed.contains("Enabled") && listed.contains("Never"));
    let path = path(&user).await;
    let send = async |fields: &[(&str, &str)]| app.post(&path).session(&session).form(fields).send().await;
    let tested = send(&[("intent", "test")]).await;
    assert!(tested.status == 200 && tested.text().contains("The test event was taken."));
    *shop.0.lock().unwrap() = 500;
    let tested = send(&[("intent", "test")]).await;
    assert_eq!(tested.status, 422);
    assert!(
        tested
            .text()
            .contains("The test event did not get through. It answered 500.")
    );
    let rotated = send(&[("intent", "rotate")]).await.text();
    assert!(rotated.contains("whsec_") && !rotated.contains(secret));
    let again = send(&[("intent", "rotate")]).await;
    assert!(again.status == 422 && again.text().contains("Two secrets sign already"));
    let ended = send(&[("intent", "end_old_secret")]).await.text();
    assert!(ended.contains("The old secret signs nothing more."));
    let mut change = NEW.to_vec();
    change[0].1 = "http://shop.example.com/";
    change.push(("intent", "save"));
    let refused = send(&change).await;
    assert!(refused.status == 422 && refused.text().contains("begins with https://"));
    assert!(
        refused.text().contains("value=\"http://shop.example.com/\""),
        "what was typed stays"
    );
    change[0].1 = "https://shop.example.com/elsewhere";
    assert!(send(&change).await.text().contains("The webhook was changed."));
    assert!(
        send(&[("intent", "disable")])
            .await
            .text()
            .contains("The webhook is disabled.")
    );
    assert!(
        send(&[("intent", "enable")])
            .await
            .text()
            .contains("The webhook is enabled.")
    );
    let unread = send(&[("intent", "replay_since"), ("since", "yesterday")]).await;
    assert!(unread.status == 422 && unread.text().contains("Give a day and a time"));
    let nothing = send(&[("intent", "replay_since"), ("since", "2026-11-01T00:00")]).await;
    assert!(nothing.text().contains("Nothing was given up since then"));
    let gone = send(&[("intent", "delete")]).await;
    assert_eq!(
        (gone.status.as_u16(), gone.header("location")),
        (303, "/webhooks")
    );
    assert_eq!(app.get(&path).session(&session).send().await.status, 404);
}

#[tokio::test]
async fn a_delivery_shows_what_was_asked_and_answered_and_is_replayed() {
    let app = App::new().await;
    let shop = shop(&app);
    *shop.0.lock().unwrap() = 503;
    let (user, session) = app.first_person().await;
    app.post("/webhooks/new")
        .session(&session)
        .form(&NEW)
        .send()
        .await;
    let (_, key) = app.home.api_key(&user, Environment::Test).await;
    let started = verification::start(&key, StartRequest::default()).await.unwrap();
    let evidence = Evidence::new(adult_passport());
    verification::complete(&key, started.id, Some(evidence))
        .await
        .unwrap();
    let system = app.home.platform.system();
    for delivery in webhooks::claim(&system, 9).await.unwrap() {
        webhooks::deliver(&system, delivery).await.unwrap();
    }
    let webhook = path(&user).await;
    let page = app.get(&webhook).session(&session).send().await.text();
    assert!(page.contains("Failing") && page.contains("Will be sent again") && page.contains("503"));
    let at = page.find("/deliveries/dlv_").unwrap();
    let delivery = format!("{webhook}{}", &page[at..at + "/deliveries/dlv_".len() + 26]);
    let page = app.get(&delivery).session(&session).send().await.text();
    for part in [
        "It answered 503.",
        "webhook-signature: v1,",
        "x-webhook-event: verification.completed",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains(&started.id.to_string()));
    assert!(!page.contains("<script>alert"), "what others answer is text");
    assert!(!page.contains("token=abc") && !page.contains("whsec_"));
    let replay = app
        .post(&delivery)
        .session(&session)
        .form(&[("intent", "replay")])
        .send()
        .await;
    assert!(replay.status == 200 && replay.text().contains("It is sent again."));
    let made_up = delivery.replace("dlv_0", "dlv_1");
    assert_eq!(app.get(&made_up).session(&session).send().await.status, 404);
}

#[tokio::test]
async fn a_form_without_a_fresh_confirmation_changes_nothing() {
    let app = App::new().await;
    shop(&app);
    let (user, session, mut passkey) = app.customer().await;
    let refused = app
        .post("/webhooks/new")
        .session(&session)
        .form(&NEW)
        .send()
        .await;
    assert_eq!(refused.status, 403);
    assert!(
        refused.text().contains("https://shop.example.com/in?token=abc"),
        "what was typed stays"
    );
    assert!(webhooks::page(&user).await.unwrap().rows.is_empty());
    let session = app.confirm(&session, &mut passkey, StepUp::Webhooks).await;
    let made = app
        .post("/webhooks/new")
        .session(&session)
        .form(&NEW)
        .send()
        .await;
    assert!(made.status == 200 && made.text().contains("whsec_"));
}
