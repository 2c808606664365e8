//! Keys that were found where they should not be, and what an organisation asks of its keys.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use db::on;
use platform::{
    Ctx, Error, api_keys,
    leaks::{self, KeySource, PublicKey},
};
use testkit::{Cluster, Installation};
use types::{
    Environment,
    console::{AuditFilter, AuditRow},
    keys::{KeyPolicy, KeyTerms, LeakAnswer, PolicyBreach},
};

const DAY: i64 = 86_400;

/// The example of GitHub's documentation of its partner programme: payload, key and signature.
const PAYLOAD: &str = r#"[{"token":"some_token","type":"some_type","url":"some_url"}]"#;
const SIGNATURE: &str =
    "MEUCIQDKZokqnCjrRtw0tni+2Ltvl/uiMJ1EGumEsp1BsNr32AIgQY1YXD2nlj+XNfGK4rBfkMJ1JDOQcYXxa2sY8FNkrKc=";
const KEY_ID: &str = "90a421169f0a406205f1563a953312f0be898d3c7b6c06b681aa86a874555f4a";
const KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9MJJHnMfn2+H4xL4YaPDA4RpJqUq
kCmRCBnYERxZanmcpzQSXs1X/AljlKkbJ8qpVIW4clayyef9gWhFbNHWAA==
-----END PUBLIC KEY-----
";

/// GitHub, as far as its keys go.
struct Published {
    keys: Mutex<Vec<PublicKey>>,
    asked: AtomicUsize,
}

#[async_trait::async_trait]
impl KeySource for Published {
    async fn keys(&self) -> Result<Vec<PublicKey>, String> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let keys = self.keys.lock().unwrap().clone();
        if keys.is_empty() {
            return Err("GitHub does not answer".to_owned());
        }
        Ok(keys)
    }
}

fn published(home: &Installation, keys: &[(&str, &str)]) -> Arc<Published> {
    let keys = keys.iter().map(|(id, pem)| PublicKey {
        id: (*id).to_owned(),
        pem: (*pem).to_owned(),
    });
    let source = Arc::new(Published {
        keys: Mutex::new(keys.collect()),
        asked: AtomicUsize::new(0),
    });
    home.platform
        .leak_keys_from(Arc::clone(&source) as Arc<dyn KeySource>);
    source
}

async fn rows(home: &Installation, table: &'static str) -> i64 {
    let text = match table {
        "leak_reports" => "SELECT COUNT(*) FROM leak_reports",
        _ => "SELECT COUNT(*) FROM mails",
    };
    let mut read = home.db.read().await.unwrap();
    on!(read, |c| sqlx::query_scalar::<_, i64>(text).fetch_one(c).await).unwrap()
}

async fn told(user: &Ctx, action: &str) -> Vec<AuditRow> {
    let filter = AuditFilter {
        action: Some(action.to_owned()),
        ..AuditFilter::default()
    };
    platform::audit::list(user, &filter).await.unwrap().rows
}

#[tokio::test]
async fn github_s_published_example_verifies_and_nothing_else_does() {
    let home = Installation::in_memory().await;
    let source = published(&home, &[("another", KEY), (KEY_ID, KEY)]);
    let nobody = home.anonymous();
    leaks::github(&nobody, PAYLOAD.as_bytes(), KEY_ID, SIGNATURE)
        .await
        .unwrap();
    leaks::github(&nobody, PAYLOAD.as_bytes(), KEY_ID, SIGNATURE)
        .await
        .unwrap();
    assert_eq!(source.asked.load(Ordering::SeqCst), 1, "its keys are remembered");
    let changed = PAYLOAD.replace("some_token", "same_token");
    for (body, id, signature) in [
        (changed.as_str(), KEY_ID, SIGNATURE),
        (PAYLOAD, "unknown", SIGNATURE),
        (PAYLOAD, "", ""),
        (PAYLOAD, KEY_ID, "bm8="),
        (PAYLOAD, KEY_ID, "no base64"),
    ] {
        let refused = leaks::github(&nobody, body.as_bytes(), id, signature).await;
        assert!(
            matches!(refused, Err(Error::Unauthenticated(_))),
            "{id} {signature}"
        );
    }
    assert_eq!(
        source.asked.load(Ordering::SeqCst),
        1,
        "made-up ids make nobody ask again within a minute"
    );
    home.clock.advance(61);
    let refused = leaks::github(&nobody, PAYLOAD.as_bytes(), "unknown", SIGNATURE).await;
    assert!(matches!(refused, Err(Error::Unauthenticated(_))));
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
    source.keys.lock().unwrap().clear();
    home.clock.advance(61);
    let away = leaks::github(&nobody, PAYLOAD.as_bytes(), "unknown", SIGNATURE).await;
    assert!(
        matches!(away, Err(Error::Unavailable(_))),
        "GitHub sends it again"
    );
}

