//! Recovery: two ways, a time to wait in which it can be cancelled, and nobody alone.

mod others;
mod ways;

use platform::{
    Ctx, Error, accounts,
    identity::{self, SetupForm},
    recovery, sessions,
};
use testkit::{Authenticator, Fault, Installation, people};
use types::{Role, StaffRole, UserId, accounts::RecoveryStep, console::AuditFilter};

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
