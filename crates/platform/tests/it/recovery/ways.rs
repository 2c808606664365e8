//! The second way, and what is tried in its place.

use platform::{
    Error, accounts,
    identity::{self, SetupForm},
    recovery::{self, SecondWay},
    signals,
};
use testkit::people;
use types::{
    accounts::RecoveryStep,
    security::{SignalKind, SignalState},
};

use super::{DAY, GRACE, PASSWORD, count, scene, signs_in, with_password};

#[tokio::test]
async fn the_link_in_the_mail_alone_opens_nothing() {
    let scene = scene().await;
    let home = &scene.home;
    let ctx = home.anonymous();
    accounts::ask_recovery(&ctx, GRACE).await.unwrap();
    let link = home.link_to(GRACE, "/recover/").await;
    assert_eq!(
        recovery::view(&ctx, &link).await.unwrap().step,
        RecoveryStep::SecondWay
    );
    for way in SecondWay::ALL {
        let refused = recovery::prove(&ctx, &link, way, "wrong").await;
        assert!(
            matches!(refused, Err(Error::Invalid { .. })),
            "{way:?}: {refused:?}"
        );
    }
    home.clock.advance(2 * DAY);
    let refused = identity::setup_begin(&ctx, &link, SetupForm::default()).await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn a_password_and_an_app_can_take_the_place_of_what_was_lost() {
    let mut scene = scene().await;
    let (_, codes) = with_password(&scene).await;
    assert_eq!(codes.len(), 10);
    assert!(
        !signs_in(&scene.home, &mut scene.passkey).await,
        "the passkey is gone"
    );
}

#[tokio::test]
async fn an_account_that_was_opened_by_recovery_is_a_signal_to_staff() {
    let scene = scene().await;
    let kinds = async || {
        let open = signals::page(&scene.ada, SignalState::Open, None).await;
        let mut rows = open.unwrap().rows;
        rows.retain(|row| row.kind == SignalKind::RecoveryUsed);
        rows
    };
    accounts::ask_recovery(&scene.home.anonymous(), GRACE)
        .await
        .unwrap();
    assert!(kinds().await.is_empty(), "asking for one opens nothing");
    with_password(&scene).await;
    let rows = kinds().await;
    assert_eq!(rows.len(), 1, "once: {rows:?}");
    assert_eq!(rows[0].email.as_deref(), Some(GRACE));
    assert_eq!(
        rows[0].text.as_deref(),
        Some(
            "The account was opened by recovery, from Test browser at 192.0.2.7. Its ways to sign in \
             were replaced."
        )
    );
}

#[tokio::test]
async fn each_way_that_is_left_begins_the_waiting_time_once() {
    for way in SecondWay::ALL {
        let scene = scene().await;
        let home = &scene.home;
        let (secret, codes) = with_password(&scene).await;
        let ctx = home.anonymous();
        accounts::ask_recovery(&ctx, GRACE).await.unwrap();
        let link = home.link_to(GRACE, "/recover/").await;
        let shown = match way {
            SecondWay::RecoveryCode => codes[0].clone(),
            SecondWay::Password => PASSWORD.to_owned(),
            SecondWay::Totp => identity::totp::code_at(&secret, ctx.now()).unwrap(),
        };
        recovery::prove(&ctx, &link, way, &shown).await.unwrap();
        let view = recovery::view(&ctx, &link).await.unwrap();
        assert!(matches!(view.step, RecoveryStep::Waiting(_)), "{view:?}");
        assert_eq!(
            home.mail_to(GRACE).await.subject,
            "Your account will be recovered"
        );
        let again = recovery::prove(&ctx, &link, way, &shown).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{way:?}");
        home.clock.advance(DAY - 1);
        let early = identity::setup_begin(&ctx, &link, SetupForm::default()).await;
        assert!(matches!(early, Err(Error::Conflict(_))));
        home.clock.advance(1);
        people::enrol_with(&home.platform, &link, SetupForm::default(), 96).await;
        assert_eq!(count(home, "SELECT COUNT(*) FROM passwords").await, 0);
        assert_eq!(count(home, "SELECT COUNT(*) FROM totps").await, 0);
        assert_eq!(count(home, "SELECT COUNT(*) FROM recovery_codes").await, 0);
    }
}

#[tokio::test]
async fn a_recovery_code_that_was_used_recovers_nothing_again() {
    let scene = scene().await;
    let home = &scene.home;
    let (_, codes) = with_password(&scene).await;
    let ctx = home.anonymous();
    accounts::ask_recovery(&ctx, GRACE).await.unwrap();
    let link = home.link_to(GRACE, "/recover/").await;
    recovery::prove(&ctx, &link, SecondWay::RecoveryCode, &codes[3])
        .await
        .unwrap();
    let cancel = home.link_to(GRACE, "/recover/cancel/").await;
    recovery::cancel_by_link(&ctx, &cancel).await.unwrap();
    home.clock.advance(3600);
    accounts::ask_recovery(&ctx, GRACE).await.unwrap();
    let link = home.link_to(GRACE, "/recover/").await;
    let reused = recovery::prove(&ctx, &link, SecondWay::RecoveryCode, &codes[3]).await;
    assert!(matches!(reused, Err(Error::Invalid { .. })));
}

#[tokio::test]
async fn guessing_the_second_way_is_slowed_down() {
    let scene = scene().await;
    let home = &scene.home;
    let ctx = home.anonymous();
    accounts::ask_recovery(&ctx, GRACE).await.unwrap();
    let link = home.link_to(GRACE, "/recover/").await;
    let mut throttled = false;
    for _ in 0..20 {
        let refused = recovery::prove(&ctx, &link, SecondWay::Totp, "000000").await;
        throttled |= matches!(refused, Err(Error::Throttled { .. }));
    }
    assert!(throttled);
}

#[tokio::test]
async fn asking_for_recoveries_is_slowed_down_alike_for_unknown_addresses() {
    let mut results = Vec::new();
    for address in [GRACE, "nobody@example.com"] {
        let scene = scene().await;
        let ctx = scene.home.anonymous();
        let mut answers = Vec::new();
        for _ in 0..12 {
            answers.push(
                accounts::ask_recovery(&ctx, address)
                    .await
                    .map_err(|e| e.to_string()),
            );
        }
        assert!(answers[0].is_ok() && answers[11].is_err(), "{answers:?}");
        results.push(answers);
    }
    assert_eq!(results[0], results[1]);
}
