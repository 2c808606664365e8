//! Roles of an organisation's own.

use platform::{
    Ctx, Error,
    access::{
        members::{self, RoleChoice},
        roles,
    },
};
use testkit::{Installation, Joined, who};
use types::{Permission as P, Role, team::RoleDraft};

fn draft(name: &str, permissions: &[P]) -> RoleDraft {
    RoleDraft {
        name: name.into(),
        permissions: permissions.to_vec(),
    }
}

async fn office() -> (Installation, Ctx, Joined) {
    let home = Installation::in_memory().await;
    let (owner, _) = home.first_person().await;
    let member = home
        .joined(who(&owner).1, "Bea Member", Role::Support, None)
        .await;
    (home, owner, member)
}

#[tokio::test]
async fn a_role_gives_exactly_what_it_names_from_the_next_request_on() {
    let (home, owner, member) = office().await;
    let role = roles::create(&owner, &draft("Key keeper", &[P::KeysRead, P::KeysManage]))
        .await
        .unwrap();
    members::change_role(&owner, member.id, RoleChoice::Custom(role))
        .await
        .unwrap();
    let now = home.signed_in(&member.secret).await;
    assert_eq!(now.permissions(), [P::KeysRead, P::KeysManage]);
    let review = roles::review(
        &owner,
        Some(role),
        &draft("Key reader", &[P::KeysRead, P::AuditRead]),
    )
    .await
    .unwrap();
    assert_eq!(
        (review.added, review.removed),
        (vec![P::AuditRead], vec![P::KeysManage])
    );
    assert_eq!(review.renamed_from.as_deref(), Some("Key keeper"));
    assert_eq!(review.affected, ["Bea Member"]);
    let unchanged = home.signed_in(&member.secret).await;
    assert!(unchanged.actor().may(P::KeysManage), "a review writes nothing");
    roles::update(&owner, role, &draft("Key reader", &[P::KeysRead, P::AuditRead]))
        .await
        .unwrap();
    let now = home.signed_in(&member.secret).await;
    assert_eq!(now.permissions(), [P::KeysRead, P::AuditRead]);
    let viewer = platform::access::viewer(&now).await.unwrap();
    assert_eq!(
        viewer.organisation.role,
        Role::Billing,
        "what a server knows that does not know the role"
    );
    assert_eq!(viewer.organisation.custom_role.as_deref(), Some("Key reader"));
}

#[tokio::test]
async fn a_role_in_use_is_not_deleted_and_says_who_has_it() {
    let (_home, owner, member) = office().await;
    let role = roles::create(&owner, &draft("Reader", &[P::OrganisationRead]))
        .await
        .unwrap();
    members::change_role(&owner, member.id, RoleChoice::Custom(role))
        .await
        .unwrap();
    assert!(matches!(
        roles::delete(&owner, role).await,
        Err(Error::Conflict(_))
    ));
    assert_eq!(roles::get(&owner, role).await.unwrap().members, ["Bea Member"]);
    members::change_role(&owner, member.id, RoleChoice::BuiltIn(Role::Support))
        .await
        .unwrap();
    roles::delete(&owner, role).await.unwrap();
    assert!(matches!(roles::get(&owner, role).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn what_only_the_operator_or_a_key_has_no_role_gives() {
    let (home, owner, member) = office().await;
    for permission in P::ALL
        .iter()
        .copied()
        .filter(|one| !Role::Owner.permissions().contains(one))
    {
        let refused = roles::create(&owner, &draft("Too much", &[P::KeysRead, permission])).await;
        assert!(
            matches!(refused, Err(Error::Refused(_))),
            "{permission}: {refused:?}"
        );
    }
    // Even if it stands in the database, a role gives nothing of the operator's.
    let role = roles::create(&owner, &draft("Tampered", &[P::KeysRead]))
        .await
        .unwrap();
    members::change_role(&owner, member.id, RoleChoice::Custom(role))
        .await
        .unwrap();
    let sql = "UPDATE custom_roles SET permissions = 'keys:read staff:manage no:such' WHERE id = $1";
    home.execute(sql, &[&role.to_string()]).await;
    home.clock.advance(1);
    assert_eq!(home.signed_in(&member.secret).await.permissions(), [P::KeysRead]);
}

#[tokio::test]
async fn nobody_makes_or_changes_a_role_beyond_their_own() {
    let (home, owner, member) = office().await;
    let people = roles::create(&owner, &draft("People", &[P::TeamRead, P::TeamManage]))
        .await
        .unwrap();
    let keys = roles::create(&owner, &draft("Keys", &[P::KeysRead, P::KeysManage]))
        .await
        .unwrap();
    members::change_role(&owner, member.id, RoleChoice::Custom(people))
        .await
        .unwrap();
    let limited = home.signed_in(&member.secret).await;
    let own = draft("People", &[P::TeamRead, P::TeamManage, P::SecurityManage]);
    for refused in [
        roles::update(&limited, people, &own).await,
        roles::create(&limited, &draft("More", &[P::AuditRead]))
            .await
            .map(|_| ()),
        roles::update(&limited, keys, &draft("Keys", &[P::TeamRead])).await,
        roles::delete(&limited, keys).await,
        members::change_role(&limited, member.id, RoleChoice::Custom(keys)).await,
        roles::review(&limited, Some(keys), &draft("Keys", &[P::TeamRead]))
            .await
            .map(|_| ()),
    ] {
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    }
    roles::create(&limited, &draft("Fewer", &[P::TeamRead]))
        .await
        .unwrap();
}

#[tokio::test]
async fn names_are_told_apart_and_other_organisations_roles_are_not_there() {
    let (home, owner, _) = office().await;
    let role = roles::create(&owner, &draft("Reader", &[P::KeysRead]))
        .await
        .unwrap();
    for (name, permissions) in [
        ("reader", &[P::KeysRead][..]),
        ("Owner", &[P::KeysRead]),
        (" ", &[P::KeysRead]),
        ("Empty", &[]),
    ] {
        let refused = roles::create(&owner, &draft(name, permissions)).await;
        assert!(
            matches!(refused, Err(Error::Invalid { .. })),
            "{name}: {refused:?}"
        );
    }
    let other = platform::access::create_organisation(&owner, "Other", "UTC")
        .await
        .unwrap();
    let theirs = home.joined(other, "Dee Elsewhere", Role::Owner, None).await.ctx;
    for refused in [
        roles::get(&theirs, role).await.map(|_| ()),
        roles::update(&theirs, role, &draft("Mine", &[P::KeysRead])).await,
        roles::delete(&theirs, role).await,
        roles::review(&theirs, Some(role), &draft("Mine", &[P::KeysRead]))
            .await
            .map(|_| ()),
    ] {
        assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    }
    assert!(roles::list(&theirs).await.unwrap().is_empty());
}
