//! Signing up, one's name, and one's e-mail address.

use platform::{
    Error,
    accounts::{self, Policy, SignUpForm},
    identity::SetupForm,
};
use testkit::{Installation, MockClock, SeededEntropy, people, settings};
use types::{Role, StepUp};

async fn open_to_all() -> Installation {
    let db = db::Db::connect("sqlite::memory:", &testkit::Options::default())
        .await
        .unwrap();
    db.migrate().await.unwrap();
    let mut settings = settings();
    settings.accounts = Policy {
        sign_up: true,
        ..Policy::default()
    };
    let keys = vault::MasterKeys::generate(&SeededEntropy::new(1));
    Installation::seeded(db, MockClock::new().into(), keys.into(), settings, 2).await
}

fn form(email: &str) -> SignUpForm {
    SignUpForm {
        name: "Grace Hopper".into(),
        email: email.into(),
        organisation: "Compilers".into(),
    }
}

/// How many rows of everything that a request could have written.
async fn rows(home: &Installation) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in [
        "address_requests",
        "jobs",
        "mails",
        "links",
        "audit_events",
        "users",
        "recoveries",
    ] {
        let text: &'static str = Box::leak(format!("SELECT COUNT(*) FROM {table}").into_boxed_str());
        let mut conn = home.db.read().await.unwrap();
        let count = db::on!(&mut *conn, |c| sqlx::query_scalar::<_, i64>(text)
            .fetch_one(c)
            .await);
        counts.push(count.unwrap());
    }
    counts
}

fn difference(before: &[i64], after: &[i64]) -> Vec<i64> {
    after
        .iter()
        .zip(before)
        .map(|(after, before)| after - before)
        .collect()
}

#[tokio::test]
async fn signing_up_is_not_there_unless_the_operator_offers_it() {
    let home = Installation::in_memory().await;
    let refused = accounts::ask_sign_up(&home.anonymous(), &form("grace@example.com")).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_confirmed_address_makes_an_account_with_an_organisation_of_its_own() {
    let home = open_to_all().await;
    home.first_person().await;
    let anonymous = home.anonymous();
    accounts::ask_sign_up(&anonymous, &form("grace@example.com"))
        .await
        .unwrap();
    let link = home.link_to("grace@example.com", "/sign-up/").await;
    let offer = accounts::sign_up_offer(&anonymous, &link).await.unwrap();
    assert_eq!(
        (offer.name.as_str(), offer.organisation.as_str()),
        ("Grace Hopper", "Compilers")
    );
    let (secret, _) = people::enrol_with(&home.platform, &link, SetupForm::default(), 61).await;
    let grace = home.signed_in(&secret).await;
    let platform::Actor::User { role, staff_role, .. } = grace.actor() else {
        panic!("signed in")
    };
    assert_eq!((*role, *staff_role), (Role::Owner, None));
    let own = platform::audit::own(&grace, None).await.unwrap().rows;
    assert_eq!(
        own.last().unwrap().sentence,
        "You signed up and made the organisation Compilers."
    );
    assert!(accounts::sign_up_offer(&anonymous, &link).await.is_err(), "once");
    accounts::ask_sign_up(&anonymous, &form("late@example.com"))
        .await
        .unwrap();
    let late = home.link_to("late@example.com", "/sign-up/").await;
    home.clock.advance(86_400 - 1);
    accounts::sign_up_offer(&anonymous, &late).await.unwrap();
    home.clock.advance(1);
    assert!(accounts::sign_up_offer(&anonymous, &late).await.is_err(), "a day");
}

#[tokio::test]
async fn signing_up_tells_nobody_whether_an_address_is_known() {
    let home = open_to_all().await;
    home.first_person().await;
    home.mails().await;
    let anonymous = home.anonymous();
    let start = rows(&home).await;
    let unknown = accounts::ask_sign_up(&anonymous, &form("grace@example.com")).await;
    let middle = rows(&home).await;
    let known = accounts::ask_sign_up(&anonymous, &form("ADA@example.com")).await;
    let end = rows(&home).await;
    assert!(unknown.is_ok() && known.is_ok());
    assert_eq!(
        difference(&start, &middle),
        difference(&middle, &end),
        "the same writes"
    );
    let ada = home.mail_to("ada@example.com").await;
    assert_eq!(ada.subject, "Somebody tried to sign up with your address");
    assert!(ada.links.iter().all(|(_, path)| !path.starts_with("/sign-up/")));
    home.link_to("grace@example.com", "/sign-up/").await;
}

#[tokio::test]
async fn asking_for_a_recovery_tells_nobody_whether_an_address_is_known() {
    let home = Installation::in_memory().await;
    home.first_person().await;
    home.mails().await;
    let anonymous = home.anonymous();
    let start = rows(&home).await;
    accounts::ask_recovery(&anonymous, "nobody@example.com")
        .await
        .unwrap();
    let middle = rows(&home).await;
    accounts::ask_recovery(&anonymous, "ada@example.com")
        .await
        .unwrap();
    let end = rows(&home).await;
    assert_eq!(
        difference(&start, &middle),
        difference(&middle, &end),
        "the same writes"
    );
    let mails = home.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "ada@example.com");
}

