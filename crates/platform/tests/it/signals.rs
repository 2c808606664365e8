//! What is watched, and what people and staff are told of it.

mod on_postgresql;
mod reports;

use std::io::Write as _;

use db::{Db, Options};
use platform::{
    Actor, Ctx, Error, Origin, Settings,
    guard::{self, Attempt, GuardKind},
    identity, jobs, sessions, signals,
};
use testkit::{
    Authenticator, Fault, Installation, MockClock, SeededEntropy,
    geo::{self, Place},
    settings,
};
use types::{
    Role,
    accounts::OutboxMail,
    security::{SignalKind, SignalRow, SignalState},
};
use vault::MasterKeys;

const ADA: &str = "ada@example.com";
const LONDON: Place = Place {
    network: [192, 0],
    country: "GB",
    name: "United Kingdom",
    city: "London",
    latitude: 51.507_4,
    longitude: -0.127_8,
};
const SYDNEY: Place = Place {
    network: [198, 51],
    country: "AU",
    name: "Australia",
    city: "Sydney",
    latitude: -33.868_8,
    longitude: 151.209_3,
};
const LEEDS: Place = Place {
    network: [203, 0],
    country: "GB",
    name: "United Kingdom",
    city: "Leeds",
    latitude: 53.800_8,
    longitude: -1.549_1,
};

/// An installation that knows where three networks are.
async fn worldly() -> Installation {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&geo::database(&[LONDON, SYDNEY, LEEDS])).unwrap();
    let db = Db::connect("sqlite::memory:", &Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    let keys = MasterKeys::generate(&SeededEntropy::new(1));
    let settings = Settings {
        geo_database: Some(file.path().to_owned()),
        ..settings()
    };
    Installation::seeded(db, MockClock::new().into(), keys.into(), settings, 2).await
}

fn from(home: &Installation, address: &str, device: Option<&str>) -> Ctx {
    let origin = Origin {
        request_id: None,
        address: address.parse().ok(),
        user_agent: Some("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/145.0".into()),
        device: device.map(ToOwned::to_owned),
    };
    home.platform.ctx(Actor::Anonymous, origin)
}

async fn sign_in(ctx: &Ctx, passkey: &mut Authenticator) -> String {
    let ceremony = identity::sign_in_begin(ctx).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    let session = identity::sign_in_finish(ctx, &ceremony.ceremony, answer).await;
    session.unwrap().secret
}

async fn open(staff: &Ctx) -> Vec<SignalRow> {
    signals::page(staff, SignalState::Open, None).await.unwrap().rows
}

async fn kinds(staff: &Ctx) -> Vec<SignalKind> {
    open(staff).await.iter().map(|row| row.kind).collect()
}

/// The mails of this kind of subject, newest first.
async fn told(home: &Installation, subject: &str) -> Vec<OutboxMail> {
    let mails = home.mails().await;
    mails.into_iter().filter(|mail| mail.subject == subject).collect()
}

const NEW: &str = "New sign-in to your account";
const TRAVEL: &str = "Two sign-ins to your account that cannot both be yours";

#[tokio::test]
async fn a_sign_in_from_a_known_browser_is_told_to_nobody() {
    let home = Installation::in_memory().await;
    let (ada, mut passkey) = home.first_person().await;
    home.clock.advance(60);
    sign_in(&home.anonymous(), &mut passkey).await;
    assert!(told(&home, NEW).await.is_empty());
    assert!(open(&ada).await.is_empty());
}

#[tokio::test]
async fn a_new_device_is_told_with_both_sign_ins() {
    let home = Installation::in_memory().await;
    let (ada, mut passkey) = home.first_person().await;
    home.clock.advance(3 * 3_600);
    sign_in(&from(&home, "203.0.113.9", Some("another-browser")), &mut passkey).await;
    let mails = told(&home, NEW).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ADA);
    assert_eq!(
        mails[0].paragraphs[..3],
        [
            "This browser has not been used with the account before.",
            "This sign-in: 23 Nov 2026, 15:00 UTC, with a passkey, from Firefox on Linux at 203.0.113.9.",
            "The one before: 23 Nov 2026, 12:00 UTC, with a passkey, from Test browser at 192.0.2.7.",
        ]
    );
    assert!(mails[0].links.iter().any(|(label, _)| label == "This wasn't me"));
    assert_eq!(kinds(&ada).await, [SignalKind::NewDevice]);

    home.clock.advance(60);
    sign_in(&from(&home, "203.0.113.9", Some("another-browser")), &mut passkey).await;
    assert_eq!(told(&home, NEW).await.len(), 1, "it is known now");
    sign_in(&from(&home, "203.0.113.9", None), &mut passkey).await;
    assert_eq!(
        told(&home, NEW).await.len(),
        2,
        "a browser without a cookie never is"
    );
}