async fn found(home: &Installation) {
    let (user, _) = home.first_person().await;
    let terms = KeyTerms::usual("Shop");
    let live = api_keys::create(&user, Environment::Live, &terms).await.unwrap();
    let test = api_keys::create(&user, Environment::Test, &terms).await.unwrap();
    let policy = KeyPolicy {
        leaked_test: LeakAnswer::Revoke,
        ..KeyPolicy::default()
    };
    api_keys::save_policy(&user, policy).await.unwrap();
    home.mails().await;
    let nobody = home.anonymous();

    let pasted = format!("export KEY={}\nother: \"{}\" {}", live.key, test.key, live.key);
    leaks::paste(&nobody, &pasted, "https://paste.example/1")
        .await
        .unwrap();
    assert_eq!(rows(home, "leak_reports").await, 2, "each once");
    api_keys::authenticate(&nobody, &test.key).await.unwrap();
    let mails = home.mails().await;
    let leaked = mails.iter().filter(|mail| mail.subject.contains("found where"));
    assert_eq!(leaked.count(), 2);
    assert_eq!(rows(home, "leak_reports").await, 0);
    assert!(
        api_keys::authenticate(&nobody, &test.key).await.is_err(),
        "revoked at once"
    );
    api_keys::authenticate(&nobody, &live.key).await.unwrap();
    let events = told(&user, "api_key.leaked").await;
    assert_eq!(events.len(), 2);
    assert!(events.iter().all(|event| {
        event
            .details
            .iter()
            .any(|(_, value)| value == "https://paste.example/1")
    }));
    assert_eq!(told(&user, "api_key.revoked").await.len(), 1);
}

#[tokio::test]
async fn a_found_key_is_told_of_or_revoked_as_its_organisation_says() {
    found(&Installation::in_memory().await).await;
}

#[tokio::test]
async fn and_so_it_is_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    found(&Installation::at(&cluster.database().await.unwrap()).await).await;
}

/// Whoever reports sees the same, and the same is written: only the job knows.
#[tokio::test]
async fn a_key_of_nobody_is_taken_like_one_of_somebody() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let there = Installation::in_memory().await;
    let (stranger, _) = there.first_person().await;
    let ours = api_keys::create(&user, Environment::Live, &KeyTerms::usual("Shop"))
        .await
        .unwrap();
    there.clock.advance(1);
    let not_ours = api_keys::create(&stranger, Environment::Test, &KeyTerms::usual("Shop"))
        .await
        .unwrap();
    let nobody = home.anonymous();
    leaks::paste(&nobody, &not_ours.key, "").await.unwrap();
    assert_eq!(rows(&home, "leak_reports").await, 1, "it is noted like ours");
    leaks::paste(&nobody, &ours.key, "").await.unwrap();
    assert_eq!(rows(&home, "leak_reports").await, 2);
    leaks::paste(&nobody, "lw_live_nothing", "").await.unwrap();
    assert_eq!(
        rows(&home, "leak_reports").await,
        2,
        "a checksum that anybody can tell is wrong"
    );
    home.mails().await;
    assert_eq!(told(&user, "api_key.leaked").await.len(), 1);
    assert_eq!(rows(&home, "leak_reports").await, 0);
}

#[tokio::test]
async fn whoever_pastes_without_end_has_to_wait() {
    let home = Installation::in_memory().await;
    let nobody = home.platform.ctx(
        platform::Actor::Anonymous,
        platform::Origin {
            address: Some("192.0.2.1".parse().unwrap()),
            ..platform::Origin::default()
        },
    );
    let mut refused = false;
    for _ in 0..100 {
        refused |= matches!(
            leaks::paste(&nobody, "nothing", "").await,
            Err(Error::Throttled { .. })
        );
    }
    assert!(refused);
}

