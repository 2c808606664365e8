//! Ending other sessions: after a change of a credential where it was made, and everybody's by
//! staff.

use platform::{identity, identity::totp::code_at};
use testkit::{Authenticator, Fault, people};
use types::{Role, StepUp};

use crate::app::{App, ORIGIN, Reply};

const PASSWORD: &str = "correct walrus bagpipe lantern";
const NEXT: &str = "seven quiet otters juggle plums";
const METHODS: &str = "/account/sign-in-methods";
const CHANGED: &str = "/account/sign-in-methods?changed=1";
const PASSWORD_PAGE: &str = "/account/sign-in-methods/password";
const OFFER: &str = "End the other session";

fn offers(reply: &Reply) -> bool {
    let text = reply.text();
    let form = text.split("action=\"/account/sessions\"").nth(1);
    form.is_some_and(|form| form.contains("name=\"others\"") && form.contains(OFFER))
}

#[tokio::test]
async fn a_change_of_a_credential_offers_to_end_the_other_sessions_there() {
    let app = App::new().await;
    let (ctx, session, mut passkey) = app.customer().await;
    let session = app.confirm(&session, &mut passkey, StepUp::Credentials).await;
    let now = || app.home.anonymous().now();
    let get = async |path: &str| app.get(path).session(&session).send().await;
    let post =
        async |path: &str, form: &[(&str, &str)]| app.post(path).session(&session).form(form).send().await;
    assert!(!offers(&get(METHODS).await), "nothing was changed");

    // What the island goes on to once a passkey was added.
    let ceremony = identity::passkey_add_begin(&ctx).await.unwrap();
    let answer = Authenticator::new(ORIGIN, 9).register(&ceremony.options, Fault::None);
    let id = identity::passkey_add_finish(&ctx, &ceremony.ceremony, answer, "Phone").await;
    assert!(offers(&get(CHANGED).await), "a passkey was added");

    let path = format!("{METHODS}/passkeys/{}", id.unwrap());
    let renamed = post(&path, &[("intent", "rename"), ("name", "Old phone")]).await;
    assert_eq!(renamed.header("location"), METHODS, "a name opens nothing");
    let removed = post(&path, &[("intent", "remove")]).await;
    assert_eq!(removed.header("location"), CHANGED);

    let secret = identity::begin_totp(&ctx);
    let code = code_at(&secret, now()).unwrap();
    let set = [
        ("intent", "set"),
        ("password", PASSWORD),
        ("totp_secret", &secret),
        ("totp_code", &code),
    ];
    let shown = post(PASSWORD_PAGE, &set).await;
    assert!(
        shown.text().contains("the only time") && offers(&shown),
        "password and app were set"
    );
    let change = [
        ("intent", "change"),
        ("current_password", PASSWORD),
        ("password", NEXT),
    ];
    let changed = post(PASSWORD_PAGE, &change).await;
    assert!(changed.text().contains("The password was changed.") && offers(&changed));
    let secret = identity::begin_totp(&ctx);
    let code = code_at(&secret, now()).unwrap();
    let app_form = [("intent", "app"), ("totp_secret", &secret), ("totp_code", &code)];
    assert!(
        offers(&post(PASSWORD_PAGE, &app_form).await),
        "the app was replaced"
    );
    assert!(
        offers(&post(METHODS, &[("intent", "recovery_codes")]).await),
        "codes were made"
    );
    let gone = post(PASSWORD_PAGE, &[("intent", "remove")]).await;
    assert_eq!(gone.header("location"), CHANGED);

    let ended = post("/account/sessions", &[("others", "1")]).await;
    assert!(
        ended.text().contains("The other session was ended."),
        "{}",
        ended.text()
    );
    assert!(!offers(&get(CHANGED).await), "none is left");
    assert_eq!(get(METHODS).await.status, 200);
}

#[tokio::test]
async fn staff_end_everybody_s_sessions_by_a_form_that_is_confirmed_twice() {
    let app = App::new().await;
    let (ada, mut passkey) = app.home.first_person().await;
    let (_, mut theirs) = app
        .home
        .colleague(&ada, Role::Owner, "grace@example.com", 81)
        .await;
    let grace = people::sign_in(&app.home.platform, &mut theirs).await;
    let session = people::sign_in(&app.home.platform, &mut passkey).await;
    let get = async |secret: &str, path: &str| app.get(path).session(secret).send().await;
    let post = async |secret: &str, word: &str| {
        let call = app.post("/staff/sessions").session(secret);
        call.form(&[("confirm", word)]).send().await
    };
    assert_eq!(get(&grace, "/staff/sessions").await.status, 403);
    assert_eq!(post(&grace, "everybody").await.status, 403);
    let page = get(&session, "/staff/sessions").await;
    assert_eq!(page.status, 200);
    assert!(
        page.text().contains("4 sessions of 2 people are open."),
        "{}",
        page.text()
    );
    let unconfirmed = post(&session, "everybody").await;
    assert_eq!(unconfirmed.status, 403, "a fresh passkey is asked for");
    assert!(unconfirmed.text().contains("Nothing was done yet"));
    let session = app.confirm(&session, &mut passkey, StepUp::Staff).await;
    let refused = post(&session, "everyone").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("value=\"everyone\""), "kept");
    assert_eq!(get(&grace, "/").await.status, 200, "nothing was ended yet");
    let done = post(&session, "everybody").await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert!(done.text().contains("3 sessions were ended."), "{}", done.text());
    assert_eq!(get(&grace, "/").await.status, 303);
    assert_eq!(get(&session, "/").await.status, 200, "this one goes on");
    let signals = get(&session, "/staff/signals").await.text();
    assert!(signals.contains("href=\"/staff/sessions\""));
}
