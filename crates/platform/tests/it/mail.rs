//! Mail: once a cause, sent by jobs, tried again, given up in sight, erased when sent.

use std::sync::Arc;

use platform::{invitations, invitations::Offer, jobs, mail::MailError};
use testkit::{Installation, RecordingMailer};
use types::Role;

async fn invited(home: &Installation) -> platform::Ctx {
    let (user, _) = home.first_person().await;
    invitations::invite(&user, "grace@example.com", Offer::Role(Role::Developer))
        .await
        .unwrap();
    user
}

async fn mail_state(home: &Installation) -> (String, i64, i64) {
    let mut conn = home.db.read().await.unwrap();
    db::on!(&mut *conn, |c| sqlx::query_as::<_, (String, i64, i64)>(
        "SELECT state, attempts, CAST(LENGTH(sealed) AS BIGINT) FROM mails"
    )
    .fetch_one(c)
    .await)
    .unwrap()
}

#[tokio::test]
async fn a_mail_is_tried_again_under_the_same_message_id_and_erased_when_sent() {
    let home = Installation::in_memory().await;
    let mailer = Arc::new(RecordingMailer::default());
    home.platform.deliver_with(mailer.clone());
    invited(&home).await;
    let system = home.platform.system();
    mailer.refuse(Some(MailError::Unreachable));
    jobs::run_due(&system).await.unwrap();
    let (state, attempts, length) = mail_state(&home).await;
    assert_eq!((state.as_str(), attempts), ("queued", 1));
    assert!(length > 0 && mailer.sent().is_empty());
    mailer.refuse(None);
    home.clock.advance(10);
    jobs::run_due(&system).await.unwrap();
    let sent = mailer.sent();
    let [mail] = sent.as_slice() else {
        panic!("{sent:?}")
    };
    assert!(mail.message_id.starts_with("mai_") && mail.message_id.ends_with("@localhost"));
    assert_eq!(mail.to, "grace@example.com");
    assert!(mail.text.contains("http://localhost:3000/invitations/"));
    let (state, attempts, length) = mail_state(&home).await;
    assert_eq!((state.as_str(), attempts, length), ("sent", 2, 0));
    home.clock.advance(86_400);
    jobs::run_due(&system).await.unwrap();
    assert_eq!(mailer.sent().len(), 1, "it is not sent twice");
    home.clock.advance(30 * 86_400);
    while jobs::run_due(&system).await.unwrap() > 0 {}
    let mut conn = home.db.read().await.unwrap();
    let left: i64 = db::on!(&mut *conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM mails WHERE kind <> 'reminder'"
    )
    .fetch_one(c)
    .await)
    .unwrap();
    assert_eq!(left, 0, "a month later its row is gone");
}

#[tokio::test]
async fn a_mail_that_nobody_takes_is_given_up_in_sight_and_can_be_sent_after_all() {
    let home = Installation::in_memory().await;
    let mailer = Arc::new(RecordingMailer::default());
    home.platform.deliver_with(mailer.clone());
    let user = invited(&home).await;
    let system = home.platform.system();
    mailer.refuse(Some(MailError::Refused(550)));
    for _ in 0..8 {
        jobs::run_due(&system).await.unwrap();
        home.clock.advance(3600);
    }
    let (state, attempts, _) = mail_state(&home).await;
    assert_eq!((state.as_str(), attempts), ("failed", 8));
    let page = jobs::page(&user).await.unwrap();
    let [failed] = page.failed.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!(failed.kind, "mail.send");
    assert!(failed.last_error.contains("550") && !failed.last_error.contains('@'));
    mailer.refuse(None);
    jobs::retry(&user, failed.id).await.unwrap();
    jobs::run_due(&system).await.unwrap();
    assert_eq!(mailer.sent().len(), 1);
    assert_eq!(mail_state(&home).await.0, "sent");
}

#[tokio::test]
async fn the_same_cause_makes_one_mail() {
    let home = Installation::in_memory().await;
    home.first_person().await;
    let anonymous = home.anonymous();
    for _ in 0..3 {
        platform::accounts::ask_recovery(&anonymous, "ada@example.com")
            .await
            .unwrap();
    }
    let mails = home.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
}

#[tokio::test]
async fn the_outbox_is_shown_only_where_nothing_is_sent() {
    let home = Installation::in_memory().await;
    invited(&home).await;
    assert_eq!(home.mails().await.len(), 1);
    home.platform.deliver_with(Arc::new(RecordingMailer::default()));
    let refused = platform::mail::outbox(&home.platform.system()).await;
    assert!(matches!(refused, Err(platform::Error::NotFound(_))));
}
