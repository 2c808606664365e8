use std::{
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
    time::Duration,
};

use governor::{Quota, RateLimiter, clock::FakeRelativeClock};
use proptest::prelude::*;
use types::{ApiKeyId, OrganisationId, Timestamp};

use super::{
    Allowance, Spent,
    gcra::{Decision, Rate, take},
    limit::{Bucket, Limit},
    local::Local,
};

/// An ordinary present, in microseconds.
const NOW: i64 = 1_795_435_200_000_000;

fn number(value: u32) -> NonZeroU32 {
    NonZeroU32::new(value).unwrap()
}

fn a_minute(calls: u32) -> Rate {
    Rate::new(number(calls), number(60), number(calls))
}

fn limit(bucket: Bucket, calls: u32) -> Limit {
    Limit {
        bucket,
        rate: a_minute(calls),
        cost: 1,
    }
}

fn key(id: u128) -> Bucket {
    Bucket::Key(ApiKeyId::from_u128(id))
}

fn tenant(id: u128) -> Bucket {
    Bucket::Tenant(OrganisationId::from_u128(id))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: prop::test_runner::RngSeed::Fixed(143), ..ProptestConfig::with_cases(2_000) })]

    /// Another's implementation says the same of every call, and of the wait.
    #[test]
    fn as_governor_has_it(
        calls in 1_u32..=200,
        seconds in 1_u32..=120,
        burst in 1_u32..=50,
        steps in prop::collection::vec((0_u64..=30_000_000, 1_u32..=60), 1..80),
    ) {
        let rate = Rate::new(number(calls), number(seconds), number(burst));
        let interval = u64::try_from(rate.price(1)).unwrap();
        let quota = Quota::with_period(Duration::from_micros(interval)).unwrap().allow_burst(number(burst));
        let clock = FakeRelativeClock::default();
        let theirs = RateLimiter::direct_with_clock(quota, clock.clone());
        let (mut tat, mut now) = (NOW, NOW);
        for (passed, cost) in steps {
            clock.advance(Duration::from_micros(passed));
            now += i64::try_from(passed).unwrap();
            let (after, decision) = take(tat, now, rate, cost);
            tat = after;
            // What costs more than there ever is they refuse for good; ours takes all there is.
            match theirs.check_n(number(cost.min(burst))).unwrap() {
                Ok(()) => prop_assert_eq!(decision, Decision::Admitted),
                Err(refusal) => {
                    let wait = refusal.wait_time_from(governor::clock::Clock::now(&clock));
                    let wait = i64::try_from(wait.as_micros()).unwrap();
                    prop_assert_eq!(decision, Decision::Refused { wait });
                }
            }
        }
    }

    /// Whatever the clock does and whatever was stored: no more calls than the burst at once, and
    /// nobody waits longer than a bucket takes to fill.
    #[test]
    fn a_bucket_is_never_deeper_than_it_is(
        calls in 1_u32..=1_000_000,
        tat in any::<i64>(),
        moves in prop::collection::vec(-1_000_000_000_i64..=1_000_000_000, 1..40),
    ) {
        let rate = a_minute(calls);
        let (mut tat, mut now) = (tat, NOW);
        for passed in moves {
            now += passed;
            let (after, decision) = take(tat, now, rate, 1);
            tat = after;
            prop_assert!((now..=now + rate.tolerance()).contains(&tat));
            if let Decision::Refused { wait } = decision {
                prop_assert!((1..=rate.price(1)).contains(&wait));
                prop_assert_eq!(take(tat, now + wait, rate, 1).1, Decision::Admitted);
            }
        }
    }

    /// Every number that the script of the shared store meets is a whole one in a double.
    #[test]
    fn everything_fits_a_double(calls in 1_u32.., seconds in 1_u32.., burst in 1_u32.., cost in any::<u32>()) {
        let rate = Rate::new(number(calls), number(seconds), number(burst));
        let most = NOW + rate.tolerance() + rate.price(cost);
        prop_assert!(rate.price(cost) <= rate.tolerance());
        prop_assert!(most < 1 << 53, "{most}");
    }
}

