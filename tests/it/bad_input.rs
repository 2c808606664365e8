//! What the API says to input that it cannot take.

use axum::body::Body;
use serde_json::{Value, json};
use testkit::adult_passport;

use crate::app::App;

async fn with_key() -> (App, String) {
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    (app, key)
}

#[tokio::test]
async fn keys_that_do_not_hold() {
    let (app, key) = with_key().await;
    let mut wrong_checksum = key.clone();
    wrong_checksum.pop();
    wrong_checksum.push(if key.ends_with('0') { '1' } else { '0' });
    let as_live = key.replace("lw_test_", "lw_live_");
    for bad in [
        "",
        "x",
        "lw_test_",
        &wrong_checksum,
        &as_live,
        &format!("{key} "),
        &"k".repeat(9000),
    ] {
        let reply = app.post("/verify/start").key(bad).json(&json!({})).send().await;
        assert_eq!(
            (reply.status.as_u16(), reply.code().as_str()),
            (401, "AUTH_INVALID_KEY"),
            "{bad}"
        );
    }
    let none = app.post("/verify/start").json(&json!({})).send().await;
    assert_eq!(none.code(), "AUTH_INVALID_KEY");
    let two = app
        .post("/verify/start")
        .key(&key)
        .key(&key)
        .json(&json!({}))
        .send()
        .await;
    assert_eq!(two.code(), "AUTH_INVALID_KEY");
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let (app, key) = with_key().await;
    let fields = |reply: &Value| reply["error"]["fields"].clone();
    let unknown = app
        .post("/verify/start")
        .key(&key)
        .json(&json!({"colour": "red"}))
        .send()
        .await;
    assert_eq!(
        (unknown.status.as_u16(), unknown.code().as_str()),
        (400, "INVALID_REQUEST")
    );
    assert!(fields(&unknown.json()).get("colour").is_some(), "{unknown:?}");
    for body in ["{", "[]", "\"x\"", "{\"minimumAge\": \"old\"}", "\u{feff}{}"] {
        let call = app
            .post("/verify/start")
            .key(&key)
            .header("content-type", "application/json");
        let reply = call.raw(body.to_owned()).send().await;
        assert_eq!(
            (reply.status.as_u16(), reply.code().as_str()),
            (400, "INVALID_REQUEST"),
            "{body}"
        );
    }
    let big = app
        .post("/verify/start")
        .key(&key)
        .header("content-type", "application/json");
    let reply = big.raw(Body::from(vec![b' '; 10 * 1024 * 1024])).send().await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (413, "TOO_LARGE"));
    let form = app
        .post("/verify/start")
        .key(&key)
        .form(&[("a", "b")])
        .send()
        .await;
    assert_eq!(form.status, 415);
}

#[tokio::test]
async fn ids_that_are_not_there() {
    let (app, key) = with_key().await;
    for id in [
        "ver_00000000000000000000000000",
        "nonsense",
        "",
        "%00",
        "ver_%27OR%201=1",
    ] {
        let reply = app
            .get(&format!("/verify/status?verificationId={id}"))
            .key(&key)
            .send()
            .await;
        assert_eq!(
            (reply.status.as_u16(), reply.code().as_str()),
            (404, "NOT_FOUND"),
            "{id}"
        );
    }
    let none = app.get("/verify/status").key(&key).send().await;
    assert_eq!(
        (none.status.as_u16(), none.code().as_str()),
        (400, "INVALID_REQUEST")
    );
    let reply = app.get("/verify/nothing").key(&key).send().await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (404, "NOT_FOUND"));
    let reply = app.get("/verify/start").key(&key).send().await;
    assert_eq!(reply.status, 405);
}

#[tokio::test]
async fn lines_that_are_no_lines() {
    let (app, key) = with_key().await;
    let (id, _) = app.started(&key).await;
    let [first, second] = <[String; 2]>::try_from(adult_passport()).unwrap();
    let cases = [
        json!({"mrz": []}),
        json!({"mrz": [first]}),
        json!({"mrz": [first, second, first, second]}),
        json!({"mrz": [first.to_lowercase(), second]}),
        json!({"mrz": [first, &second[..43]]}),
        json!({"mrz": [first, format!("{second}\n")]}),
        json!({"mrz": [first.replace('P', "Р"), second]}),
        json!({"mrz": ["", ""]}),
        json!({"mrz": "P<UTO"}),
        json!({"mrz": [first, second], "image": "aGk="}),
        json!({}),
    ];
    for evidence in cases {
        let body = json!({"verificationId": id, "evidence": evidence});
        let reply = app.post("/verify/complete").key(&key).json(&body).send().await;
        assert_eq!(
            (reply.status.as_u16(), reply.code().as_str()),
            (400, "INVALID_REQUEST"),
            "{body}"
        );
        assert!(reply.json()["error"]["fields"].is_object(), "{reply:?}");
        assert!(
            !reply.text().contains("ERIKSSON"),
            "no message repeats what was sent"
        );
    }
    let status = app
        .get(&format!("/verify/status?verificationId={id}"))
        .key(&key)
        .send()
        .await;
    assert_eq!(status.json()["status"], "started", "nothing was decided");
}

#[tokio::test]
async fn a_cookie_is_no_key_and_a_key_is_no_cookie() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let key = app.test_key(&user).await;
    let reply = app
        .post("/verify/start")
        .session(&session)
        .json(&json!({}))
        .send()
        .await;
    assert_eq!(reply.code(), "AUTH_INVALID_KEY");
    let reply = app.get("/keys").key(&key).send().await;
    assert_eq!(
        (reply.status.as_u16(), reply.header("location")),
        (303, "/sign-in?next=%2Fkeys")
    );
    let mut tampered = session.clone();
    tampered.replace_range(0..1, if session.starts_with('A') { "B" } else { "A" });
    for bad in [tampered.as_str(), "", "x", "\"", &"A".repeat(4000)] {
        let reply = app.get("/keys").session(bad).send().await;
        assert_eq!(reply.status, 303, "{bad}");
    }
}

#[tokio::test]
async fn a_full_disk_is_an_answer_and_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("small.db").display());
    let options = testkit::Options {
        max_pages: Some(300),
        ..Default::default()
    };
    let app = App::on(testkit::Installation::with(&url, &options).await);
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    let mut made = 0;
    let refused = loop {
        let body = json!({"reference": "x".repeat(200)});
        let reply = app.post("/verify/start").key(&key).json(&body).send().await;
        if reply.status != 201 {
            break reply;
        }
        made += 1;
        assert!(made < 2000, "the disk never fills");
    };
    assert_eq!(
        (refused.status.as_u16(), refused.code().as_str()),
        (503, "UNAVAILABLE")
    );
    let started = types::console::AuditFilter {
        action: Some("verification.started".into()),
        ..Default::default()
    };
    let told = all_events(&user, started).await;
    let shown = all_verifications(&user).await;
    assert_eq!(
        (told, shown),
        (made, made),
        "each that was answered, each with its event"
    );
}

async fn all_events(user: &platform::Ctx, mut filter: types::console::AuditFilter) -> usize {
    let mut count = 0;
    loop {
        let page = platform::audit::list(user, &filter).await.unwrap();
        count += page.rows.len();
        filter.after = page.next;
        if filter.after.is_none() {
            return count;
        }
    }
}

async fn all_verifications(user: &platform::Ctx) -> usize {
    let mut filter = types::console::VerificationFilter::default();
    let mut count = 0;
    loop {
        let page = platform::verification::list(user, &filter).await.unwrap();
        count += page.rows.len();
        filter.after = page.next;
        if filter.after.is_none() {
            return count;
        }
    }
}
