//! What figures hold without a database.

use std::collections::BTreeMap;

use types::{Environment, OrganisationId, Timestamp, VerificationStatus};

use super::{
    Group, Move, Tally,
    bucket::{bucket, upper_bound},
    durations::summary,
    tally::Counts,
};

#[test]
fn a_bucket_is_no_wider_than_an_eighth() {
    let mut seen = -1;
    let near_powers = (0..62).flat_map(|power| {
        let power = 1_i64 << power;
        [power - 1, power, power + 1, power + power / 3]
    });
    let mut values: Vec<i64> = (0..5000).chain(near_powers).collect();
    values.sort_unstable();
    for millis in values {
        let bucket = bucket(millis);
        let (bound, exact) = (upper_bound(bucket), millis.unsigned_abs());
        assert!(bucket >= seen, "{millis}: buckets keep the order");
        assert!(bound >= exact, "{millis} is in a bucket up to {bound}");
        assert!(
            bound - exact <= exact / 8,
            "{millis} is far from its bound {bound}"
        );
        seen = bucket;
    }
    for edge in [0, 7, 8, 15, 16, 100] {
        let bound = i64::try_from(upper_bound(edge)).unwrap();
        assert_eq!((bucket(bound), bucket(bound + 1)), (edge, edge + 1));
    }
    assert_eq!(bucket(-5), 0, "a clock that was set back");
    assert_eq!(upper_bound(i64::MAX), u64::MAX);
}

#[test]
fn a_quantile_is_reached_by_as_many() {
    assert_eq!(summary(&BTreeMap::new()), None);
    let few: BTreeMap<i64, i64> = [(3, 1), (5, 1), (7, 1)].into();
    let few = summary(&few).unwrap();
    assert_eq!((few.median, few.p95, few.decided), (5, 7, 3));
    let many: BTreeMap<i64, i64> = [(1, 95), (6, 5)].into();
    let many = summary(&many).unwrap();
    assert_eq!((many.median, many.p95, many.decided), (1, 1, 100));
}

#[test]
fn moves_add_up_in_any_order() {
    let start = Move {
        organisation: OrganisationId::from_u128(1),
        environment: Environment::Live,
        started: Timestamp::from_millis(900_000 * 5 + 899_999),
        from: None,
        to: Group::of(VerificationStatus::Resubmission),
        duration: None,
    };
    let end = Move {
        from: Some(Group::Open),
        to: Group::Denied,
        duration: Some(1234),
        ..start
    };
    let sum = |moves: &[Move]| {
        let mut tally = Tally::default();
        for moved in moves {
            tally.add(moved);
        }
        tally
    };
    let tally = sum(&[start, end]);
    assert_eq!(tally, sum(&[end, start]));
    let counts: Vec<_> = tally.counts.into_iter().collect();
    let denied = Counts {
        denied: 1,
        ..Counts::default()
    };
    assert_eq!(
        counts,
        [((OrganisationId::from_u128(1), 5, Environment::Live), denied)]
    );
    assert_eq!(tally.durations.into_values().sum::<i64>(), 1);
}
