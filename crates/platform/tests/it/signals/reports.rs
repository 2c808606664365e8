//! What people report, and what staff do with signals.

use platform::{Error, signals};
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
async fn a_report_needs_words_somebody_and_patience() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let refused = signals::report(&ada, "/", "  ").await;
    assert!(matches!(refused, Err(Error::Invalid { .. })));
    let refused = signals::report(&home.anonymous(), "/", "Odd").await;
    assert!(matches!(refused, Err(Error::Unauthenticated(_))));
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
    let log = platform::audit::list(&ada, &types::console::AuditFilter::default()).await;
    let said: Vec<String> = log.unwrap().rows.into_iter().map(|row| row.sentence).collect();
    assert!(
        said.contains(&"Ada Lovelace read 1 open signals.".to_owned()),
        "{said:?}"
    );
    assert!(said.contains(&"Ada Lovelace marked a signal as handled.".to_owned()));
}
