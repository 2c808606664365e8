//! Forms of members, roles, policy and staff: what they say, and what tampering comes to.

use platform::access::{members, roles, security};
use testkit::who;
use types::{MfaRequirement, Permission, Role, SignInMethod, StaffRole, team::SecurityPolicy};

use crate::app::App;

#[tokio::test]
async fn a_tampered_form_gives_no_more_than_its_sender_has() {
    let app = App::new().await;
    let (owner, _) = app.first_person().await;
    let (first, organisation) = who(&owner);
    let admin = app
        .home
        .joined(organisation, "Bea Admin", Role::Admin, None)
        .await;
    let member = app
        .home
        .joined(organisation, "Cy Member", Role::Support, None)
        .await;
    app.home.confirm_all(admin.id).await;
    let send = async |path: String, fields: &[(&str, &str)]| {
        app.post(&path).session(&admin.secret).form(fields).send().await
    };
    let own = format!("/team/members/{}", admin.id);
    let other = format!("/team/members/{}", member.id);
    for path in [&own, &other, &format!("/team/members/{first}")] {
        let reply = send(path.clone(), &[("role", "owner")]).await;
        assert_eq!(reply.status, 403, "{path}");
    }
    for word in ["operator_admin", "root", "", "rol_nonsense"] {
        let reply = send(other.clone(), &[("role", word)]).await;
        assert_eq!(reply.status, 422, "{word}");
    }
    let tampered = [
        ("step", "save"),
        ("name", "More"),
        ("permissions", "keys:read"),
        ("permissions", "staff:manage"),
    ];
    assert_eq!(send("/team/roles/new".into(), &tampered).await.status, 403);
    let unknown = [("step", "save"), ("name", "More"), ("permissions", "everything")];
    assert_eq!(send("/team/roles/new".into(), &unknown).await.status, 422);
    assert!(roles::list(&owner).await.unwrap().is_empty());
    let page = members::list(&owner).await.unwrap();
    let owners = page
        .members
        .iter()
        .filter(|row| row.role.word() == "owner")
        .count();
    assert_eq!(owners, 1);
    for (path, fields) in [
        (
            "/staff/access/give",
            &[("email", "bea.admin@example.com"), ("role", "operator_admin")][..],
        ),
        (
            "/staff/access/elevate",
            &[
                ("role", "operator_admin"),
                ("reason", "because I want it"),
                ("minutes", "60"),
            ],
        ),
    ] {
        assert_eq!(send(path.into(), fields).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn an_organisation_that_asks_for_more_answers_403_and_shows_the_way() {
    let app = App::new().await;
    let (owner, session) = app.first_person().await;
    let (me, organisation) = who(&owner);
    let member = app
        .home
        .joined(organisation, "Cy Member", Role::Developer, None)
        .await;
    app.home.began(member.id, SignInMethod::PasswordTotp).await;
    let policy = SecurityPolicy {
        requirement: MfaRequirement::Passkey,
        idle_minutes: None,
        absolute_minutes: None,
    };
    security::save(&owner, policy).await.unwrap();
    for path in ["/", "/keys", "/team", "/settings", "/team/leave"] {
        let reply = app.get(path).session(&member.secret).send().await;
        assert_eq!(reply.status, 403, "{path}");
        let text = reply.text();
        assert!(text.contains("/account/sign-in-methods"), "{path}");
        assert!(
            text.contains("Analytical Engines asks for a sign-in with a passkey"),
            "{path}"
        );
        assert!(!text.contains("Invite a colleague"), "{path}");
    }
    let made = app
        .post("/keys/new")
        .session(&member.secret)
        .form(&[("name", "x"), ("environment", "test")]);
    assert_eq!(made.send().await.status, 403);
    let reply = app.get("/").session(&session).send().await;
    assert_eq!(reply.status, 200, "{me} has a passkey");
}

#[tokio::test]
async fn a_role_and_a_policy_are_reviewed_before_they_are_saved_without_a_script() {
    let app = App::new().await;
    let (owner, _) = app.first_person().await;
    let organisation = who(&owner).1;
    let colleague = app
        .home
        .joined(organisation, "Olive Owner", Role::Owner, None)
        .await;
    let (me, session) = (colleague.id, colleague.secret);
    let member = app
        .home
        .joined(organisation, "Cy Member", Role::Developer, None)
        .await;
    let id = member.id.to_string();
    app.home
        .execute("DELETE FROM passkeys WHERE user_id = $1", &[&id])
        .await;
    let send = async |path: &str, fields: &[(&str, &str)]| {
        app.post(path).session(&session).form(fields).send().await
    };
    let role = [
        ("step", "review"),
        ("name", "Reader"),
        ("permissions", "audit:read"),
    ];
    let review = send("/team/roles/new", &role).await;
    assert_eq!(review.status, 200);
    for part in [
        "What changes",
        "Added",
        "Read the audit log",
        "Nobody has this role yet",
        "value=\"save\"",
    ] {
        assert!(review.text().contains(part), "{part}");
    }
    assert!(
        roles::list(&owner).await.unwrap().is_empty(),
        "a review writes nothing"
    );
    let save = [
        ("step", "save"),
        ("name", "Reader"),
        ("permissions", "audit:read"),
    ];
    let unconfirmed = send("/team/roles/new", &save).await;
    assert_eq!(unconfirmed.status, 403, "it was not confirmed");
    assert!(
        unconfirmed.text().contains("What changes"),
        "nothing that was typed is lost"
    );
    let policy = [
        ("step", "review"),
        ("requirement", "passkey"),
        ("idle_minutes", "20"),
        ("absolute_minutes", ""),
    ];
    let review = send("/settings/security", &policy).await;
    assert_eq!(review.status, 200, "{}", review.text());
    for part in ["Cy Member", "locked out", "20 minutes"] {
        assert!(review.text().contains(part), "{part}");
    }
    app.home.confirm_all(me).await;
    assert_eq!(send("/team/roles/new", &save).await.status, 303);
    assert_eq!(
        roles::list(&owner).await.unwrap()[0].permissions,
        [Permission::AuditRead]
    );
    let save = [
        ("step", "save"),
        ("requirement", "passkey"),
        ("idle_minutes", "20"),
        ("absolute_minutes", ""),
    ];
    assert_eq!(send("/settings/security", &save).await.status, 200);
    assert_eq!(
        security::page(&owner).await.unwrap().policy.idle_minutes,
        Some(20)
    );
    let wrong = [
        ("step", "review"),
        ("requirement", "passkey"),
        ("idle_minutes", "9999"),
    ];
    let refused = send("/settings/security", &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("9999"));
}

#[tokio::test]
async fn navigation_leads_only_where_the_role_may_go() {
    let app = App::new().await;
    let (owner, session) = app.first_person().await;
    let organisation = who(&owner).1;
    let billing = app
        .home
        .joined(organisation, "Bo Billing", Role::Billing, None)
        .await;
    let guard = Some(StaffRole::Security);
    let guard = app
        .home
        .joined(organisation, "Gus Guard", Role::Support, guard)
        .await;
    let shown = async |secret: &str| {
        let page = app.get("/").session(secret).send().await.text();
        let (_, after) = page.split_once("aria-label=\"Console\"").expect("a navigation");
        after.split_once("</nav>").expect("its end").0.to_owned()
    };
    let cases = [
        (
            shown(&session).await,
            &[
                "/team\"",
                "/staff/access\"",
                "/staff/accounts\"",
                "/staff/signals\"",
            ][..],
            &[][..],
        ),
        (
            shown(&billing.secret).await,
            &["/settings\""],
            &["/team\"", "/keys\"", "/staff/"],
        ),
        (
            shown(&guard.secret).await,
            &["/staff/organisations\"", "/staff/access\"", "/staff/signals\""],
            &["/staff/accounts\"", "/audit\""],
        ),
    ];
    for (text, there, absent) in cases {
        for path in there {
            assert!(text.contains(&format!("href=\"{path}")), "{path}");
        }
        for path in absent {
            assert!(!text.contains(&format!("href=\"{path}")), "{path}");
        }
    }
}
