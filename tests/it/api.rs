//! The contract.

use serde_json::json;
use testkit::{adult_passport, expired_passport, wrong_digit_passport};

use crate::app::App;

#[tokio::test]
async fn from_start_to_token() {
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    let body = json!({"userAgent": "UA", "ip": "192.0.2.1", "minimumAge": 21, "reference": "order 7",
        "returnUrl": "https://shop.example/back", "checks": ["document", "age"]});
    let started = app.post("/verify/start").key(&key).json(&body).send().await;
    assert_eq!(started.status, 201);
    let answer = started.json();
    let id = answer["verificationId"].as_str().unwrap();
    assert_eq!(answer["status"], "started");
    assert_eq!(
        answer["config"],
        json!({"pollingIntervalMs": 2000, "tokenType": "jwt"})
    );
    assert!(
        answer["sessionUrl"]
            .as_str()
            .unwrap()
            .starts_with("http://localhost:3000/v/")
    );

    let complete = json!({"verificationId": id});
    let early = app
        .post("/verify/complete")
        .key(&key)
        .json(&complete)
        .send()
        .await;
    assert_eq!((early.status.as_u16(), early.code().as_str()), (409, "CONFLICT"));

    let evidence = json!({"verificationId": id, "evidence": {"mrz": adult_passport()}});
    let done = app
        .post("/verify/complete")
        .key(&key)
        .json(&evidence)
        .send()
        .await;
    assert_eq!(done.status, 200, "{done:?}");
    assert_eq!(done.json()["status"], "approved");
    let token = done.json()["token"].as_str().unwrap().to_owned();
    let again = app
        .post("/verify/complete")
        .key(&key)
        .json(&complete)
        .send()
        .await;
    assert_eq!(again.json()["token"], token.as_str());

    let status = app
        .get(&format!("/verify/status?verificationId={id}"))
        .key(&key)
        .send()
        .await;
    assert_eq!(
        status.json(),
        json!({"verificationId": id, "status": "approved", "confidence": 0.3,
            "createdAt": "2026-11-23T12:00:00.000Z", "completedAt": "2026-11-23T12:00:00.000Z"})
    );
    let valid = app
        .post("/tokens/validate")
        .key(&key)
        .json(&json!({"token": token}))
        .send()
        .await;
    assert_eq!(
        valid.json(),
        json!({"valid": true, "over18": true, "expiresAt": "2026-11-24T12:00:00.000Z", "verificationId": id})
    );
    let jwks = app.get("/.well-known/jwks.json").send().await;
    assert_eq!(jwks.json()["keys"][0]["alg"], "EdDSA");
    assert!(jwks.json()["keys"][0].get("d").is_none(), "no private key");
}

#[test]
fn the_readme_s_specimen_is_one() {
    let readme = include_str!("../../README.md");
    for line in adult_passport() {
        assert!(readme.contains(&line), "{line}");
    }
}

#[tokio::test]
async fn a_denial_and_a_wrong_digit() {
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    let (id, _) = app.started(&key).await;
    let wrong = json!({"verificationId": id, "evidence": {"mrz": wrong_digit_passport()}});
    let reply = app.post("/verify/complete").key(&key).json(&wrong).send().await;
    assert_eq!(
        (reply.status.as_u16(), &reply.json()["status"]),
        (200, &json!("resubmission"))
    );
    assert_eq!(reply.json()["problems"][0]["line"], 2);
    assert_eq!(reply.json()["problems"][0]["position"], 20);
    let expired = json!({"verificationId": id, "evidence": {"mrz": expired_passport()}});
    let reply = app.post("/verify/complete").key(&key).json(&expired).send().await;
    assert_eq!(reply.json()["status"], "denied");
    assert!(reply.json().get("token").is_none());
    let again = app.post("/verify/complete").key(&key).json(&expired).send().await;
    assert_eq!(again.code(), "CONFLICT");
}

#[tokio::test]
async fn an_invalid_token_is_an_answer_and_no_error() {
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    for token in ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."] {
        let reply = app
            .post("/tokens/validate")
            .key(&key)
            .json(&json!({"token": token}))
            .send()
            .await;
        assert_eq!(reply.status, 200);
        assert_eq!(
            reply.json(),
            json!({"valid": false, "over18": null, "expiresAt": null, "verificationId": null})
        );
    }
}

#[tokio::test]
async fn a_revoked_key_is_refused_on_the_next_request() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let key = app.test_key(&user).await;
    let (id, _) = app.started(&key).await;
    let row = platform::api_keys::list(&user).await.unwrap().remove(0);
    let revoke = format!("/keys/{}/revoke", row.id);
    let reply = app.post(&revoke).session(&session).form(&[]).send().await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, "/keys"));
    let status = app
        .get(&format!("/verify/status?verificationId={id}"))
        .key(&key)
        .send()
        .await;
    assert_eq!(
        (status.status.as_u16(), status.code().as_str()),
        (401, "AUTH_INVALID_KEY")
    );
}
