//! Limits of an organisation's own.

use platform::{
    Ctx, Error, api_keys,
    limits::{self, Allowance, Bucket, named},
};
use testkit::{Cluster, Installation};
use types::{
    ApiKeyId, Environment,
    keys::{KeyTerms, Scope},
    limits::{Costs, LimitTerms, LimitedCall},
};

fn batch() -> LimitTerms {
    LimitTerms {
        name: "batch".into(),
        units: 20,
        seconds: 60,
        per_key: false,
        costs: Costs::default()
            .with(LimitedCall::Start, 10)
            .with(LimitedCall::Status, 0),
    }
}

async fn key(home: &Installation, user: &Ctx, limits: &[&str]) -> (ApiKeyId, Ctx) {
    let terms = KeyTerms {
        scopes: Scope::ALL.to_vec(),
        limits: limits.iter().map(|name| (*name).to_owned()).collect(),
        ..KeyTerms::usual("Held")
    };
    let made = api_keys::create(user, Environment::Test, &terms).await.unwrap();
    (made.row.id, calling(home, &made.key).await)
}

async fn calling(home: &Installation, key: &str) -> Ctx {
    let nobody = home.anonymous();
    let actor = api_keys::authenticate(&nobody, key).await.unwrap();
    nobody.acting_as(actor)
}

async fn take(ctx: &Ctx, call: LimitedCall) -> Allowance {
    limits::take(ctx, Some(call)).await.unwrap()
}

fn named_bucket(allowance: &Allowance) -> bool {
    matches!(allowance.bucket, Bucket::Named(..))
}

async fn costs(home: &Installation) {
    let (user, _) = home.first_person().await;
    named::set(&user, &batch()).await.unwrap();
    let (_, one) = key(home, &user, &["batch"]).await;
    let (_, two) = key(home, &user, &["batch"]).await;
    let (_, free) = key(home, &user, &[]).await;
    let first = take(&one, LimitedCall::Start).await;
    assert_eq!(
        (first.limit, first.remaining, first.wait),
        (2, 1, None),
        "in calls like it"
    );
    assert!(
        !named_bucket(&take(&one, LimitedCall::Status).await),
        "it costs nothing"
    );
    assert_eq!(take(&two, LimitedCall::Start).await.remaining, 0, "they share it");
    let refused = take(&one, LimitedCall::Start).await;
    assert_eq!((named_bucket(&refused), refused.wait), (true, Some(30)));
    assert_eq!(named::name_of(&one, refused.bucket).as_deref(), Some("batch"));
    assert_eq!(take(&free, LimitedCall::Start).await.wait, None);
    home.clock.advance(3);
    let cheap = take(&two, LimitedCall::Validate).await;
    assert_eq!((cheap.limit, cheap.remaining, cheap.wait), (20, 0, None));
    assert_eq!(named::get(&user, "batch").await.unwrap().keys, 2);
}

#[tokio::test]
async fn a_call_takes_what_it_costs() {
    costs(&Installation::in_memory().await).await;
}

#[tokio::test]
async fn so_it_does_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    costs(&Installation::at(&cluster.database().await.unwrap()).await).await;
}

#[tokio::test]
async fn each_key_can_have_it_for_itself_and_its_successor_has_what_is_left() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let each = LimitTerms {
        per_key: true,
        ..batch()
    };
    named::set(&user, &each).await.unwrap();
    let (id, one) = key(&home, &user, &["batch"]).await;
    let (_, two) = key(&home, &user, &["batch"]).await;
    take(&one, LimitedCall::Start).await;
    assert_eq!(take(&two, LimitedCall::Start).await.remaining, 1);
    let until = user.now().plus_seconds(60);
    let next = api_keys::rotate(&user, id, until).await.unwrap();
    assert_eq!(next.row.limits, ["batch"]);
    let next = calling(&home, &next.key).await;
    assert_eq!(take(&next, LimitedCall::Start).await.remaining, 0);
    assert!(take(&one, LimitedCall::Start).await.wait.is_some());
}