/// The cookie of one account says nothing of another.
#[tokio::test]
async fn a_browser_that_one_account_knows_is_new_to_another() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let (_, mut passkey) = home
        .colleague(&ada, Role::Developer, "grace@example.com", 81)
        .await;
    sign_in(&from(&home, "192.0.2.7", Some("a-new-browser")), &mut passkey).await;
    assert_eq!(told(&home, NEW).await[0].to, "grace@example.com");
}

#[tokio::test]
async fn a_new_country_is_told_by_its_name() {
    let home = worldly().await;
    let (ada, mut passkey) = home.first_person().await;
    home.clock.advance(3 * 86_400);
    sign_in(&from(&home, "198.51.100.1", Some("a-test-browser")), &mut passkey).await;
    let mails = told(&home, NEW).await;
    assert_eq!(
        mails[0].paragraphs[..3],
        [
            "The account has not been used in Australia before.",
            "This sign-in: 26 Nov 2026, 12:00 UTC, with a passkey, from Firefox on Linux at 198.51.100.1 in Sydney, Australia.",
            "The one before: 23 Nov 2026, 12:00 UTC, with a passkey, from Test browser at 192.0.2.7 in London, United Kingdom.",
        ]
    );
    assert_eq!(kinds(&ada).await, [SignalKind::NewCountry]);
    home.clock.advance(3 * 86_400);
    sign_in(&from(&home, "203.0.113.9", Some("a-test-browser")), &mut passkey).await;
    assert_eq!(told(&home, NEW).await.len(), 1, "another city of a known country");
}

#[tokio::test]
async fn impossible_travel_is_told_with_the_distance_and_the_time() {
    let home = worldly().await;
    let (ada, mut passkey) = home.first_person().await;
    home.clock.advance(2 * 3_600 + 300);
    sign_in(&from(&home, "198.51.100.1", Some("a-test-browser")), &mut passkey).await;
    let mails = told(&home, TRAVEL).await;
    assert_eq!(
        mails[0].paragraphs[1],
        "The two places are about 16,990 km apart, with 2 h 5 min between the sign-ins: nobody travels that fast."
    );
    assert_eq!(
        kinds(&ada).await,
        [SignalKind::ImpossibleTravel, SignalKind::NewCountry]
    );
    let text = open(&ada).await.remove(0).text.unwrap();
    assert!(text.contains("16,990 km") && text.contains("198.51.100.1") && text.contains("London"));
}

/// 16,994 km at 900 km/h are 18 h 53 min.
#[tokio::test]
async fn travel_at_the_speed_of_an_airliner_is_possible() {
    for (seconds, impossible) in [(18 * 3_600, true), (19 * 3_600, false)] {
        let home = worldly().await;
        let (_, mut passkey) = home.first_person().await;
        home.clock.advance(seconds);
        sign_in(&from(&home, "198.51.100.1", Some("a-test-browser")), &mut passkey).await;
        assert_eq!(!told(&home, TRAVEL).await.is_empty(), impossible, "{seconds}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_of_addresses_stops_the_start_and_says_so() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"nonsense").unwrap();
    let home = Installation::in_memory().await;
    let settings = Settings {
        geo_database: Some(file.path().to_owned()),
        ..settings()
    };
    let entropy = std::sync::Arc::new(SeededEntropy::new(2));
    let opened = platform::Platform::open(
        home.db.clone(),
        home.clock.clone(),
        entropy,
        home.keys.clone(),
        settings,
    )
    .await;
    let Err(Error::Unavailable(said)) = opened else {
        panic!("it opened")
    };
    assert!(said.contains("geo.database"), "{said}");
}

async fn fail(home: &Installation, address: &str, account: &str) {
    let ctx = from(home, address, None);
    let attempt = Attempt {
        what: GuardKind::SignIn,
        account: Some(account),
    };
    guard::check(&ctx, &attempt).await.unwrap();
    guard::failed(&ctx, &attempt).await.unwrap();
}

async fn work(home: &Installation) {
    home.clock.advance(10);
    while jobs::run_due(&home.platform.system()).await.unwrap() > 0 {}
}

const GUESSING: &str = "Somebody is guessing passwords at your account";

#[tokio::test]
async fn password_spraying_is_told_to_staff_and_to_the_accounts_that_exist() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    fail(&home, "198.51.100.9", ADA).await;
    for guess in 0..8 {
        fail(&home, "198.51.100.9", &format!("{guess}@example.com")).await;
    }
    work(&home).await;
    assert!(open(&ada).await.is_empty(), "nine are no spraying yet");
    fail(&home, "198.51.100.9", "last@example.com").await;
    work(&home).await;
    assert_eq!(kinds(&ada).await, [SignalKind::PasswordSpraying]);
    let mails = told(&home, GUESSING).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ADA);
    assert_eq!(
        mails[0].paragraphs[0],
        "Sign-ins to 10 accounts failed within an hour, all from one network. Whoever does this tries common passwords on many accounts. Yours is one of them."
    );
    fail(&home, "198.51.100.9", "one-more@example.com").await;
    work(&home).await;
    assert_eq!(open(&ada).await.len(), 1, "once a day");
    assert_eq!(told(&home, GUESSING).await.len(), 1);
}

