//! Starts that come together are written together, and each gets what it would get alone.

use std::collections::BTreeSet;

use platform::{
    Actor, Ctx, Error, access, usage,
    verification::{self, StartRequest, Started},
};
use testkit::{Cluster, Installation, who};
use tokio::task::JoinHandle;
use types::{ApiKeyId, Environment, Role};

use crate::usage::number;

const VERIFICATIONS: &str = "SELECT COUNT(*) FROM verifications";
const UNITS: &str = "SELECT COUNT(*) FROM billable_starts";
const EVENTS: &str = "SELECT COUNT(*) FROM audit_events WHERE action = 'verification.started'";
const EXPIRIES: &str = "SELECT COUNT(*) FROM jobs WHERE kind = 'verification.expire'";
const NAMES: &str = "SELECT COUNT(*) FROM idempotency_keys";

type Call = JoinHandle<Result<Started, Error>>;

fn named(name: &str, minimum_age: i64) -> StartRequest {
    StartRequest {
        idempotency_key: Some(name.to_owned()),
        minimum_age: Some(minimum_age),
        ..StartRequest::default()
    }
}

fn call(key: &Ctx, request: StartRequest) -> Call {
    let key = key.clone();
    tokio::spawn(async move { verification::start(&key, request).await })
}

/// Lets every task go as far as it can.
async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

/// The calls, all made while somebody else holds the only writer of `SQLite`.
async fn together(home: &Installation, calls: impl FnOnce() -> Vec<Call>) -> Vec<Result<Started, Error>> {
    let held = home.db.begin().await.unwrap();
    let calls = calls();
    settle().await;
    drop(held);
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    answers
}

/// The same key, but for one that is in no table.
fn unknown(key: &Ctx) -> Ctx {
    let mut actor = key.actor().clone();
    if let Actor::ApiKey { id, .. } = &mut actor {
        *id = ApiKeyId::from_u128(77);
    }
    key.acting_as(actor)
}

async fn each_as_if_alone(home: Installation) {
    let (admin, _) = home.first_person().await;
    let (_, live) = home.api_key(&admin, Environment::Live).await;
    let (_, test) = home.api_key(&admin, Environment::Test).await;
    let other = access::create_organisation(&admin, "Other", "UTC").await.unwrap();
    let stranger = home.joined(other, "Sam Stranger", Role::Owner, None).await.ctx;
    let (_, theirs) = home.api_key(&stranger, Environment::Live).await;
    usage::set_quota(&admin, who(&admin).1, Some(3), "As agreed on the telephone")
        .await
        .unwrap();
    let answers = together(&home, || {
        vec![
            call(&live, named("one", 18)),
            call(&live, named("one", 18)),
            call(&live, named("one", 21)),
            // The same name is another one for test keys, and for another organisation.
            call(&test, named("one", 18)),
            call(&theirs, named("one", 18)),
            call(&live, StartRequest::default()),
            call(&live, named("two", 18)),
            call(&live, StartRequest::default()),
            call(&live, named("one", 18)),
            call(&test, StartRequest::default()),
        ]
    })
    .await;
    let of = |index: usize| answers[index].as_ref().unwrap();
    let of_live_one: Vec<_> = [0, 1, 2, 8].map(|index| answers[index].as_ref()).into();
    let (given, refused): (Vec<_>, Vec<_>) = of_live_one.into_iter().partition(Result::is_ok);
    // Whichever of them came first: the others of the same body have its answer, the rest a conflict.
    assert_eq!(
        given
            .iter()
            .filter(|answer| !answer.as_ref().unwrap().replayed)
            .count(),
        1
    );
    let ids: BTreeSet<_> = given
        .iter()
        .map(|answer| answer.as_ref().unwrap().session_url.clone())
        .collect();
    assert_eq!(ids.len(), 1);
    assert!(
        !refused.is_empty()
            && refused
                .iter()
                .all(|answer| matches!(answer, Err(Error::Conflict(_))))
    );
    assert!(!of(3).replayed && !of(4).replayed && !of(9).replayed);
    let live_others = [5, 6, 7].map(|index| &answers[index]);
    let used_up =
        |answer: &&&Result<Started, Error>| matches!(answer, Err(Error::QuotaExceeded { limit: 3, .. }));
    assert_eq!(
        live_others.iter().filter(used_up).count(),
        1,
        "three units are started"
    );
    assert_eq!(live_others.iter().filter(|answer| answer.is_ok()).count(), 2);
    // Three of the organisation's own, one of the other's, and two with the test key.
    assert_eq!(
        (number(&home, UNITS).await, number(&home, VERIFICATIONS).await),
        (4, 6)
    );
    assert_eq!(
        (number(&home, EVENTS).await, number(&home, EXPIRIES).await),
        (6, 6)
    );
    let names = number(&home, NAMES).await;
    let two = u8::from(answers[6].is_ok());
    assert_eq!(names, 3 + i64::from(two), "what is refused has claimed nothing");
}

