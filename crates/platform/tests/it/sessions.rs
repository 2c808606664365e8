//! How long a session lasts, and how its owner ends it.

use db::execute;
use platform::{Actor, Ctx, Error, audit, identity, sessions};
use testkit::{Authenticator, Fault, Installation};
use types::{Role, SessionId, StaffRole, UserId, console::AuditFilter};

const GRACE: &str = "grace@example.com";

async fn sign_in(home: &Installation, passkey: &mut Authenticator) -> String {
    let ctx = home.anonymous();
    let ceremony = identity::sign_in_begin(&ctx).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    let session = identity::sign_in_finish(&ctx, &ceremony.ceremony, answer).await;
    session.unwrap().secret
}

async fn holds(home: &Installation, secret: &str) -> bool {
    let found = sessions::authenticate(&home.anonymous(), secret).await;
    found.unwrap().is_some()
}

/// What an organisation asks for, in minutes.
async fn shorten(home: &Installation, user: &Ctx, idle: Option<i64>, absolute: Option<i64>) {
    let id = user.tenant().unwrap().to_string();
    let mut tx = home.db.begin().await.unwrap();
    let change =
        "UPDATE organisations SET session_idle_minutes = $2, session_absolute_minutes = $3 WHERE id = $1";
    execute!(tx, sqlx::query(change).bind(&id).bind(idle).bind(absolute)).unwrap();
    tx.commit().await.unwrap();
}

fn user_of(ctx: &Ctx) -> (UserId, SessionId) {
    match ctx.actor() {
        Actor::User { id, session, .. } => (*id, *session),
        other => panic!("{other:?}"),
    }
}

/// A customer's session, begun now.
async fn customer() -> (Installation, Ctx, Authenticator, String) {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let (grace, mut passkey) = home.colleague(&ada, Role::Developer, GRACE, 81).await;
    let secret = sign_in(&home, &mut passkey).await;
    (home, grace, passkey, secret)
}

#[tokio::test]
async fn a_customer_s_session_ends_at_one_hour_without_a_request_to_the_second() {
    let (home, _, mut passkey, secret) = customer().await;
    home.clock.advance(3_599);
    assert!(holds(&home, &secret).await, "59:59");
    home.clock.advance(3_600);
    assert!(!holds(&home, &secret).await, "60:00 after the last request");
    let other = sign_in(&home, &mut passkey).await;
    home.clock.advance(3_600);
    assert!(!holds(&home, &other).await);
    assert!(!holds(&home, "made up").await);
}

#[tokio::test]
async fn a_customer_s_session_ends_after_a_day_however_busy() {
    let (home, _, _, secret) = customer().await;
    for _ in 0..47 {
        home.clock.advance(1_800);
        assert!(holds(&home, &secret).await);
    }
    home.clock.advance(1_799);
    assert!(holds(&home, &secret).await, "23:59:59");
    home.clock.advance(1);
    assert!(!holds(&home, &secret).await, "24:00:00");
}

#[tokio::test]
async fn staff_have_a_quarter_of_an_hour_and_half_a_day() {
    let home = Installation::in_memory().await;
    let (_, mut passkey) = home.first_person().await;
    let secret = sign_in(&home, &mut passkey).await;
    home.clock.advance(899);
    assert!(holds(&home, &secret).await, "14:59");
    home.clock.advance(900);
    assert!(!holds(&home, &secret).await, "15:00");

    let secret = sign_in(&home, &mut passkey).await;
    for _ in 0..71 {
        home.clock.advance(600);
        assert!(holds(&home, &secret).await);
    }
    home.clock.advance(599);
    assert!(holds(&home, &secret).await, "11:59:59");
    home.clock.advance(1);
    assert!(!holds(&home, &secret).await, "12:00:00");
}

