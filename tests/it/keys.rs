//! What a key may do, as its program sees it; and keys that look after keys.

use serde_json::json;
use types::{
    Environment,
    keys::{KeyPolicy, KeyTerms, Scope},
};

use crate::app::{App, Reply};

async fn key(user: &platform::Ctx, environment: Environment, terms: KeyTerms) -> (String, String) {
    let made = platform::api_keys::create(user, environment, &terms)
        .await
        .unwrap();
    (made.key, made.row.id.to_string())
}

fn some(scopes: &[Scope]) -> KeyTerms {
    KeyTerms {
        scopes: scopes.to_vec(),
        ..KeyTerms::usual("Some")
    }
}

fn told(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.code())
}

#[tokio::test]
async fn a_call_beyond_the_scopes_is_403_and_names_the_scope() {
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let (reader, _) = key(&user, Environment::Test, some(&[Scope::VerificationsRead])).await;
    let refused = app
        .post("/verify/start")
        .key(&reader)
        .json(&json!({}))
        .send()
        .await;
    assert_eq!(told(&refused), (403, "SCOPE_MISSING".into()));
    assert!(refused.text().contains("verifications:write"));
    for (path, scope) in [("/usage", "usage:read"), ("/api-keys", "keys:read")] {
        let refused = app.get(path).key(&reader).send().await;
        assert_eq!(told(&refused), (403, "SCOPE_MISSING".into()), "{path}");
        assert!(refused.text().contains(scope), "{path}");
    }
    let found = app
        .get("/verify/status?verificationId=ver_0")
        .key(&reader)
        .send()
        .await;
    assert_eq!(found.status, 404, "it may ask");
}

#[tokio::test]
async fn a_call_from_elsewhere_is_403_and_one_with_an_ended_key_401() {
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let here = KeyTerms {
        allow_list: vec!["198.51.100.23".into()],
        expires_at: Some(user.now().plus_seconds(60)),
        ..some(&[Scope::UsageRead])
    };
    let elsewhere = KeyTerms {
        allow_list: vec!["203.0.113.0/24".into()],
        ..here.clone()
    };
    let (here, _) = key(&user, Environment::Test, here).await;
    let (elsewhere, _) = key(&user, Environment::Test, elsewhere).await;
    assert_eq!(app.get("/usage").key(&here).send().await.status, 200);
    let refused = app.get("/usage").key(&elsewhere).send().await;
    assert_eq!(told(&refused), (403, "IP_NOT_ALLOWED".into()));
    app.home.clock.advance(60);
    let over = app.get("/usage").key(&here).send().await;
    assert_eq!(told(&over), (401, "AUTH_INVALID_KEY".into()));
    assert!(over.text().contains("over"), "{}", over.text());
}