#[tokio::test]
async fn a_policy_holds_for_new_keys_and_says_whom_it_hits() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let old = api_keys::create(&user, Environment::Test, &KeyTerms::usual("Old"))
        .await
        .unwrap();
    let policy = KeyPolicy {
        longest_days: Some(90),
        unused_days: Some(30),
        requires_expiry: true,
        requires_networks: true,
        disable_after_days: Some(7),
        ..KeyPolicy::default()
    };
    let looked = api_keys::preview(&user, policy).await.unwrap();
    assert!(looked.preview);
    assert_eq!(looked.past.len(), 1);
    assert_eq!(
        looked.past[0].breaches,
        [PolicyBreach::NoExpiry, PolicyBreach::NoNetworks]
    );
    assert_eq!(
        looked.past[0].disabled_from,
        Some(user.now().plus_seconds(7 * DAY))
    );
    assert!(
        api_keys::policy(&user).await.unwrap().past.is_empty(),
        "it was only looked at"
    );
    api_keys::save_policy(&user, policy).await.unwrap();

    let good = KeyTerms {
        allow_list: vec!["192.0.2.0/24".into()],
        expires_at: Some(user.now().plus_seconds(90 * DAY)),
        ..KeyTerms::usual("Good")
    };
    for bad in [
        KeyTerms {
            allow_list: Vec::new(),
            ..good.clone()
        },
        KeyTerms {
            expires_at: None,
            ..good.clone()
        },
        KeyTerms {
            expires_at: Some(user.now().plus_seconds(90 * DAY + 1)),
            ..good.clone()
        },
    ] {
        let refused = api_keys::create(&user, Environment::Test, &bad).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{bad:?}");
        let refused = api_keys::change(&user, old.row.id, &bad).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{bad:?}");
    }
    api_keys::create(&user, Environment::Test, &good).await.unwrap();

    home.clock.advance(DAY);
    home.mails().await;
    assert_eq!(told(&user, "api_key.disabled").await.len(), 0);
    home.clock.advance(6 * DAY);
    let nobody = home.anonymous();
    let mails = home.mails().await;
    assert!(mails.iter().any(|mail| mail.subject == "An API key is disabled"));
    let refused = api_keys::authenticate(&nobody, &old.key).await;
    assert!(matches!(refused, Err(Error::Unauthenticated(text)) if text.contains("disabled")));
    assert_eq!(told(&user, "api_key.disabled").await.len(), 1);

    api_keys::enable(&user, old.row.id).await.unwrap();
    api_keys::authenticate(&nobody, &old.key).await.unwrap();
    let twice = api_keys::enable(&user, old.row.id).await;
    assert!(matches!(twice, Err(Error::Conflict(_))));
    home.clock.advance(7 * DAY - 60);
    home.mails().await;
    api_keys::authenticate(&nobody, &old.key).await.unwrap();
    api_keys::change(
        &user,
        old.row.id,
        &KeyTerms {
            name: "Old".into(),
            ..good.clone()
        },
    )
    .await
    .unwrap();
    home.clock.advance(DAY);
    home.mails().await;
    let within = platform::api_keys::policy(&user).await.unwrap();
    assert!(within.past.is_empty(), "{:?}", within.past);
}

#[tokio::test]
async fn a_policy_has_limits_and_is_the_admins() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    for policy in [
        KeyPolicy {
            longest_days: Some(0),
            ..KeyPolicy::default()
        },
        KeyPolicy {
            unused_days: Some(3651),
            ..KeyPolicy::default()
        },
        KeyPolicy {
            disable_after_days: Some(366),
            ..KeyPolicy::default()
        },
    ] {
        let refused = api_keys::save_policy(&user, policy).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{policy:?}");
    }
    let (grace, _) = home
        .colleague(&user, types::Role::Developer, "grace@example.com", 81)
        .await;
    let refused = api_keys::save_policy(&grace, KeyPolicy::default()).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    api_keys::policy(&grace).await.unwrap();
}