#[tokio::test]
async fn who_becomes_staff_has_staff_s_limits_from_then_on() {
    let (home, grace, _, secret) = customer().await;
    home.clock.advance(1_000);
    let mut tx = home.db.begin().await.unwrap();
    let change = "UPDATE users SET staff_role = $2 WHERE id = $1";
    let id = user_of(&grace).0.to_string();
    execute!(
        tx,
        sqlx::query(change).bind(&id).bind(StaffRole::Support.as_str())
    )
    .unwrap();
    tx.commit().await.unwrap();
    assert!(!holds(&home, &secret).await);
}

#[tokio::test]
async fn an_organisation_shortens_the_limits_and_cannot_lengthen_them() {
    let (home, grace, mut passkey, secret) = customer().await;
    shorten(&home, &grace, Some(10), Some(30)).await;
    home.clock.advance(599);
    assert!(holds(&home, &secret).await, "9:59");
    home.clock.advance(600);
    assert!(!holds(&home, &secret).await, "10:00");

    let secret = sign_in(&home, &mut passkey).await;
    for _ in 0..3 {
        home.clock.advance(599);
        assert!(holds(&home, &secret).await);
    }
    home.clock.advance(3);
    assert!(!holds(&home, &secret).await, "30:00 in any case");

    shorten(&home, &grace, Some(600), Some(6_000)).await;
    let secret = sign_in(&home, &mut passkey).await;
    home.clock.advance(3_600);
    assert!(!holds(&home, &secret).await, "the installation's hour holds");
}

/// A session reaches every organisation of its user by switching.
#[tokio::test]
async fn the_strictest_of_all_organisations_of_the_person_wins() {
    let home = Installation::in_memory().await;
    let (ada, mut passkey) = home.first_person().await;
    let lax = platform::access::create_organisation(&ada, "Lax", "UTC")
        .await
        .unwrap();
    shorten(&home, &ada, Some(5), None).await;
    let secret = sign_in(&home, &mut passkey).await;
    let here = home.signed_in(&secret).await;
    platform::access::switch_organisation(&here, lax).await.unwrap();
    home.clock.advance(300);
    assert!(!holds(&home, &secret).await);
}

#[tokio::test]
async fn a_session_is_listed_with_its_device_address_and_last_activity() {
    let (home, _, _, secret) = customer().await;
    home.clock.advance(61);
    let ctx = home.signed_in(&secret).await;
    let page = sessions::page(&ctx).await.unwrap();
    assert_eq!(page.sessions.len(), 2, "that of the invitation, and this one");
    let here = &page.sessions[0];
    assert!(here.here && !page.sessions[1].here);
    assert_eq!(here.id, user_of(&ctx).1);
    assert_eq!(here.device, "Test browser");
    assert_eq!(here.address.as_deref(), Some("192.0.2.7"));
    assert_eq!(here.last_seen_at, ctx.now());
    assert_eq!(here.idle_at, ctx.now().plus_seconds(3_600));
    assert_eq!((page.limits.idle, page.limits.absolute), (3_600, 86_400));
    home.clock.advance(3_570);
    let page = sessions::page(&ctx).await.unwrap();
    assert_eq!(page.sessions.len(), 1, "one that is over is not listed");
}

#[tokio::test]
async fn a_revoked_session_is_refused_on_the_next_request() {
    let (home, _, mut passkey, secret) = customer().await;
    let other = sign_in(&home, &mut passkey).await;
    assert!(
        holds(&home, &other).await,
        "remembered: otherwise this proves nothing"
    );
    let ctx = home.signed_in(&secret).await;
    let there = user_of(&home.signed_in(&other).await).1;
    sessions::revoke(&ctx, there).await.unwrap();
    assert!(!holds(&home, &other).await && holds(&home, &secret).await);
    assert!(matches!(
        sessions::revoke(&ctx, there).await,
        Err(Error::NotFound(_))
    ));
}