async fn one_that_cannot_be_written(home: Installation) {
    let (admin, _) = home.first_person().await;
    let (_, live) = home.api_key(&admin, Environment::Live).await;
    let before = number(&home, VERIFICATIONS).await;
    let answers = together(&home, || {
        let good = |_| call(&live, StartRequest::default());
        let mut calls: Vec<_> = (0..10).map(good).collect();
        calls.insert(5, call(&unknown(&live), StartRequest::default()));
        calls
    })
    .await;
    let failed: Vec<_> = answers.iter().map(Result::is_err).collect();
    assert_eq!(failed.iter().filter(|failed| **failed).count(), 1);
    assert!(matches!(answers[5], Err(Error::Internal(_))));
    assert_eq!(
        (
            number(&home, UNITS).await,
            number(&home, VERIFICATIONS).await - before,
            number(&home, EVENTS).await
        ),
        (10, 10, 10)
    );
}

#[tokio::test]
async fn starts_that_come_together_get_what_each_would_get_alone() {
    each_as_if_alone(Installation::in_memory().await).await;
}

#[tokio::test]
async fn one_start_that_cannot_be_written_takes_no_other_with_it() {
    one_that_cannot_be_written(Installation::in_memory().await).await;
}

#[tokio::test]
async fn and_so_it_is_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = async || Installation::at(&cluster.database().await.unwrap()).await;
    each_as_if_alone(home().await).await;
    one_that_cannot_be_written(home().await).await;
}

#[tokio::test]
async fn a_hundred_at_once_are_two_transactions() {
    let home = Installation::in_memory().await;
    let (admin, _) = home.first_person().await;
    let (_, live) = home.api_key(&admin, Environment::Live).await;
    // The first call of a key has things to look up.
    verification::start(&live, StartRequest::default()).await.unwrap();
    let before = home.db.stats().committed;
    let answers = together(&home, || {
        (0..100).map(|_| call(&live, StartRequest::default())).collect()
    })
    .await;
    assert!(answers.iter().all(Result::is_ok));
    let transactions = home.db.stats().committed - before;
    assert!(
        transactions <= 2,
        "{transactions} transactions for a hundred starts"
    );
    assert_eq!(number(&home, UNITS).await, 101);
}

#[tokio::test]
async fn whoever_gives_up_starts_nothing_and_stops_nobody() {
    let home = Installation::in_memory().await;
    let (admin, _) = home.first_person().await;
    let (_, live) = home.api_key(&admin, Environment::Live).await;
    let held = home.db.begin().await.unwrap();
    let calls: Vec<_> = (0..5).map(|_| call(&live, StartRequest::default())).collect();
    settle().await;
    // The first of them is the one who writes for all.
    for gone in &calls[..2] {
        gone.abort();
    }
    settle().await;
    drop(held);
    let mut started = 0;
    for call in calls {
        started += u8::from(call.await.is_ok_and(|answer| answer.is_ok()));
    }
    assert_eq!(started, 3);
    assert_eq!(
        (number(&home, UNITS).await, number(&home, VERIFICATIONS).await),
        (3, 3)
    );
}
