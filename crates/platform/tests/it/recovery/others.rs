//! Others who begin, vouch and approve; and two at once.

use platform::{
    Error, accounts,
    identity::{self, SetupForm},
    recovery::{self, SecondWay},
};
use testkit::{Authenticator, Fault, Installation, people};
use types::{Permission, Role, StaffRole, StepUp, UserId, accounts::RecoveryStep};

use super::{DAY, GRACE, as_staff, count, id, scene, set_staff, signs_in};

#[tokio::test]
async fn a_second_start_makes_no_second_recovery_and_moves_no_time() {
    let scene = scene().await;
    let home = &scene.home;
    let ctx = home.anonymous();
    accounts::ask_recovery(&ctx, GRACE).await.unwrap();
    home.mails().await;
    let first = recovery::own(&scene.grace).await.unwrap().unwrap();
    recovery::start_for_member(&scene.ada, id(&scene.grace))
        .await
        .unwrap();
    let vouched = recovery::own(&scene.grace).await.unwrap().unwrap();
    assert_eq!((first.id, first.ready_at), (vouched.id, None));
    home.clock.advance(3600);
    accounts::ask_recovery(&ctx, GRACE).await.unwrap();
    home.mails().await;
    let again = recovery::start_for_member(&scene.ada, id(&scene.grace)).await;
    assert!(matches!(again, Err(Error::Conflict(_))));
    assert_eq!(recovery::own(&scene.grace).await.unwrap().unwrap(), vouched);
    assert_eq!(count(home, "SELECT COUNT(*) FROM recoveries").await, 1);
}

