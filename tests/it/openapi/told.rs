//! What the document tells, held to what is answered and sent.

use loomwire::http::openapi::document;
use platform::verification::{self, Evidence, StartRequest};
use serde_json::{Value, json};
use testkit::adult_passport;
use types::{
    Environment,
    keys::{KeyTerms, Scope},
};

use super::{SOMEWHERE, operations, schema};
use crate::app::{App, Reply};

fn named<'a>(document: &'a Value, name: &str) -> &'a Value {
    let all = operations(document);
    let found = all.into_iter().find(|(.., one)| one["operationId"] == name);
    found.unwrap().2
}

#[track_caller]
fn holds(document: &Value, name: &str, reply: &Reply) {
    let operation = named(document, name);
    let status = reply.status.as_str();
    if let Some(schema) = schema::answer(document, operation, status) {
        let wrong = schema::problems(document, schema, &reply.json());
        assert!(wrong.is_empty(), "{name} {status}: {wrong:?} in {}", reply.text());
    }
}

#[test]
fn every_example_is_what_its_schema_says() {
    let document = document(SOMEWHERE);
    let mut seen = 0;
    for (method, path, operation) in operations(&document) {
        let content = operation.pointer("/requestBody/content/application~1json");
        if let Some(example) = content.and_then(|content| content.get("example")) {
            let wrong = schema::problems(&document, schema::body(operation).unwrap(), example);
            assert!(wrong.is_empty(), "{method} {path}: {wrong:?}");
            seen += 1;
        }
    }
    for (name, one) in document["components"]["schemas"].as_object().unwrap() {
        for (field, told) in one["properties"].as_object().into_iter().flatten() {
            for example in told["examples"].as_array().into_iter().flatten() {
                let wrong = schema::problems(&document, told, example);
                assert!(wrong.is_empty(), "{name}.{field}: {wrong:?}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

#[tokio::test]
async fn every_answer_is_what_its_schema_says() {
    let document = document(SOMEWHERE);
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let all = KeyTerms {
        scopes: Scope::ALL.to_vec(),
        ..KeyTerms::usual("All")
    };
    let made = platform::api_keys::create(&user, Environment::Test, &all).await;
    let key = made.unwrap().key;
    let post = async |path: &str, body: Value| app.post(path).key(&key).json(&body).send().await;

    let started = post("/verify/start", json!({"reference": "order-7"})).await;
    holds(&document, "startVerification", &started);
    let id = started.json()["verificationId"].as_str().unwrap().to_owned();
    let open = post("/verify/complete", json!({"verificationId": id})).await;
    assert_eq!(open.status, 409);
    holds(&document, "completeVerification", &open);
    let path = format!("/verify/status?verificationId={id}");
    holds(
        &document,
        "getVerificationStatus",
        &app.get(&path).key(&key).send().await,
    );
    let wrong = json!({"verificationId": id, "evidence": {"mrz": testkit::wrong_digit_passport()}});
    holds(
        &document,
        "completeVerification",
        &post("/verify/complete", wrong).await,
    );
    let right = json!({"verificationId": id, "evidence": {"mrz": adult_passport()}});
    let done = post("/verify/complete", right).await;
    holds(&document, "completeVerification", &done);
    holds(
        &document,
        "getVerificationStatus",
        &app.get(&path).key(&key).send().await,
    );
    for token in [done.json()["token"].as_str().unwrap(), "none"] {
        let valid = post("/tokens/validate", json!({"token": token})).await;
        holds(&document, "validateToken", &valid);
    }
    platform::metering::flush(&app.home.platform.system())
        .await
        .unwrap();
    holds(&document, "getUsage", &app.get("/usage").key(&key).send().await);

    let body = json!({"name": "By CI", "scopes": ["usage:read"], "expiresAt": "2027-03-31T12:00:00Z"});
    let fresh = post("/api-keys", body).await;
    holds(&document, "createApiKey", &fresh);
    let path = format!("/api-keys/{}", fresh.json()["key"]["id"].as_str().unwrap());
    holds(&document, "getApiKey", &app.get(&path).key(&key).send().await);
    holds(
        &document,
        "listApiKeys",
        &app.get("/api-keys").key(&key).send().await,
    );
    let changed = app
        .call("PATCH", &path)
        .key(&key)
        .json(&json!({"note": "x"}))
        .send()
        .await;
    holds(&document, "changeApiKey", &changed);
    holds(
        &document,
        "rotateApiKey",
        &post(&format!("{path}/rotate"), json!({"overlapSeconds": 60})).await,
    );
    holds(
        &document,
        "revokeApiKey",
        &post(&format!("{path}/revoke"), json!({})).await,
    );
    for (name, path) in [
        ("getSigningKeys", "/.well-known/jwks.json"),
        ("getHealth", "/healthz"),
        ("getReadiness", "/readyz"),
        ("getDescription", "/openapi.json"),
    ] {
        holds(&document, name, &app.get(path).send().await);
    }
}

#[tokio::test]
async fn every_error_is_what_its_schema_says() {
    let document = document(SOMEWHERE);
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    for (name, status, reply) in [
        ("listApiKeys", 403, app.get("/api-keys").key(&key).send().await),
        ("listApiKeys", 401, app.get("/api-keys").send().await),
        (
            "getVerificationStatus",
            400,
            app.get("/verify/status").key(&key).send().await,
        ),
        (
            "getVerificationStatus",
            404,
            app.get("/verify/status?verificationId=x").key(&key).send().await,
        ),
        (
            "startVerification",
            421,
            app.post("/verify/start")
                .key(&key)
                .json(&json!({"region": "mars"}))
                .send()
                .await,
        ),
        (
            "startVerification",
            400,
            app.post("/verify/start")
                .key(&key)
                .json(&json!({"minimumAge": 0, "ip": "x"}))
                .send()
                .await,
        ),
        (
            "startVerification",
            413,
            app.post("/verify/start")
                .key(&key)
                .raw("x".repeat(70_000))
                .send()
                .await,
        ),
        (
            "validateToken",
            415,
            app.post("/tokens/validate")
                .key(&key)
                .header("content-type", "text/csv")
                .send()
                .await,
        ),
        (
            "reportFoundKeys",
            503,
            app.post("/leaks/github").raw("[]").send().await,
        ),
    ] {
        assert_eq!(reply.status, status, "{name}");
        holds(&document, name, &reply);
    }
}

#[tokio::test]
async fn a_webhook_is_sent_what_the_document_tells() {
    let document = document(SOMEWHERE);
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let draft = types::webhooks::WebhookDraft {
        url: "https://shop.example.com/".into(),
        environment: "test".into(),
        events: vec!["verification.completed".into()],
        ..Default::default()
    };
    let webhook = platform::webhooks::create(&user, &draft).await.unwrap().id;
    let (_, key) = app.home.api_key(&user, Environment::Test).await;
    let request = StartRequest {
        reference: Some("order-7".into()),
        ..StartRequest::default()
    };
    let started = verification::start(&key, request).await.unwrap();
    let evidence = Evidence::new(adult_passport());
    verification::complete(&key, started.id, Some(evidence))
        .await
        .unwrap();
    let sent = platform::webhooks::one(&user, webhook, None, None).await.unwrap();
    let delivery = sent.deliveries.rows[0].id;
    let delivery = platform::webhooks::delivery(&user, webhook, delivery)
        .await
        .unwrap();
    let body: Value = serde_json::from_str(&delivery.body).unwrap();
    let told = &document["webhooks"]["verification.completed"]["post"];
    let wrong = schema::problems(&document, schema::body(told).unwrap(), &body);
    assert!(wrong.is_empty(), "{wrong:?} in {body}");
    let test = json!({"type": "webhook.test", "timestamp": "2026-11-23T12:00:00.000Z", "data": {}});
    assert!(!schema::problems(&document, schema::body(told).unwrap(), &test).is_empty());
}