#[tokio::test]
async fn a_name_is_changed_at_once_and_checked() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    accounts::rename(&ada, "  Ada King  ").await.unwrap();
    assert_eq!(platform::access::viewer(&ada).await.unwrap().name, "Ada King");
    for bad in ["", " ", "a\nb", &"x".repeat(101)] {
        assert!(matches!(
            accounts::rename(&ada, bad).await,
            Err(Error::Invalid { .. })
        ));
    }
    let nobody = accounts::rename(&home.anonymous(), "X").await;
    assert!(matches!(nobody, Err(Error::Unauthenticated(_))));
}

#[tokio::test]
async fn an_address_changes_once_it_is_confirmed_and_both_are_told() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    accounts::ask_email_change(&ada, "ada@new.example").await.unwrap();
    let notice = home.mail_to("ada@example.com").await;
    assert_eq!(notice.subject, "Your address is to be changed");
    assert!(notice.links.iter().any(|(_, path)| path.starts_with("/not-me/")));
    let link = home.link_to("ada@new.example", "/account/email/").await;
    let profile = accounts::profile(&ada).await.unwrap();
    assert_eq!(profile.email, "ada@example.com", "nothing changes before");
    assert_eq!(profile.pending_email.unwrap().0, "ada@new.example");
    let (eve, _) = home.colleague(&ada, Role::Developer, "eve@example.com", 71).await;
    let stranger = accounts::confirm_email_change(&eve, &link).await;
    assert!(matches!(stranger, Err(Error::Conflict(_))), "only who asked");
    let nobody = accounts::confirm_email_change(&home.anonymous(), &link).await;
    assert!(matches!(nobody, Err(Error::Unauthenticated(_))));
    accounts::confirm_email_change(&ada, &link).await.unwrap();
    let profile = accounts::profile(&ada).await.unwrap();
    assert_eq!(
        (profile.email.as_str(), profile.pending_email),
        ("ada@new.example", None)
    );
    assert_eq!(
        home.mail_to("ada@example.com").await.subject,
        "Your address was changed"
    );
    assert_eq!(
        home.mail_to("ada@new.example").await.subject,
        "This is your address now"
    );
    assert!(accounts::confirm_email_change(&ada, &link).await.is_err(), "once");
}

#[tokio::test]
async fn a_link_for_another_address_ends_with_its_day_and_with_the_next_request() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    accounts::ask_email_change(&ada, "one@new.example").await.unwrap();
    let one = home.link_to("one@new.example", "/account/email/").await;
    accounts::ask_email_change(&ada, "two@new.example").await.unwrap();
    assert!(accounts::email_change_of(&ada, &one).await.is_err(), "replaced");
    let two = home.link_to("two@new.example", "/account/email/").await;
    home.clock.advance(86_399);
    accounts::email_change_of(&ada, &two).await.unwrap();
    home.clock.advance(1);
    assert!(accounts::confirm_email_change(&ada, &two).await.is_err(), "a day");
}

#[tokio::test]
async fn an_address_of_another_account_gets_the_same_answer_and_its_owner_a_mail() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    home.colleague(&ada, Role::Developer, "grace@example.com", 72)
        .await;
    home.mails().await;
    let start = rows(&home).await;
    accounts::ask_email_change(&ada, "free@new.example")
        .await
        .unwrap();
    let middle = rows(&home).await;
    home.mails().await;
    let free = accounts::profile(&ada).await.unwrap().pending_email.is_some();
    let between = rows(&home).await;
    accounts::ask_email_change(&ada, "Grace@example.com")
        .await
        .unwrap();
    let end = rows(&home).await;
    home.mails().await;
    let taken = accounts::profile(&ada).await.unwrap().pending_email.is_some();
    assert_eq!((free, taken), (true, true));
    assert_eq!(
        difference(&start, &middle)[1..3],
        difference(&between, &end)[1..3],
        "jobs and mails"
    );
    let told = home.mail_to("grace@example.com").await;
    assert_eq!(told.subject, "Somebody tried to use your address");
    assert_eq!(told.links.len(), 1);
}

#[tokio::test]
async fn changing_the_address_asks_for_a_fresh_confirmation() {
    let home = Installation::in_memory().await;
    let (secret, _) = people::set_up(&home.platform).await;
    let ada = people::signed_in(&home.platform, &secret).await;
    let refused = accounts::ask_email_change(&ada, "x@example.com").await;
    assert!(matches!(refused, Err(Error::StepUp(StepUp::Credentials))));
}
