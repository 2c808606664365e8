//! Invitations: who may invite whom to what, and links that work once.

use platform::{
    Error, access,
    identity::{self, SetupForm},
    invitations::{self, Offer},
};
use testkit::{Installation, people};
use types::{Permission, Role, StepUp, console::AuditFilter};

const GRACE: &str = "grace@example.com";

fn form() -> SetupForm {
    SetupForm {
        name: "Grace Hopper".into(),
        ..SetupForm::default()
    }
}

async fn members(home: &Installation) -> i64 {
    let mut conn = home.db.read().await.unwrap();
    db::on!(&mut *conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM memberships"
    )
    .fetch_one(c)
    .await)
    .unwrap()
}

#[tokio::test]
async fn somebody_new_accepts_with_a_passkey_and_the_link_works_once() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    invitations::invite(&user, GRACE, Offer::Role(Role::Developer))
        .await
        .unwrap();
    let link = home.link_to(GRACE, "/invitations/").await;
    let offer = invitations::view(&home.anonymous(), &link).await.unwrap();
    assert_eq!((offer.role.as_str(), offer.has_account), ("Developer", false));
    let (secret, _) = people::enrol_with(&home.platform, &link, form(), 21).await;
    let grace = home.signed_in(&secret).await;
    assert!(grace.permissions().contains(&Permission::KeysManage));
    assert!(!grace.permissions().contains(&Permission::TeamManage));
    assert!(invitations::page(&user).await.unwrap().open.is_empty());
    for refused in [
        invitations::view(&home.anonymous(), &link).await.map(drop),
        identity::setup_begin(&home.anonymous(), &link, form())
            .await
            .map(drop),
    ] {
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    }
    let log = platform::audit::list(&user, &AuditFilter::default())
        .await
        .unwrap();
    let told: Vec<_> = log.rows.iter().map(|row| row.sentence.as_str()).collect();
    assert_eq!(
        told[..2],
        [
            "Grace Hopper accepted an invitation as Developer.",
            "Ada Lovelace invited somebody as Developer."
        ]
    );
    assert!(!format!("{log:?}").contains(GRACE), "no address in the log");
}

#[tokio::test]
async fn two_who_open_the_same_invitation_make_one_account() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    invitations::invite(&user, GRACE, Offer::Role(Role::Developer))
        .await
        .unwrap();
    let link = home.link_to(GRACE, "/invitations/").await;
    let ctx = home.anonymous();
    let one = identity::setup_begin(&ctx, &link, form()).await.unwrap();
    let two = identity::setup_begin(&ctx, &link, form()).await.unwrap();
    let mut first = testkit::Authenticator::new("http://localhost:3000", 31);
    let mut second = testkit::Authenticator::new("http://localhost:3000", 32);
    let (one, two) = tokio::join!(
        identity::setup_finish(
            &ctx,
            &one.ceremony,
            first.register(&one.options, testkit::Fault::None)
        ),
        identity::setup_finish(
            &ctx,
            &two.ceremony,
            second.register(&two.options, testkit::Fault::None)
        ),
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    assert_eq!(members(&home).await, 2);
}

#[tokio::test]
async fn an_invitation_ends_after_seven_days_with_a_resend_or_when_revoked() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let anonymous = home.anonymous();
    let id = invitations::invite(&user, GRACE, Offer::Role(Role::Auditor))
        .await
        .unwrap();
    let first = home.link_to(GRACE, "/invitations/").await;
    home.clock.advance(5 * 86_400);
    invitations::resend(&user, id).await.unwrap();
    let second = home.link_to(GRACE, "/invitations/").await;
    assert_ne!(first, second);
    assert!(invitations::view(&anonymous, &first).await.is_err(), "replaced");
    home.clock.advance(7 * 86_400 - 1);
    invitations::view(&anonymous, &second).await.unwrap();
    home.clock.advance(1);
    let expired = invitations::view(&anonymous, &second)
        .await
        .unwrap_err()
        .to_string();
    assert!(invitations::page(&user).await.unwrap().open[0].is_expired);
    invitations::resend(&user, id).await.unwrap();
    let third = home.link_to(GRACE, "/invitations/").await;
    invitations::revoke(&user, id).await.unwrap();
    let revoked = invitations::view(&anonymous, &third)
        .await
        .unwrap_err()
        .to_string();
    let unknown = invitations::view(&anonymous, "made-up")
        .await
        .unwrap_err()
        .to_string();
    assert_eq!(expired, revoked);
    assert_eq!(expired, unknown);
    assert!(matches!(
        invitations::revoke(&user, id).await,
        Err(Error::NotFound(_))
    ));
    assert!(matches!(
        invitations::resend(&user, id).await,
        Err(Error::NotFound(_))
    ));
}

#[tokio::test]
async fn inviting_the_same_address_again_replaces_the_invitation() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    invitations::invite(&user, GRACE, Offer::Role(Role::Auditor))
        .await
        .unwrap();
    let first = home.link_to(GRACE, "/invitations/").await;
    invitations::invite(&user, "Grace@Example.com", Offer::Role(Role::Developer))
        .await
        .unwrap();
    assert!(invitations::view(&home.anonymous(), &first).await.is_err());
    let page = invitations::page(&user).await.unwrap();
    assert_eq!(page.open.len(), 1);
    assert_eq!(page.open[0].role, "Developer");
}

