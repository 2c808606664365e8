//! How a password is changed, and that it lasts.

use platform::{
    Error,
    identity::{self, totp::code_at},
};
use testkit::{Installation, people};

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
