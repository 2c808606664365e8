//! API keys.

mod due;
mod rotation;

use db::on;
use platform::{Actor, Ctx, Error, Origin, api_keys, metering};
use testkit::{Cluster, Installation};
use types::{
    Environment, Permission,
    console::AuditFilter,
    keys::{KeyTerms, Scope},
};

const DAY: i64 = 86_400;

async fn peppers_of_keys(home: &Installation) -> Vec<i64> {
    let mut read = home.db.read().await.unwrap();
    on!(read, |c| sqlx::query_scalar::<_, i64>(
        "SELECT pepper_version FROM api_keys ORDER BY id"
    )
    .fetch_all(c)
    .await)
    .unwrap()
}

/// The clock stands still, so that only the change itself ends what is remembered.
async fn another_pepper(home: &Installation) {
    let (user, _) = home.first_person().await;
    let (busy, _) = home.api_key(&user, Environment::Test).await;
    home.clock.advance(1);
    let (idle, _) = home.api_key(&user, Environment::Test).await;
    home.clock.advance(1);
    let (gone, _) = home.api_key(&user, Environment::Test).await;
    let newest = api_keys::list(&user).await.unwrap()[0].id;
    api_keys::revoke(&user, newest).await.unwrap();
    let nobody = home.anonymous();
    assert_eq!(peppers_of_keys(home).await, [1, 1, 1]);

    assert_eq!(api_keys::rotate_pepper(&home.platform.system()).await.unwrap(), 2);
    for _ in 0..3 {
        api_keys::authenticate(&nobody, &busy).await.unwrap();
    }
    assert!(api_keys::authenticate(&nobody, &gone).await.is_err());
    assert_eq!(
        peppers_of_keys(home).await,
        [2, 1, 1],
        "only a key that holds and was seen"
    );

    home.clock.advance(1);
    let (fresh, _) = home.api_key(&user, Environment::Test).await;
    assert_eq!(peppers_of_keys(home).await[3], 2, "a new key has the new pepper");
    assert_eq!(api_keys::rotate_pepper(&home.platform.system()).await.unwrap(), 3);
    for key in [&busy, &idle, &fresh] {
        api_keys::authenticate(&nobody, key).await.unwrap();
        api_keys::authenticate(&nobody, key).await.unwrap();
    }
    assert_eq!(peppers_of_keys(home).await, [3, 3, 1, 3]);
    assert!(api_keys::authenticate(&nobody, &gone).await.is_err());
}

#[tokio::test]
async fn another_pepper_needs_no_new_keys() {
    another_pepper(&Installation::in_memory().await).await;
}

#[tokio::test]
async fn nor_does_it_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    another_pepper(&Installation::at(&cluster.database().await.unwrap()).await).await;
}

/// Two servers note that a key was used, and the one that noted the older use writes last.
async fn the_newest_use_stands(url: &str) {
    let one = Installation::at(url).await;
    let two = one.another_server(url).await;
    let (user, _) = one.first_person().await;
    let key = api_keys::create(&user, Environment::Test, &KeyTerms::usual("Staging"))
        .await
        .unwrap()
        .key;
    let last_used = async || api_keys::list(&user).await.unwrap()[0].last_used_at;
    api_keys::authenticate(&two.anonymous(), &key).await.unwrap();
    one.clock.advance(30);
    let now = user.now();
    api_keys::authenticate(&one.anonymous(), &key).await.unwrap();
    metering::flush(&one.platform.system()).await.unwrap();
    assert_eq!(last_used().await, Some(now));
    metering::flush(&two.platform.system()).await.unwrap();
    assert_eq!(last_used().await, Some(now));
}

#[tokio::test]
async fn an_older_use_never_overwrites_a_newer_one() {
    let folder = tempfile::TempDir::new().unwrap();
    the_newest_use_stands(&format!("sqlite://{}/uses.db", folder.path().display())).await;
    if let Some(cluster) = Cluster::start_or_skip() {
        the_newest_use_stands(&cluster.database().await.unwrap()).await;
    }
}

#[tokio::test]
async fn a_key_is_shown_once_recognised_and_revoked() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let new = api_keys::create(&user, Environment::Test, &KeyTerms::usual("  Staging "))
        .await
        .unwrap();
    assert_eq!(new.row.name, "Staging");
    assert!(new.key.starts_with(&new.row.prefix) && new.key.ends_with(&new.row.last_four));
    let ctx = home.anonymous();
    api_keys::authenticate(&ctx, &new.key).await.unwrap();
    metering::flush(&ctx).await.unwrap();
    let listed = api_keys::list(&user).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].last_used_at.is_some());
    assert_eq!(listed[0].created_by, "Ada Lovelace");
    api_keys::revoke(&user, new.row.id).await.unwrap();
    api_keys::revoke(&user, new.row.id).await.unwrap();
    assert!(matches!(
        api_keys::authenticate(&ctx, &new.key).await,
        Err(Error::Unauthenticated(_))
    ));
}

