//! Reminders, as their person chooses.

use platform::{Error, reminders};
use testkit::Installation;
use types::{Environment, Role, security::ReminderKind};

const ADA: &str = "ada@example.com";
const SUBJECT: &str = "What would make your account safer";

/// The reminders that came in so many days, each with its paragraphs.
async fn after(home: &Installation, days: i64) -> Vec<(String, Vec<String>)> {
    home.clock.advance(days * 86_400);
    let mails = home.mails().await;
    let ours = mails.into_iter().filter(|mail| mail.subject == SUBJECT);
    ours.map(|mail| (mail.to, mail.paragraphs)).collect()
}

#[tokio::test]
async fn a_single_passkey_is_reminded_of_after_a_week_and_then_once_in_thirty_days() {
    let home = Installation::in_memory().await;
    home.first_person().await;
    assert!(after(&home, 6).await.is_empty());
    let mails = after(&home, 1).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].1[0].starts_with("You have one passkey."));
    assert_eq!(after(&home, 1).await.len(), 1, "not again the next day");
    // The outbox has lost that one by now.
    assert!(after(&home, 28).await.is_empty(), "29 days later");
    let mails = after(&home, 2).await;
    assert_eq!(mails.len(), 1, "31 days later");
    assert_eq!(mails[0].0, ADA);
}

#[tokio::test]
async fn several_reasons_are_one_mail() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    home.api_key(&ada, Environment::Test).await;
    reminders::choose(&ada, &[]).await.unwrap();
    assert!(after(&home, 366).await.is_empty(), "nothing was wanted");
    reminders::choose(&ada, ReminderKind::ALL).await.unwrap();
    let mails = after(&home, 1).await;
    assert_eq!(mails.len(), 1);
    let begins: Vec<&str> = mails[0].1.iter().map(|text| &text[..15]).collect();
    assert_eq!(
        begins[..3],
        ["A passkey of yo", "You have one pa", "An API key that"]
    );
    assert_eq!(after(&home, 0).await.len(), 1, "once a day");
}

#[tokio::test]
async fn who_does_not_want_a_reminder_gets_none() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let (grace, _) = home
        .colleague(&ada, Role::Developer, "grace@example.com", 81)
        .await;
    reminders::choose(&grace, &[ReminderKind::OldApiKey])
        .await
        .unwrap();
    let wanted: Vec<bool> = reminders::choices(&grace)
        .await
        .unwrap()
        .iter()
        .map(|choice| choice.wanted)
        .collect();
    assert_eq!(wanted, [false, false, true, false]);
    let mails = after(&home, 8).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, ADA);
    let refused = reminders::choices(&home.anonymous()).await;
    assert!(matches!(refused, Err(Error::Unauthenticated(_))));
}
