//! API keys.

use platform::{Error, api_keys};
use testkit::Installation;
use types::Environment;

#[tokio::test]
async fn a_key_is_shown_once_recognised_and_revoked() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let new = api_keys::create(&user, "  Staging ", Environment::Test)
        .await
        .unwrap();
    assert_eq!(new.row.name, "Staging");
    assert!(new.key.starts_with(&new.row.prefix) && new.key.ends_with(&new.row.last_four));
    let ctx = home.anonymous();
    api_keys::authenticate(&ctx, &new.key).await.unwrap();
    let listed = api_keys::list(&user).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].last_used_at.is_some());
    assert_eq!(listed[0].created_by, "Ada Lovelace");
    api_keys::revoke(&user, new.row.id).await.unwrap();
    api_keys::revoke(&user, new.row.id).await.unwrap();
    assert!(matches!(
        api_keys::authenticate(&ctx, &new.key).await,
        Err(Error::Unauthenticated(_))
    ));
}

#[tokio::test]
async fn another_tenant_s_key_is_not_found() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let new = api_keys::create(&user, "Mine", Environment::Live).await.unwrap();
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let mut actor = user.actor().clone();
    if let platform::Actor::User { organisation, .. } = &mut actor {
        *organisation = other;
    }
    let stranger = user.acting_as(actor);
    assert!(matches!(
        api_keys::revoke(&stranger, new.row.id).await,
        Err(Error::NotFound(_))
    ));
    assert!(api_keys::list(&stranger).await.unwrap().is_empty());
    api_keys::authenticate(&home.anonymous(), &new.key).await.unwrap();
}

#[tokio::test]
async fn a_name_has_limits() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    for name in ["", "   ", "a\nb", &"x".repeat(101)] {
        let refused = api_keys::create(&user, name, Environment::Test).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{name:?}");
    }
}
