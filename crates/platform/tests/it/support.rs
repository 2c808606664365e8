//! The support desk, and looking into an organisation with its consent, on both databases.

mod desk;
mod withheld;

use platform::{Ctx, Error, access, accounts, api_keys, audit, jobs, sessions, staff, support, verification};
use testkit::{Cluster, Installation, Joined, who};
use types::{
    Environment, OrganisationId, Permission as P, Role, SignInMethod, StaffRole,
    console::{AuditFilter, VerificationFilter},
    support::ConsentState,
};

const REASON: &str = "They ask why a key fails";

/// An installation with an operator, a customer, and two who work at the desk.
struct Desk {
    home: Installation,
    operator: Ctx,
    organisation: OrganisationId,
    owner: Joined,
    helper: Joined,
    second: Joined,
}

impl Desk {
    async fn on(home: Installation) -> Self {
        let (operator, _) = home.first_person().await;
        let own = who(&operator).1;
        let organisation = access::create_organisation(&operator, "Customer Ltd", "UTC")
            .await
            .unwrap();
        let owner = home.joined(organisation, "Olga Owner", Role::Owner, None).await;
        let role = Some(StaffRole::Support);
        let helper = home.joined(own, "Hal Helper", Role::Support, role).await;
        let second = home.joined(own, "Sia Second", Role::Support, role).await;
        Self {
            home,
            operator,
            organisation,
            owner,
            helper,
            second,
        }
    }

    /// What the helper's next request is.
    async fn next(&self) -> Ctx {
        self.home.signed_in(&self.helper.secret).await
    }

    async fn consented(&self, hours: i64) {
        support::give(&self.owner.ctx, hours).await.unwrap();
    }

    async fn inside(&self) -> Ctx {
        support::enter(&self.helper.ctx, self.organisation, REASON)
            .await
            .unwrap();
        self.next().await
    }

    /// The customer's events with this code: who did it, on whose behalf, and the details.
    async fn told(&self, action: &str) -> Vec<types::console::AuditRow> {
        let filter = AuditFilter {
            action: Some(action.to_owned()),
            ..AuditFilter::default()
        };
        audit::list(&self.owner.ctx, &filter).await.unwrap().rows
    }

    /// How often this stands in the installation's own log, and in any other.
    async fn count(&self, action: &str) -> (i64, i64) {
        let mut read = self.home.db.read().await.unwrap();
        db::on!(read, |c| sqlx::query_as::<_, (i64, i64)>(
            "SELECT CAST(COALESCE(SUM(CASE WHEN organisation_id = '' THEN 1 ELSE 0 END), 0) AS BIGINT),
                    CAST(COALESCE(SUM(CASE WHEN organisation_id = '' THEN 0 ELSE 1 END), 0) AS BIGINT)
             FROM audit_events WHERE action = $1"
        )
        .bind(action)
        .fetch_one(c)
        .await)
        .unwrap()
    }

    /// All that the log holds, as text.
    async fn log(&self) -> String {
        let mut read = self.home.db.read().await.unwrap();
        let all: Vec<String> = db::on!(read, |c| sqlx::query_scalar("SELECT canonical FROM audit_events")
            .fetch_all(c)
            .await)
        .unwrap();
        all.join("\n")
    }
}

/// One on each database.
async fn desks() -> (Vec<Desk>, Option<Cluster>) {
    let mut all = vec![Desk::on(Installation::in_memory().await).await];
    let cluster = Cluster::start_or_skip();
    if let Some(cluster) = &cluster {
        let url = cluster.database().await.unwrap();
        all.push(Desk::on(Installation::at(&url).await).await);
    }
    (all, cluster)
}

fn refused<T>(done: &Result<T, Error>) -> bool {
    matches!(done, Err(Error::Refused(_)))
}

