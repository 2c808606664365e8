//! Signing in with a password, confirming, and one's own ways to sign in, through the routes.

use platform::{Ctx, identity, identity::totp::code_at};
use serde_json::json;
use testkit::{Authenticator, Fault};
use types::StepUp;

use crate::app::{App, ORIGIN, Reply};

const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "correct walrus bagpipe lantern";
const METHODS: &str = "/account/sign-in-methods";
const PASSWORD_PAGE: &str = "/account/sign-in-methods/password";

/// A password and an app for this person: the app's secret and the recovery codes.
async fn enrol(app: &App, ctx: &Ctx) -> (String, Vec<String>) {
    let secret = identity::begin_totp(ctx);
    let code = code_at(&secret, ctx.now()).unwrap();
    let codes = identity::password_totp_set(ctx, PASSWORD, &secret, &code)
        .await
        .unwrap();
    app.home.clock.advance(30);
    (secret, codes)
}

/// The session that an answer gives the browser.
fn cookie(reply: &Reply) -> String {
    let cookie = reply.header("set-cookie");
    let value = cookie.strip_prefix("lw_session=").unwrap_or_default();
    value.split(';').next().unwrap_or_default().to_owned()
}

async fn password_sign_in(app: &App, path: &str, account: &str, password: &str, code: &str) -> Reply {
    let form = [("account", account), ("password", password), ("code", code)];
    app.post(path).form(&form).send().await
}

