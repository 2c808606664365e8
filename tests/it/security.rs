//! The pages about the security of one's own account, and of everybody's for staff.

use http::StatusCode;
use platform::{identity, sessions};
use testkit::{Authenticator, Fault};
use types::Role;

use crate::app::{App, Reply};

const GRACE: &str = "grace@example.com";

async fn sign_in(app: &App, passkey: &mut Authenticator) -> String {
    let ctx = app.home.anonymous();
    let ceremony = identity::sign_in_begin(&ctx).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    let session = identity::sign_in_finish(&ctx, &ceremony.ceremony, answer).await;
    session.unwrap().secret
}

async fn page(app: &App, session: &str, path: &str) -> Reply {
    app.get(path).session(session).send().await
}

/// A customer beside the first person: both sessions, and the customer's passkey.
async fn two(app: &App) -> (String, String, Authenticator) {
    let (ada, staff) = app.first_person().await;
    let (_, mut passkey) = app.home.colleague(&ada, Role::Developer, GRACE, 81).await;
    let customer = sign_in(app, &mut passkey).await;
    (staff, customer, passkey)
}

#[tokio::test]
async fn pages_of_the_account_name_where_one_is() {
    let app = App::new().await;
    let (_, customer, _) = two(&app).await;
    for (path, title) in [
        ("/account/sessions", "Sessions"),
        ("/account/activity", "Activity"),
        ("/account/notifications", "Notifications"),
        ("/report", "Report suspicious activity"),
    ] {
        let reply = page(&app, &customer, path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        let text = reply.text();
        assert!(
            text.contains(&format!("<title>{title} · Loomwire</title>")),
            "{path}"
        );
        if path.starts_with("/account") {
            assert!(
                text.contains(&format!("href=\"{path}\" aria-current=\"page\"")),
                "{path}"
            );
        }
        let nobody = app.get(path).send().await;
        if path == "/report" {
            assert_eq!(nobody.status, 200, "a report is anybody's");
            continue;
        }
        assert_eq!(nobody.status, 303, "{path}");
        assert!(nobody.header("location").starts_with("/sign-in"), "{path}");
    }
}

#[tokio::test]
async fn a_session_is_ended_by_its_form_and_refused_on_the_next_request() {
    let app = App::new().await;
    let (_, customer, mut passkey) = two(&app).await;
    let other = sign_in(&app, &mut passkey).await;
    assert_eq!(page(&app, &other, "/account/sessions").await.status, 200);
    let ctx = app.home.signed_in(&customer).await;
    let list = sessions::page(&ctx).await.unwrap().sessions;
    let there = app.home.signed_in(&other).await;
    let there = sessions::page(&there).await.unwrap().sessions.remove(0).id;
    assert!(list.iter().any(|one| one.id == there && !one.here));
    let form = [("session", there.to_string())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let reply = app
        .post("/account/sessions")
        .session(&customer)
        .form(&form)
        .send()
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert!(reply.text().contains("The session was ended."));
    assert_eq!(page(&app, &other, "/account/sessions").await.status, 303);
    assert_eq!(page(&app, &customer, "/account/sessions").await.status, 200);
}

#[tokio::test]
async fn another_person_s_session_is_404_and_goes_on() {
    let app = App::new().await;
    let (staff, customer, _) = two(&app).await;
    let ctx = app.home.signed_in(&customer).await;
    let theirs = sessions::page(&ctx)
        .await
        .unwrap()
        .sessions
        .remove(0)
        .id
        .to_string();
    for id in [theirs.as_str(), "ses_nonsense"] {
        let reply = app
            .post("/account/sessions")
            .session(&staff)
            .form(&[("session", id)])
            .send()
            .await;
        assert_eq!(reply.status, 404, "{id}");
    }
    assert_eq!(page(&app, &customer, "/account/sessions").await.status, 200);
}

#[tokio::test]
async fn all_other_sessions_are_ended_by_one_form() {
    let app = App::new().await;
    let (_, customer, mut passkey) = two(&app).await;
    let other = sign_in(&app, &mut passkey).await;
    let reply = app
        .post("/account/sessions")
        .session(&customer)
        .form(&[("others", "1")])
        .send()
        .await;
    assert!(
        reply.text().contains("2 other sessions were ended."),
        "{}",
        reply.text()
    );
    assert_eq!(page(&app, &other, "/").await.status, 303);
    let alone = page(&app, &customer, "/account/sessions").await.text();
    assert!(alone.contains("You are signed in nowhere else."));
}

#[tokio::test]
async fn the_page_is_told_how_long_is_left_and_staying_is_a_sign_of_life() {
    let app = App::new().await;
    let (_, customer, _) = two(&app).await;
    let text = page(&app, &customer, "/").await.text();
    assert!(text.contains("id=\"session-end\"") && text.contains("data-left=\"3600000\""));
    app.home.clock.advance(3_500);
    let left = page(&app, &customer, "/session").await;
    assert_eq!((left.status, left.text().as_str()), (StatusCode::OK, "100000"));
    let stay = app.post("/session").session(&customer).form(&[]).send().await;
    assert_eq!(stay.text(), "3600000");
    app.home.clock.advance(3_600);
    for reply in [
        page(&app, &customer, "/session").await,
        app.post("/session").session(&customer).form(&[]).send().await,
        app.get("/session").send().await,
    ] {
        assert_eq!((reply.status, reply.text().as_str()), (StatusCode::OK, "0"));
    }
    let cross = app
        .post("/session")
        .session(&customer)
        .header("origin", "https://evil.example")
        .send()
        .await;
    assert_eq!(cross.status, 403, "another site keeps no session alive");
}

#[tokio::test]
async fn a_browser_gets_a_cookie_to_be_known_again_by_and_keeps_it() {
    let app = App::new().await;
    let first = app.get("/sign-in").send().await;
    let cookie = first.header("set-cookie").to_owned();
    assert!(cookie.starts_with("lw_device="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Lax", "Max-Age=34560000"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let value = cookie.split(';').next().unwrap();
    let again = app.get("/sign-in").header("cookie", value).send().await;
    assert_eq!(again.header("set-cookie"), "");
    let planted = app
        .get("/sign-in")
        .header("cookie", "lw_device=short")
        .send()
        .await;
    assert!(planted.header("set-cookie").starts_with("lw_device="));
    assert_ne!(planted.header("set-cookie"), cookie);
}

#[tokio::test]
async fn a_report_gives_a_reference_and_keeps_what_was_typed_if_it_is_refused() {
    let app = App::new().await;
    let (staff, customer, _) = two(&app).await;
    let text = page(&app, &customer, "/report?about=%2Fkeys").await.text();
    assert!(text.contains("name=\"about\" value=\"/keys\""));
    let empty = [("about", "/keys"), ("text", " ")];
    let refused = app.post("/report").session(&customer).form(&empty).send().await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("value=\"/keys\""));
    let form = [("about", "/keys"), ("text", "A <b>mail</b> that looks false")];
    let sent = app.post("/report").session(&customer).form(&form).send().await;
    assert_eq!(sent.status, 200, "{}", sent.text());
    assert!(sent.text().contains("rpt_"), "a reference");
    let shown = page(&app, &staff, "/staff/signals").await.text();
    assert!(
        shown.contains("A &lt;b&gt;mail&lt;/b&gt; that looks false"),
        "{shown}"
    );
    for text in [shown, page(&app, &customer, "/keys").await.text()] {
        assert!(text.contains("href=\"/report?about="), "on every page");
    }
}

#[tokio::test]
async fn signals_are_refused_to_customers_and_handled_by_staff() {
    let app = App::new().await;
    let (staff, customer, _) = two(&app).await;
    let form = [("about", ""), ("text", "Odd")];
    app.post("/report").session(&customer).form(&form).send().await;
    let refused = page(&app, &customer, "/staff/signals").await;
    assert_eq!(refused.status, 403);
    let shown = page(&app, &staff, "/staff/signals").await.text();
    let id: String = shown
        .split("/staff/signals/")
        .nth(1)
        .unwrap()
        .chars()
        .take_while(|letter| *letter != '/')
        .collect();
    let path = format!("/staff/signals/{id}/handle");
    let refused = app.post(&path).session(&customer).form(&[]).send().await;
    assert_eq!(refused.status, 403);
    let done = app.post(&path).session(&staff).form(&[]).send().await;
    assert_eq!(done.status, 303);
    let again = app.post(&path).session(&staff).form(&[]).send().await;
    assert_eq!(again.status, 404);
    let handled = page(&app, &staff, "/staff/signals?state=handled").await.text();
    assert!(handled.contains("Ada Lovelace"));
}

#[tokio::test]
async fn reminders_are_chosen_by_boxes() {
    let app = App::new().await;
    let (_, customer, _) = two(&app).await;
    let form = [("old_api_key", "on"), ("nonsense", "on")];
    let saved = app
        .post("/account/notifications")
        .session(&customer)
        .form(&form)
        .send()
        .await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    let ctx = app.home.signed_in(&customer).await;
    let choices = platform::reminders::choices(&ctx).await.unwrap();
    let wanted: Vec<&str> = choices
        .iter()
        .filter(|choice| choice.wanted)
        .map(|choice| choice.kind.as_str())
        .collect();
    assert_eq!(wanted, ["old_api_key"]);
}

#[tokio::test]
async fn the_link_that_it_was_not_me_says_what_it_does_and_does_it_by_a_form() {
    let app = App::new().await;
    let (_, customer, mut passkey) = two(&app).await;
    let elsewhere = platform::Origin {
        address: "203.0.113.9".parse().ok(),
        ..platform::Origin::default()
    };
    let ctx = app.home.platform.ctx(platform::Actor::Anonymous, elsewhere);
    let ceremony = identity::sign_in_begin(&ctx).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    identity::sign_in_finish(&ctx, &ceremony.ceremony, answer)
        .await
        .unwrap();
    let path = format!("/not-me/{}", app.home.link_to(GRACE, "/not-me/").await);
    for _ in 0..2 {
        let asked = app.get(&path).send().await;
        assert_eq!(asked.status, 200, "{}", asked.text());
        assert!(asked.text().contains("every session of your account ends"));
    }
    assert_eq!(
        page(&app, &customer, "/").await.status,
        200,
        "looking ends nothing"
    );
    let cross = app
        .post(&path)
        .header("origin", "https://evil.example")
        .send()
        .await;
    assert_eq!(cross.status, 403);
    let done = app.post(&path).form(&[]).send().await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert!(done.text().contains("Every session was ended") && done.text().contains("href=\"/recover\""));
    assert_eq!(page(&app, &customer, "/").await.status, 303);
    for reply in [
        app.get(&path).send().await,
        app.post(&path).form(&[]).send().await,
    ] {
        assert_eq!(reply.status, 409, "once");
    }
}

#[tokio::test]
async fn too_many_reports_are_429_with_the_time_to_wait() {
    let app = App::new().await;
    let (_, customer, _) = two(&app).await;
    let form = [("about", ""), ("text", "Odd")];
    for _ in 0..5 {
        let sent = app.post("/report").session(&customer).form(&form).send().await;
        assert_eq!(sent.status, 200);
    }
    let refused = app.post("/report").session(&customer).form(&form).send().await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("retry-after"), "10");
}
