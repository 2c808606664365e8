//! Guessing that is slowed down.

use platform::{
    Actor, Ctx, Error, Origin,
    guard::{self, Attempt, GuardKind},
};
use testkit::{Cluster, Installation};

fn from(home: &Installation, address: &str) -> Ctx {
    let origin = Origin {
        address: address.parse().ok(),
        ..Origin::default()
    };
    home.platform.ctx(Actor::Anonymous, origin)
}

const fn on(account: &str) -> Attempt<'_> {
    Attempt {
        what: GuardKind::SignIn,
        account: Some(account),
    }
}

/// Seconds to wait; zero if the try was let through.
async fn wait(ctx: &Ctx, attempt: &Attempt<'_>) -> i64 {
    match guard::check(ctx, attempt).await {
        Ok(()) => 0,
        Err(Error::Throttled { seconds }) => seconds,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn five_tries_on_an_account_are_free_and_each_further_one_waits_twice_as_long() {
    let home = Installation::in_memory().await;
    let ctx = from(&home, "192.0.2.1");
    let attempt = on("ada@example.com");
    for _ in 0..5 {
        assert_eq!(wait(&ctx, &attempt).await, 0);
    }
    for delay in [10, 20, 40] {
        assert_eq!(wait(&ctx, &attempt).await, delay);
        home.clock.advance(delay - 1);
        assert_eq!(wait(&ctx, &attempt).await, 1, "the last second of {delay}");
        home.clock.advance(1);
        assert_eq!(
            wait(&ctx, &attempt).await,
            0,
            "after {delay} s to the millisecond"
        );
    }
}

#[tokio::test]
async fn another_address_and_another_spelling_do_not_get_around_an_account_s_guard() {
    let home = Installation::in_memory().await;
    for host in 1..=5 {
        let ctx = from(&home, &format!("192.0.2.{host}"));
        assert_eq!(wait(&ctx, &on("ada@example.com")).await, 0);
    }
    let elsewhere = from(&home, "198.51.100.9");
    assert_eq!(wait(&elsewhere, &on(" ADA@Example.com ")).await, 10);
    assert_eq!(wait(&elsewhere, &on("bob@example.com")).await, 0);
    let other = Attempt {
        what: GuardKind::Recovery,
        account: Some("ada@example.com"),
    };
    assert_eq!(
        wait(&elsewhere, &other).await,
        0,
        "recovery has a guard of its own"
    );
}

#[tokio::test]
async fn knocking_on_while_one_must_wait_makes_the_wait_no_longer() {
    let home = Installation::in_memory().await;
    let ctx = from(&home, "192.0.2.1");
    for _ in 0..5 {
        assert_eq!(wait(&ctx, &on("ada@example.com")).await, 0);
    }
    for _ in 0..50 {
        assert_eq!(wait(&ctx, &on("ada@example.com")).await, 10);
    }
}

#[tokio::test]
async fn an_unknown_account_is_throttled_exactly_like_a_known_one() {
    let home = Installation::in_memory().await;
    home.first_person().await;
    let (known, unknown) = (on("ada@example.com"), on("nobody@example.com"));
    for step in 0..12 {
        let one = wait(&from(&home, "192.0.2.1"), &known).await;
        let two = wait(&from(&home, "192.0.2.2"), &unknown).await;
        assert_eq!(one, two, "step {step}");
        home.clock.advance(one);
    }
}

#[tokio::test]
async fn a_success_ends_the_account_s_count_and_not_the_network_s() {
    let home = Installation::in_memory().await;
    let ctx = from(&home, "192.0.2.1");
    for _ in 0..4 {
        assert_eq!(wait(&ctx, &on("ada@example.com")).await, 0);
    }
    guard::succeeded(&ctx, &on("ada@example.com")).await.unwrap();
    for _ in 0..4 {
        assert_eq!(wait(&ctx, &on("ada@example.com")).await, 0);
    }
    // Seven of the network's tries are left uncounted as failures: 8 - 1.
    for account in 0..13 {
        let account = format!("{account}@example.com");
        assert_eq!(wait(&ctx, &on(&account)).await, 0);
    }
    assert_eq!(wait(&ctx, &on("one@example.com")).await, 60);
}

#[tokio::test]
async fn all_addresses_of_an_ipv6_64_share_one_count() {
    let home = Installation::in_memory().await;
    for host in 0..20 {
        let ctx = from(&home, &format!("2001:db8:1:2::{host:x}"));
        assert_eq!(wait(&ctx, &on(&format!("{host}@example.com"))).await, 0);
    }
    let same = from(&home, "2001:db8:1:2:ffff:ffff:ffff:ffff");
    assert_eq!(wait(&same, &on("next@example.com")).await, 60);
    let next = from(&home, "2001:db8:1:3::1");
    assert_eq!(wait(&next, &on("next@example.com")).await, 0);
}

#[tokio::test]
async fn a_count_is_forgotten_a_day_after_its_last_try() {
    let home = Installation::in_memory().await;
    let ctx = from(&home, "192.0.2.1");
    for _ in 0..5 {
        assert_eq!(wait(&ctx, &on("ada@example.com")).await, 0);
    }
    home.clock.advance(86_400);
    for _ in 0..5 {
        assert_eq!(wait(&ctx, &on("ada@example.com")).await, 0);
    }
    assert_eq!(wait(&ctx, &on("ada@example.com")).await, 10);
}

async fn admitted_of_fifty_at_once(home: &Installation) -> usize {
    let tries = (0..50).map(|host| {
        let ctx = from(home, &format!("198.51.100.{host}"));
        tokio::spawn(async move { guard::check(&ctx, &on("ada@example.com")).await.is_ok() })
    });
    let mut admitted = 0;
    for attempt in tries.collect::<Vec<_>>() {
        admitted += usize::from(attempt.await.unwrap());
    }
    admitted
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_tries_at_the_same_moment_get_no_more_than_the_five_that_are_free() {
    let home = Installation::in_memory().await;
    assert_eq!(admitted_of_fifty_at_once(&home).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_tries_at_the_same_moment_get_no_more_than_five_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    assert_eq!(admitted_of_fifty_at_once(&home).await, 5);
}
