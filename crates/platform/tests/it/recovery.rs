//! Recovery: two ways, a time to wait in which it can be cancelled, and nobody alone.

use platform::{
    Ctx, Error, accounts,
    identity::{self, SetupForm},
    recovery::{self, SecondWay},
    sessions,
};
use testkit::{Authenticator, Fault, Installation, people};
use types::{Permission, Role, StaffRole, StepUp, UserId, accounts::RecoveryStep, console::AuditFilter};

const DAY: i64 = 86_400;
const GRACE: &str = "grace@example.com";

fn id(ctx: &Ctx) -> UserId {
    match ctx.actor() {
        platform::Actor::User { id, .. } => *id,
        other => panic!("{other:?}"),
    }
}

/// The first person is staff; a colleague of hers is not.
struct Scene {
    home: Installation,
    ada: Ctx,
    grace: Ctx,
    passkey: Authenticator,
}

async fn scene() -> Scene {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let (grace, passkey) = home.colleague(&ada, Role::Developer, GRACE, 81).await;
    Scene {
        home,
        ada,
        grace,
        passkey,
    }
}

async fn count(home: &Installation, text: &'static str) -> i64 {
    let mut conn = home.db.read().await.unwrap();
    db::on!(&mut *conn, |c| sqlx::query_scalar::<_, i64>(text)
        .fetch_one(c)
        .await)
    .unwrap()
}

async fn set_staff(home: &Installation, user: UserId, role: StaffRole) {
    let mut tx = home.db.begin().await.unwrap();
    db::execute!(
        tx,
        sqlx::query("UPDATE users SET staff_role = $2 WHERE id = $1")
            .bind(user.to_string())
            .bind(role.as_str())
    )
    .unwrap();
    tx.commit().await.unwrap();
    home.clock.advance(1);
}

/// The context of the same session, as it is now.
fn as_staff(ctx: &Ctx, role: StaffRole) -> Ctx {
    let mut actor = ctx.actor().clone();
    if let platform::Actor::User { staff_role, .. } = &mut actor {
        *staff_role = Some(role);
    }
    ctx.acting_as(actor)
}

async fn signs_in(home: &Installation, passkey: &mut Authenticator) -> bool {
    let ctx = home.anonymous();
    let ceremony = identity::sign_in_begin(&ctx).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    identity::sign_in_finish(&ctx, &ceremony.ceremony, answer)
        .await
        .is_ok()
}

#[tokio::test]
async fn an_administrator_vouches_and_after_the_waiting_time_the_link_puts_a_new_passkey_in_place() {
    let mut scene = scene().await;
    let home = &scene.home;
    recovery::start_for_member(&scene.ada, id(&scene.grace))
        .await
        .unwrap();
    let link = home.link_to(GRACE, "/recover/").await;
    let anonymous = home.anonymous();
    let view = recovery::view(&anonymous, &link).await.unwrap();
    assert!(matches!(view.step, RecoveryStep::Waiting(_)), "{view:?}");
    home.clock.advance(DAY - 1);
    let early = identity::setup_begin(&anonymous, &link, SetupForm::default()).await;
    assert!(matches!(early, Err(Error::Conflict(_))), "a second early");
    assert!(signs_in(home, &mut scene.passkey).await, "nothing has changed");
    home.clock.advance(1);
    assert_eq!(
        recovery::view(&anonymous, &link).await.unwrap().step,
        RecoveryStep::Ready
    );
    let (secret, mut new) = people::enrol_with(&home.platform, &link, SetupForm::default(), 82).await;
    assert_eq!(id(&home.signed_in(&secret).await), id(&scene.grace));
    assert!(
        !signs_in(home, &mut scene.passkey).await,
        "the old passkey is gone"
    );
    assert!(signs_in(home, &mut new).await);
    assert!(
        recovery::view(&anonymous, &link).await.is_err(),
        "the link worked once"
    );
    let told = home.mail_to(GRACE).await;
    assert_eq!(told.subject, "Your account was recovered");
    assert!(told.links.iter().any(|(_, path)| path.starts_with("/not-me/")));
    let log = platform::audit::list(&scene.ada, &AuditFilter::default())
        .await
        .unwrap();
    let codes: Vec<_> = log.rows.iter().map(|row| row.action.as_str()).collect();
    for code in ["recovery.started", "recovery.completed"] {
        assert!(codes.contains(&code), "{codes:?}");
    }
}

