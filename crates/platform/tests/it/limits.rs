//! Calls a minute.

mod named;

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU32, Ordering},
    },
};

use db::{Db, Options};
use platform::{
    Actor, Ctx, Origin, Settings,
    limits::{self, Allowance, Asked, Bucket, Counting, Policy, SharedError, SharedLimits, Taken},
};
use testkit::{Installation, MockClock, SeededEntropy, settings};
use types::{Environment, limits::LimitedCall};
use vault::MasterKeys;

async fn allowing(key: u32, tenant: u32, address: u32) -> Installation {
    let db = Db::connect("sqlite::memory:", &Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    let keys = Arc::new(MasterKeys::generate(&SeededEntropy::new(1)));
    let [key, tenant, address] = [key, tenant, address].map(|calls| NonZeroU32::new(calls).unwrap());
    let settings = Settings {
        limits: Policy { key, tenant, address },
        ..settings()
    };
    Installation::seeded(db, Arc::new(MockClock::new()), keys, settings, 2).await
}

async fn verify(ctx: &Ctx) -> Allowance {
    limits::take(ctx, Some(LimitedCall::Status)).await.unwrap()
}

fn from(home: &Installation, address: &str, actor: Actor) -> Ctx {
    let origin = Origin {
        address: Some(address.parse().unwrap()),
        ..Origin::default()
    };
    home.platform.ctx(actor, origin)
}

#[tokio::test]
async fn a_key_has_its_calls_and_gets_them_back() {
    let home = allowing(3, 1000, 1000).await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let mut left = Vec::new();
    for _ in 0..3 {
        left.push(verify(&key).await);
    }
    assert_eq!(left.iter().map(|a| a.remaining).collect::<Vec<_>>(), [2, 1, 0]);
    assert!(left.iter().all(|a| a.limit == 3 && a.wait.is_none()));
    assert_eq!(left[2].reset, key.now().plus_seconds(60));

    let refused = verify(&key).await;
    assert_eq!((refused.remaining, refused.wait), (0, Some(20)));
    home.clock.advance(19);
    assert_eq!(verify(&key).await.wait, Some(1));
    home.clock.advance(1);
    assert_eq!(verify(&key).await.wait, None);
    home.clock.advance(60);
    assert_eq!(verify(&key).await.remaining, 2);
}

#[tokio::test]
async fn keys_do_not_share_their_calls_and_people_have_no_such_limit() {
    let home = allowing(3, 1000, 1000).await;
    let (user, _) = home.first_person().await;
    let (_, one) = home.api_key(&user, Environment::Test).await;
    let (_, two) = home.api_key(&user, Environment::Test).await;
    for _ in 0..4 {
        verify(&one).await;
    }
    assert_eq!(verify(&two).await.remaining, 2);
    assert_eq!(limits::take(&user, Some(LimitedCall::Status)).await, None);
}

#[tokio::test]
async fn keys_of_an_organisation_share_its_calls_and_what_is_refused_takes_nothing() {
    let home = allowing(3, 4, 1000).await;
    let (user, _) = home.first_person().await;
    let (_, one) = home.api_key(&user, Environment::Test).await;
    let (_, two) = home.api_key(&user, Environment::Live).await;
    for _ in 0..3 {
        assert_eq!(verify(&one).await.wait, None);
    }
    // By its own limit: it takes nothing of what the other has.
    let refused = verify(&one).await;
    assert!(matches!(refused.bucket, Bucket::Key(_)) && refused.wait == Some(20));
    let last = verify(&two).await;
    assert!(matches!(last.bucket, Bucket::Tenant(_)) && last.remaining == 0);
    let refused = verify(&two).await;
    assert!(matches!(refused.bucket, Bucket::Tenant(_)) && refused.wait == Some(15));
    home.clock.advance(15);
    // Two of its three are left: the organisation's refusal took none, and one came back.
    assert_eq!(verify(&two).await.wait, None);
    assert_eq!(verify(&two).await.limit, 4);
}

#[tokio::test]
async fn other_calls_use_up_the_organisations_and_not_the_keys() {
    let home = allowing(3, 100, 1000).await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    for left in (90..100).rev() {
        let other = limits::take(&key, None).await.unwrap();
        assert_eq!((other.limit, other.remaining), (100, left));
    }
    assert_eq!(verify(&key).await.remaining, 2);
}

#[tokio::test]
async fn an_address_is_counted_by_its_network_before_anybody_is_known() {
    let home = allowing(1000, 1000, 2).await;
    let at = |address: &str| limits::admit(&from(&home, address, Actor::Anonymous));
    assert_eq!(at("2001:db8:0:1::1").unwrap().remaining, 1);
    assert_eq!(at("2001:db8:0:1:ffff::2").unwrap().remaining, 0);
    assert_eq!(at("2001:db8:0:1::3").unwrap().wait, Some(30));
    assert_eq!(at("2001:db8:0:2::1").unwrap().remaining, 1, "another /64");
    assert_eq!(at("192.0.2.1").unwrap().remaining, 1);
    assert_eq!(at("::ffff:192.0.2.1").unwrap().remaining, 0, "the same address");
    assert_eq!(at("192.0.2.2").unwrap().remaining, 1);
    let nowhere = home.platform.ctx(Actor::Anonymous, Origin::default());
    assert_eq!(limits::admit(&nowhere), None, "nobody knows from where");
}

const GOOD: u8 = 0;
const FAILS: u8 = 1;

/// A store that always has one call left, or fails.
#[derive(Default)]
struct Double {
    does: AtomicU8,
    asked: AtomicU32,
    names: std::sync::Mutex<Vec<String>>,
}

impl Double {
    fn answer(&self) -> Result<(), SharedError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match self.does.load(Ordering::SeqCst) {
            GOOD => Ok(()),
            _ => Err(SharedError::TimedOut),
        }
    }
}