#[tokio::test]
async fn a_dangerous_form_without_a_confirmation_does_nothing_and_keeps_what_was_typed() {
    let app = App::new().await;
    let (ctx, session, _) = app.customer().await;
    let form = [("name", "Checkout, staging"), ("environment", "live")];
    let refused = app.post("/keys/new").session(&session).form(&form).send().await;
    assert_eq!(refused.status, 403);
    let text = refused.text();
    assert!(
        text.contains("Checkout, staging") && text.contains("confirm that it is you"),
        "{text}"
    );
    assert!(text.contains("This asks for your passkey"));
    assert!(platform::api_keys::list(&ctx).await.unwrap().is_empty());
    let file = app
        .post("/verifications/export")
        .session(&session)
        .form(&[])
        .send()
        .await;
    assert_eq!(file.status, 403);
    assert!(file.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn a_passkey_confirms_over_the_routes_and_the_cookie_is_renewed() {
    let app = App::new().await;
    let (_, session, mut passkey) = app.customer().await;
    let call = app
        .post("/fn/step_up/begin")
        .session(&session)
        .header("origin", ORIGIN);
    let begun = call.json(&json!({ "action": "keys" })).send().await;
    assert_eq!(begun.status, 200, "{}", begun.text());
    let begun = begun.json();
    let options = serde_json::from_str(begun["options"].as_str().unwrap()).unwrap();
    let answer = passkey.sign_in(&options, Fault::None).to_string();
    let call = app
        .post("/fn/step_up/finish")
        .session(&session)
        .header("origin", ORIGIN);
    let body = json!({ "ceremony": begun["ceremony"], "credential": answer });
    let finished = call.json(&body).send().await;
    assert_eq!(finished.status, 200, "{}", finished.text());
    let renewed = cookie(&finished);
    let old = app.get("/keys").session(&session).send().await;
    assert_eq!(old.status, 303, "the secret before is of no use");
    let form = [
        ("name", "Staging"),
        ("environment", "test"),
        ("scopes", "usage:read"),
    ];
    let made = app.post("/keys/new").session(&renewed).form(&form).send().await;
    assert_eq!(made.status, 200);
    let again = app.get("/keys/new").session(&renewed).send().await;
    assert!(
        again.text().contains("It counts for another 5:00"),
        "the countdown"
    );
    let call = app
        .post("/fn/step_up/begin")
        .session(&renewed)
        .header("origin", ORIGIN);
    assert_eq!(
        call.json(&json!({ "action": "everything" })).send().await.status,
        422
    );
}

#[tokio::test]
async fn a_code_in_the_form_confirms_without_a_script() {
    let app = App::new().await;
    let (ctx, session, _) = app.customer().await;
    let (secret, _) = enrol(&app, &ctx).await;
    let page = app.get("/keys/new").session(&session).send().await.text();
    assert!(page.contains("name=\"step_up_code\"") && page.contains("one-time-code"));
    let mut form = vec![
        ("scopes", "usage:read"),
        ("name", "Staging"),
        ("environment", "test"),
        ("step_up_code", "000000"),
    ];
    let wrong = app.post("/keys/new").session(&session).form(&form).send().await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("This code was not accepted") && wrong.text().contains("Staging"));
    let code = code_at(&secret, ctx.now()).unwrap();
    form[3].1 = &code;
    let made = app.post("/keys/new").session(&session).form(&form).send().await;
    assert_eq!(made.status, 200, "{}", made.text());
    let renewed = cookie(&made);
    assert_eq!(app.get("/keys").session(&session).send().await.status, 303);
    assert_eq!(app.get("/keys").session(&renewed).send().await.status, 200);
}

#[tokio::test]
async fn a_password_signs_in_and_goes_on_to_our_pages_only() {
    let app = App::new().await;
    let (ctx, ..) = app.customer().await;
    let (secret, codes) = enrol(&app, &ctx).await;
    let code = code_at(&secret, ctx.now()).unwrap();
    let into = password_sign_in(&app, "/sign-in?next=%2Fkeys", EMAIL, PASSWORD, &code).await;
    assert_eq!((into.status.as_u16(), into.header("location")), (303, "/keys"));
    let page = app.get("/keys").session(&cookie(&into)).send().await;
    assert_eq!(page.status, 200);
    for (foreign, code) in [
        "%2F%2Fevil.example",
        "https%3A%2F%2Fevil.example",
        "%2F%5Cevil.example",
    ]
    .iter()
    .zip(&codes)
    {
        let path = format!("/sign-in?next={foreign}");
        let reply = password_sign_in(&app, &path, EMAIL, PASSWORD, code).await;
        assert_eq!(reply.header("location"), "/", "{foreign}");
    }
}

#[tokio::test]
async fn a_refused_sign_in_says_the_same_for_all_and_shows_no_secret_again() {
    let app = App::new().await;
    let (ctx, ..) = app.customer().await;
    let (secret, _) = enrol(&app, &ctx).await;
    let code = code_at(&secret, ctx.now()).unwrap();
    let mut answers = Vec::new();
    for (account, password, code) in [
        ("nobody@example.com", PASSWORD, code.as_str()),
        (EMAIL, "wrong walrus bagpipe lantern", &code),
        (EMAIL, PASSWORD, "000000"),
    ] {
        let reply = password_sign_in(&app, "/sign-in", account, password, code).await;
        assert_eq!(reply.status, 401);
        assert!(reply.header("set-cookie").is_empty());
        let text = reply.text();
        assert!(text.contains(account), "kept: {account}");
        assert!(!text.contains(password) && !text.contains(&format!("value=\"{code}\"")));
        let alert = text
            .split("role=\"alert\"")
            .find(|part| part.contains("not accepted"));
        answers.push(alert.unwrap().split("</p>").next().unwrap().to_owned());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    for _ in 0..5 {
        password_sign_in(&app, "/sign-in", EMAIL, PASSWORD, "000000").await;
    }
    let throttled = password_sign_in(&app, "/sign-in", EMAIL, PASSWORD, "000000").await;
    assert_eq!(throttled.status, 429);
    assert!(!throttled.header("retry-after").is_empty() && throttled.text().contains("Too many tries"));
}

#[tokio::test]
async fn a_password_and_an_app_are_set_by_a_form_and_the_codes_shown_once() {
    let app = App::new().await;
    let (_, session, mut passkey) = app.customer().await;
    let session = app.confirm(&session, &mut passkey, StepUp::Credentials).await;
    let page = app.get(PASSWORD_PAGE).session(&session).send().await.text();
    assert!(page.contains("class=\"qr\"") && page.contains("autocomplete=\"new-password\""));
    let secret = page.split("name=\"totp_secret\" value=\"").nth(1).unwrap();
    let secret = secret.split('"').next().unwrap().to_owned();
    let mut form = vec![
        ("intent", "set"),
        ("password", "short"),
        ("totp_secret", &secret),
        ("totp_code", "000000"),
    ];
    let refused = app.post(PASSWORD_PAGE).session(&session).form(&form).send().await;
    assert_eq!(refused.status, 422);
    let text = refused.text();
    assert!(text.contains("at least 15 characters") && text.contains("not the code that your app shows"));
    assert!(text.contains(&secret), "the app has it already");
    let code = code_at(&secret, app.home.anonymous().now()).unwrap();
    (form[1].1, form[3].1) = (PASSWORD, &code);
    let set = app.post(PASSWORD_PAGE).session(&session).form(&form).send().await;
    assert_eq!(set.status, 200, "{}", set.text());
    let shown = set.text();
    assert!(shown.contains("the only time") && !shown.contains(PASSWORD));
    assert_eq!(set.header("cache-control"), "no-store");
    let page = app.get(METHODS).session(&session).send().await.text();
    assert!(page.contains("10 of 10 left"));
    let again = [("intent", "recovery_codes")];
    let made = app
        .post(METHODS)
        .session(&session)
        .form(&again)
        .send()
        .await
        .text();
    assert!(made.contains("the only time"));
    let again = app.get(METHODS).session(&session).send().await.text();
    assert!(!again.contains("the only time"));
}

#[tokio::test]
async fn a_passkey_is_renamed_and_removed_by_forms() {
    let app = App::new().await;
    let (ctx, session, mut passkey) = app.customer().await;
    let ceremony = identity::passkey_add_begin(&ctx).await.unwrap();
    let answer = Authenticator::new(ORIGIN, 9).register(&ceremony.options, Fault::None);
    let id = identity::passkey_add_finish(&ctx, &ceremony.ceremony, answer, "Phone")
        .await
        .unwrap();
    let path = format!("{METHODS}/passkeys/{id}");
    let rename = [("intent", "rename"), ("name", "Old phone")];
    let refused = app.post(&path).session(&session).form(&rename).send().await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("Old phone"));
    let session = app.confirm(&session, &mut passkey, StepUp::Credentials).await;
    let renamed = app.post(&path).session(&session).form(&rename).send().await;
    assert_eq!(
        (renamed.status.as_u16(), renamed.header("location")),
        (303, METHODS)
    );
    let page = app.get(METHODS).session(&session).send().await.text();
    assert!(page.contains("Old phone") && page.contains("Stays on its device"));
    let removed = app
        .post(&path)
        .session(&session)
        .form(&[("intent", "remove")])
        .send()
        .await;
    assert_eq!(removed.status, 303);
    assert_eq!(app.get(&path).session(&session).send().await.status, 404);
    let again = app
        .post(&path)
        .session(&session)
        .form(&[("intent", "remove")])
        .send()
        .await;
    assert!(again.status == 404 || again.status == 422);
    let odd = app
        .post(&path)
        .session(&session)
        .form(&[("intent", "steal")])
        .send()
        .await;
    assert!(odd.status.is_client_error());
    let nobody = app.get(METHODS).send().await;
    assert_eq!(
        nobody.header("location"),
        "/sign-in?next=%2Faccount%2Fsign-in-methods"
    );
}