#[tokio::test]
async fn nobody_invites_to_more_than_he_has() {
    let home = Installation::in_memory().await;
    let (owner, _) = home.first_person().await;
    let (admin, _) = home.colleague(&owner, Role::Admin, "admin@example.com", 41).await;
    let refused = invitations::invite(&admin, GRACE, Offer::Role(Role::Owner)).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    assert!(
        !invitations::page(&admin)
            .await
            .unwrap()
            .roles
            .contains(&Role::Owner)
    );
    invitations::invite(&admin, GRACE, Offer::Role(Role::Admin))
        .await
        .unwrap();
    let (developer, _) = home
        .colleague(&owner, Role::Developer, "dev@example.com", 42)
        .await;
    let refused = invitations::invite(&developer, GRACE, Offer::Role(Role::Support)).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::TeamManage))));

    // A custom role that manages the team and no more offers no more than that.
    let tenant = owner.tenant().unwrap().to_string();
    let mut tx = home.db.begin().await.unwrap();
    let role = "rol_00000000000000000000000001";
    db::execute!(
        tx,
        sqlx::query(
            "INSERT INTO custom_roles (id, organisation_id, name, permissions, created_at, updated_at)
         VALUES ($1, $2, 'Recruiter', 'organisation:read team:read team:manage', 0, 0)"
        )
        .bind(role)
        .bind(&tenant)
    )
    .unwrap();
    tx.commit().await.unwrap();
    let offer: Offer = role.parse().unwrap();
    invitations::invite(&owner, "rita@example.com", offer)
        .await
        .unwrap();
    let link = home.link_to("rita@example.com", "/invitations/").await;
    let (secret, _) = people::enrol_with(&home.platform, &link, form(), 43).await;
    let rita = home.signed_in(&secret).await;
    assert!(rita.permissions().contains(&Permission::TeamManage));
    for role in [Role::Developer, Role::Support, Role::Billing, Role::Owner] {
        let refused = invitations::invite(&rita, "x@example.com", Offer::Role(role)).await;
        assert!(
            matches!(refused, Err(Error::Invalid { .. })),
            "{role:?}: {refused:?}"
        );
    }
    invitations::invite(&rita, "x@example.com", offer).await.unwrap();
}

#[tokio::test]
async fn another_organisation_s_invitation_or_role_is_not_there() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let id = invitations::invite(&user, GRACE, Offer::Role(Role::Auditor))
        .await
        .unwrap();
    let other = access::create_organisation(&user, "Other", "UTC").await.unwrap();
    access::switch_organisation(&user, other).await.unwrap();
    let mut actor = user.actor().clone();
    if let platform::Actor::User { organisation, .. } = &mut actor {
        *organisation = other;
    }
    let elsewhere = user.acting_as(actor);
    assert!(matches!(
        invitations::revoke(&elsewhere, id).await,
        Err(Error::NotFound(_))
    ));
    assert!(matches!(
        invitations::resend(&elsewhere, id).await,
        Err(Error::NotFound(_))
    ));
    assert!(invitations::page(&elsewhere).await.unwrap().open.is_empty());
    let foreign = Offer::Custom(types::CustomRoleId::from_u128(9));
    let refused = invitations::invite(&elsewhere, GRACE, foreign).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })));
}

#[tokio::test]
async fn inviting_asks_for_a_fresh_confirmation() {
    let home = Installation::in_memory().await;
    let (secret, _) = people::set_up(&home.platform).await;
    let user = people::signed_in(&home.platform, &secret).await;
    let refused = invitations::invite(&user, GRACE, Offer::Role(Role::Auditor)).await;
    assert!(matches!(refused, Err(Error::StepUp(StepUp::Team))));
}

#[tokio::test]
async fn an_existing_account_accepts_signed_in_and_nobody_else_does() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let (grace, _) = home.colleague(&ada, Role::Developer, GRACE, 51).await;
    let other = access::create_organisation(&ada, "Other", "UTC").await.unwrap();
    let mut actor = ada.actor().clone();
    if let platform::Actor::User { organisation, .. } = &mut actor {
        *organisation = other;
    }
    let elsewhere = ada.acting_as(actor);
    invitations::invite(&elsewhere, GRACE, Offer::Role(Role::Billing))
        .await
        .unwrap();
    let link = home.link_to(GRACE, "/invitations/").await;
    assert!(
        invitations::view(&home.anonymous(), &link)
            .await
            .unwrap()
            .has_account
    );
    let anonymous = invitations::accept(&home.anonymous(), &link).await;
    assert!(matches!(anonymous, Err(Error::Unauthenticated(_))));
    let wrong = invitations::accept(&ada, &link).await;
    assert!(matches!(wrong, Err(Error::Conflict(_))));
    let passkey = identity::setup_begin(&home.anonymous(), &link, form()).await;
    assert!(matches!(passkey, Err(Error::Conflict(_))), "no second account");
    assert!(invitations::view(&grace, &link).await.unwrap().is_mine);
    assert_eq!(invitations::accept(&grace, &link).await.unwrap(), other);
    assert!(invitations::accept(&grace, &link).await.is_err(), "once");
    let own = platform::audit::own(&grace, None).await.unwrap().rows;
    let said: Vec<_> = own.iter().map(|row| row.sentence.as_str()).collect();
    assert!(
        said.contains(&"You accepted an invitation as Billing."),
        "{said:?}"
    );
    assert!(
        said.contains(&"You accepted an invitation as Developer."),
        "{said:?}"
    );
    assert_eq!(members(&home).await, 4);
}
