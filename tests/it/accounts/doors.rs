//! What is not there, not allowed, or from elsewhere; and the outbox.

use std::sync::Arc;

use platform::{
    identity,
    invitations::{self, Offer},
    recovery,
};
use testkit::{Installation, MockClock, RecordingMailer, SeededEntropy, people, settings};
use types::Role;

use super::{GRACE, is_page};
use crate::app::App;

#[tokio::test]
async fn pages_of_staff_and_team_are_refused_to_those_who_may_not() {
    let app = App::new().await;
    let (ada, _) = app.first_person().await;
    invitations::invite(&ada, GRACE, Offer::Role(Role::Developer))
        .await
        .unwrap();
    let link = app.home.link_to(GRACE, "/invitations/").await;
    let form = identity::SetupForm {
        name: "Grace".into(),
        ..Default::default()
    };
    let (secret, _) = people::enrol_with(&app.home.platform, &link, form, 21).await;
    for path in ["/staff/accounts", "/team/invite"] {
        assert_eq!(app.get(path).session(&secret).send().await.status, 403, "{path}");
        let reply = app.get(path).send().await;
        assert!(reply.header("location").starts_with("/sign-in"), "{path}");
    }
    let find = [("do", "find"), ("email", "ada@example.com")];
    let refused = app
        .post("/staff/accounts")
        .session(&secret)
        .form(&find)
        .send()
        .await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn the_outbox_is_a_page_only_where_nothing_is_sent() {
    let app = App::new().await;
    let (ada, _) = app.first_person().await;
    is_page(&app.get("/dev/outbox").send().await, 200, &["No mails yet"]);
    invitations::invite(&ada, GRACE, Offer::Role(Role::Developer))
        .await
        .unwrap();
    let link = app.home.link_to(GRACE, "/invitations/").await;
    is_page(
        &app.get("/dev/outbox").send().await,
        200,
        &[GRACE, &format!("href=\"/invitations/{link}\"")],
    );
    app.home
        .platform
        .deliver_with(Arc::new(RecordingMailer::default()));
    assert_eq!(app.get("/dev/outbox").send().await.status, 404);
}

#[tokio::test]
async fn the_outbox_is_not_there_on_a_public_address() {
    let db = db::Db::connect("sqlite::memory:", &testkit::Options::default())
        .await
        .unwrap();
    db.migrate().await.unwrap();
    let mut settings = settings();
    settings.public_url = "https://verify.example".parse().unwrap();
    let keys = vault::MasterKeys::generate(&SeededEntropy::new(1));
    let home = Installation::seeded(db, MockClock::new().into(), keys.into(), settings, 2).await;
    let app = App::with(
        home,
        &[("PUBLIC_URL", "https://verify.example")],
        axum::Router::new(),
    );
    let reply = app
        .get("/dev/outbox")
        .header("x-forwarded-proto", "https")
        .send()
        .await;
    assert_eq!(reply.status, 404, "{}", reply.text());
}

#[tokio::test]
async fn no_form_of_an_account_leads_to_another_site() {
    let app = App::new().await;
    let (ada, session) = app.first_person().await;
    let path = "/account/email/x?next=https://evil.example";
    let reply = app.get(path).send().await;
    let location = reply.header("location").to_owned();
    assert!(
        location.starts_with("/sign-in?next=%2Faccount%2Femail%2F"),
        "{location}"
    );
    for path in ["/recover", "/account/recovery"] {
        let asked = format!("{path}?next=https://evil.example&return=//evil.example");
        let form = [("email", "ada@example.com"), ("next", "https://evil.example")];
        let reply = app.post(&asked).session(&session).form(&form).send().await;
        let text = reply.text();
        assert!(!reply.header("location").contains("evil"), "{path}");
        assert!(
            !text.contains("href=\"https://evil") && !text.contains("href=\"//evil"),
            "{path}"
        );
    }
    assert!(recovery::own(&ada).await.unwrap().is_none());
}

#[tokio::test]
async fn another_site_cannot_send_the_forms_of_accounts() {
    let app = App::new().await;
    let (_, session) = app.first_person().await;
    for path in [
        "/team/invite",
        "/account",
        "/account/recovery",
        "/staff/accounts",
        "/sign-up",
        "/recover",
        "/recover/x",
        "/recover/cancel/x",
        "/invitations/x",
    ] {
        let call = app.post(path).session(&session);
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        let reply = call
            .header("origin", "https://evil.example")
            .raw("email=a@b")
            .send()
            .await;
        assert_eq!(reply.status, 403, "{path}");
    }
}
