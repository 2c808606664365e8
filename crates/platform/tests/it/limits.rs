//! Calls a minute.

use std::{num::NonZeroU32, sync::Arc};

use db::{Db, Options};
use platform::{Settings, limits};
use testkit::{Installation, MockClock, SeededEntropy, settings};
use types::Environment;
use vault::MasterKeys;

async fn three_a_minute() -> Installation {
    let db = Db::connect("sqlite::memory:", &Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    let keys = Arc::new(MasterKeys::generate(&SeededEntropy::new(1)));
    let settings = Settings {
        calls_per_minute: NonZeroU32::new(3).unwrap(),
        ..settings()
    };
    Installation::seeded(db, Arc::new(MockClock::new()), keys, settings, 2).await
}

#[tokio::test]
async fn a_key_has_its_calls_and_gets_them_back() {
    let home = three_a_minute().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let left: Vec<_> = (0..3).map(|_| limits::take(&key).unwrap()).collect();
    assert_eq!(left.iter().map(|a| a.remaining).collect::<Vec<_>>(), [2, 1, 0]);
    assert!(left.iter().all(|a| a.limit == 3 && a.wait.is_none()));
    assert_eq!(left[2].reset, key.now().plus_seconds(60));

    let refused = limits::take(&key).unwrap();
    assert_eq!((refused.remaining, refused.wait), (0, Some(20)));
    home.clock.advance(19);
    assert_eq!(limits::take(&key).unwrap().wait, Some(1));
    home.clock.advance(1);
    assert_eq!(limits::take(&key).unwrap().wait, None);
    home.clock.advance(60);
    assert_eq!(limits::take(&key).unwrap().remaining, 2);
}

#[tokio::test]
async fn keys_do_not_share_their_calls_and_people_have_no_such_limit() {
    let home = three_a_minute().await;
    let (user, _) = home.first_person().await;
    let (_, one) = home.api_key(&user, Environment::Test).await;
    let (_, two) = home.api_key(&user, Environment::Test).await;
    for _ in 0..4 {
        limits::take(&one);
    }
    assert_eq!(limits::take(&two).unwrap().remaining, 2);
    assert_eq!(limits::take(&user), None);
}
