//! Who may change whom.

use platform::{
    Error,
    access::members::{self, RoleChoice},
    sessions,
};
use testkit::{Installation, Joined, who};
use types::{Permission, Role, console::AuditFilter, team::RoleDraft};

const fn choice(role: Role) -> RoleChoice {
    RoleChoice::BuiltIn(role)
}

async fn codes(ctx: &platform::Ctx) -> Vec<String> {
    let log = platform::audit::list(ctx, &AuditFilter::default()).await.unwrap();
    log.rows.into_iter().map(|row| row.action).collect()
}

struct Office {
    home: Installation,
    owner: platform::Ctx,
    admin: Joined,
    developer: Joined,
}

async fn office() -> Office {
    let home = Installation::in_memory().await;
    let (owner, _) = home.first_person().await;
    let (_, organisation) = who(&owner);
    let admin = home.joined(organisation, "Bea Admin", Role::Admin, None).await;
    let developer = home
        .joined(organisation, "Cy Developer", Role::Developer, None)
        .await;
    Office {
        home,
        owner,
        admin,
        developer,
    }
}

#[tokio::test]
async fn a_role_changes_on_the_next_request_and_is_told() {
    let office = office().await;
    members::change_role(&office.owner, office.developer.id, choice(Role::Auditor))
        .await
        .unwrap();
    let now = office.home.signed_in(&office.developer.secret).await;
    assert!(now.actor().may(Permission::AuditRead) && !now.actor().may(Permission::KeysManage));
    assert_eq!(codes(&office.owner).await[0], "member.role_changed");
    let page = members::list(&office.owner).await.unwrap();
    let row = page
        .members
        .iter()
        .find(|row| row.id == office.developer.id)
        .unwrap();
    assert_eq!(row.role.word(), "auditor");
    assert!(row.last_active.is_some() && row.strongest.is_some());
}

#[tokio::test]
async fn nobody_gives_what_they_do_not_have_nor_changes_who_has_more() {
    let office = office().await;
    let admin = &office.admin.ctx;
    for refused in [
        members::change_role(admin, office.developer.id, choice(Role::Owner)).await,
        members::change_role(admin, office.admin.id, choice(Role::Owner)).await,
        members::change_role(admin, who(&office.owner).0, choice(Role::Support)).await,
        members::remove(admin, who(&office.owner).0).await,
    ] {
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    }
    assert_eq!(codes(&office.owner).await[0], "access.refused");
    let draft = RoleDraft {
        name: "People".into(),
        permissions: vec![Permission::TeamRead, Permission::TeamManage],
    };
    let people = platform::access::roles::create(&office.owner, &draft)
        .await
        .unwrap();
    members::change_role(&office.owner, office.admin.id, RoleChoice::Custom(people))
        .await
        .unwrap();
    let limited = office.home.signed_in(&office.admin.secret).await;
    for role in [Role::Admin, Role::Developer, Role::Auditor] {
        let refused = members::change_role(&limited, office.developer.id, choice(role)).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{role}: {refused:?}");
    }
    let refused = members::remove(&limited, office.developer.id).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "who has more");
}

#[tokio::test]
async fn a_role_that_was_taken_a_moment_ago_gives_nothing() {
    let office = office().await;
    let stale = office.admin.ctx.clone();
    members::change_role(&office.owner, office.admin.id, choice(Role::Support))
        .await
        .unwrap();
    let refused = members::change_role(&stale, office.developer.id, choice(Role::Admin)).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn without_team_manage_nothing_is_changed() {
    let office = office().await;
    let refused = members::change_role(&office.developer.ctx, office.admin.id, choice(Role::Support)).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::TeamManage))));
    let refused = members::remove(&office.developer.ctx, office.admin.id).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::TeamManage))));
}

#[tokio::test]
async fn another_organisation_s_member_is_not_there() {
    let office = office().await;
    let other = platform::access::create_organisation(&office.owner, "Other", "UTC")
        .await
        .unwrap();
    let theirs = office
        .home
        .joined(other, "Dee Elsewhere", Role::Owner, None)
        .await;
    let refused = members::change_role(&theirs.ctx, office.developer.id, choice(Role::Support)).await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    let refused = members::remove(&theirs.ctx, office.developer.id).await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    let draft = RoleDraft {
        name: "Reader".into(),
        permissions: vec![Permission::OrganisationRead],
    };
    let role = platform::access::roles::create(&office.owner, &draft)
        .await
        .unwrap();
    let refused = members::change_role(&theirs.ctx, theirs.id, RoleChoice::Custom(role)).await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
}

#[tokio::test]
async fn the_last_owner_cannot_leave_be_removed_or_demoted() {
    let office = office().await;
    let me = who(&office.owner).0;
    let demoted = members::change_role(&office.owner, me, choice(Role::Admin)).await;
    assert!(matches!(demoted, Err(Error::Conflict(_))), "{demoted:?}");
    assert!(matches!(
        members::leave(&office.owner).await,
        Err(Error::Conflict(_))
    ));
    assert!(matches!(
        members::remove(&office.owner, me).await,
        Err(Error::Conflict(_))
    ));
    members::change_role(&office.owner, office.admin.id, choice(Role::Owner))
        .await
        .unwrap();
    members::change_role(&office.owner, me, choice(Role::Admin))
        .await
        .unwrap();
}