#[tokio::test]
async fn a_key_is_made_changed_rotated_and_revoked_by_another() {
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let (keeper, own) = key(&user, Environment::Test, some(Scope::ALL)).await;
    let body = json!({"name": "By CI", "scopes": ["usage:read"], "allowList": ["198.51.100.23"],
        "expiresAt": "2027-03-31T12:00:00Z", "callsPerMinute": 30, "note": "In the vault"});
    let made = app.post("/api-keys").key(&keeper).json(&body).send().await;
    assert_eq!(made.status, 201, "{made:?}");
    let answer = made.json();
    let (id, secret) = (
        answer["key"]["id"].as_str().unwrap(),
        answer["secret"].as_str().unwrap(),
    );
    assert!(secret.starts_with("lw_test_"));
    assert_eq!(answer["key"]["allowList"], json!(["198.51.100.23/32"]));
    assert_eq!(answer["key"]["expiresAt"], "2027-03-31T12:00:00.000Z");
    assert_eq!(answer["key"]["works"], true);
    assert_eq!(app.get("/usage").key(secret).send().await.status, 200);

    let path = format!("/api-keys/{id}");
    let body = json!({"scopes": ["keys:read"], "expiresAt": null, "callsPerMinute": null});
    let changed = app.call("PATCH", &path).key(&keeper).json(&body).send().await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let now = changed.json();
    assert_eq!(
        (&now["expiresAt"], &now["callsPerMinute"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(
        (&now["name"], &now["note"]),
        (&json!("By CI"), &json!("In the vault"))
    );
    assert_eq!(app.get("/usage").key(secret).send().await.status, 403);
    let listed = app.get("/api-keys").key(secret).send().await.json();
    assert_eq!(listed["keys"].as_array().unwrap().len(), 2);
    assert!(!listed.to_string().contains(secret));

    let rotate = json!({"overlapSeconds": 60});
    let rotated = app
        .post(&format!("{path}/rotate"))
        .key(&keeper)
        .json(&rotate)
        .send()
        .await;
    assert_eq!(rotated.status, 201, "{rotated:?}");
    let next = rotated.json();
    assert_eq!(
        (&next["key"]["generation"], &next["key"]["predecessor"]),
        (&json!(2), &json!(id))
    );
    let again = app
        .post(&format!("{path}/rotate"))
        .key(&keeper)
        .json(&rotate)
        .send()
        .await;
    assert_eq!(told(&again), (409, "CONFLICT".into()));
    assert_eq!(
        app.get("/api-keys").key(secret).send().await.status,
        200,
        "both work"
    );
    app.home.clock.advance(60);
    assert_eq!(app.get("/api-keys").key(secret).send().await.status, 401);
    let secret = next["secret"].as_str().unwrap();
    assert_eq!(app.get("/api-keys").key(secret).send().await.status, 200);

    let next = next["key"]["id"].as_str().unwrap();
    let revoke = app
        .post(&format!("/api-keys/{next}/revoke"))
        .key(&keeper)
        .send()
        .await;
    assert_eq!(revoke.status, 200, "{revoke:?}");
    assert!(revoke.json()["revokedAt"].is_string());
    assert_eq!(app.get("/api-keys").key(secret).send().await.status, 401);
    let own = app.get(&format!("/api-keys/{own}")).key(&keeper).send().await;
    assert_eq!(own.status, 200);
}

#[tokio::test]
async fn bad_bodies_are_told_field_by_field() {
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let (keeper, _) = key(&user, Environment::Test, some(Scope::ALL)).await;
    for (body, field) in [
        (json!({"scopes": ["usage:read"]}), "name"),
        (json!({"name": "x", "scopes": []}), "scopes"),
        (json!({"name": "x", "scopes": ["admin"]}), "scopes"),
        (
            json!({"name": "x", "scopes": ["usage:read"], "allowList": ["shop.example"]}),
            "allowList",
        ),
        (
            json!({"name": "x", "scopes": ["usage:read"], "expiresAt": "tomorrow"}),
            "expiresAt",
        ),
        (
            json!({"name": "x", "scopes": ["usage:read"], "expiresAt": "2020-01-01T00:00:00Z"}),
            "expiresAt",
        ),
        (
            json!({"name": "x", "scopes": ["usage:read"], "callsPerMinute": 0}),
            "callsPerMinute",
        ),
        (
            json!({"name": "x", "scopes": ["usage:read"], "owner": "usr_1"}),
            "owner",
        ),
    ] {
        let refused = app.post("/api-keys").key(&keeper).json(&body).send().await;
        assert_eq!(told(&refused), (400, "INVALID_REQUEST".into()), "{body}");
        assert!(refused.text().contains(field), "{body}: {}", refused.text());
    }
    let (live, id) = key(&user, Environment::Live, some(Scope::ALL)).await;
    for path in [format!("/api-keys/{id}"), "/api-keys/nonsense".into()] {
        assert_eq!(app.get(&path).key(&keeper).send().await.status, 404, "{path}");
    }
    assert_eq!(
        app.get(&format!("/api-keys/{id}")).key(&live).send().await.status,
        200
    );
}

#[tokio::test]
async fn a_disabled_key_is_enabled_on_its_page() {
    let app = App::new().await;
    let (user, session) = app.first_person().await;
    let (secret, id) = key(&user, Environment::Test, some(&[Scope::UsageRead])).await;
    let policy = KeyPolicy {
        requires_expiry: true,
        disable_after_days: Some(0),
        ..KeyPolicy::default()
    };
    platform::api_keys::save_policy(&user, policy).await.unwrap();
    app.home.clock.advance(601);
    app.home.mails().await;
    let refused = app.get("/usage").key(&secret).send().await;
    assert_eq!(told(&refused), (401, "AUTH_INVALID_KEY".into()));
    let path = format!("/keys/{id}");
    let page = app.get(&path).session(&session).send().await.text();
    app.home.confirm_all(testkit::who(&user).0).await;
    assert!(page.contains("This key is disabled"));
    let form = [("intent", "enable")];
    let done = app.post(&path).session(&session).form(&form).send().await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(app.get("/usage").key(&secret).send().await.status, 200);
    let again = app.post(&path).session(&session).form(&form).send().await;
    assert_eq!(again.status, 422, "it is not disabled");
}

#[tokio::test]
async fn a_key_s_own_limit_is_of_all_its_calls_and_outlives_a_rotation() {
    let app = App::new().await;
    let (user, _) = app.first_person().await;
    let two = KeyTerms {
        calls_per_minute: Some(2),
        ..some(&[Scope::UsageRead])
    };
    let (old, id) = key(&user, Environment::Test, two).await;
    let free = app.get("/usage").key(&old).send().await;
    assert_eq!(
        (free.status.as_u16(), free.header("x-ratelimit-limit")),
        (200, "2")
    );
    let id = id.parse().unwrap();
    let until = user.now().plus_seconds(600);
    let new = platform::api_keys::rotate(&user, id, until).await.unwrap().key;
    assert_eq!(app.get("/usage").key(&new).send().await.status, 200);
    for key in [&old, &new] {
        let refused = app.get("/usage").key(key).send().await;
        assert_eq!(told(&refused), (429, "RATE_LIMITED".into()));
    }
    let (other, _) = key(&user, Environment::Test, some(&[Scope::UsageRead])).await;
    assert_eq!(app.get("/usage").key(&other).send().await.status, 200);
}
