//! Staff roles for good, and the list of organisations.

use platform::{Error, access::members, staff};
use testkit::{Installation, who};
use types::{Permission, Role, StaffRole, team::OrganisationState};

#[tokio::test]
async fn a_staff_role_is_given_to_who_has_a_passkey_and_holds_at_once() {
    let home = Installation::in_memory().await;
    let (admin, _) = home.first_person().await;
    let person = home
        .joined(who(&admin).1, "Bea Helper", Role::Support, None)
        .await;
    staff::give(&admin, " Bea.Helper@example.com ", StaffRole::Support)
        .await
        .unwrap();
    let now = home.signed_in(&person.secret).await;
    assert!(now.actor().may(Permission::RecoveryStart) && !now.actor().may(Permission::StaffManage));
    staff::set_role(&admin, person.id, None).await.unwrap();
    let now = home.signed_in(&person.secret).await;
    assert!(!now.actor().may(Permission::RecoveryStart));
    let id = person.id.to_string();
    home.execute("DELETE FROM passkeys WHERE user_id = $1", &[&id])
        .await;
    let refused = staff::set_role(&admin, person.id, Some(StaffRole::Support)).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    let refused = staff::give(&admin, "bea.helper@example.com", StaffRole::Support).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    let refused = staff::give(&admin, "nobody@example.com", StaffRole::Support).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
}

#[tokio::test]
async fn only_operator_admins_give_staff_roles_and_the_last_one_stays() {
    let home = Installation::in_memory().await;
    let (admin, _) = home.first_person().await;
    let (me, organisation) = who(&admin);
    let security = Some(StaffRole::Security);
    let guard = home
        .joined(organisation, "Bea Guard", Role::Support, security)
        .await;
    for wanted in [None, Some(StaffRole::OperatorAdmin), Some(StaffRole::Billing)] {
        for target in [guard.id, me] {
            let refused = staff::set_role(&guard.ctx, target, wanted).await;
            assert!(matches!(refused, Err(Error::Forbidden(Permission::StaffManage))));
        }
    }
    for wanted in [None, Some(StaffRole::Security)] {
        let refused = staff::set_role(&admin, me, wanted).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    }
    staff::set_role(&admin, guard.id, Some(StaffRole::OperatorAdmin))
        .await
        .unwrap();
    staff::set_role(&admin, me, None).await.unwrap();
}

#[tokio::test]
async fn two_operator_admins_who_take_each_other_at_once_leave_one() {
    let home = Installation::in_memory().await;
    let (one, _) = home.first_person().await;
    let (me, organisation) = who(&one);
    let admin = Some(StaffRole::OperatorAdmin);
    let two = home.joined(organisation, "Bea Admin", Role::Support, admin).await;
    let (first, second) = tokio::join!(
        staff::set_role(&one, two.id, None),
        staff::set_role(&two.ctx, me, None)
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
}

#[tokio::test]
async fn organisations_are_listed_a_page_at_a_time_with_counts_only() {
    let home = Installation::in_memory().await;
    let (admin, _) = home.first_person().await;
    home.api_key(&admin, types::Environment::Test).await;
    for number in 0..50 {
        let name = format!("Tenant {number}");
        platform::access::create_organisation(&admin, &name, "UTC")
            .await
            .unwrap();
        home.clock.advance(1);
    }
    let first = staff::organisations(&admin, None).await.unwrap();
    assert_eq!(first.rows.len(), 50);
    let second = staff::organisations(&admin, first.next.as_deref()).await.unwrap();
    assert_eq!((second.rows.len(), second.next), (1, None));
    let row = &second.rows[0];
    assert_eq!(
        (row.members, row.keys, row.state),
        (1, 1, OrganisationState::Quiet)
    );
    let wrong = staff::organisations(&admin, Some("nonsense")).await;
    assert!(matches!(wrong, Err(Error::Invalid { .. })));
    let person = home.joined(who(&admin).1, "Bea Member", Role::Owner, None).await;
    let refused = staff::organisations(&person.ctx, None).await;
    assert!(matches!(
        refused,
        Err(Error::Forbidden(Permission::OrganisationsList))
    ));
    assert!(
        members::list(&person.ctx).await.is_ok(),
        "an owner sees the own team"
    );
}
