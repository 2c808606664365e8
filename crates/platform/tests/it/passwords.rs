//! How a password is changed, and that it lasts.

use platform::{
    Error,
    identity::{self, PasswordCost, totp::code_at},
};
use testkit::{Cluster, Installation, people, settings};

const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "correct walrus bagpipe lantern";
const NEXT: &str = "seven quiet otters juggle plums";

/// A customer with a password and an app: their context, and the app's secret.
async fn person(home: &Installation) -> (platform::Ctx, String) {
    let (ctx, _, _) = home.customer().await;
    let secret = identity::begin_totp(&ctx);
    let code = code_at(&secret, ctx.now()).unwrap();
    identity::password_totp_set(&ctx, PASSWORD, &secret, &code)
        .await
        .unwrap();
    home.clock.advance(30);
    (ctx, secret)
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_the_one_before() {
    let home = Installation::in_memory().await;
    let (ctx, secret) = person(&home).await;
    let refused = identity::password_change(&ctx, NEXT, NEXT).await;
    let Err(Error::Invalid { fields }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(fields[0].0, "current_password");
    let code = code_at(&secret, ctx.now()).unwrap();
    identity::sign_in_with_password(&home.anonymous(), EMAIL, PASSWORD, &code)
        .await
        .unwrap();
    identity::password_change(&ctx, PASSWORD, NEXT).await.unwrap();
    home.clock.advance(30);
    let code = code_at(&secret, ctx.now()).unwrap();
    let old = identity::sign_in_with_password(&home.anonymous(), EMAIL, PASSWORD, &code).await;
    assert!(matches!(old, Err(Error::Unauthenticated(_))));
    identity::sign_in_with_password(&home.anonymous(), EMAIL, NEXT, &code)
        .await
        .unwrap();
}

#[tokio::test]
async fn guessing_the_present_password_is_slowed_down() {
    let home = Installation::in_memory().await;
    let (ctx, _) = person(&home).await;
    for _ in 0..5 {
        let wrong = identity::password_change(&ctx, "wrong walrus bagpipe lantern", NEXT).await;
        assert!(matches!(wrong, Err(Error::Invalid { .. })), "{wrong:?}");
    }
    let sixth = identity::password_change(&ctx, PASSWORD, NEXT).await;
    assert!(matches!(sixth, Err(Error::Throttled { .. })), "{sixth:?}");
}

#[tokio::test]
async fn a_password_works_after_ten_years() {
    let home = Installation::in_memory().await;
    let (ctx, secret) = person(&home).await;
    home.clock.advance(10 * 365 * 86_400);
    let code = code_at(&secret, ctx.now()).unwrap();
    let session = identity::sign_in_with_password(&home.anonymous(), EMAIL, PASSWORD, &code)
        .await
        .unwrap();
    people::signed_in(&home.platform, &session.secret).await;
}

/// The sealed hash of the only password, and when that was set.
async fn kept(home: &Installation) -> (Vec<u8>, i64) {
    let mut read = home.db.read().await.unwrap();
    db::on!(&mut *read, |c| sqlx::query_as(
        "SELECT sealed, changed_at FROM passwords"
    )
    .fetch_one(c)
    .await)
    .unwrap()
}

/// A server of this installation on which a hash costs more, or less.
async fn costing(home: &Installation, memory: u32, passes: u32) -> Installation {
    let mut settings = settings();
    settings.password_cost = PasswordCost { memory, passes };
    let (db, clock, keys) = (home.db.clone(), home.clock.clone(), home.keys.clone());
    Installation::seeded(db, clock, keys, settings, u64::from(memory * 10 + passes)).await
}

async fn a_hash_is_renewed(home: Installation) {
    let (ctx, secret) = person(&home).await;
    let sign_in = async |at: &Installation, password: &str| {
        at.clock.advance(30);
        let code = code_at(&secret, ctx.now()).unwrap();
        identity::sign_in_with_password(&at.anonymous(), EMAIL, password, &code).await
    };
    let first = kept(&home).await;
    sign_in(&home, PASSWORD).await.unwrap();
    assert_eq!(kept(&home).await, first, "the cost is the same");
    let mut before = first.clone();
    for (memory, passes) in [(128, 1), (128, 2), (64, 1)] {
        let dearer = costing(&home, memory, passes).await;
        assert!(sign_in(&dearer, "wrong walrus bagpipe lantern").await.is_err());
        assert_eq!(kept(&home).await, before, "only its owner knows the password");
        sign_in(&dearer, PASSWORD).await.unwrap();
        let after = kept(&home).await;
        assert_ne!(after.0, before.0, "{memory} KiB, {passes} passes");
        assert_eq!(after.1, first.1, "it is the same password");
        sign_in(&dearer, PASSWORD).await.unwrap();
        assert_eq!(kept(&home).await, after, "once");
        before = after;
    }
    sign_in(&home, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_hash_of_another_cost_is_made_anew_at_the_next_sign_in() {
    a_hash_is_renewed(Installation::in_memory().await).await;
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    a_hash_is_renewed(Installation::at(&cluster.database().await.unwrap()).await).await;
}
