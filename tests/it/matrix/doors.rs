//! Links from mails, each of them open.

use platform::{
    Ctx,
    accounts::{self, SignUpForm},
    identity,
    invitations::{self, Offer},
    sessions, signals,
};
use types::Role;

use crate::app::App;

const MEMBER: &str = "mia.member@example.com";

/// What the routes of invitations, sign-up, recovery and the rest are about, by name: the first
/// person asked for another address, the member is being recovered, the guest has reported
/// something.
pub(super) async fn open(app: &App, first: &Ctx, guest: &Ctx) -> [(&'static str, String); 10] {
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
    ]
}