async fn demote_each_other(home: &Installation) {
    let (one, _) = home.first_person().await;
    let (me, organisation) = who(&one);
    let two = home.joined(organisation, "Bea Owner", Role::Owner, None).await;
    let (first, second) = tokio::join!(
        members::change_role(&one, two.id, choice(Role::Support)),
        members::change_role(&two.ctx, me, choice(Role::Support)),
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let left = if first.is_ok() { &one } else { &two.ctx };
    let page = members::list(left).await.unwrap();
    let owners = page
        .members
        .iter()
        .filter(|row| row.role.word() == "owner")
        .count();
    assert_eq!(owners, 1);
}

#[tokio::test]
async fn two_owners_who_demote_each_other_at_once_leave_one() {
    demote_each_other(&Installation::in_memory().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_who_demote_each_other_at_once_leave_one_on_postgresql() {
    let Some(cluster) = testkit::Cluster::start_or_skip() else {
        return;
    };
    let url = cluster.database().await.unwrap();
    demote_each_other(&Installation::at(&url).await).await;
}

#[tokio::test]
async fn removing_a_member_ends_their_sessions_here_and_keeps_their_keys_for_review() {
    let office = office().await;
    let key = office
        .home
        .api_key(&office.developer.ctx, types::Environment::Test)
        .await
        .0;
    members::remove(&office.owner, office.developer.id).await.unwrap();
    let anonymous = office.home.anonymous();
    let session = sessions::authenticate(&anonymous, &office.developer.secret)
        .await
        .unwrap();
    assert_eq!(session, None, "on the next request");
    assert!(
        platform::api_keys::authenticate(&anonymous, &key).await.is_ok(),
        "the key works on"
    );
    let page = members::list(&office.owner).await.unwrap();
    assert_eq!(page.left_keys.len(), 1);
    assert_eq!(page.left_keys[0].maker, "Cy Developer");
    assert!(page.members.iter().all(|row| row.id != office.developer.id));
    assert_eq!(codes(&office.owner).await[0], "member.removed");
    let again = members::remove(&office.owner, office.developer.id).await;
    assert!(matches!(again, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn an_administrator_ends_a_member_s_sessions_and_nobody_s_who_may_more() {
    let office = office().await;
    let upwards = members::end_sessions(&office.developer.ctx, office.admin.id).await;
    assert!(matches!(upwards, Err(Error::Forbidden(_))), "{upwards:?}");
    let owner = who(&office.owner).0;
    let above = members::end_sessions(&office.admin.ctx, owner).await;
    assert!(matches!(above, Err(Error::Refused(_))), "{above:?}");
    members::end_sessions(&office.owner, office.developer.id)
        .await
        .unwrap();
    let anonymous = office.home.anonymous();
    let session = sessions::authenticate(&anonymous, &office.developer.secret)
        .await
        .unwrap();
    assert_eq!(session, None, "on the next request");
    assert_eq!(codes(&office.owner).await[0], "member.sessions_ended");
    let page = members::list(&office.owner).await.unwrap();
    assert!(page.members.iter().any(|row| row.id == office.developer.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_ends_sessions_on_other_servers_too() {
    let Some(cluster) = testkit::Cluster::start_or_skip() else {
        return;
    };
    let url = cluster.database().await.unwrap();
    let here = Installation::at(&url).await;
    let (owner, _) = here.first_person().await;
    let there = here.another_server(&url).await;
    let member = here
        .joined(who(&owner).1, "Cy Developer", Role::Developer, None)
        .await;
    let holds = async || {
        let ctx = there.anonymous();
        sessions::authenticate(&ctx, &member.secret)
            .await
            .unwrap()
            .is_some()
    };
    assert!(holds().await);
    members::remove(&owner, member.id).await.unwrap();
    // Without a notice, age ends the memory.
    there.clock.advance(1);
    assert!(!holds().await);
}

#[tokio::test]
async fn leaving_moves_the_session_to_another_organisation_or_ends_it() {
    let office = office().await;
    assert_eq!(members::leave(&office.developer.ctx).await.unwrap(), None);
    let anonymous = office.home.anonymous();
    let gone = sessions::authenticate(&anonymous, &office.developer.secret)
        .await
        .unwrap();
    assert_eq!(gone, None);
    assert_eq!(codes(&office.owner).await[0], "member.left");
    let other = platform::access::create_organisation(&office.owner, "Other", "UTC")
        .await
        .unwrap();
    let id = office.admin.id.to_string();
    let join =
        "INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES ($1, $2, 'support', 0)";
    office.home.execute(join, &[&other.to_string(), &id]).await;
    assert_eq!(members::leave(&office.admin.ctx).await.unwrap(), Some(other));
    let now = office.home.signed_in(&office.admin.secret).await;
    assert_eq!(who(&now).1, other);
    assert!(!now.actor().may(Permission::TeamManage));
}

#[tokio::test]
async fn changes_of_the_team_ask_for_a_fresh_confirmation() {
    let office = office().await;
    let stale = testkit::people::signed_in(&office.home.platform, &office.admin.secret).await;
    let asked = [
        members::change_role(&stale, office.developer.id, choice(Role::Support)).await,
        members::remove(&stale, office.developer.id).await,
        members::leave(&stale).await.map(|_| ()),
    ];
    for refused in asked {
        assert!(
            matches!(refused, Err(Error::StepUp(types::StepUp::Team))),
            "{refused:?}"
        );
    }
}
