//! Recovery, from the first form to the new way to sign in.

use platform::recovery;
use types::Role;

use super::{GRACE, confirm, id, is_page, with_password, without_ids};
use crate::app::App;

#[tokio::test]
async fn a_recovery_answers_the_same_for_every_address() {
    let app = App::new().await;
    app.first_person().await;
    is_page(&app.get("/recover").send().await, 200, &["Recover your account"]);
    let mut answers = Vec::new();
    for email in ["ada@example.com", "nobody@example.com"] {
        let reply = app.post("/recover").form(&[("email", email)]).send().await;
        is_page(&reply, 200, &["If this address can be used"]);
        answers.push(without_ids(&reply));
    }
    assert_eq!(answers[0], answers[1]);
    let refused = app.post("/recover").form(&[("email", "nobody")]).send().await;
    is_page(&refused, 422, &["email-error"]);
}

#[tokio::test]
async fn a_recovery_goes_from_the_mail_to_a_new_password_and_can_be_cancelled() {
    let app = App::new().await;
    let (ada, _) = app.first_person().await;
    app.home.colleague(&ada, Role::Developer, GRACE, 21).await;
    app.post("/recover").form(&[("email", GRACE)]).send().await;
    let path = format!("/recover/{}", app.home.link_to(GRACE, "/recover/").await);
    is_page(&app.get(&path).send().await, 200, &["What do you have?"]);
    let wrong = [("way", "recovery_code"), ("shown", "ABCD-EFGH")];
    let refused = app.post(&path).form(&wrong).send().await;
    is_page(&refused, 422, &["shown-error"]);
    assert!(!refused.text().contains("ABCD-EFGH"), "a code is not sent back");
    let cancel = format!(
        "/recover/cancel/{}",
        app.home.link_to(GRACE, "/recover/cancel/").await
    );
    is_page(&app.get(&cancel).send().await, 200, &["Cancel the recovery"]);
    is_page(&app.get(&path).send().await, 200, &[]);
    is_page(
        &app.post(&cancel).form(&[]).send().await,
        200,
        &["The recovery was cancelled"],
    );
    is_page(&app.get(&path).send().await, 409, &["not valid any more"]);
    is_page(&app.get(&cancel).send().await, 409, &["not valid any more"]);

    app.home.clock.advance(3600);
    let grace = recovery::find_account(&ada, GRACE).await.unwrap().id;
    recovery::start_for_member(&ada, grace).await.unwrap();
    let path = format!("/recover/{}", app.home.link_to(GRACE, "/recover/").await);
    is_page(&app.get(&path).send().await, 200, &["Both ways were shown"]);
    app.home.clock.advance(86_400);
    let (reply, secret) = with_password(&app, &path).await;
    is_page(&reply, 200, &["Keep your recovery codes"]);
    is_page(&app.get("/account").session(&secret).send().await, 200, &[GRACE]);
}

#[tokio::test]
async fn a_session_cancels_the_recovery_of_its_own_account() {
    let app = App::new().await;
    let (ada, session) = app.first_person().await;
    let page = app.get("/account/recovery").session(&session).send().await;
    is_page(&page, 200, &["No recovery is open"]);
    app.post("/recover")
        .form(&[("email", "ada@example.com")])
        .send()
        .await;
    app.home.mails().await;
    let page = app.get("/account/recovery").session(&session).send().await;
    is_page(&page, 200, &["Somebody is recovering your account"]);
    app.home.clock.advance(1);
    is_page(
        &app.get("/").session(&session).send().await,
        200,
        &["/account/recovery"],
    );
    let done = app
        .post("/account/recovery")
        .session(&session)
        .form(&[])
        .send()
        .await;
    is_page(&done, 200, &["The recovery was cancelled", "No recovery is open"]);
    assert!(recovery::own(&ada).await.unwrap().is_none());
    app.home.clock.advance(1);
    assert!(
        !app.get("/")
            .session(&session)
            .send()
            .await
            .text()
            .contains("/account/recovery")
    );
}

#[tokio::test]
async fn staff_find_begin_and_do_not_approve_their_own() {
    let app = App::new().await;
    let (ada, session) = app.first_person().await;
    let (grace, _) = app.home.colleague(&ada, Role::Developer, GRACE, 21).await;
    confirm(&app, &ada).await;
    let find = [("do", "find"), ("email", GRACE)];
    let found = app
        .post("/staff/accounts")
        .session(&session)
        .form(&find)
        .send()
        .await;
    is_page(&found, 200, &["Colleague 21", "Begin recovery"]);
    let nobody = [("do", "find"), ("email", "nobody@example.com")];
    let none = app
        .post("/staff/accounts")
        .session(&session)
        .form(&nobody)
        .send()
        .await;
    is_page(&none, 422, &["No account has exactly this address"]);
    let user = id(&grace).to_string();
    let start = [("do", "start"), ("user", user.as_str())];
    let begun = app
        .post("/staff/accounts")
        .session(&session)
        .form(&start)
        .send()
        .await;
    is_page(
        &begun,
        200,
        &["The recovery has begun", "Waiting for approval", "to approve"],
    );
    let open = recovery::waiting(&ada).await.unwrap().remove(0).id.to_string();
    let approve = [("do", "approve"), ("id", open.as_str())];
    let own = app
        .post("/staff/accounts")
        .session(&session)
        .form(&approve)
        .send()
        .await;
    is_page(&own, 422, &["Nobody approves"]);
}