#[tokio::test]
async fn another_tenant_s_key_is_not_found() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let new = api_keys::create(&user, Environment::Live, &KeyTerms::usual("Mine"))
        .await
        .unwrap();
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let mut actor = user.actor().clone();
    if let platform::Actor::User { organisation, .. } = &mut actor {
        *organisation = other;
    }
    let stranger = user.acting_as(actor);
    assert!(matches!(
        api_keys::revoke(&stranger, new.row.id).await,
        Err(Error::NotFound(_))
    ));
    assert!(api_keys::list(&stranger).await.unwrap().is_empty());
    api_keys::authenticate(&home.anonymous(), &new.key).await.unwrap();
}

#[tokio::test]
async fn a_name_has_limits() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    for name in ["", "   ", "a\nb", &"x".repeat(101)] {
        let refused = api_keys::create(&user, Environment::Test, &KeyTerms::usual(name)).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{name:?}");
    }
}

/// A context of the user's that the key calls from an address, named as a program.
async fn calling(home: &Installation, key: &str, address: &str, program: &str) -> platform::Result<Ctx> {
    let origin = Origin {
        address: Some(address.parse().unwrap()),
        user_agent: Some(program.to_owned()),
        ..Origin::default()
    };
    let nobody = home.platform.ctx(Actor::Anonymous, origin.clone());
    let actor = api_keys::authenticate(&nobody, key).await?;
    Ok(home.platform.ctx(actor, origin))
}

/// The key is used once, from there.
async fn used(home: &Installation, key: &str, address: &str, program: &str) {
    let ctx = calling(home, key, address, program).await.unwrap();
    let answered = metering::Answered {
        method: "GET",
        endpoint: "/verify/status",
        status: 200,
        code: None,
        took: std::time::Duration::from_millis(1),
    };
    metering::record(&ctx, &answered);
    metering::flush(&home.platform.system()).await.unwrap();
}

fn some(scopes: &[Scope]) -> KeyTerms {
    KeyTerms {
        scopes: scopes.to_vec(),
        ..KeyTerms::usual("Some")
    }
}

/// How often an action is in the user's log.
async fn told(user: &Ctx, action: &str) -> usize {
    let filter = AuditFilter {
        action: Some(action.to_owned()),
        ..AuditFilter::default()
    };
    platform::audit::list(user, &filter).await.unwrap().rows.len()
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_and_a_refusal_is_told_once() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let new = api_keys::create(&user, Environment::Test, &some(&[Scope::UsageRead]))
        .await
        .unwrap();
    let ctx = calling(&home, &new.key, "192.0.2.1", "shop/1").await.unwrap();
    for _ in 0..3 {
        let refused = ctx.require(Permission::VerificationsStart).await;
        assert!(matches!(
            refused,
            Err(Error::ScopeMissing(Scope::VerificationsWrite))
        ));
    }
    assert_eq!(told(&user, "permission.denied").await, 1);
    ctx.require(Permission::UsageRead).await.unwrap();
    let none = api_keys::create(&user, Environment::Test, &some(&[])).await;
    assert!(matches!(none, Err(Error::Invalid { .. })));

    let terms = KeyTerms {
        name: "Wider".into(),
        ..some(&[Scope::UsageRead, Scope::VerificationsWrite])
    };
    api_keys::change(&user, new.row.id, &terms).await.unwrap();
    let ctx = calling(&home, &new.key, "192.0.2.1", "shop/1").await.unwrap();
    ctx.require(Permission::VerificationsStart).await.unwrap();
    api_keys::change(&user, new.row.id, &terms).await.unwrap();
    assert_eq!(
        told(&user, "api_key.changed").await,
        1,
        "nothing changed the second time"
    );
}

