//! What an organisation asks of sign-ins.

use platform::{Ctx, Error, access::security};
use testkit::{Installation, Joined, who};
use types::{MfaRequirement as Asked, Permission, Role, SignInMethod, StaffRole, team::SecurityPolicy};

const fn policy(requirement: Asked) -> SecurityPolicy {
    SecurityPolicy {
        requirement,
        idle_minutes: None,
        absolute_minutes: None,
    }
}

/// An owner on a device-bound passkey, and a member on a password.
async fn office() -> (Installation, Ctx, Joined) {
    let home = Installation::in_memory().await;
    let (owner, _) = home.first_person().await;
    let (me, organisation) = who(&owner);
    let member = home
        .joined(organisation, "Bea Member", Role::Developer, None)
        .await;
    home.began(me, SignInMethod::DeviceBoundPasskey).await;
    home.began(member.id, SignInMethod::PasswordTotp).await;
    let mut actor = owner.actor().clone();
    if let platform::Actor::User { standing, .. } = &mut actor {
        std::sync::Arc::make_mut(standing).method = SignInMethod::DeviceBoundPasskey;
    }
    let owner = owner.acting_as(actor);
    (home, owner, member)
}

#[tokio::test]
async fn a_session_that_began_with_less_may_nothing_from_the_next_request_on() {
    let (home, owner, member) = office().await;
    assert!(
        home.signed_in(&member.secret)
            .await
            .actor()
            .may(Permission::KeysRead)
    );
    security::save(&owner, policy(Asked::Passkey)).await.unwrap();
    let now = home.signed_in(&member.secret).await;
    assert_eq!(now.permissions(), []);
    let refused = now.require(Permission::KeysRead).await;
    assert!(
        matches!(refused, Err(Error::Limited(Asked::Passkey))),
        "{refused:?}"
    );
    let viewer = platform::access::viewer(&now).await.unwrap();
    assert_eq!(viewer.limited, Some(Asked::Passkey));
    security::save(&owner, policy(Asked::Any)).await.unwrap();
    assert!(
        home.signed_in(&member.secret)
            .await
            .actor()
            .may(Permission::KeysRead)
    );
}

#[tokio::test]
async fn each_requirement_is_met_by_its_method_and_by_stronger_ones() {
    let (home, owner, member) = office().await;
    for asked in Asked::ALL {
        security::save(&owner, policy(*asked)).await.unwrap();
        for method in SignInMethod::ALL {
            home.began(member.id, *method).await;
            let may = home
                .signed_in(&member.secret)
                .await
                .actor()
                .may(Permission::KeysRead);
            assert_eq!(may, asked.is_met_by(*method), "{asked} {method}");
        }
    }
}

#[tokio::test]
async fn the_review_says_who_would_be_locked_out_and_writes_nothing() {
    let (home, owner, member) = office().await;
    home.execute(
        "DELETE FROM passkeys WHERE user_id = $1",
        &[&member.id.to_string()],
    )
    .await;
    let review = security::review(&owner, policy(Asked::Passkey)).await.unwrap();
    assert_eq!(review.locked_out, [("Bea Member".to_owned(), None)]);
    assert_eq!(review.changes.len(), 1);
    assert_eq!(security::page(&owner).await.unwrap().policy, policy(Asked::Any));
}

#[tokio::test]
async fn nobody_locks_themselves_out_and_limits_only_become_shorter() {
    let (home, owner, _) = office().await;
    let weaker = home.joined(who(&owner).1, "Cy Admin", Role::Admin, None).await;
    home.began(weaker.id, SignInMethod::PasswordTotp).await;
    let weaker = home.signed_in(&weaker.secret).await;
    let refused = security::save(&weaker, policy(Asked::Passkey)).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    for (idle, absolute) in [
        (Some(61), None),
        (Some(4), None),
        (None, Some(1441)),
        (None, Some(14)),
    ] {
        let wanted = SecurityPolicy {
            idle_minutes: idle,
            absolute_minutes: absolute,
            ..policy(Asked::Any)
        };
        let refused = security::save(&owner, wanted).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{wanted:?}");
    }
    let wanted = SecurityPolicy {
        idle_minutes: Some(5),
        absolute_minutes: Some(1440),
        ..policy(Asked::Any)
    };
    security::save(&owner, wanted).await.unwrap();
    assert_eq!(security::page(&owner).await.unwrap().policy, wanted);
}

#[tokio::test]
async fn the_policy_asks_for_its_permission_and_a_confirmation() {
    let (home, owner, member) = office().await;
    let developer = home.signed_in(&member.secret).await;
    let refused = security::save(&developer, policy(Asked::Any)).await;
    assert!(matches!(
        refused,
        Err(Error::Forbidden(Permission::SecurityManage))
    ));
    let admin = home.joined(who(&owner).1, "Cy Admin", Role::Admin, None).await;
    let stale = testkit::people::signed_in(&home.platform, &admin.secret).await;
    let refused = security::save(&stale, policy(Asked::Passkey)).await;
    assert!(matches!(refused, Err(Error::StepUp(types::StepUp::Security))));
}

#[tokio::test]
async fn staff_who_signed_in_with_a_password_have_no_staff_permission() {
    let (home, owner, _) = office().await;
    let staff = Some(StaffRole::Security);
    let person = home.joined(who(&owner).1, "Cy Staff", Role::Support, staff).await;
    assert!(person.ctx.actor().may(Permission::StaffRead));
    home.began(person.id, SignInMethod::PasswordTotp).await;
    let now = home.signed_in(&person.secret).await;
    let refused = now.require(Permission::StaffRead).await;
    assert!(
        matches!(refused, Err(Error::Limited(Asked::Passkey))),
        "{refused:?}"
    );
    assert!(
        now.actor().may(Permission::VerificationsRead),
        "what is not staff's stays"
    );
}
