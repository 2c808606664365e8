//! Set-up, sign-in, sessions.

use platform::{
    Actor, Error,
    identity::{self, SetupForm},
    sessions,
};
use testkit::{Authenticator, Fault, Installation};
use types::{Permission, Role, StaffRole, console::AuditFilter};

const ORIGIN: &str = "http://localhost:3000";

fn form() -> SetupForm {
    SetupForm {
        name: "Ada".into(),
        email: "ada@example.com".into(),
        organisation: "Engines".into(),
        time_zone: "Nowhere/Land".into(),
    }
}

#[tokio::test]
async fn the_first_person_is_operator_admin_and_owner() {
    let home = Installation::in_memory().await;
    let (ctx, _) = home.first_person().await;
    let viewer = platform::access::viewer(&ctx).await.unwrap();
    assert_eq!(viewer.staff_role, Some(StaffRole::OperatorAdmin));
    assert_eq!(viewer.organisation.role, Role::Owner);
    assert!(viewer.may(Permission::KeysManage) && viewer.may(Permission::JobsRead));
    assert!(
        !viewer.may(Permission::VerificationsStart),
        "people do not start verifications"
    );
}

#[tokio::test]
async fn a_setup_link_works_once_and_for_an_hour() {
    let home = Installation::in_memory().await;
    let (system, ctx) = (home.platform.system(), home.anonymous());
    let older = identity::setup_link(&system).await.unwrap().unwrap();
    let link = identity::setup_link(&system).await.unwrap().unwrap();
    assert!(matches!(
        identity::setup_open(&ctx, &older).await,
        Err(Error::Conflict(_))
    ));
    home.clock.advance(3599);
    identity::setup_open(&ctx, &link).await.unwrap();
    home.clock.advance(1);
    assert!(matches!(
        identity::setup_open(&ctx, &link).await,
        Err(Error::Conflict(_))
    ));
    let link = identity::setup_link(&system).await.unwrap().unwrap();
    let one = identity::setup_begin(&ctx, &link, form()).await.unwrap();
    let two = identity::setup_begin(&ctx, &link, form()).await.unwrap();
    let mut first = Authenticator::new(ORIGIN, 1);
    let answer = first.register(&one.options, Fault::None);
    identity::setup_finish(&ctx, &one.ceremony, answer).await.unwrap();
    let mut second = Authenticator::new(ORIGIN, 2);
    let answer = second.register(&two.options, Fault::None);
    let late = identity::setup_finish(&ctx, &two.ceremony, answer).await;
    assert!(matches!(late, Err(Error::Conflict(_))), "two at once: one person");
    assert!(
        identity::setup_link(&system).await.unwrap().is_none(),
        "it is set up"
    );
}

#[tokio::test]
async fn a_form_that_cannot_be_taken_names_each_field() {
    let home = Installation::in_memory().await;
    let link = identity::setup_link(&home.platform.system())
        .await
        .unwrap()
        .unwrap();
    let bad = SetupForm {
        name: " ".into(),
        email: "ada".into(),
        organisation: "x".repeat(101),
        time_zone: String::new(),
    };
    let Err(Error::Invalid { fields }) = identity::setup_begin(&home.anonymous(), &link, bad).await else {
        panic!("taken");
    };
    let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["name", "organisation", "email"]);
}

#[tokio::test]
async fn registration_refuses_another_origin_and_no_user_verification() {
    for fault in [Fault::OtherOrigin, Fault::NoUserVerification] {
        let home = Installation::in_memory().await;
        let ctx = home.anonymous();
        let link = identity::setup_link(&home.platform.system())
            .await
            .unwrap()
            .unwrap();
        let ceremony = identity::setup_begin(&ctx, &link, form()).await.unwrap();
        let answer = Authenticator::new(ORIGIN, 1).register(&ceremony.options, fault);
        let refused = identity::setup_finish(&ctx, &ceremony.ceremony, answer).await;
        assert!(matches!(refused, Err(Error::Unauthenticated(_))), "{fault:?}");
        identity::setup_open(&ctx, &link).await.unwrap();
    }
}

#[tokio::test]
async fn signing_in_and_out() {
    let home = Installation::in_memory().await;
    let (first, mut passkey) = home.first_person().await;
    let ctx = home.anonymous();
    let ceremony = identity::sign_in_begin(&ctx).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    let session = identity::sign_in_finish(&ctx, &ceremony.ceremony, answer.clone())
        .await
        .unwrap();
    let again = identity::sign_in_finish(&ctx, &ceremony.ceremony, answer).await;
    assert!(
        matches!(again, Err(Error::Unauthenticated(_))),
        "a challenge answers once"
    );
    let user = home.signed_in(&session.secret).await;
    identity::sign_out(&user).await.unwrap();
    assert_eq!(sessions::authenticate(&ctx, &session.secret).await.unwrap(), None);
    let log = platform::audit::list(&first, &AuditFilter::default())
        .await
        .unwrap();
    let codes: Vec<_> = log.rows.iter().rev().map(|row| row.action.as_str()).collect();
    assert_eq!(
        codes,
        ["setup.completed", "session.signed_in", "session.signed_out"]
    );
}

