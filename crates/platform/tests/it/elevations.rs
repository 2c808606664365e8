//! Higher staff roles for a time.

use platform::{Ctx, Error, elevations, jobs, staff};
use testkit::{Installation, Joined, who};
use types::{ElevationId, Permission as P, Role, StaffRole, team::ElevationState};

const REASON: &str = "Customer cannot sign in since Monday.";

struct Desk {
    home: Installation,
    admin: Ctx,
    helper: Joined,
    guard: Joined,
}

async fn desk() -> Desk {
    let home = Installation::in_memory().await;
    let (admin, _) = home.first_person().await;
    let organisation = who(&admin).1;
    let support = Some(StaffRole::Support);
    let helper = home
        .joined(organisation, "Bea Helper", Role::Support, support)
        .await;
    let security = Some(StaffRole::Security);
    let guard = home
        .joined(organisation, "Cy Guard", Role::Support, security)
        .await;
    Desk {
        home,
        admin,
        helper,
        guard,
    }
}

impl Desk {
    async fn asked(&self, role: StaffRole, minutes: i64) -> ElevationId {
        elevations::ask(&self.helper.ctx, role, REASON, minutes)
            .await
            .unwrap()
    }

    /// What the helper's session may now.
    async fn may(&self, permission: P) -> bool {
        self.home
            .signed_in(&self.helper.secret)
            .await
            .actor()
            .may(permission)
    }

    /// Lets so many seconds pass in which the helper goes on working: a session of staff that
    /// is left alone ends after a quarter of an hour.
    async fn pass(&self, seconds: i64) {
        let mut left = seconds;
        while left > 0 {
            let step = left.min(600);
            self.home.clock.advance(step);
            left -= step;
            self.home.signed_in(&self.helper.secret).await;
        }
    }

    async fn state(&self, id: ElevationId) -> ElevationState {
        let page = staff::page(&self.admin).await.unwrap();
        let mut rows = page.open.into_iter().chain(page.past);
        rows.find(|row| row.id == id).unwrap().state
    }

    /// How often an action stands in the log of the installation or of any organisation.
    async fn told(&self, action: &str) -> i64 {
        let mut read = self.home.db.read().await.unwrap();
        db::on!(read, |c| sqlx::query_scalar::<_, i64>(
            "SELECT COUNT(*) FROM audit_events WHERE action = $1"
        )
        .bind(action)
        .fetch_one(c)
        .await)
        .unwrap()
    }

    async fn mails(&self, kind: &str) -> i64 {
        let mut read = self.home.db.read().await.unwrap();
        db::on!(read, |c| sqlx::query_scalar::<_, i64>(
            "SELECT COUNT(*) FROM mails WHERE kind = $1"
        )
        .bind(kind)
        .fetch_one(c)
        .await)
        .unwrap()
    }
}

#[tokio::test]
async fn an_elevation_begins_with_the_approval_and_lapses_within_the_session() {
    let desk = desk().await;
    let id = desk.asked(StaffRole::OperatorAdmin, 15).await;
    assert!(!desk.may(P::StaffManage).await, "asking gives nothing");
    elevations::approve(&desk.admin, id).await.unwrap();
    assert!(desk.may(P::StaffManage).await);
    desk.home.clock.advance(15 * 60 - 1);
    assert!(desk.may(P::StaffManage).await, "to the last second");
    desk.home.clock.advance(1);
    assert!(
        !desk.may(P::StaffManage).await,
        "the same session, no job has run"
    );
    assert_eq!(desk.state(id).await, ElevationState::Ended);
    assert_eq!(desk.told("elevation.ended").await, 0);
    while jobs::run_due(&desk.home.platform.system()).await.unwrap() > 1 {}
    assert_eq!(desk.told("elevation.ended").await, 1, "the end is in the log");
    elevations::ask(&desk.helper.ctx, StaffRole::OperatorAdmin, REASON, 15)
        .await
        .unwrap();
}