#[tokio::test]
async fn a_key_is_used_from_where_it_may_be() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let terms = KeyTerms {
        allow_list: vec!["192.0.2.0/24".into(), "2001:db8::/32".into()],
        ..KeyTerms::usual("Office")
    };
    let new = api_keys::create(&user, Environment::Test, &terms).await.unwrap();
    for address in ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::7"] {
        calling(&home, &new.key, address, "shop/1").await.unwrap();
    }
    for _ in 0..2 {
        let refused = calling(&home, &new.key, "198.51.100.1", "shop/1").await;
        assert!(matches!(refused, Err(Error::AddressNotAllowed)));
    }
    let nowhere = home.platform.ctx(Actor::Anonymous, Origin::default());
    let unknown = api_keys::authenticate(&nowhere, &new.key).await;
    assert!(matches!(unknown, Err(Error::AddressNotAllowed)), "from nowhere");
    assert_eq!(told(&user, "api_key.refused").await, 1);
}

#[tokio::test]
async fn a_key_ends_when_its_time_is_over() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let terms = KeyTerms {
        expires_at: Some(user.now().plus_seconds(60)),
        ..KeyTerms::usual("Short")
    };
    let new = api_keys::create(&user, Environment::Test, &terms).await.unwrap();
    home.clock.advance(59);
    calling(&home, &new.key, "192.0.2.1", "shop/1").await.unwrap();
    home.clock.advance(1);
    let over = calling(&home, &new.key, "192.0.2.1", "shop/1").await;
    assert!(matches!(over, Err(Error::Unauthenticated(_))));
    assert_eq!(told(&user, "api_key.refused").await, 1);
    let late = api_keys::change(&user, new.row.id, &terms).await;
    assert!(
        matches!(late, Err(Error::Conflict(_))),
        "what has ended is not changed"
    );
    let past = api_keys::create(&user, Environment::Test, &terms).await;
    assert!(matches!(past, Err(Error::Invalid { .. })));
}

#[tokio::test]
async fn a_key_that_makes_keys_gives_no_more_than_it_has() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let live = api_keys::create(&user, Environment::Live, &KeyTerms::usual("Live"))
        .await
        .unwrap();
    let end = user.now().plus_seconds(30 * DAY);
    let terms = KeyTerms {
        allow_list: vec!["192.0.2.0/24".into()],
        expires_at: Some(end),
        calls_per_minute: Some(10),
        ..some(&[Scope::KeysRead, Scope::KeysWrite, Scope::VerificationsRead])
    };
    let keeper = api_keys::create(&user, Environment::Test, &terms).await.unwrap();
    let ctx = calling(&home, &keeper.key, "192.0.2.1", "ci/1").await.unwrap();
    let within = KeyTerms {
        name: "Made by a key".into(),
        allow_list: vec!["192.0.2.128/25".into()],
        scopes: vec![Scope::VerificationsRead],
        ..terms.clone()
    };
    let made = api_keys::create(&ctx, Environment::Test, &within).await.unwrap();
    assert_eq!(made.row.owner, "Ada Lovelace");
    for beyond in [
        KeyTerms {
            scopes: vec![Scope::VerificationsWrite],
            ..within.clone()
        },
        KeyTerms {
            allow_list: Vec::new(),
            ..within.clone()
        },
        KeyTerms {
            allow_list: vec!["192.0.0.0/16".into()],
            ..within.clone()
        },
        KeyTerms {
            expires_at: None,
            ..within.clone()
        },
        KeyTerms {
            expires_at: Some(end.plus_seconds(1)),
            ..within.clone()
        },
        KeyTerms {
            calls_per_minute: None,
            ..within.clone()
        },
        KeyTerms {
            calls_per_minute: Some(11),
            ..within.clone()
        },
    ] {
        let refused = api_keys::create(&ctx, Environment::Test, &beyond).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{beyond:?}");
        let refused = api_keys::change(&ctx, made.row.id, &beyond).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{beyond:?}");
    }
    let other = api_keys::create(&ctx, Environment::Live, &within).await;
    assert!(
        matches!(other, Err(Error::NotFound(_))),
        "the other environment is not there"
    );
    for refused in [
        api_keys::get(&ctx, live.row.id).await.map(drop),
        api_keys::revoke(&ctx, live.row.id).await.map(drop),
        api_keys::rotate(&ctx, live.row.id, user.now()).await.map(drop),
        api_keys::change(&ctx, live.row.id, &within).await.map(drop),
    ] {
        assert!(matches!(refused, Err(Error::NotFound(_))));
    }
    let seen = api_keys::list(&ctx).await.unwrap();
    assert!(seen.iter().all(|row| row.environment == Environment::Test));
    let own = api_keys::change(
        &ctx,
        keeper.row.id,
        &KeyTerms {
            scopes: Scope::ALL.to_vec(),
            ..terms.clone()
        },
    )
    .await;
    assert!(matches!(own, Err(Error::Invalid { .. })), "nor to itself");
}