#[tokio::test]
async fn a_wrong_authenticator_is_refused() {
    for fault in [
        Fault::OtherOrigin,
        Fault::NoUserVerification,
        Fault::BogusSignature,
        Fault::FallingCounter,
    ] {
        let home = Installation::in_memory().await;
        let (_, mut passkey) = home.first_person().await;
        let ctx = home.anonymous();
        let ceremony = identity::sign_in_begin(&ctx).await.unwrap();
        let answer = passkey.sign_in(&ceremony.options, fault);
        let refused = identity::sign_in_finish(&ctx, &ceremony.ceremony, answer).await;
        assert!(matches!(refused, Err(Error::Unauthenticated(_))), "{fault:?}");
    }
}

#[tokio::test]
async fn a_ceremony_lives_five_minutes() {
    let home = Installation::in_memory().await;
    let (_, mut passkey) = home.first_person().await;
    let ctx = home.anonymous();
    let ceremony = identity::sign_in_begin(&ctx).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    home.clock.advance(300);
    let late = identity::sign_in_finish(&ctx, &ceremony.ceremony, answer).await;
    assert!(matches!(late, Err(Error::Unauthenticated(_))));
}

#[tokio::test]
async fn the_public_url_is_fixed_at_first_run() {
    let home = Installation::in_memory().await;
    let mut settings = testkit::settings();
    settings.public_url = "https://id.example.com".parse().unwrap();
    let again = platform::Platform::open(
        home.db.clone(),
        home.clock.clone(),
        std::sync::Arc::new(testkit::SeededEntropy::new(3)),
        home.keys.clone(),
        settings,
    );
    let Err(Error::Unavailable(message)) = again.await else {
        panic!("opened")
    };
    assert!(message.contains("PUBLIC_URL=http://localhost:3000"), "{message}");
}

#[tokio::test]
async fn organisations_are_made_and_switched() {
    let home = Installation::in_memory().await;
    let (ctx, _) = home.first_person().await;
    let other = platform::access::create_organisation(&ctx, "Second", "UTC")
        .await
        .unwrap();
    platform::access::switch_organisation(&ctx, other).await.unwrap();
    let Actor::User { session: before, .. } = ctx.actor() else {
        panic!("a user")
    };
    let nowhere = types::OrganisationId::from_u128(1);
    let refused = platform::access::switch_organisation(&ctx, nowhere).await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{before:?}");
}

#[tokio::test]
async fn a_known_person_enrols_through_a_link_once() {
    let home = Installation::in_memory().await;
    let plan = platform::demo::Plan {
        verifications: 1,
        ..Default::default()
    };
    let system = home.platform.system();
    let report = platform::demo::seed(&system, &plan, &mut |_| {}).await.unwrap();
    let ctx = home.anonymous();
    let other = identity::enrolment_link(&system, report.owner).await.unwrap();
    let link = identity::setup_link(&system).await.unwrap();
    let link = link.expect("nobody can sign in, so the operator admin may enrol");
    let invitation = identity::setup_view(&ctx, &link).await.unwrap().unwrap();
    assert_eq!(invitation.name, "Imogen Farrow");
    assert_eq!(invitation.organisation, "Aldermoor Exchange");
    let by_user = identity::enrolment_link(&ctx, report.owner).await;
    assert!(
        matches!(by_user, Err(Error::NotFound(_))),
        "only the operator makes links"
    );
    home.clock.advance(86_399);
    let ceremony = identity::setup_begin(&ctx, &link, SetupForm::default())
        .await
        .unwrap();
    let late = identity::setup_begin(&ctx, &other, SetupForm::default())
        .await
        .unwrap();
    let mut passkey = Authenticator::new(ORIGIN, 1);
    let answer = passkey.register(&ceremony.options, Fault::None);
    let session = identity::setup_finish(&ctx, &ceremony.ceremony, answer)
        .await
        .unwrap();
    let user = home.signed_in(&session.secret).await;
    let viewer = platform::access::viewer(&user).await.unwrap();
    assert_eq!(viewer.staff_role, Some(StaffRole::OperatorAdmin));
    for link in [&link, &other] {
        let gone = identity::setup_open(&ctx, link).await;
        assert!(matches!(gone, Err(Error::Conflict(_))));
    }
    let answer = Authenticator::new(ORIGIN, 2).register(&late.options, Fault::None);
    let second = identity::setup_finish(&ctx, &late.ceremony, answer).await;
    assert!(matches!(second, Err(Error::Conflict(_))), "one passkey, one link");
    let refused = identity::enrolment_link(&system, report.owner).await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
    assert!(identity::setup_link(&system).await.unwrap().is_none());
    let log = platform::audit::list(&user, &AuditFilter::default())
        .await
        .unwrap();
    assert_eq!(
        log.rows[0].sentence,
        "Imogen Farrow made a passkey through a one-time link."
    );
    let ceremony = identity::sign_in_begin(&ctx).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    identity::sign_in_finish(&ctx, &ceremony.ceremony, answer)
        .await
        .unwrap();
}

/// The clock stands still, so that age ends no memory: only the change can.
#[tokio::test]
async fn what_pages_show_of_an_organisation_changes_with_it() {
    use platform::access::{SettingsChange, update_settings, viewer};

    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    assert_eq!(
        viewer(&user).await.unwrap().organisation.time_zone,
        "Europe/London"
    );
    let change = SettingsChange {
        name: "Difference Engines".into(),
        time_zone: "Pacific/Kiritimati".into(),
        accept_self_asserted_live: false,
    };
    update_settings(&user, change).await.unwrap();
    let here = viewer(&user).await.unwrap().organisation;
    assert_eq!(
        (here.name.as_str(), here.time_zone.as_str()),
        ("Difference Engines", "Pacific/Kiritimati")
    );
}