#[tokio::test]
async fn nobody_approves_their_own_request() {
    let desk = desk().await;
    let id = elevations::ask(&desk.guard.ctx, StaffRole::OperatorAdmin, REASON, 60)
        .await
        .unwrap();
    let refused = elevations::approve(&desk.guard.ctx, id).await;
    assert!(
        matches!(refused, Err(Error::Refused(rule)) if rule.contains("own request")),
        "{refused:?}"
    );
    assert_eq!(desk.state(id).await, ElevationState::Requested);
    assert_eq!(desk.told("access.refused").await, 1);
}

#[tokio::test]
async fn who_does_not_have_the_permissions_for_good_does_not_approve_them() {
    let desk = desk().await;
    let id = desk.asked(StaffRole::OperatorAdmin, 60).await;
    let refused = elevations::approve(&desk.guard.ctx, id).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    let refused = elevations::approve(&desk.helper.ctx, id).await;
    assert!(
        matches!(refused, Err(Error::Forbidden(P::StaffApprove))),
        "{refused:?}"
    );
    // An elevated colleague cannot pass on what ends by itself, nor make it last.
    let own = elevations::ask(&desk.guard.ctx, StaffRole::OperatorAdmin, REASON, 60)
        .await
        .unwrap();
    elevations::approve(&desk.admin, own).await.unwrap();
    let elevated = desk.home.signed_in(&desk.guard.secret).await;
    assert!(elevated.actor().may(P::StaffManage));
    let refused = elevations::approve(&elevated, id).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    for target in [desk.guard.id, desk.helper.id] {
        let refused = staff::set_role(&elevated, target, Some(StaffRole::OperatorAdmin)).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn with_nobody_else_to_approve_it_holds_after_the_delay_and_everybody_is_told() {
    let desk = desk().await;
    let admin = who(&desk.admin).0.to_string();
    desk.home
        .execute("DELETE FROM passkeys WHERE user_id = $1", &[&admin])
        .await;
    let id = desk.asked(StaffRole::OperatorAdmin, 30).await;
    assert_eq!(desk.told("elevation.delayed").await, 1);
    assert_eq!(desk.mails("elevation.delayed").await, 3, "every staff address");
    desk.pass(3600 - 1).await;
    assert!(!desk.may(P::StaffManage).await, "not before the delay is over");
    desk.home.clock.advance(1);
    assert!(desk.may(P::StaffManage).await);
    desk.pass(1800 - 1).await;
    assert!(desk.may(P::StaffManage).await);
    desk.home.clock.advance(1);
    assert!(!desk.may(P::StaffManage).await);
    assert_eq!(desk.state(id).await, ElevationState::Ended);
}

#[tokio::test]
async fn a_delayed_elevation_can_be_stopped_before_it_begins() {
    let desk = desk().await;
    let admin = who(&desk.admin).0.to_string();
    desk.home
        .execute("DELETE FROM passkeys WHERE user_id = $1", &[&admin])
        .await;
    let id = desk.asked(StaffRole::OperatorAdmin, 30).await;
    elevations::stop(&desk.guard.ctx, id).await.unwrap();
    assert_eq!(desk.state(id).await, ElevationState::Refused);
    desk.pass(3600 - 1).await;
    assert!(!desk.may(P::StaffManage).await);
    desk.home.clock.advance(1);
    assert!(!desk.may(P::StaffManage).await, "it would hold now");
}

#[tokio::test]
async fn it_is_withdrawn_refused_or_ended_early_and_then_decided_no_more() {
    let desk = desk().await;
    let id = desk.asked(StaffRole::OperatorAdmin, 60).await;
    elevations::stop(&desk.helper.ctx, id).await.unwrap();
    assert_eq!(desk.state(id).await, ElevationState::Withdrawn);
    let late = elevations::approve(&desk.admin, id).await;
    assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");

    let id = desk.asked(StaffRole::OperatorAdmin, 60).await;
    let second = elevations::ask(&desk.helper.ctx, StaffRole::Security, REASON, 60).await;
    assert!(matches!(second, Err(Error::Conflict(_))), "one at a time");
    elevations::stop(&desk.guard.ctx, id).await.unwrap();
    assert_eq!(desk.state(id).await, ElevationState::Refused);

    let id = desk.asked(StaffRole::OperatorAdmin, 60).await;
    elevations::approve(&desk.admin, id).await.unwrap();
    assert!(desk.may(P::StaffManage).await);
    elevations::stop(&desk.guard.ctx, id).await.unwrap();
    assert!(!desk.may(P::StaffManage).await, "at once");
    assert_eq!(desk.state(id).await, ElevationState::Ended);
    let again = elevations::stop(&desk.helper.ctx, id).await;
    assert!(matches!(again, Err(Error::Conflict(_))));
    let codes = ["requested", "approved", "withdrawn", "refused", "ended"];
    for (code, times) in codes.into_iter().zip([3, 1, 1, 1, 1]) {
        assert_eq!(desk.told(&format!("elevation.{code}")).await, times, "{code}");
    }
}

#[tokio::test]
async fn a_request_that_nobody_decides_is_over_after_a_day() {
    let desk = desk().await;
    let id = desk.asked(StaffRole::OperatorAdmin, 60).await;
    desk.home.clock.advance(86_400 - 1);
    assert_eq!(desk.state(id).await, ElevationState::Requested);
    desk.home.clock.advance(1);
    assert_eq!(desk.state(id).await, ElevationState::Ended);
    let late = elevations::approve(&desk.admin, id).await;
    assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
}

#[tokio::test]
async fn two_approvals_at_once_are_one() {
    let desk = desk().await;
    let admin = Some(StaffRole::OperatorAdmin);
    let organisation = who(&desk.admin).1;
    let other = desk
        .home
        .joined(organisation, "Di Admin", Role::Support, admin)
        .await;
    let id = desk.asked(StaffRole::OperatorAdmin, 60).await;
    let (one, two) = tokio::join!(
        elevations::approve(&desk.admin, id),
        elevations::approve(&other.ctx, id)
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(desk.told("elevation.approved").await, 1);
}

#[tokio::test]
async fn a_request_has_a_reason_a_length_and_a_higher_role() {
    let desk = desk().await;
    let ask =
        async |role, reason: &str, minutes| elevations::ask(&desk.helper.ctx, role, reason, minutes).await;
    for (reason, minutes) in [("too short", 60), (REASON, 14), (REASON, 481), ("", 60)] {
        let refused = ask(StaffRole::OperatorAdmin, reason, minutes).await;
        assert!(
            matches!(refused, Err(Error::Invalid { .. })),
            "{reason} {minutes}"
        );
    }
    let refused = ask(StaffRole::Support, REASON, 60).await;
    assert!(
        matches!(refused, Err(Error::Invalid { .. })),
        "what one has already"
    );
    let organisation = who(&desk.admin).1;
    let owner = desk
        .home
        .joined(organisation, "Ed Owner", Role::Owner, None)
        .await;
    let refused = elevations::ask(&owner.ctx, StaffRole::Support, REASON, 60).await;
    assert!(
        matches!(refused, Err(Error::Forbidden(P::StaffRead))),
        "{refused:?}"
    );
    let stale = testkit::people::signed_in(&desk.home.platform, &desk.helper.secret).await;
    let refused = elevations::ask(&stale, StaffRole::OperatorAdmin, REASON, 60).await;
    assert!(
        matches!(refused, Err(Error::StepUp(types::StepUp::Staff))),
        "{refused:?}"
    );
    for minutes in [15, 480] {
        let id = ask(StaffRole::OperatorAdmin, REASON, minutes).await.unwrap();
        elevations::stop(&desk.helper.ctx, id).await.unwrap();
    }
}

#[tokio::test]
async fn with_the_staff_role_goes_every_elevation() {
    let desk = desk().await;
    let id = desk.asked(StaffRole::OperatorAdmin, 60).await;
    elevations::approve(&desk.admin, id).await.unwrap();
    staff::set_role(&desk.admin, desk.helper.id, None).await.unwrap();
    assert!(!desk.may(P::StaffManage).await && !desk.may(P::StaffRead).await);
    staff::set_role(&desk.admin, desk.helper.id, Some(StaffRole::Support))
        .await
        .unwrap();
    assert!(
        !desk.may(P::StaffManage).await,
        "it does not come back with the role"
    );
    assert_eq!(desk.told("elevation.ended").await, 1);
}
