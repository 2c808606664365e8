//! "Report suspicious activity", for people who are not signed in.

use types::{Role, security::SignalState};

use crate::app::App;

const GRACE: &str = "grace@example.com";

/// The way to the report on this page, as its link has it.
fn way(text: &str) -> &str {
    let (_, way) = text.split_once("href=\"/report").expect("a link to the report");
    way.split_once('"').unwrap().0
}

#[tokio::test]
async fn every_page_without_an_account_leads_to_a_report_that_names_it_without_its_secret() {
    let app = App::offering_sign_up().await;
    let (ada, _) = app.first_person().await;
    let key = app.test_key(&ada).await;
    let invite = platform::invitations::Offer::Role(Role::Developer);
    platform::invitations::invite(&ada, GRACE, invite).await.unwrap();
    let invitation = format!("/invitations/{}", app.home.link_to(GRACE, "/invitations/").await);
    let (_, hosted) = app.started(&key).await;
    let nobody = "s".repeat(43);
    for (path, about) in [
        ("/sign-in".to_owned(), "?about=%2Fsign-in"),
        ("/sign-up".to_owned(), "?about=%2Fsign-up"),
        ("/recover".to_owned(), "?about=%2Frecover"),
        (invitation, "?about=%2Finvitations%2F%E2%80%A6"),
        (format!("/setup/{nobody}"), "?about=%2Fsetup%2F%E2%80%A6"),
        (format!("/recover/{nobody}"), "?about=%2Frecover%2F%E2%80%A6"),
        (format!("/sign-up/{nobody}"), "?about=%2Fsign-up%2F%E2%80%A6"),
        (format!("/not-me/{nobody}"), "?about=%2Fnot-me%2F%E2%80%A6"),
        (hosted, "?about=%2Fv%2F%E2%80%A6"),
        (format!("/v/{nobody}"), "?about=%2Fv%2F%E2%80%A6"),
        ("/report".to_owned(), ""),
    ] {
        let text = app.get(&path).send().await.text();
        assert_eq!(way(&text), about, "{path}");
    }
}

#[tokio::test]
async fn a_report_is_sent_without_an_account_and_staff_read_it() {
    let app = App::new().await;
    let (ada, _) = app.first_person().await;
    let form = [("about", "/v/…"), ("text", "Somebody asked me for my <link>")];
    let shown = app.get("/report?about=%2Fv%2F%E2%80%A6").send().await;
    assert_eq!(shown.status, 200);
    assert!(shown.text().contains("name=\"about\" value=\"/v/…\""));
    assert_eq!(
        shown.header("set-cookie"),
        "",
        "whoever reports is not known again"
    );
    let refused = app.post("/report").form(&[("text", " ")]).send().await;
    assert_eq!(refused.status, 422);
    let sent = app.post("/report").form(&form).send().await;
    assert_eq!(sent.status, 200, "{}", sent.text());
    let text = sent.text();
    assert!(
        text.contains("rpt_") && text.contains("href=\"/recover\""),
        "{text}"
    );
    assert_eq!(sent.header("set-cookie"), "");
    let open = platform::signals::page(&ada, SignalState::Open, None)
        .await
        .unwrap();
    assert_eq!(
        open.rows[0].text.as_deref(),
        Some("About /v/…: Somebody asked me for my <link>")
    );
    let cross = app
        .post("/report")
        .header("origin", "https://evil.example")
        .send()
        .await;
    assert_eq!(cross.status, 403, "no other site makes a browser report");
}

#[tokio::test]
async fn whoever_reports_too_often_is_told_how_long_to_wait_whatever_they_say() {
    let app = App::new().await;
    app.home.first_person().await;
    let say = async |text: &str| {
        app.post("/report")
            .form(&[("about", ""), ("text", text)])
            .send()
            .await
    };
    let known = say("ada@example.com was strange").await;
    let unknown = say("nobody@example.com was strange").await;
    assert_eq!((known.status, unknown.status), (unknown.status, known.status));
    assert_eq!(known.status, 200);
    for _ in 2..20 {
        assert_eq!(say("Odd").await.status, 200);
    }
    let refused = say("Odd").await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("retry-after"), "60");
}
