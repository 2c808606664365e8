//! What passkeys are refused for, and which of them must stay.

use platform::{Error, identity};
use testkit::{Authenticator, Fault, Installation};

use super::{EMAIL, ORIGIN, PASSWORD, Person, add, mails, refused};

#[tokio::test]
async fn adding_refuses_a_wrong_authenticator_and_another_s_ceremony() {
    for fault in [Fault::OtherOrigin, Fault::NoUserVerification] {
        let home = Installation::in_memory().await;
        let (ctx, ..) = home.customer().await;
        let ceremony = identity::passkey_add_begin(&ctx).await.unwrap();
        let answer = Authenticator::new(ORIGIN, 9).register(&ceremony.options, fault);
        let added = identity::passkey_add_finish(&ctx, &ceremony.ceremony, answer, "x").await;
        assert!(matches!(added, Err(Error::Unauthenticated(_))), "{fault:?}");
        let answer = Authenticator::new(ORIGIN, 9).register(&ceremony.options, Fault::None);
        let again = identity::passkey_add_finish(&ctx, &ceremony.ceremony, answer, "x").await;
        assert!(matches!(again, Err(Error::Unauthenticated(_))), "used up");
        // An answer to the challenge before.
        let old = Authenticator::new(ORIGIN, 9).register(&ceremony.options, Fault::None);
        let fresh = identity::passkey_add_begin(&ctx).await.unwrap();
        let replayed = identity::passkey_add_finish(&ctx, &fresh.ceremony, old, "x").await;
        assert!(matches!(replayed, Err(Error::Unauthenticated(_))), "replayed");
        assert_eq!(identity::sign_in_methods(&ctx).await.unwrap().passkeys.len(), 1);
    }
}

#[tokio::test]
async fn the_last_way_in_cannot_be_removed() {
    let home = Installation::in_memory().await;
    let (ctx, ..) = home.customer().await;
    let only = identity::sign_in_methods(&ctx).await.unwrap().passkeys[0].clone();
    assert!(only.stays.is_some());
    let removed = identity::passkey_remove(&ctx, only.id).await;
    assert!(matches!(removed, Err(Error::Conflict(text)) if text.contains("only way")));

    let person = Person::new().await;
    let only = identity::sign_in_methods(&person.ctx).await.unwrap().passkeys[0].clone();
    identity::passkey_remove(&person.ctx, only.id).await.unwrap();
    let removed = identity::password_totp_remove(&person.ctx).await;
    assert!(matches!(removed, Err(Error::Conflict(_))));
    let code = person.code();
    person.sign_in(EMAIL, PASSWORD, &code).await.unwrap();
}

#[tokio::test]
async fn two_passkeys_removed_at_once_leave_one() {
    let home = Installation::in_memory().await;
    let (ctx, ..) = home.customer().await;
    home.clock.advance(1);
    let second = add(&ctx, &mut Authenticator::new(ORIGIN, 9), "Second").await;
    let first = identity::sign_in_methods(&ctx).await.unwrap().passkeys[0].id;
    let (one, two) = tokio::join!(
        identity::passkey_remove(&ctx, first),
        identity::passkey_remove(&ctx, second)
    );
    assert!(one.is_ok() != two.is_ok());
}

#[tokio::test]
async fn another_person_s_passkey_is_not_there() {
    let home = Installation::in_memory().await;
    let (ada, ..) = home.first_person().await;
    let (grace, ..) = home
        .colleague(&ada, types::Role::Owner, "grace@example.com", 81)
        .await;
    // Neither has to stay, so that only whose it is stands against it.
    add(&grace, &mut Authenticator::new(ORIGIN, 9), "Of Grace").await;
    add(&ada, &mut Authenticator::new(ORIGIN, 10), "Of Ada").await;
    let before = identity::sign_in_methods(&grace).await.unwrap().passkeys;
    for theirs in before.iter().map(|one| one.id) {
        let renamed = identity::passkey_rename(&ada, theirs, "Mine").await;
        assert!(matches!(renamed, Err(Error::NotFound(_))), "{renamed:?}");
        let removed = identity::passkey_remove(&ada, theirs).await;
        assert!(matches!(removed, Err(Error::NotFound(_))), "{removed:?}");
    }
    let after = identity::sign_in_methods(&grace).await.unwrap().passkeys;
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_counter_that_falls_is_refused_and_told() {
    let home = Installation::in_memory().await;
    let (_, mut passkey, _) = home.customer().await;
    let ctx = home.anonymous();
    let ceremony = identity::sign_in_begin(&ctx).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::FallingCounter);
    refused(identity::sign_in_finish(&ctx, &ceremony.ceremony, answer).await);
    assert_eq!(mails(&home, "passkey.copied").await, 1);
}
