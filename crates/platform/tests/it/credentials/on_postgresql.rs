//! The same statements on PostgreSQL.

use platform::identity;
use testkit::{Authenticator, Cluster, Installation, people};
use types::StepUp;

use super::{EMAIL, ORIGIN, PASSWORD, Person, add, refused};

#[tokio::test]
async fn passwords_and_codes_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    let mut person = Person::on(home).await;
    let code = person.code();
    let (one, two) = tokio::join!(
        person.sign_in(EMAIL, PASSWORD, &code),
        person.sign_in(EMAIL, PASSWORD, &code)
    );
    assert!(one.is_ok() != two.is_ok(), "of two at once one gets in");
    let session = person.sign_in(EMAIL, PASSWORD, &person.codes[0]).await.unwrap();
    let ctx = people::signed_in(&person.home.platform, &session.secret).await;
    people::confirm(&ctx, &mut person.passkey, StepUp::Keys).await;
    refused(person.sign_in(EMAIL, PASSWORD, "000000").await);
    let ctx = &person.ctx;
    let second = add(ctx, &mut Authenticator::new(ORIGIN, 9), "Second").await;
    identity::passkey_rename(ctx, second, "Spare").await.unwrap();
    let first = identity::sign_in_methods(ctx).await.unwrap().passkeys[0].id;
    identity::recovery_codes_make(ctx).await.unwrap();
    identity::password_change(ctx, PASSWORD, "seven quiet otters juggle plums")
        .await
        .unwrap();
    identity::password_totp_remove(ctx).await.unwrap();
    let (one, two) = tokio::join!(
        identity::passkey_remove(ctx, first),
        identity::passkey_remove(ctx, second)
    );
    assert!(one.is_ok() != two.is_ok(), "one stays");
}
