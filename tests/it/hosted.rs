//! The person's page, without JavaScript.

use testkit::{adult_passport, born_on, wrong_digit_passport};

use crate::app::App;

async fn opened() -> (App, String, String, String) {
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    let (id, path) = app.started(&key).await;
    (app, key, id, path)
}

async fn status(app: &App, key: &str, id: &str) -> String {
    let reply = app
        .get(&format!("/verify/status?verificationId={id}"))
        .key(key)
        .send()
        .await;
    reply.json()["status"].as_str().unwrap().to_owned()
}

async fn lines(app: &App, path: &str, lines: &[String]) -> crate::app::Reply {
    let fields: Vec<(String, &str)> = lines
        .iter()
        .enumerate()
        .map(|(i, line)| (format!("line{}", i + 1), line.as_str()))
        .collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, line)| (name.as_str(), *line)).collect();
    app.post(&format!("{path}/lines")).form(&fields).send().await
}

#[tokio::test]
async fn consent_lines_outcome() {
    let (app, key, id, path) = opened().await;
    let page = app.get(&path).send().await;
    assert_eq!(
        (page.status.as_u16(), page.header("cache-control")),
        (200, "no-store")
    );
    assert!(page.text().contains("Analytical Engines"));
    assert!(
        !page.text().contains("<script"),
        "no script is needed, so none is sent: {}",
        page.text()
    );
    let agreed = app.post(&format!("{path}/consent")).form(&[]).send().await;
    assert_eq!(
        (agreed.status.as_u16(), agreed.header("location")),
        (303, path.as_str())
    );
    let wrong = lines(&app, &path, &wrong_digit_passport()).await;
    assert_eq!(
        (wrong.status.as_u16(), wrong.header("cache-control")),
        (422, "no-store")
    );
    let typed = wrong_digit_passport()[1].clone();
    assert!(
        wrong.text().contains(&typed.replace('<', "&lt;")),
        "what was typed is still there"
    );
    assert_eq!(status(&app, &key, &id).await, "resubmission");
    let done = lines(&app, &path, &adult_passport()).await;
    assert_eq!(done.status, 303);
    assert_eq!(status(&app, &key, &id).await, "approved");
    let page = app.get(&path).send().await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("ERIKSSON"));
    let late = lines(&app, &path, &born_on("100101")).await;
    assert_eq!(late.status, 303, "a used link shows the outcome");
    assert_eq!(status(&app, &key, &id).await, "approved");
}

#[tokio::test]
async fn lines_that_cannot_be_read_stay_on_the_page() {
    let (app, key, id, path) = opened().await;
    app.post(&format!("{path}/consent")).form(&[]).send().await;
    let lower: Vec<String> = adult_passport().iter().map(|line| line.to_lowercase()).collect();
    for bad in [
        vec![],
        vec!["P<UTO".to_owned()],
        lower,
        vec!["Эрикссон".to_owned(), "<b>".to_owned()],
    ] {
        let reply = lines(&app, &path, &bad).await;
        assert_eq!(reply.status, 422, "{bad:?}");
        for line in &bad {
            let shown = line.replace('<', "&lt;").replace('>', "&gt;");
            let text = reply.text().replace("&gt;", ">").replace('>', "&gt;");
            assert!(text.contains(&shown), "{line}");
        }
    }
    assert_eq!(status(&app, &key, &id).await, "started");
    let huge = "A".repeat(10 * 1024 * 1024);
    let reply = lines(&app, &path, &[huge]).await;
    assert_eq!(reply.status, 413);
}

#[tokio::test]
async fn links_that_are_made_up_old_or_declined() {
    let (app, key, id, path) = opened().await;
    assert_eq!(app.get("/v/made-up").send().await.status, 404);
    let made_up = lines(&app, "/v/made-up", &adult_passport()).await;
    assert_eq!(
        (made_up.status.as_u16(), made_up.header("location")),
        (303, "/v/made-up")
    );
    let declined = app.post(&format!("{path}/decline")).form(&[]).send().await;
    assert_eq!(declined.status, 303);
    assert_eq!(status(&app, &key, &id).await, "rejected");
    let (_, path) = app.started(&key).await;
    app.home.clock.advance(86_400);
    assert_eq!(app.get(&path).send().await.status, 410);
    let agreed = app.post(&format!("{path}/consent")).form(&[]).send().await;
    assert_eq!(agreed.status, 303);
}

#[tokio::test]
async fn another_site_cannot_answer_for_the_person() {
    let (app, _, _, path) = opened().await;
    let call = app
        .post(&format!("{path}/consent"))
        .header("sec-fetch-site", "cross-site");
    assert_eq!(call.form(&[]).send().await.status, 403);
}
