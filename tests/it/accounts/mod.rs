//! Pages and forms about accounts: invitations, sign-up, profile, recovery, and the outbox. All
//! of it without a script, but for passkeys.

mod doors;
mod way_back;

use db::execute;
use platform::{Ctx, identity, invitations, invitations::Offer};

use types::{Role, UserId};

use crate::app::{App, Reply};

const GRACE: &str = "grace@example.com";
const PASSWORD: &str = "seven wandering looms at dawn";

fn id(ctx: &Ctx) -> UserId {
    match ctx.actor() {
        platform::Actor::User { id, .. } => *id,
        other => panic!("{other:?}"),
    }
}

/// Lets this session have confirmed every dangerous action.
async fn confirm(app: &App, ctx: &Ctx) {
    let platform::Actor::User { id, .. } = ctx.actor() else {
        panic!("a user")
    };
    let until = ctx.now().plus_seconds(86_400).as_millis();
    let mut tx = app.home.db.begin().await.unwrap();
    for action in types::StepUp::ALL {
        let insert = "INSERT INTO step_ups (session_id, action, expires_at)
            SELECT id, $2, $3 FROM sessions WHERE user_id = $1 ON CONFLICT DO NOTHING";
        execute!(
            tx,
            sqlx::query(insert)
                .bind(id.to_string())
                .bind(action.as_str())
                .bind(until)
        )
        .unwrap();
    }
    tx.commit().await.unwrap();
    app.home.clock.advance(1);
}

/// Lets no session have confirmed anything.
async fn unconfirm(app: &App) {
    let mut tx = app.home.db.begin().await.unwrap();
    execute!(tx, sqlx::query("DELETE FROM step_ups")).unwrap();
    tx.commit().await.unwrap();
    app.home.clock.advance(1);
}

fn is_page(reply: &Reply, status: u16, words: &[&str]) {
    let text = reply.text();
    assert_eq!(reply.status, status, "{text}");
    for word in words {
        assert!(text.contains(word), "{word}: {text}");
    }
}

/// The key of the authenticator app on a page.
fn app_key(text: &str) -> String {
    let (_, rest) = text.split_once("name=\"totp_secret\" value=\"").expect("a key");
    rest.split('"').next().unwrap().to_owned()
}

/// Comes in behind a link with a password and an app: the answer, and the session's secret.
async fn with_password(app: &App, path: &str) -> (Reply, String) {
    let key = app_key(&app.get(path).send().await.text());
    let now = app.home.anonymous().now();
    let code = identity::totp::code_at(&key, now).unwrap();
    let short = [
        ("name", "Grace Hopper"),
        ("password", "short"),
        ("totp_secret", &key),
        ("totp_code", &code),
    ];
    let refused = app.post(path).form(&short).send().await;
    is_page(&refused, 422, &["password-error", &key]);
    assert!(
        !refused.text().contains("value=\"short\""),
        "a password is not sent back"
    );
    let form = [
        ("name", "Grace Hopper"),
        ("password", PASSWORD),
        ("totp_secret", &key),
        ("totp_code", &code),
    ];
    let reply = app.post(path).form(&form).send().await;
    let cookie = reply.header("set-cookie").to_owned();
    let secret = cookie
        .strip_prefix("lw_session=")
        .and_then(|rest| rest.split(';').next());
    (reply, secret.unwrap_or_default().to_owned())
}

/// The page without what is another on each.
fn without_ids(reply: &Reply) -> String {
    let nonce = reply.header("content-security-policy");
    let nonce = nonce
        .split("'nonce-")
        .nth(1)
        .and_then(|rest| rest.split('\'').next());
    reply
        .text()
        .replace(nonce.unwrap_or("-"), "N")
        .replace(reply.header("x-request-id"), "R")
}

#[tokio::test]
async fn somebody_is_invited_and_comes_in_without_a_script() {
    let app = App::new().await;
    let (ada, session) = app.first_person().await;
    let form = [("email", GRACE), ("role", "developer")];
    unconfirm(&app).await;
    let asked = app
        .post("/team/invite")
        .session(&session)
        .form(&form)
        .send()
        .await;
    is_page(&asked, 403, &["confirm that it is you", GRACE]);
    assert!(app.home.mails().await.is_empty());
    confirm(&app, &ada).await;
    let sent = app
        .post("/team/invite")
        .session(&session)
        .form(&form)
        .send()
        .await;
    is_page(&sent, 200, &["The invitation is on its way.", GRACE, "Developer"]);
    let link = app.home.link_to(GRACE, "/invitations/").await;
    let path = format!("/invitations/{link}");
    let page = app.get(&path).send().await;
    is_page(&page, 200, &["Analytical Engines", GRACE, "Developer"]);
    let (reply, secret) = with_password(&app, &path).await;
    is_page(&reply, 200, &["Keep your recovery codes"]);
    assert_eq!(reply.header("cache-control"), "no-store");
    is_page(
        &app.get("/").session(&secret).send().await,
        200,
        &["Grace Hopper"],
    );
    is_page(&app.get(&path).send().await, 409, &["not valid any more"]);
}