#[test]
fn a_minute_is_a_minute() {
    let rate = a_minute(60);
    let mut tat = 0;
    for left in (0..60).rev() {
        let (after, decision) = take(tat, NOW, rate, 1);
        assert_eq!(decision, Decision::Admitted);
        assert_eq!(rate.remaining(after - NOW), left);
        tat = after;
    }
    let (_, decision) = take(tat, NOW, rate, 1);
    assert_eq!(decision, Decision::Refused { wait: 1_000_000 });
    assert_eq!(take(tat, NOW + 999_999, rate, 1).1, Decision::Refused { wait: 1 });
    assert_eq!(take(tat, NOW + 1_000_000, rate, 1).1, Decision::Admitted);
    // Never more than was said, where a minute cannot be divided.
    assert_eq!(a_minute(7).price(1), 8_571_429);
}

#[test]
fn a_call_can_cost_more_and_at_most_a_whole_bucket() {
    let rate = a_minute(10);
    let (tat, decision) = take(NOW, NOW, rate, 4);
    assert_eq!((rate.remaining(tat - NOW), decision), (6, Decision::Admitted));
    assert!(matches!(take(tat, NOW, rate, 7).1, Decision::Refused { .. }));
    assert_eq!(take(NOW, NOW, rate, 1000), (NOW + 60_000_000, Decision::Admitted));
    assert_eq!(take(tat, NOW, rate, 0), (tat, Decision::Admitted), "free");
}

#[test]
fn a_call_takes_from_all_or_from_none() {
    let local = Local::new(1000);
    let (wide, tight) = (limit(tenant(1), 100), limit(key(1), 1));
    let used = |spent: &[Spent]| spent.iter().map(|one| one.used).collect::<Vec<_>>();
    let first = local.take(&[tight, wide], NOW);
    assert!(!first.iter().any(Spent::is_refused));
    for both in [[tight, wide], [wide, tight]] {
        let second = local.take(&both, NOW);
        assert_eq!(second.iter().filter(|one| one.is_refused()).count(), 1);
        let mut seen = used(&second);
        seen.sort_unstable();
        assert_eq!(seen, [600_000, 60_000_000], "the wide one has its call back");
    }
    let other = local.take(&[limit(key(2), 1), wide], NOW);
    assert_eq!(used(&other), [60_000_000, 1_200_000]);
}

#[test]
fn what_is_whole_again_is_forgotten_and_there_are_never_too_many() {
    let local = Local::new(640);
    let addresses = (0..100_000_u32).map(|n| Bucket::Address(IpAddr::V4(Ipv4Addr::from(n))));
    for bucket in addresses {
        local.take(&[limit(bucket, 60)], NOW);
    }
    assert!(local.len() <= 640, "{}", local.len());
    local.tidy(NOW + 999_999);
    assert!(local.len() > 600, "{}", local.len());
    local.tidy(NOW + 1_000_000);
    assert_eq!(local.len(), 0);
}

/// Who is near the limit is not forgotten for those who just came.
#[test]
fn room_is_made_by_those_who_used_least() {
    let local = Local::new(64 * 64);
    let busy = limit(key(1), 60);
    for _ in 0..60 {
        local.take(&[busy], NOW);
    }
    for n in 0..100_000_u32 {
        let bucket = Bucket::Address(IpAddr::V4(Ipv4Addr::from(n)));
        local.take(&[limit(bucket, 60)], NOW);
    }
    let [spent] = local.take(&[busy], NOW)[..] else {
        panic!("one")
    };
    assert!(spent.is_refused());
}

#[test]
fn the_tightest_is_what_refuses_longest_then_what_has_fewest_left() {
    let now = Timestamp::from_millis(NOW / 1000);
    let of = |calls, used, wait| {
        let limit = limit(key(u128::from(calls)), calls);
        Allowance::of(&Spent { limit, used, wait }, now)
    };
    let admits_few = of(60, 59_000_000, 0);
    let admits_many = of(600, 100_000, 0);
    let refuses = of(1000, 60_000_000, 60_000);
    let refuses_longer = of(6, 60_000_000, 10_000_000);
    assert_eq!((admits_few.remaining, admits_few.wait), (1, None));
    assert_eq!((refuses.wait, refuses_longer.wait), (Some(1), Some(10)));
    let order = [refuses_longer, refuses, admits_few, admits_many];
    for (index, tight) in order.iter().enumerate() {
        for loose in &order[index..] {
            assert_eq!(tight.tighter(Some(*loose)), *tight);
            assert_eq!(loose.tighter(Some(*tight)), *tight);
        }
        assert_eq!(tight.tighter(None), *tight);
    }
}