#[tokio::test]
async fn a_look_needs_the_consent_and_reads_alone() {
    let (desks, _cluster) = desks().await;
    for desk in desks {
        let without = support::enter(&desk.helper.ctx, desk.organisation, REASON).await;
        assert!(matches!(without, Err(Error::Conflict(_))), "{without:?}");

        support::ask(&desk.helper.ctx, desk.organisation, REASON)
            .await
            .unwrap();
        let again = support::ask(&desk.second.ctx, desk.organisation, REASON).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
        let mail = desk.home.mail_to("olga.owner@example.com").await;
        assert!(mail.subject.contains("Customer Ltd"), "{}", mail.subject);
        let asked = support::access(&desk.owner.ctx).await.unwrap().open.unwrap();
        assert_eq!(asked.state, ConsentState::Asked);
        assert_eq!(asked.reason.as_deref(), Some(REASON));
        let early = support::enter(&desk.helper.ctx, desk.organisation, REASON).await;
        assert!(
            matches!(early, Err(Error::Conflict(_))),
            "asking is not consent: {early:?}"
        );

        desk.consented(1).await;
        let inside = desk.inside().await;
        assert_eq!(inside.actor().organisation(), Some(desk.organisation));
        assert_eq!(
            inside.permissions(),
            Role::Auditor.permissions(),
            "as much as an auditor reads, and nothing else"
        );
        let viewer = access::viewer(&inside).await.unwrap();
        let looking = viewer.looking.unwrap();
        assert_eq!(looking.organisation, "Customer Ltd");
        assert!(!looking.over);
        assert!(api_keys::list(&inside).await.unwrap().is_empty());

        // No write begins, with a permission or without, and nothing dangerous is confirmed.
        assert!(refused(&inside.begin().await.map(|_| ())));
        assert!(refused(
            &api_keys::create(&inside, Environment::Test, &types::keys::KeyTerms::usual("Mine")).await
        ));
        assert!(refused(
            &accounts::ask_email_change(&inside, "hal@new.example").await
        ));
        assert!(refused(&inside.require_fresh(types::StepUp::Export).await));
        let export = verification::export(&inside, &VerificationFilter::default()).await;
        assert!(refused(&export.map(|_| ())));
        assert!(refused(&staff::organisations(&inside, None).await));
        assert!(refused(&support::search(&inside, "Customer").await));

        support::note_request(&inside, "/keys", true).await.unwrap();
        support::note_request(&inside, "/keys", false).await.unwrap();
        support::note_request(&inside, "/account", true).await.unwrap();
        let read = desk.told("support.page_read").await;
        let [page] = read.as_slice() else {
            panic!("{read:?}")
        };
        assert_eq!(page.actor, "Hal Helper (support staff)");
        assert_eq!(
            page.actor_id.as_deref(),
            Some(desk.helper.id.to_string().as_str())
        );
        assert!(page.sentence.contains("/keys"), "{}", page.sentence);
        assert_eq!(desk.told("support.look_blocked").await.len(), 1);
        let denied = desk.told("permission.denied").await;
        assert!(
            denied
                .iter()
                .all(|event| event.actor.ends_with("(support staff)")),
            "{denied:?}"
        );
        let log = desk.log().await;
        assert!(log.contains(&format!(
            "\"onBehalfOf\":{{\"id\":\"{}\",\"kind\":\"organisation\"}}",
            desk.organisation
        )));
        assert!(!log.contains(REASON), "what staff write is no metadata");

        support::leave(&inside).await.unwrap();
        let home = desk.next().await;
        assert_eq!(home.actor().organisation(), Some(who(&desk.operator).1));
        assert!(home.actor().may(P::SupportDesk));
        let looks = support::access(&desk.owner.ctx).await.unwrap().looks;
        let [look] = looks.as_slice() else {
            panic!("{looks:?}")
        };
        assert_eq!((look.by.as_str(), look.pages), ("Hal Helper", 1));
        assert_eq!(look.reason.as_deref(), Some(REASON));
        assert_eq!(look.ended, "The staff member left");
        assert_eq!(desk.told("support.look_ended").await.len(), 1);
    }
}

#[tokio::test]
async fn a_consent_that_is_withdrawn_ends_the_look_with_the_next_request() {
    let (desks, _cluster) = desks().await;
    for desk in desks {
        desk.consented(24).await;
        let inside = desk.inside().await;
        assert!(inside.actor().may(P::KeysRead));
        support::withdraw(&desk.owner.ctx).await.unwrap();
        let after = desk.next().await;
        let look = after.actor().look().unwrap();
        assert!(look.over);
        assert_eq!(after.permissions(), [], "and nothing of one's own in its place");
        assert!(refused(&after.begin().await.map(|_| ())));
        assert!(access::viewer(&after).await.unwrap().looking.unwrap().over);
        support::leave(&after).await.unwrap();
        assert!(desk.next().await.actor().may(P::SupportDesk));
        let page = support::access(&desk.owner.ctx).await.unwrap();
        assert!(page.open.is_none());
        assert_eq!(page.past[0].state, ConsentState::Withdrawn);
        assert_eq!(page.looks[0].ended, "You took the consent back");
        let again = support::enter(&desk.next().await, desk.organisation, REASON).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
    }
}

