//! Where more is asked for: of staff, by an organisation, for a dangerous action.

use platform::{Error, identity, identity::totp::code_at, sessions};
use testkit::{Authenticator, Installation, people};
use types::StepUp;

use super::{EMAIL, GOOGLE, ORIGIN, PASSWORD, Person, add};

#[tokio::test]
async fn an_organisation_that_asks_for_a_passkey_admits_no_password() {
    let mut person = Person::new().await;
    let ask = async |word: &'static str| {
        let mut tx = person.home.db.begin().await.unwrap();
        let text = "UPDATE organisations SET mfa_requirement = $1";
        db::execute!(tx, sqlx::query(text).bind(word)).unwrap();
        tx.commit().await.unwrap();
    };
    ask("passkey").await;
    let told = person.sign_in(EMAIL, PASSWORD, &person.code()).await;
    assert!(matches!(told, Err(Error::Conflict(text)) if text.contains("passkey")));
    ask("device_bound_passkey").await;
    people::sign_in(&person.home.platform, &mut person.passkey).await;
}

#[tokio::test]
async fn a_code_of_the_app_confirms_once_and_a_recovery_code_never() {
    let person = Person::new().await;
    let session = person.sign_in(EMAIL, PASSWORD, &person.codes[0]).await.unwrap();
    let ctx = people::signed_in(&person.home.platform, &session.secret).await;
    let recovery = identity::step_up_with_code(&ctx, StepUp::Keys, &person.codes[1]).await;
    assert!(matches!(recovery, Err(Error::Invalid { .. })));
    let code = person.code();
    let confirmed = identity::step_up_with_code(&ctx, StepUp::Keys, &code)
        .await
        .unwrap();
    assert!(confirmed.ctx.is_fresh(StepUp::Keys));
    assert!(!confirmed.ctx.is_fresh(StepUp::Export));
    let nobody = person.home.anonymous();
    assert_eq!(
        sessions::authenticate(&nobody, &session.secret).await.unwrap(),
        None,
        "rotated"
    );
    let again = identity::step_up_with_code(&confirmed.ctx, StepUp::Export, &code).await;
    assert!(matches!(again, Err(Error::Invalid { .. })), "used");
    assert_eq!(person.last_action().await, "session.confirmation_refused");
}

#[tokio::test]
async fn staff_set_no_password() {
    let home = Installation::in_memory().await;
    let (ctx, _) = home.first_person().await;
    let secret = identity::begin_totp(&ctx);
    let code = code_at(&secret, ctx.now()).unwrap();
    let set = identity::password_totp_set(&ctx, PASSWORD, &secret, &code).await;
    assert!(matches!(set, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn staff_keep_a_passkey_and_members_the_kind_that_is_asked_for() {
    let home = Installation::in_memory().await;
    let (staff, _) = home.first_person().await;
    let only = identity::sign_in_methods(&staff).await.unwrap().passkeys[0].id;
    let removed = identity::passkey_remove(&staff, only).await;
    assert!(matches!(removed, Err(Error::Conflict(text)) if text.contains("Staff")));

    let person = Person::new().await;
    person.home.clock.advance(1);
    let synced = add(
        &person.ctx,
        &mut Authenticator::new(ORIGIN, 9).synced(GOOGLE),
        "Phone",
    )
    .await;
    let mut tx = person.home.db.begin().await.unwrap();
    let query = "UPDATE organisations SET mfa_requirement = 'device_bound_passkey'";
    db::execute!(tx, sqlx::query(query)).unwrap();
    tx.commit().await.unwrap();
    let bound = identity::sign_in_methods(&person.ctx).await.unwrap().passkeys[0].id;
    let removed = identity::passkey_remove(&person.ctx, bound).await;
    assert!(matches!(removed, Err(Error::Conflict(text)) if text.contains("organisation")));
    identity::passkey_remove(&person.ctx, synced).await.unwrap();
}