#[tokio::test]
async fn a_change_holds_from_the_next_call_on_and_a_removed_limit_is_taken_from_its_keys() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    named::set(&user, &batch()).await.unwrap();
    let terms = KeyTerms {
        limits: vec!["batch".into()],
        ..KeyTerms::usual("Held")
    };
    let made = api_keys::create(&user, Environment::Test, &terms).await.unwrap();
    assert_eq!(
        take(&calling(&home, &made.key).await, LimitedCall::Start)
            .await
            .limit,
        2
    );
    let wider = LimitTerms { units: 50, ..batch() };
    named::set(&user, &wider).await.unwrap();
    assert_eq!(
        take(&calling(&home, &made.key).await, LimitedCall::Start)
            .await
            .limit,
        5
    );
    named::remove(&user, "batch").await.unwrap();
    assert!(!named_bucket(
        &take(&calling(&home, &made.key).await, LimitedCall::Start).await
    ));
    assert_eq!(
        api_keys::get(&user, made.row.id).await.unwrap().limits,
        Vec::<String>::new()
    );
    // One of the same name is another.
    named::set(&user, &batch()).await.unwrap();
    assert!(!named_bucket(
        &take(&calling(&home, &made.key).await, LimitedCall::Start).await
    ));
    let again = named::remove(&user, "daily").await;
    assert!(matches!(again, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_program_can_loosen_nothing_that_holds_it() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    for name in ["batch", "other"] {
        named::set(
            &user,
            &LimitTerms {
                name: name.into(),
                ..batch()
            },
        )
        .await
        .unwrap();
    }
    let (id, held) = key(&home, &user, &["batch"]).await;
    let wider = LimitTerms { units: 50, ..batch() };
    assert!(matches!(named::set(&held, &wider).await, Err(Error::Conflict(_))));
    assert!(matches!(
        named::remove(&held, "batch").await,
        Err(Error::Conflict(_))
    ));
    named::remove(&held, "other").await.unwrap();
    let without = KeyTerms::usual("Without");
    let made = api_keys::create(&held, Environment::Test, &without).await;
    assert!(matches!(made, Err(Error::Invalid { fields }) if fields[0].0 == "limits"));
    let changed = api_keys::change(&held, id, &without).await;
    assert!(matches!(changed, Err(Error::Invalid { .. })));
    let with = KeyTerms {
        limits: vec!["batch".into(), "batch".into()],
        ..without
    };
    let made = api_keys::create(&held, Environment::Test, &with).await.unwrap();
    assert_eq!(made.row.limits, ["batch"]);
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_field() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let many = LimitTerms {
        costs: Costs::default().with(LimitedCall::Usage, 21),
        ..batch()
    };
    let wrong = [
        (
            "name",
            LimitTerms {
                name: String::new(),
                ..batch()
            },
        ),
        (
            "name",
            LimitTerms {
                name: "-a".into(),
                ..batch()
            },
        ),
        (
            "name",
            LimitTerms {
                name: "Batch".into(),
                ..batch()
            },
        ),
        (
            "name",
            LimitTerms {
                name: "a b".into(),
                ..batch()
            },
        ),
        (
            "name",
            LimitTerms {
                name: "x".repeat(41),
                ..batch()
            },
        ),
        (
            "units",
            LimitTerms {
                units: 0,
                costs: Costs::default().with(LimitedCall::Start, 0),
                ..batch()
            },
        ),
        (
            "units",
            LimitTerms {
                units: 1_000_001,
                ..batch()
            },
        ),
        (
            "seconds",
            LimitTerms {
                seconds: 0,
                ..batch()
            },
        ),
        (
            "seconds",
            LimitTerms {
                seconds: 2_678_401,
                ..batch()
            },
        ),
        ("costs", many),
    ];
    for (field, terms) in wrong {
        let refused = named::set(&user, &terms).await;
        let Err(Error::Invalid { fields }) = refused else {
            panic!("{terms:?}")
        };
        assert_eq!(fields[0].0, field, "{terms:?}");
    }
    let unknown = KeyTerms {
        limits: vec!["nothing".into()],
        ..KeyTerms::usual("Held")
    };
    let made = api_keys::create(&user, Environment::Test, &unknown).await;
    assert!(matches!(made, Err(Error::Invalid { fields }) if fields[0].1.contains("“nothing”")));
    for number in 0..20 {
        named::set(
            &user,
            &LimitTerms {
                name: format!("l{number}"),
                ..batch()
            },
        )
        .await
        .unwrap();
    }
    let more = named::set(&user, &batch()).await;
    assert!(matches!(more, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn another_tenant_s_limit_is_not_there() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    named::set(&user, &batch()).await.unwrap();
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let mut actor = user.actor().clone();
    if let platform::Actor::User { organisation, .. } = &mut actor {
        *organisation = other;
    }
    let stranger = user.acting_as(actor);
    assert!(named::list(&stranger).await.unwrap().is_empty());
    assert!(matches!(
        named::get(&stranger, "batch").await,
        Err(Error::NotFound(_))
    ));
    assert!(matches!(
        named::remove(&stranger, "batch").await,
        Err(Error::NotFound(_))
    ));
    assert_eq!(named::list(&user).await.unwrap().len(), 1);
}
