//! What people report, and what staff do with signals.

use platform::{Actor, Error, Origin, signals};
use testkit::Installation;
use types::{
    ReportId, Role,
    security::{SignalKind, SignalState},
};

use super::{ADA, open};

#[tokio::test]
async fn a_report_is_sealed_and_told_to_staff_by_its_reference_only() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let (grace, _) = home.colleague(&ada, Role::Support, "grace@example.com", 81).await;
    let words = "Somebody called and asked for my code";
    let id = signals::report(&grace, "/keys", words).await.unwrap();
    let mail = home.mail_to(ADA).await;
    assert_eq!(mail.subject, "Somebody reported suspicious activity");
    let text = format!("{:?}", mail.paragraphs);
    assert!(text.contains(&id.to_string()) && !text.contains("code"), "{text}");
    let row = open(&ada).await.remove(0);
    assert_eq!((row.id, row.kind), (id, SignalKind::Report));
    assert_eq!(
        row.text.as_deref(),
        Some("About /keys: Somebody called and asked for my code")
    );
    assert_eq!(row.email.as_deref(), Some("grace@example.com"));

    let mut read = home.db.read().await.unwrap();
    let sealed: Vec<u8> = db::on!(&mut *read, |c| sqlx::query_scalar("SELECT sealed FROM signals")
        .fetch_one(c)
        .await)
    .unwrap();
    assert!(!sealed.windows(6).any(|part| part == b"called"));
}

#[tokio::test]
async fn a_report_of_somebody_without_an_account_is_a_signal_and_one_mail_an_hour() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let mails = async || {
        let told = home.mails().await.into_iter();
        told.filter(|mail| mail.subject == "Somebody reported suspicious activity")
            .count()
    };
    let words = "Somebody at the door asked for my link";
    let id = signals::report(&home.anonymous(), "/v/…", words).await.unwrap();
    let row = open(&ada).await.remove(0);
    assert_eq!((row.id, row.kind), (id, SignalKind::Report));
    assert_eq!((row.user_id, row.email), (None, None));
    assert_eq!(row.text.unwrap(), format!("About /v/…: {words}"));
    let mail = home.mail_to(ADA).await;
    let text = format!("{:?}", mail.paragraphs);
    assert!(text.contains("not signed in") && !text.contains("door"), "{text}");
    signals::report(&home.anonymous(), "", "More").await.unwrap();
    assert_eq!((open(&ada).await.len(), mails().await), (2, 1));
    home.clock.advance(3_600);
    signals::report(&home.anonymous(), "", "Later").await.unwrap();
    assert_eq!((open(&ada).await.len(), mails().await), (3, 2));
    let filter = types::console::AuditFilter {
        action: Some("signal.reported".into()),
        ..types::console::AuditFilter::default()
    };
    // Nobody's organisation: it stands in the installation's own log.
    assert!(
        platform::audit::list(&ada, &filter)
            .await
            .unwrap()
            .rows
            .is_empty()
    );
}

#[tokio::test]
async fn reports_of_one_network_are_slowed_down_and_those_of_others_are_not() {
    let home = Installation::in_memory().await;
    home.first_person().await;
    let from = |address: &str| {
        let origin = Origin {
            address: address.parse().ok(),
            ..Origin::default()
        };
        home.platform.ctx(Actor::Anonymous, origin)
    };
    for _ in 0..20 {
        signals::report(&from("203.0.113.9"), "/", "Odd").await.unwrap();
    }
    let refused = signals::report(&from("203.0.113.9"), "/", "Odd").await;
    assert!(matches!(refused, Err(Error::Throttled { .. })), "{refused:?}");
    signals::report(&from("198.51.100.9"), "/", "Odd").await.unwrap();
}

#[tokio::test]
async fn a_report_needs_words_and_patience() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    for ctx in [&ada, &home.anonymous()] {
        let refused = signals::report(ctx, "/", "  ").await;
        assert!(matches!(refused, Err(Error::Invalid { .. })));
        let refused = signals::report(ctx, "/", &"x".repeat(4_001)).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })));
    }
    for _ in 0..5 {
        signals::report(&ada, "/", "Odd").await.unwrap();
    }
    let refused = signals::report(&ada, "/", "Odd").await;
    assert!(matches!(refused, Err(Error::Throttled { .. })));
}

#[tokio::test]
async fn signals_are_for_staff_and_reading_them_is_audited() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let (grace, _) = home.colleague(&ada, Role::Owner, "grace@example.com", 81).await;
    let id = signals::report(&grace, "", "Odd").await.unwrap();
    let refused = signals::page(&grace, SignalState::Open, None).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    assert!(matches!(
        signals::handle(&grace, id).await,
        Err(Error::Forbidden(_))
    ));
    assert_eq!(open(&ada).await.len(), 1);
    signals::handle(&ada, id).await.unwrap();
    assert!(open(&ada).await.is_empty());
    let handled = signals::page(&ada, SignalState::Handled, None).await.unwrap();
    assert_eq!(handled.rows[0].handled.as_ref().unwrap().0, "Ada Lovelace");
    for gone in [id, ReportId::from_u128(7)] {
        assert!(matches!(
            signals::handle(&ada, gone).await,
            Err(Error::NotFound(_))
        ));
    }
    let log = home.own_log().await;
    let codes: Vec<_> = log.iter().map(|(action, _)| action.as_str()).collect();
    let codes: Vec<_> = codes
        .into_iter()
        .filter(|code| code.starts_with("signal."))
        .collect();
    let expected = ["signal.read", "signal.handled", "signal.read", "signal.read"];
    assert_eq!(codes, expected, "in the installation's own log");
}