#[async_trait::async_trait]
impl SharedLimits for Double {
    async fn take(&self, asked: &[Asked]) -> Result<Taken, SharedError> {
        self.answer()?;
        let names = asked.iter().map(|bucket| bucket.name.clone());
        *self.names.lock().unwrap() = names.collect();
        Ok(Taken {
            now: 5,
            admitted: true,
            used: asked
                .iter()
                .map(|bucket| bucket.tolerance - bucket.price)
                .collect(),
        })
    }

    async fn reach(&self) -> Result<(), SharedError> {
        self.answer()
    }
}

async fn sharing() -> (Installation, Arc<Double>, Ctx) {
    let home = allowing(3, 1000, 1000).await;
    let store = Arc::new(Double::default());
    assert_eq!(home.platform.limits_counting(), Counting::Alone);
    home.platform.share_limits_with(store.clone()).await.unwrap();
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let key = from(&home, "192.0.2.77", key.actor().clone());
    (home, store, key)
}

#[tokio::test]
async fn a_call_is_one_question_to_the_store_and_no_address_is_in_it() {
    let (home, store, key) = sharing().await;
    assert_eq!(
        home.platform.limits_counting(),
        Counting::Fallback,
        "nobody looked yet"
    );
    assert_eq!(verify(&key).await.remaining, 2, "so it is counted here");
    assert_eq!(store.asked.load(Ordering::SeqCst), 0);

    limits::look_after(&home.platform.system()).await;
    assert_eq!(home.platform.limits_counting(), Counting::Shared);
    store.asked.store(0, Ordering::SeqCst);
    assert_eq!(verify(&key).await.remaining, 1, "as the store says");
    assert_eq!(store.asked.load(Ordering::SeqCst), 1);
    let names = store.names.lock().unwrap().clone();
    assert_eq!(names.len(), 3);
    for (name, kind) in names.iter().zip(["address_", "key_", "org_"]) {
        assert!(
            name.starts_with(&format!("loomwire:limit:{kind}")) && !name.contains("192.0.2"),
            "{name}"
        );
    }
    // A stranger is counted there by address alone.
    let stranger = from(&home, "192.0.2.77", Actor::Anonymous);
    let allowance = limits::take(&stranger, None).await.unwrap();
    assert!(matches!(allowance.bucket, Bucket::Address(_)));
    assert_eq!(*store.names.lock().unwrap(), names[..1]);
}

#[tokio::test]
async fn a_store_that_fails_is_not_asked_until_it_answers_three_times() {
    let (home, store, key) = sharing().await;
    let system = home.platform.system();
    limits::look_after(&system).await;
    store.does.store(FAILS, Ordering::SeqCst);
    store.asked.store(0, Ordering::SeqCst);
    for left in [2, 1, 0] {
        assert_eq!(
            verify(&key).await.remaining,
            left,
            "counted here, from a whole bucket"
        );
    }
    assert_eq!(verify(&key).await.wait, Some(20), "and refused here");
    assert_eq!(
        store.asked.load(Ordering::SeqCst),
        1,
        "only the first call asked it"
    );
    assert_eq!(home.platform.limits_counting(), Counting::Fallback);

    for does in [GOOD, GOOD, FAILS, GOOD, GOOD] {
        store.does.store(does, Ordering::SeqCst);
        limits::look_after(&system).await;
        assert_eq!(home.platform.limits_counting(), Counting::Fallback);
    }
    limits::look_after(&system).await;
    assert_eq!(home.platform.limits_counting(), Counting::Shared);
    assert_eq!(verify(&key).await.remaining, 1, "as the store says");
}
