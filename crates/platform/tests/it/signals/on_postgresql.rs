//! The same statements on PostgreSQL.

use platform::{sessions, signals};
use testkit::Installation;
use types::security::SignalKind;

use super::{ADA, fail, from, kinds, sign_in, told, work};

#[tokio::test]
async fn what_is_watched_is_watched_on_postgresql_too() {
    let Some(cluster) = testkit::Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    let (ada, mut passkey) = home.first_person().await;
    home.clock.advance(60);
    let secret = sign_in(&from(&home, "203.0.113.9", Some("another-browser")), &mut passkey).await;
    let here = home.signed_in(&secret).await;
    assert_eq!(sessions::page(&here).await.unwrap().sessions.len(), 2);
    assert_eq!(sessions::revoke_others(&here).await.unwrap(), 1);
    let own = platform::audit::own(&here, None).await.unwrap();
    assert_eq!(own.rows[0].sentence, "You ended all other sessions (1).");
    for guess in 0..9 {
        fail(&home, "198.51.100.9", &format!("{guess}@example.com")).await;
    }
    fail(&home, "198.51.100.9", ADA).await;
    work(&home).await;
    signals::report(&here, "/", "Odd").await.unwrap();
    signals::report(&home.anonymous(), "/", "Odd").await.unwrap();
    assert_eq!(
        kinds(&ada).await,
        [
            SignalKind::Report,
            SignalKind::Report,
            SignalKind::PasswordSpraying,
            SignalKind::NewDevice
        ]
    );
    let link = home.link_to(ADA, "/not-me/").await;
    signals::not_me(&home.anonymous(), &link).await.unwrap();
    let left = sessions::remaining(&home.anonymous(), &secret).await.unwrap();
    assert_eq!(left, None);
    home.clock.advance(100 * 86_400);
    let mails = told(&home, "What would make your account safer").await;
    assert_eq!(mails.len(), 1);
    platform::reminders::choose(&ada, &[]).await.unwrap();
    let choices = platform::reminders::choices(&ada).await.unwrap();
    assert!(choices.iter().all(|choice| !choice.wanted));
}