#[tokio::test]
async fn an_open_invitation_is_sent_again_and_revoked_on_its_page() {
    let app = App::new().await;
    let (ada, session) = app.first_person().await;
    confirm(&app, &ada).await;
    let invitation = invitations::invite(&ada, GRACE, Offer::Role(Role::Auditor))
        .await
        .unwrap()
        .to_string();
    let first = app.home.link_to(GRACE, "/invitations/").await;
    let again = app
        .post("/team/invite")
        .session(&session)
        .form(&[("resend", &invitation)])
        .send()
        .await;
    is_page(&again, 200, &["was sent again"]);
    is_page(&app.get(&format!("/invitations/{first}")).send().await, 409, &[]);
    let revoked = app
        .post("/team/invite")
        .session(&session)
        .form(&[("revoke", &invitation)])
        .send()
        .await;
    is_page(
        &revoked,
        200,
        &["The invitation was revoked.", "No open invitations"],
    );
    let foreign = types::InvitationId::from_u128(9).to_string();
    for id in [foreign.as_str(), "nonsense"] {
        let reply = app
            .post("/team/invite")
            .session(&session)
            .form(&[("revoke", id)])
            .send()
            .await;
        assert_eq!(reply.status, 404, "{id}");
    }
}

#[tokio::test]
async fn an_account_that_is_there_signs_in_and_accepts() {
    let app = App::new().await;
    let (ada, _) = app.first_person().await;
    let (_, mut passkey) = app.home.colleague(&ada, Role::Developer, GRACE, 21).await;
    let other = platform::access::create_organisation(&ada, "Difference Engines", "UTC")
        .await
        .unwrap();
    let mut actor = ada.actor().clone();
    if let platform::Actor::User { organisation, .. } = &mut actor {
        *organisation = other;
    }
    let elsewhere = ada.acting_as(actor);
    invitations::invite(&elsewhere, GRACE, Offer::Role(Role::Auditor))
        .await
        .unwrap();
    let path = format!("/invitations/{}", app.home.link_to(GRACE, "/invitations/").await);
    let page = app.get(&path).send().await;
    is_page(
        &page,
        200,
        &["Sign in to accept", "/sign-in?next=%2Finvitations%2F"],
    );
    let anonymous = app.home.anonymous();
    let ceremony = identity::sign_in_begin(&anonymous).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, testkit::Fault::None);
    let session = identity::sign_in_finish(&anonymous, &ceremony.ceremony, answer)
        .await
        .unwrap()
        .secret;
    is_page(
        &app.get(&path).session(&session).send().await,
        200,
        &["Accept invitation"],
    );
    let accepted = app.post(&path).session(&session).form(&[]).send().await;
    assert_eq!(
        (accepted.status.as_u16(), accepted.header("location")),
        (303, "/")
    );
    is_page(
        &app.get("/").session(&session).send().await,
        200,
        &["Difference Engines"],
    );
}

#[tokio::test]
async fn signing_up_answers_the_same_for_every_address_and_is_404_where_it_is_off() {
    let off = App::new().await;
    let form = [("name", "G"), ("email", GRACE), ("organisation", "C")];
    assert_eq!(off.get("/sign-up").send().await.status, 404);
    assert_eq!(off.post("/sign-up").form(&form).send().await.status, 404);
    let app = App::offering_sign_up().await;
    app.home.first_person().await;
    is_page(&app.get("/sign-up").send().await, 200, &["Sign up"]);
    let mut answers = Vec::new();
    for email in [GRACE, "ada@example.com"] {
        let form = [
            ("name", "Grace Hopper"),
            ("email", email),
            ("organisation", "Compilers"),
        ];
        let reply = app.post("/sign-up").form(&form).send().await;
        is_page(&reply, 200, &["If this address can be used"]);
        answers.push(without_ids(&reply));
    }
    assert_eq!(answers[0], answers[1]);
    let link = app.home.link_to(GRACE, "/sign-up/").await;
    let (reply, secret) = with_password(&app, &format!("/sign-up/{link}")).await;
    is_page(&reply, 200, &["Keep your recovery codes"]);
    is_page(&app.get("/").session(&secret).send().await, 200, &["Compilers"]);
    let refused = app
        .post("/sign-up")
        .form(&[("name", ""), ("email", "x"), ("organisation", "C")])
        .send()
        .await;
    is_page(&refused, 422, &["name-error", "email-error"]);
}

#[tokio::test]
async fn name_and_address_are_changed_on_the_profile() {
    let app = App::new().await;
    let (ada, session) = app.first_person().await;
    let named = [("do", "name"), ("name", "Ada King")];
    let saved = app.post("/account").session(&session).form(&named).send().await;
    is_page(&saved, 200, &["Your name was saved.", "Ada King"]);
    let email = [("do", "email"), ("email", "ada@new.example")];
    unconfirm(&app).await;
    let asked = app.post("/account").session(&session).form(&email).send().await;
    is_page(&asked, 403, &["confirm that it is you", "ada@new.example"]);
    confirm(&app, &ada).await;
    let asked = app.post("/account").session(&session).form(&email).send().await;
    is_page(&asked, 200, &["a mail with a link is on its way"]);
    let link = app.home.link_to("ada@new.example", "/account/email/").await;
    let path = format!("/account/email/{link}");
    let out = app.get(&path).send().await;
    assert!(out.header("location").starts_with("/sign-in?next="), "{out:?}");
    is_page(
        &app.get(&path).session(&session).send().await,
        200,
        &["ada@new.example"],
    );
    let done = app.post(&path).session(&session).form(&[]).send().await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/account"));
    app.home.clock.advance(1);
    is_page(
        &app.get("/account").session(&session).send().await,
        200,
        &["ada@new.example"],
    );
    assert_eq!(app.get(&path).session(&session).send().await.status, 409);
}