#[tokio::test]
async fn a_look_ends_with_the_time_of_the_consent() {
    let (desks, _cluster) = desks().await;
    for desk in desks {
        desk.consented(1).await;
        desk.inside().await;
        for _ in 0..5 {
            desk.home.clock.advance(600);
            desk.home.signed_in(&desk.owner.secret).await;
            assert!(desk.next().await.actor().may(P::KeysRead));
        }
        desk.home.clock.advance(600);
        let after = desk.next().await;
        assert!(after.actor().look().unwrap().over, "at its very second");
        assert_eq!(after.permissions(), []);
        while jobs::run_due(&desk.home.platform.system()).await.unwrap() > 0 {}
        let ended = desk.told("support.consent_ended").await;
        assert_eq!(ended.len(), 1, "{ended:?}");
        let page = support::access(&desk.owner.ctx).await.unwrap();
        assert_eq!(page.past[0].state, ConsentState::Ended);
        assert_eq!(page.looks[0].ended, "The consent's time was over");
    }
}

#[tokio::test]
async fn a_look_ends_with_the_role_with_the_session_and_with_what_is_asked_of_sign_ins() {
    let desk = Desk::on(Installation::in_memory().await).await;
    desk.consented(24).await;
    desk.inside().await;
    staff::set_role(&desk.operator, desk.helper.id, Some(StaffRole::Billing))
        .await
        .unwrap();
    assert!(desk.next().await.actor().look().unwrap().over);
    assert_eq!(desk.told("support.look_ended").await.len(), 1);
    support::leave(&desk.next().await).await.unwrap();
    let without = support::enter(&desk.next().await, desk.organisation, REASON).await;
    assert!(
        matches!(without, Err(Error::Forbidden(P::SupportLook))),
        "{without:?}"
    );

    // Signing out leaves too, and is told in both logs.
    let second = desk.home.signed_in(&desk.second.secret).await;
    support::enter(&second, desk.organisation, REASON).await.unwrap();
    let second = desk.home.signed_in(&desk.second.secret).await;
    let sql = "UPDATE organisations SET mfa_requirement = 'device_bound_passkey' WHERE id = $1";
    desk.home.execute(sql, &[&desk.organisation.to_string()]).await;
    desk.home.began(desk.second.id, SignInMethod::Passkey).await;
    let limited = desk.home.signed_in(&desk.second.secret).await;
    assert!(limited.actor().look().unwrap().over);
    platform::identity::sign_out(&second).await.unwrap();
    assert_eq!(
        sessions::authenticate(&desk.home.anonymous(), &desk.second.secret)
            .await
            .unwrap(),
        None
    );
    assert_eq!(desk.told("support.look_ended").await.len(), 2);
    assert_eq!(
        desk.told("session.signed_out").await.len(),
        0,
        "that is its own organisation's"
    );
}

#[tokio::test]
async fn another_server_hears_that_a_consent_was_withdrawn() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let url = cluster.database().await.unwrap();
    let desk = Desk::on(Installation::at(&url).await).await;
    let there = desk.home.another_server(&url).await;
    desk.consented(1).await;
    desk.inside().await;
    assert!(
        there
            .signed_in(&desk.helper.secret)
            .await
            .actor()
            .may(P::KeysRead)
    );
    support::withdraw(&desk.owner.ctx).await.unwrap();
    // No notice is followed here: what it remembers is old after less than a second.
    desk.home.clock.advance(1);
    let after = there.signed_in(&desk.helper.secret).await;
    assert!(after.actor().look().unwrap().over);
}

#[tokio::test]
async fn only_who_may_decides_and_what_they_are_asked_for_can_be_refused() {
    let desk = Desk::on(Installation::in_memory().await).await;
    let developer = desk
        .home
        .joined(desk.organisation, "Dev Eloper", Role::Developer, None)
        .await;
    assert!(matches!(
        support::give(&developer.ctx, 1).await,
        Err(Error::Forbidden(P::SupportConsent))
    ));
    for hours in [0, 2, 169, -1] {
        assert!(matches!(
            support::give(&desk.owner.ctx, hours).await,
            Err(Error::Invalid { .. })
        ));
    }
    assert!(matches!(
        support::refuse(&desk.owner.ctx).await,
        Err(Error::NotFound(_))
    ));
    assert!(matches!(
        support::withdraw(&desk.owner.ctx).await,
        Err(Error::NotFound(_))
    ));
    support::ask(&desk.helper.ctx, desk.organisation, REASON)
        .await
        .unwrap();
    support::refuse(&desk.owner.ctx).await.unwrap();
    let page = support::access(&desk.owner.ctx).await.unwrap();
    assert!(page.open.is_none());
    assert_eq!(page.past[0].state, ConsentState::Refused);
    // A request that nobody answers ends by itself.
    support::ask(&desk.helper.ctx, desk.organisation, REASON)
        .await
        .unwrap();
    desk.home.clock.advance(7 * 86_400 + 1);
    while jobs::run_due(&desk.home.platform.system()).await.unwrap() > 0 {}
    assert_eq!(desk.count("support.consent_ended").await, (0, 1));
}
