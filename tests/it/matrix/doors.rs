//! Links from mails, each of them open.

use platform::{
    Ctx,
    accounts::{self, SignUpForm},
    alerts, api_keys, identity,
    invitations::{self, Offer},
    limits::named,
    sessions, signals,
    verification::{self, Evidence, StartRequest},
    webhooks,
};
use testkit::{Installation, adult_passport};
use types::{
    Environment, Role,
    keys::{KeyTerms, Scope},
    limits::{Costs, LimitTerms},
};

use crate::app::App;

const MEMBER: &str = "mia.member@example.com";

/// What the routes of invitations, sign-up, recovery and the rest are about, by name: the first
/// person asked for another address, the member is being recovered, the guest has reported
/// something, a webhook is told.
pub(super) async fn open(app: &App, first: &Ctx, guest: &Ctx) -> [(&'static str, String); 14] {
    let home = &app.home;
    let anonymous = home.anonymous();
    let form = SignUpForm {
        name: "Sue Signing".into(),
        email: "sue@example.com".into(),
        organisation: "Signing Up".into(),
    };
    accounts::ask_sign_up(&anonymous, &form).await.unwrap();
    accounts::ask_email_change(first, "ada@new.example")
        .await
        .unwrap();
    accounts::ask_recovery(&anonymous, MEMBER).await.unwrap();
    invitations::invite(first, "ines@example.com", Offer::Role(Role::Developer))
        .await
        .unwrap();
    let signal = signals::report(guest, "/keys", "A key that nobody here made").await;
    let own = sessions::page(first).await.unwrap().sessions;
    let session = own.iter().find(|session| session.here).unwrap();
    let app_key = identity::begin_totp(&anonymous);
    let (webhook, delivery) = webhook(home, first).await;
    let (rule, channel) = alert(first).await;
    let app_code = identity::totp::code_at(&app_key, anonymous.now()).unwrap();
    [
        ("sign_up", home.link_to("sue@example.com", "/sign-up/").await),
        (
            "email_change",
            home.link_to("ada@new.example", "/account/email/").await,
        ),
        ("recovering", home.link_to(MEMBER, "/recover/").await),
        ("cancelling", home.link_to(MEMBER, "/recover/cancel/").await),
        ("not_me", home.link_to(MEMBER, "/not-me/").await),
        (
            "invitation",
            home.link_to("ines@example.com", "/invitations/").await,
        ),
        ("signal", signal.unwrap().to_string()),
        ("session", session.id.to_string()),
        ("app_key", app_key),
        ("app_code", app_code),
        ("webhook", webhook),
        ("delivery", delivery),
        ("rule", rule),
        ("channel", channel),
    ]
}

/// An alert, and a channel of alerts.
async fn alert(first: &Ctx) -> (String, String) {
    let draft = types::alerts::AlertDraft {
        kind: "requests".into(),
        warning: "10".into(),
        ..Default::default()
    };
    let rule = alerts::create(first, &draft).await.unwrap();
    let draft = types::alerts::ChannelDraft {
        kind: "slack".into(),
        name: "Chat".into(),
        url: "https://chat.example.com/in".into(),
        ..Default::default()
    };
    let channel = alerts::create_channel(first, &draft).await.unwrap().id;
    (rule.to_string(), channel.to_string())
}

/// A webhook, and what it is to be told.
async fn webhook(home: &Installation, first: &Ctx) -> (String, String) {
    let draft = types::webhooks::WebhookDraft {
        url: "https://shop.example.com/".into(),
        environment: "test".into(),
        events: vec!["verification.completed".into()],
        ..Default::default()
    };
    let id = webhooks::create(first, &draft).await.unwrap().id;
    let (_, key) = home.api_key(first, Environment::Test).await;
    let started = verification::start(&key, StartRequest::default()).await.unwrap();
    let evidence = Evidence::new(adult_passport());
    verification::complete(&key, started.id, Some(evidence))
        .await
        .unwrap();
    let sent = webhooks::one(first, id, None, None).await.unwrap().deliveries;
    (id.to_string(), sent.rows[0].id.to_string())
}

/// The newest line of the log of requests.
pub(super) async fn request(app: &App, first: &Ctx) -> String {
    let system = app.home.platform.system();
    platform::metering::flush(&system).await.unwrap();
    let filter = types::usage::RequestFilter::default();
    let page = platform::usage::requests(first, &filter).await.unwrap();
    page.rows[0].id.to_string()
}

/// A key that may do all that a key may, keys to do something with, and limits.
pub(super) async fn keys(first: &Ctx) -> (String, Vec<(&'static str, String)>) {
    let all = KeyTerms {
        scopes: Scope::ALL.to_vec(),
        ..KeyTerms::usual("All")
    };
    let key = api_keys::create(first, Environment::Test, &all)
        .await
        .unwrap()
        .key;
    let mut keys = Vec::new();
    for name in ["key", "spare", "old", "handed", "gone"] {
        let made = api_keys::create(first, Environment::Test, &KeyTerms::usual("Test")).await;
        let id = made.unwrap().row.id;
        if name == "old" {
            let until = first.now().plus_seconds(60);
            api_keys::rotate(first, id, until).await.unwrap();
        }
        keys.push((name, id.to_string()));
    }
    for name in ["batch", "daily"] {
        let terms = LimitTerms {
            name: name.into(),
            units: 1_000,
            seconds: 3_600,
            per_key: false,
            costs: Costs::default(),
        };
        named::set(first, &terms).await.unwrap();
    }
    (key, keys)
}
