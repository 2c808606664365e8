//! The audit log.

use platform::{Actor, Error, audit};
use testkit::Installation;
use types::{
    Environment, Permission, Role,
    console::{AuditFilter, AuditResult},
};

#[tokio::test]
async fn personal_fields_are_sealed_shown_and_erasable() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let log = audit::list(&user, &AuditFilter::default()).await.unwrap();
    let details = &log.rows[0].details;
    assert!(
        details.contains(&("address".into(), "192.0.2.7".into())),
        "{details:?}"
    );
    assert!(details.contains(&("userAgent".into(), "Test browser".into())));
}

#[tokio::test]
async fn a_refusal_is_in_the_log() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let mut actor = user.actor().clone();
    if let Actor::User { role, staff_role, .. } = &mut actor {
        (*role, *staff_role) = (Role::Support, None);
    }
    let support = user.acting_as(actor);
    let refused =
        platform::api_keys::create(&support, Environment::Test, &types::keys::KeyTerms::usual("x")).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::KeysManage))));
    assert!(matches!(
        audit::list(&support, &AuditFilter::default()).await,
        Err(Error::Forbidden(_))
    ));
    let log = audit::list(&user, &AuditFilter::default()).await.unwrap();
    let refusals: Vec<_> = log
        .rows
        .iter()
        .filter(|row| row.result == AuditResult::Denied)
        .collect();
    assert_eq!(refusals.len(), 2);
    assert!(refusals.iter().any(|row| row.sentence.contains("keys:manage")));
}

#[tokio::test]
async fn filters_narrow_and_pages_follow() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    for index in 0..60 {
        home.clock.advance(1);
        platform::api_keys::create(
            &user,
            Environment::Test,
            &types::keys::KeyTerms::usual(format!("Key {index}")),
        )
        .await
        .unwrap();
    }
    let first = audit::list(&user, &AuditFilter::default()).await.unwrap();
    assert_eq!(first.rows.len(), 50);
    let rest = AuditFilter {
        after: first.next,
        ..AuditFilter::default()
    };
    let rest = audit::list(&user, &rest).await.unwrap();
    assert_eq!((rest.rows.len(), rest.next), (11, None));
    let count = async |filter: AuditFilter| audit::list(&user, &filter).await.unwrap().rows.len();
    let action = |text: &str| AuditFilter {
        action: Some(text.into()),
        ..AuditFilter::default()
    };
    assert_eq!(count(action("setup")).await, 1);
    assert_eq!(count(action("api_key.created")).await, 50);
    assert_eq!(count(action("api_key.revoked")).await, 0);
    assert_eq!(
        count(AuditFilter {
            from: Some("2026-11-24".into()),
            ..AuditFilter::default()
        })
        .await,
        0
    );
    assert_eq!(
        count(AuditFilter {
            to: Some("2026-11-22".into()),
            ..AuditFilter::default()
        })
        .await,
        0
    );
    let today = Some("2026-11-23".to_owned());
    let on_day = AuditFilter {
        from: today.clone(),
        to: today,
        ..action("setup")
    };
    assert_eq!(count(on_day).await, 1);
    let target = first.rows[0].target_id.clone();
    assert_eq!(
        count(AuditFilter {
            target,
            ..AuditFilter::default()
        })
        .await,
        1
    );
    let actor = first.rows[0].actor_id.clone();
    assert_eq!(
        count(AuditFilter {
            actor,
            ..action("setup")
        })
        .await,
        1
    );
    assert_eq!(
        count(AuditFilter {
            actor: Some("system".into()),
            ..AuditFilter::default()
        })
        .await,
        0
    );
    let bad = AuditFilter {
        from: Some("yesterday".into()),
        ..AuditFilter::default()
    };
    assert!(matches!(
        audit::list(&user, &bad).await,
        Err(Error::Invalid { .. })
    ));
}

#[tokio::test]
async fn another_tenant_s_log_is_not_seen() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let mut actor = user.actor().clone();
    if let Actor::User { organisation, .. } = &mut actor {
        *organisation = other;
    }
    let log = audit::list(&user.acting_as(actor), &AuditFilter::default())
        .await
        .unwrap();
    let codes: Vec<_> = log.rows.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(codes, ["organisation.created"]);
}