#[tokio::test]
async fn a_recovery_ends_every_session_and_every_open_link_of_the_account() {
    let scene = scene().await;
    let home = &scene.home;
    let mut passkey = scene.passkey;
    let ctx = home.anonymous();
    let ceremony = identity::sign_in_begin(&ctx).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    let other = identity::sign_in_finish(&ctx, &ceremony.ceremony, answer)
        .await
        .unwrap();
    recovery::start_for_member(&scene.ada, id(&scene.grace))
        .await
        .unwrap();
    home.clock.advance(DAY - 60);
    accounts::ask_email_change(&scene.grace, "grace@new.example")
        .await
        .unwrap();
    let change = home.link_to("grace@new.example", "/account/email/").await;
    home.clock.advance(60);
    let link = home.link_to(GRACE, "/recover/").await;
    let cancel = home.link_to(GRACE, "/recover/cancel/").await;
    people::enrol_with(&home.platform, &link, SetupForm::default(), 82).await;
    assert!(
        sessions::authenticate(&ctx, &other.secret)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        accounts::confirm_email_change(&scene.grace, &change)
            .await
            .is_err()
    );
    assert!(recovery::cancel_by_link(&ctx, &cancel).await.is_err(), "too late");
    assert_eq!(count(home, "SELECT COUNT(*) FROM sessions WHERE user_id <> (SELECT id FROM users WHERE email = 'ada@example.com')").await, 1);
}

#[tokio::test]
async fn any_session_and_the_mail_s_link_cancel_a_recovery_until_it_is_used() {
    for through_session in [true, false] {
        let scene = scene().await;
        let home = &scene.home;
        recovery::start_for_member(&scene.ada, id(&scene.grace))
            .await
            .unwrap();
        let link = home.link_to(GRACE, "/recover/").await;
        let cancel = home.link_to(GRACE, "/recover/cancel/").await;
        home.clock.advance(DAY);
        assert!(recovery::own(&scene.grace).await.unwrap().is_some());
        assert!(recovery::own(&scene.ada).await.unwrap().is_none());
        let ctx = home.anonymous();
        if through_session {
            assert!(matches!(
                recovery::cancel_own(&scene.ada).await,
                Err(Error::NotFound(_))
            ));
            recovery::cancel_own(&scene.grace).await.unwrap();
        } else {
            recovery::cancel_view(&ctx, &cancel).await.unwrap();
            recovery::cancel_by_link(&ctx, &cancel).await.unwrap();
        }
        assert!(recovery::view(&ctx, &link).await.is_err());
        assert!(recovery::cancel_by_link(&ctx, &cancel).await.is_err(), "once");
        assert!(
            identity::setup_begin(&ctx, &link, SetupForm::default())
                .await
                .is_err()
        );
        assert!(recovery::own(&scene.grace).await.unwrap().is_none());
        assert_eq!(
            home.mail_to(GRACE).await.subject,
            "The recovery of your account was cancelled"
        );
    }
}

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
async fn a_recovery_that_nobody_goes_on_with_ends_by_itself() {
    let scene = scene().await;
    let home = &scene.home;
    let ctx = home.anonymous();
    accounts::ask_recovery(&ctx, GRACE).await.unwrap();
    let link = home.link_to(GRACE, "/recover/").await;
    home.clock.advance(3 * DAY - 1);
    recovery::view(&ctx, &link).await.unwrap();
    home.clock.advance(1);
    assert!(
        recovery::view(&ctx, &link).await.is_err(),
        "no second way in three days"
    );
    recovery::start_for_member(&scene.ada, id(&scene.grace))
        .await
        .unwrap();
    let link = home.link_to(GRACE, "/recover/").await;
    home.clock.advance(4 * DAY - 1);
    assert_eq!(
        recovery::view(&ctx, &link).await.unwrap().step,
        RecoveryStep::Ready
    );
    home.clock.advance(1);
    let refused = identity::setup_begin(&ctx, &link, SetupForm::default()).await;
    assert!(refused.is_err(), "not used within three days of its time");
}

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
    let log = platform::audit::list(&scene.ada, &AuditFilter::default())
        .await
        .unwrap();
    let looked = log.rows.iter().filter(|row| row.action == "account.looked_up");
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

