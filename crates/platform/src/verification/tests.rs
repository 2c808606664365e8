//! What lists of verifications cost.

use types::{ApiKeyId, Environment, VerificationId, VerificationStatus};

use super::store::lists::{Bounds, SELECT, SELECT_WHOLE, search};
use crate::search::tests::{databases, hold_served};

/// Every combination of filters that are set or not.
fn combinations() -> impl Iterator<Item = Bounds> {
    (0..64_u8).map(|set| {
        let is = |bit: u8| set & (1 << bit) != 0;
        Bounds {
            status: is(0).then_some(VerificationStatus::Approved),
            environment: is(1).then_some(Environment::Live),
            key: is(2).then_some(ApiKeyId::from_u128(1)),
            reference: is(3).then(|| "order 7".to_owned()),
            from: is(4).then_some(VerificationId::from_u128(1)),
            before: is(5).then_some(VerificationId::from_u128(9)),
        }
    })
}

#[tokio::test]
async fn an_index_serves_every_combination_of_filters() {
    let (databases, _cluster) = databases().await;
    for db in databases {
        for bounds in combinations() {
            for select in [SELECT, SELECT_WHOLE] {
                hold_served(&db, search(select, "org_1", &bounds)).await;
            }
        }
    }
}