#[tokio::test]
async fn guessing_at_one_account_from_many_networks_is_told_to_its_owner() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    for host in 0..10 {
        // The guard slows it down, and does not end it.
        fail(&home, &format!("198.51.{host}.1"), ADA).await;
        home.clock.advance(340);
    }
    work(&home).await;
    let signals = open(&ada).await;
    assert_eq!(signals.len(), 1);
    assert_eq!(signals[0].kind, SignalKind::DistributedGuessing);
    assert_eq!(signals[0].email.as_deref(), Some(ADA));
    let mails = told(&home, GUESSING).await;
    assert!(mails[0].paragraphs[0].contains("from 10 different networks"));
}

#[tokio::test]
async fn failures_of_more_than_an_hour_ago_do_not_count() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    for guess in 0..9 {
        fail(&home, "198.51.100.9", &format!("{guess}@example.com")).await;
    }
    home.clock.advance(3_601);
    fail(&home, "198.51.100.9", ADA).await;
    work(&home).await;
    assert!(open(&ada).await.is_empty());
}

async fn not_me_link(home: &Installation) -> (String, Ctx, String) {
    let (ada, mut passkey) = home.first_person().await;
    let secret = sign_in(&from(home, "203.0.113.9", Some("another-browser")), &mut passkey).await;
    let link = home.link_to(ADA, "/not-me/").await;
    (link, ada, secret)
}

#[tokio::test]
async fn the_link_that_it_was_not_me_ends_every_session_without_being_signed_in() {
    let home = Installation::in_memory().await;
    let (link, ada, secret) = not_me_link(&home).await;
    let nobody = home.anonymous();
    let held = sessions::authenticate(&nobody, &secret).await.unwrap();
    assert!(held.is_some(), "remembered: otherwise this proves nothing");
    signals::not_me_open(&nobody, &link).await.unwrap();
    signals::not_me_open(&nobody, &link).await.unwrap();
    let held = sessions::authenticate(&nobody, &secret).await.unwrap();
    assert!(held.is_some(), "looking ends nothing");
    signals::not_me(&nobody, &link).await.unwrap();
    assert_eq!(sessions::authenticate(&nobody, &secret).await.unwrap(), None);
    let signals = open(&ada).await;
    assert_eq!(signals[0].kind, SignalKind::NotMe);
    assert_eq!(signals[0].email.as_deref(), Some(ADA));
    assert!(
        signals[0]
            .text
            .as_ref()
            .unwrap()
            .ends_with("2 sessions were ended.")
    );
}

#[tokio::test]
async fn the_link_that_it_was_not_me_works_once_and_takes_the_others_with_it() {
    let home = Installation::in_memory().await;
    let (ada, mut passkey) = home.first_person().await;
    let mut links = Vec::new();
    for device in ["one", "two"] {
        sign_in(&from(&home, "203.0.113.9", Some(device)), &mut passkey).await;
        links.push(home.link_to(ADA, "/not-me/").await);
    }
    let nobody = home.anonymous();
    signals::not_me(&nobody, &links[0]).await.unwrap();
    for link in &links {
        assert!(matches!(
            signals::not_me(&nobody, link).await,
            Err(Error::Conflict(_))
        ));
        assert!(signals::not_me_open(&nobody, link).await.is_err());
    }
    drop(ada);
}

#[tokio::test]
async fn the_link_that_it_was_not_me_works_for_seven_days_to_the_second() {
    for (seconds, works) in [(7 * 86_400 - 1, true), (7 * 86_400, false)] {
        let home = Installation::in_memory().await;
        let (link, ..) = not_me_link(&home).await;
        home.clock.advance(seconds);
        let nobody = home.anonymous();
        assert_eq!(signals::not_me(&nobody, &link).await.is_ok(), works, "{seconds}");
    }
}

#[tokio::test]
async fn two_who_use_the_link_at_once_use_it_once() {
    let home = Installation::in_memory().await;
    let (link, ..) = not_me_link(&home).await;
    let nobody = home.anonymous();
    let (one, two) = tokio::join!(signals::not_me(&nobody, &link), signals::not_me(&nobody, &link));
    assert!(one.is_ok() != two.is_ok());
}