/// Grace with a password, an app and recovery codes.
async fn with_password(scene: &Scene) -> (String, Vec<String>) {
    let ctx = scene.home.platform.system();
    let secret = identity::begin_totp(&ctx);
    recovery::start_for_member(&scene.ada, id(&scene.grace))
        .await
        .unwrap();
    scene.home.clock.advance(DAY);
    let link = scene.home.link_to(GRACE, "/recover/").await;
    let code = identity::totp::code_at(&secret, ctx.now()).unwrap();
    let form = identity::PasswordForm {
        name: "",
        password: PASSWORD,
        totp_secret: &secret,
        totp_code: &code,
    };
    let entered = identity::enter_with_password(&scene.home.anonymous(), &link, form)
        .await
        .unwrap();
    scene.home.clock.advance(60);
    (secret, entered.codes)
}

const PASSWORD: &str = "seven wandering looms at dawn";

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

#[tokio::test]
async fn invitations_and_recoveries_on_postgresql() {
    let Some(cluster) = testkit::Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    let (ada, _) = home.first_person().await;
    let (grace, passkey) = home.colleague(&ada, Role::Developer, GRACE, 81).await;
    let scene = Scene {
        home,
        ada,
        grace,
        passkey,
    };
    let home = &scene.home;
    let grace = id(&scene.grace);
    let (one, two) = tokio::join!(
        recovery::start_for_member(&scene.ada, grace),
        recovery::start_for_member(&scene.ada, grace),
    );
    assert_eq!(
        usize::from(one.is_ok()) + usize::from(two.is_ok()),
        1,
        "{one:?} {two:?}"
    );
    assert_eq!(count(home, "SELECT COUNT(*) FROM recoveries").await, 1);
    home.clock.advance(DAY);
    let link = home.link_to(GRACE, "/recover/").await;
    people::enrol_with(&home.platform, &link, SetupForm::default(), 82).await;
    accounts::ask_recovery(&home.anonymous(), GRACE).await.unwrap();
    home.link_to(GRACE, "/recover/cancel/").await;
    let found = recovery::find_account(&scene.ada, GRACE).await.unwrap();
    assert!(found.is_recovering);
    recovery::start_for_account(&scene.ada, grace).await.unwrap();
    assert_eq!(recovery::waiting(&scene.ada).await.unwrap().len(), 1);
    recovery::cancel_own(&scene.grace).await.unwrap();
    accounts::ask_email_change(&scene.ada, "ada@new.example")
        .await
        .unwrap();
    let change = home.link_to("ada@new.example", "/account/email/").await;
    accounts::confirm_email_change(&scene.ada, &change).await.unwrap();
    accounts::rename(&scene.ada, "Ada King").await.unwrap();
    let offer = platform::invitations::Offer::Role(Role::Auditor);
    let invitation = platform::invitations::invite(&scene.ada, "x@example.com", offer)
        .await
        .unwrap();
    platform::invitations::resend(&scene.ada, invitation)
        .await
        .unwrap();
    assert_eq!(
        platform::invitations::page(&scene.ada).await.unwrap().open.len(),
        1
    );
    platform::invitations::revoke(&scene.ada, invitation)
        .await
        .unwrap();
    recovery::start_on_host(&home.platform.system(), "ada@new.example")
        .await
        .unwrap();
    home.clock.advance(60 * DAY);
    home.mails().await;
}
