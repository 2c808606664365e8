//! Two servers on one PostgreSQL, and what each may remember.

use std::{sync::Arc, time::Duration};

use db::{Db, Options};
use platform::{
    Ctx, Error, api_keys, identity,
    recall::Follower,
    sessions,
    verification::{self, Evidence, StartRequest},
};
use testkit::{Cluster, Fault, Installation, MockClock, SeededEntropy, adult_passport, settings};
use tokio::{task::JoinHandle, time::timeout};
use types::{Environment, VerificationStatus};
use vault::MasterKeys;

/// What is promised of a revocation.
const PROMISED: Duration = Duration::from_secs(1);

async fn two(cluster: &Cluster) -> (Installation, Installation) {
    let url = cluster.database().await.unwrap();
    let one = Installation::at(&url).await;
    let two = one.another_server(&url).await;
    (one, two)
}

async fn listening(server: &Installation) -> JoinHandle<()> {
    let follower = Follower::open(&server.platform.system()).await.unwrap();
    tokio::spawn(follower.run())
}

async fn key_holds(ctx: &Ctx, key: &str) -> bool {
    match api_keys::authenticate(ctx, key).await {
        Ok(_) => true,
        Err(Error::Unauthenticated(_)) => false,
        Err(other) => panic!("{other}"),
    }
}

/// The clock of both stands still, so that age ends nothing: only the notice can.
#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_is_heard_on_the_other_server_within_a_second() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let (one, two) = two(&cluster).await;
    let _ears = (listening(&one).await, listening(&two).await);
    let (user, mut passkey) = one.first_person().await;
    let (key, _) = one.api_key(&user, Environment::Test).await;
    let there = two.anonymous();
    assert!(key_holds(&there, &key).await);

    let id = api_keys::list(&user).await.unwrap()[0].id;
    api_keys::revoke(&user, id).await.unwrap();
    assert!(
        !key_holds(&one.anonymous(), &key).await,
        "at once on its own server"
    );
    let heard = async {
        while key_holds(&there, &key).await {
            tokio::task::yield_now().await;
        }
    };
    timeout(PROMISED, heard).await.expect("the key still holds");

    let ceremony = identity::sign_in_begin(&one.anonymous()).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    let session = identity::sign_in_finish(&one.anonymous(), &ceremony.ceremony, answer)
        .await
        .unwrap();
    assert!(
        sessions::authenticate(&there, &session.secret)
            .await
            .unwrap()
            .is_some()
    );
    let here = one.signed_in(&session.secret).await;
    identity::sign_out(&here).await.unwrap();
    let heard = async {
        while sessions::authenticate(&there, &session.secret)
            .await
            .unwrap()
            .is_some()
        {
            tokio::task::yield_now().await;
        }
    };
    timeout(PROMISED, heard).await.expect("the session still holds");
}

/// The clock of both stands still here too.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_ended_on_one_server_is_refused_on_the_other_within_a_second() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let (one, two) = two(&cluster).await;
    let _ears = (listening(&one).await, listening(&two).await);
    let (user, mut passkey) = one.first_person().await;
    let ceremony = identity::sign_in_begin(&one.anonymous()).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    let session = identity::sign_in_finish(&one.anonymous(), &ceremony.ceremony, answer)
        .await
        .unwrap();
    let there = two.anonymous();
    let holds = async || {
        let found = sessions::authenticate(&there, &session.secret).await;
        found.unwrap().is_some()
    };
    assert!(holds().await, "remembered: otherwise this proves nothing");
    assert_eq!(sessions::revoke_others(&user).await.unwrap(), 1);
    let heard = async {
        while holds().await {
            tokio::task::yield_now().await;
        }
    };
    timeout(PROMISED, heard).await.expect("the session still holds");
}

#[tokio::test]
async fn a_server_that_hears_nothing_forgets_within_a_second_by_itself() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let (one, deaf) = two(&cluster).await;
    let (user, _) = one.first_person().await;
    let (key, _) = one.api_key(&user, Environment::Test).await;
    let there = deaf.anonymous();
    assert!(key_holds(&there, &key).await);
    let id = api_keys::list(&user).await.unwrap()[0].id;
    api_keys::revoke(&user, id).await.unwrap();
    assert!(
        key_holds(&there, &key).await,
        "remembered: otherwise this proves nothing"
    );
    deaf.clock.advance(1);
    assert!(!key_holds(&there, &key).await);
}

/// Where a verification stands is not told between servers: it shows within a second.
#[tokio::test]
async fn a_decision_shows_at_once_on_its_own_server_and_within_a_second_on_another() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let (one, two) = two(&cluster).await;
    let (user, _) = one.first_person().await;
    let (_, here) = one.api_key(&user, Environment::Test).await;
    let there = two.anonymous().acting_as(here.actor().clone());
    let id = verification::start(&here, StartRequest::default())
        .await
        .unwrap()
        .id;
    let standing = async |ctx: &Ctx| verification::status(ctx, id).await.unwrap().status;
    assert_eq!(standing(&here).await, VerificationStatus::Started);
    assert_eq!(standing(&there).await, VerificationStatus::Started);

    let evidence = Evidence::new(adult_passport());
    verification::complete(&here, id, Some(evidence)).await.unwrap();
    assert_eq!(standing(&here).await, VerificationStatus::Approved);
    let remembered = standing(&there).await;
    assert_eq!(
        remembered,
        VerificationStatus::Started,
        "otherwise this proves nothing"
    );
    two.clock.advance(1);
    assert_eq!(standing(&there).await, VerificationStatus::Approved);
}

#[tokio::test]
async fn what_is_not_committed_is_not_forgotten_and_what_is_read_too_early_not_kept() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (key, _) = home.api_key(&user, Environment::Test).await;
    let ctx = home.anonymous();
    // Many at once, with a revocation in the middle: none is let in after it.
    let id = api_keys::list(&user).await.unwrap()[0].id;
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let (ctx, key) = (ctx.clone(), key.clone());
            tokio::spawn(async move { key_holds(&ctx, &key).await })
        })
        .collect();
    api_keys::revoke(&user, id).await.unwrap();
    assert!(!key_holds(&ctx, &key).await);
    for caller in callers {
        caller.await.unwrap();
    }
    assert!(!key_holds(&ctx, &key).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_that_start_at_once_on_an_empty_database_share_its_keys() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let url = cluster.database().await.unwrap();
    let keys = Arc::new(MasterKeys::generate(&SeededEntropy::new(1)));
    let start = async |seed| {
        let db = Db::connect(&url, &Options::default()).await.unwrap();
        db.migrate().await.unwrap();
        Installation::seeded(db, Arc::new(MockClock::new()), keys.clone(), settings(), seed).await
    };
    let (one, two, three) = tokio::join!(start(11), start(12), start(13));
    let servers = [one, two, three];
    let (user, _) = servers[0].first_person().await;
    let (key, _) = servers[0].api_key(&user, Environment::Live).await;
    for server in &servers {
        assert!(key_holds(&server.anonymous(), &key).await);
    }
}