#[tokio::test]
async fn all_other_sessions_end_at_once_and_the_present_one_stays() {
    let (home, _, mut passkey, secret) = customer().await;
    let other = sign_in(&home, &mut passkey).await;
    let ctx = home.signed_in(&secret).await;
    assert_eq!(sessions::revoke_others(&ctx).await.unwrap(), 2);
    assert!(!holds(&home, &other).await && holds(&home, &secret).await);
    assert_eq!(sessions::revoke_others(&ctx).await.unwrap(), 0);
}

#[tokio::test]
async fn another_person_s_session_is_not_found() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let (_, mut passkey) = home.colleague(&ada, Role::Developer, GRACE, 81).await;
    let secret = sign_in(&home, &mut passkey).await;
    let theirs = user_of(&home.signed_in(&secret).await).1;
    // Also for an owner of the organisation, who is staff besides.
    assert!(matches!(
        sessions::revoke(&ada, theirs).await,
        Err(Error::NotFound(_))
    ));
    assert!(holds(&home, &secret).await);
}

#[tokio::test]
async fn ending_sessions_is_in_the_audit_log_and_in_one_s_own_activity() {
    let (home, _, mut passkey, secret) = customer().await;
    sign_in(&home, &mut passkey).await;
    let ctx = home.signed_in(&secret).await;
    sessions::revoke_others(&ctx).await.unwrap();
    let own = audit::own(&ctx, None).await.unwrap();
    let said: Vec<&str> = own.rows.iter().map(|row| row.sentence.as_str()).collect();
    assert_eq!(said[0], "You ended all other sessions (2).");
    assert!(said.contains(&"You signed in with a passkey."), "{said:?}");
    assert_eq!(own.rows[0].device.as_deref(), Some("Test browser"));
    assert_eq!(own.rows[0].address.as_deref(), Some("192.0.2.7"));
    let filter = AuditFilter {
        action: Some("session.others_revoked".into()),
        ..AuditFilter::default()
    };
    assert!(matches!(
        audit::list(&ctx, &filter).await,
        Err(Error::Forbidden(_))
    ));
}

#[tokio::test]
async fn setting_the_installation_up_is_the_first_of_one_s_own_activity() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let own = audit::own(&ada, None).await.unwrap();
    assert_eq!(
        own.rows.last().unwrap().sentence,
        "You set up this installation and the organisation Analytical Engines."
    );
}

#[tokio::test]
async fn one_s_own_activity_is_paged_and_holds_nobody_else_s() {
    let (home, grace, mut passkey, secret) = customer().await;
    for _ in 0..55 {
        sign_in(&home, &mut passkey).await;
    }
    home.clock.advance(1);
    let ctx = home.signed_in(&secret).await;
    let first = audit::own(&ctx, None).await.unwrap();
    assert_eq!(first.rows.len(), 50);
    let second = audit::own(&ctx, first.next.as_deref()).await.unwrap();
    assert!(!second.rows.is_empty() && second.next.is_none());
    let all = first.rows.iter().chain(&second.rows);
    assert!(all.clone().all(|row| !row.sentence.contains("Ada")));
    let ids: std::collections::BTreeSet<_> = all.map(|row| row.id.clone()).collect();
    assert_eq!(ids.len(), first.rows.len() + second.rows.len());
    assert!(matches!(
        audit::own(&ctx, Some("nonsense")).await,
        Err(Error::Invalid { .. })
    ));
    drop(grace);
}

#[tokio::test]
async fn asking_how_long_is_left_is_no_sign_of_life() {
    let (home, _, _, secret) = customer().await;
    let ctx = home.anonymous();
    for minutes in 1..60_i64 {
        home.clock.advance(60);
        let left = sessions::remaining(&ctx, &secret).await.unwrap();
        assert_eq!(left, Some((60 - minutes) * 60_000));
    }
    home.clock.advance(60);
    assert_eq!(sessions::remaining(&ctx, &secret).await.unwrap(), None);
    assert!(!holds(&home, &secret).await);
}