#[tokio::test]
async fn of_two_recoveries_that_begin_at_once_one_is_made() {
    let scene = scene().await;
    let home = &scene.home;
    let grace = id(&scene.grace);
    let (one, two) = tokio::join!(
        recovery::start_for_member(&scene.ada, grace),
        recovery::start_for_member(&scene.ada, grace),
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    assert_eq!(count(home, "SELECT COUNT(*) FROM recoveries").await, 1);
}

#[tokio::test]
async fn of_two_who_use_the_link_at_once_one_gets_in() {
    let scene = scene().await;
    let home = &scene.home;
    recovery::start_for_member(&scene.ada, id(&scene.grace))
        .await
        .unwrap();
    home.clock.advance(DAY);
    let link = home.link_to(GRACE, "/recover/").await;
    let ctx = home.anonymous();
    let one = identity::setup_begin(&ctx, &link, SetupForm::default())
        .await
        .unwrap();
    let two = identity::setup_begin(&ctx, &link, SetupForm::default())
        .await
        .unwrap();
    let mut first = Authenticator::new("http://localhost:3000", 83);
    let mut second = Authenticator::new("http://localhost:3000", 84);
    let (one, two) = tokio::join!(
        identity::setup_finish(&ctx, &one.ceremony, first.register(&one.options, Fault::None)),
        identity::setup_finish(&ctx, &two.ceremony, second.register(&two.options, Fault::None)),
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
}

#[tokio::test]
async fn staff_begin_and_another_approves_and_nobody_approves_their_own() {
    let scene = scene().await;
    let home = &scene.home;
    let ada = as_staff(&scene.ada, StaffRole::OperatorAdmin);
    let (sam, _) = home
        .colleague(&scene.ada, Role::Support, "sam@example.com", 91)
        .await;
    set_staff(home, id(&sam), StaffRole::Security).await;
    let sam = as_staff(&sam, StaffRole::Security);
    recovery::start_for_account(&ada, id(&scene.grace)).await.unwrap();
    let row = recovery::waiting(&ada).await.unwrap().remove(0);
    assert!(!row.may_approve, "she began it");
    assert!(matches!(
        recovery::approve(&ada, row.id).await,
        Err(Error::Conflict(_))
    ));
    assert!(matches!(
        recovery::approve(&scene.grace, row.id).await,
        Err(Error::Forbidden(_))
    ));
    assert!(recovery::waiting(&sam).await.unwrap()[0].may_approve);
    recovery::approve(&sam, row.id).await.unwrap();
    assert!(recovery::waiting(&sam).await.unwrap().is_empty());
    assert!(
        recovery::own(&scene.grace)
            .await
            .unwrap()
            .unwrap()
            .ready_at
            .is_some()
    );
    assert!(recovery::approve(&sam, row.id).await.is_err(), "once");

    // A staff account: a factor that is left is not enough, and its owner cannot approve.
    let ctx = home.anonymous();
    accounts::ask_recovery(&ctx, "sam@example.com").await.unwrap();
    let link = home.link_to("sam@example.com", "/recover/").await;
    assert_eq!(
        recovery::view(&ctx, &link).await.unwrap().step,
        RecoveryStep::Approval
    );
    let refused = recovery::prove(&ctx, &link, SecondWay::Password, "whatever").await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
    let row = recovery::waiting(&sam).await.unwrap().remove(0);
    assert!(!row.may_approve, "it is his own");
    assert!(matches!(
        recovery::approve(&sam, row.id).await,
        Err(Error::Conflict(_))
    ));
    recovery::approve(&ada, row.id).await.unwrap();
    home.clock.advance(DAY);
    people::enrol_with(&home.platform, &link, SetupForm::default(), 92).await;
}

#[tokio::test]
async fn an_administrator_does_not_vouch_for_staff_or_for_an_owner_or_for_himself() {
    let scene = scene().await;
    let home = &scene.home;
    let (admin, _) = home
        .colleague(&scene.ada, Role::Admin, "admin@example.com", 93)
        .await;
    let own = recovery::start_for_member(&admin, id(&admin)).await;
    assert!(matches!(own, Err(Error::Conflict(_))));
    let owner = recovery::start_for_member(&admin, id(&scene.ada)).await;
    assert!(matches!(owner, Err(Error::Conflict(_))));
    let developer = recovery::start_for_member(&scene.grace, id(&admin)).await;
    assert!(matches!(developer, Err(Error::Forbidden(Permission::TeamManage))));
    set_staff(home, id(&scene.grace), StaffRole::Support).await;
    recovery::start_for_member(&admin, id(&scene.grace))
        .await
        .unwrap();
    let open = recovery::own(&scene.grace).await.unwrap().unwrap();
    assert_eq!(open.ready_at, None, "it waits for staff");
}

#[tokio::test]
async fn another_organisation_s_member_is_not_there() {
    let scene = scene().await;
    let other = platform::access::create_organisation(&scene.ada, "Other", "UTC")
        .await
        .unwrap();
    let mut actor = scene.ada.actor().clone();
    if let platform::Actor::User { organisation, .. } = &mut actor {
        *organisation = other;
    }
    let elsewhere = scene.ada.acting_as(actor);
    let refused = recovery::start_for_member(&elsewhere, id(&scene.grace)).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn starting_and_approving_ask_for_a_fresh_confirmation() {
    let home = Installation::in_memory().await;
    let (secret, _) = people::set_up(&home.platform).await;
    let ada = people::signed_in(&home.platform, &secret).await;
    let user = UserId::from_u128(7);
    let member = recovery::start_for_member(&ada, user).await;
    assert!(matches!(member, Err(Error::StepUp(StepUp::Team))));
    let staff = recovery::start_for_account(&ada, user).await;
    assert!(matches!(staff, Err(Error::StepUp(StepUp::Staff))));
    let approve = recovery::approve(&ada, types::RecoveryId::from_u128(7)).await;
    assert!(matches!(approve, Err(Error::StepUp(StepUp::Staff))));
}

#[tokio::test]
async fn staff_find_an_account_by_its_exact_address_and_that_is_told() {
    let scene = scene().await;
    let found = recovery::find_account(&scene.ada, "Grace@Example.com")
        .await
        .unwrap();
    assert_eq!(found.id, id(&scene.grace));
    assert!(recovery::find_account(&scene.ada, "grace@example").await.is_err());
    let refused = recovery::find_account(&scene.grace, GRACE).await;
    assert!(matches!(
        refused,
        Err(Error::Forbidden(Permission::RecoveryStart))
    ));
    let log = scene.home.own_log().await;
    let looked = log.iter().filter(|(action, _)| action == "account.looked_up");
    assert_eq!(looked.count(), 2);
    assert!(!format!("{log:?}").contains("grace@"), "no address in the log");
}

#[tokio::test]
async fn the_host_s_command_makes_a_link_that_removes_nothing_until_it_is_used() {
    let home = Installation::in_memory().await;
    let (ada, mut passkey) = home.first_person().await;
    let system = home.platform.system();
    assert!(
        recovery::start_on_host(&ada, "ada@example.com").await.is_err(),
        "the host only"
    );
    assert!(
        recovery::start_on_host(&system, "nobody@example.com")
            .await
            .is_err()
    );
    let first = recovery::start_on_host(&system, "ada@example.com").await.unwrap();
    let link = recovery::start_on_host(&system, "ADA@example.com").await.unwrap();
    let ctx = home.anonymous();
    assert!(recovery::view(&ctx, &first).await.is_err(), "replaced");
    assert!(signs_in(&home, &mut passkey).await, "nothing was removed");
    assert_eq!(
        home.mail_to("ada@example.com").await.subject,
        "Your account is being recovered"
    );
    let (secret, mut new) = people::enrol_with(&home.platform, &link, SetupForm::default(), 95).await;
    assert_eq!(id(&home.signed_in(&secret).await), id(&ada));
    assert!(!signs_in(&home, &mut passkey).await && signs_in(&home, &mut new).await);
    let late = recovery::start_on_host(&system, "ada@example.com").await.unwrap();
    home.clock.advance(DAY);
    assert!(recovery::view(&ctx, &late).await.is_err(), "a day");
}
