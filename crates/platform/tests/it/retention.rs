//! How long things are kept, and what is held.

use ledger::{Hash, event::RetirementDigest};
use platform::{Ctx, Error, audit, jobs, retention};
use testkit::{Cluster, Installation, who};
use types::{
    Environment, OrganisationId, Permission, Role, StaffRole,
    console::AuditFilter,
    retention::{HoldDraft, LogScope, RetentionKind},
};

const DAY: i64 = 86_400;
const ORGANISATION: LogScope = LogScope::Organisation;

/// Gives every event that has none its place, in the order of their ids, as the sequencer does.
pub(crate) async fn sequence(home: &Installation) {
    let mut tx = home.db.begin().await.unwrap();
    let ids: Vec<String> = db::on!(tx, |c| sqlx::query_scalar(
        "SELECT id FROM audit_events WHERE leaf_index IS NULL ORDER BY id"
    )
    .fetch_all(c)
    .await)
    .unwrap();
    for id in ids {
        let place = "UPDATE audit_events SET leaf_index =
                (SELECT COALESCE(MAX(leaf_index), -1) + 1 FROM
                    (SELECT leaf_index FROM audit_events UNION SELECT leaf_index FROM audit_retired) AS places)
            WHERE id = $1";
        db::execute!(tx, sqlx::query(place).bind(id.as_str())).unwrap();
    }
    tx.commit().await.unwrap();
}

/// Runs what is due, also what that queues.
pub(crate) async fn run(home: &Installation) {
    let system = home.platform.system();
    while jobs::run_due(&system).await.unwrap() > 0 {}
    // What the first sweep has queued for later.
    home.clock.advance(200);
    while jobs::run_due(&system).await.unwrap() > 0 {}
}

pub(crate) async fn count(home: &Installation, sql: &'static str, value: &str) -> i64 {
    let mut read = home.db.read().await.unwrap();
    db::on!(read, |c| sqlx::query_scalar(sql).bind(value).fetch_one(c).await).unwrap()
}

pub(crate) async fn codes(user: &Ctx, code: &str) -> Vec<types::console::AuditRow> {
    let filter = AuditFilter {
        action: Some(code.into()),
        ..AuditFilter::default()
    };
    audit::list(user, &filter).await.unwrap().rows
}

fn detail(row: &types::console::AuditRow, name: &str) -> String {
    let found = row.details.iter().find(|(key, _)| key == name);
    found.unwrap_or_else(|| panic!("{name} in {row:?}")).1.clone()
}

async fn some_events(home: &Installation, user: &Ctx, number: usize) {
    for index in 0..number {
        home.clock.advance(1);
        let name = format!("Key {index}");
        platform::api_keys::create(user, Environment::Test, &types::keys::KeyTerms::usual(&name))
            .await
            .unwrap();
    }
}

/// Keeps events for this many days, from now on.
async fn keep(home: &Installation, user: &Ctx, days: i64) {
    let days = [(RetentionKind::AuditEvents, days)];
    retention::save(user, ORGANISATION, &days).await.unwrap();
    home.clock.advance(7 * DAY);
}

/// The leaf hashes by place, before anything goes.
async fn leaves(home: &Installation, organisation: OrganisationId) -> Vec<(i64, Vec<u8>)> {
    let mut read = home.db.read().await.unwrap();
    let all = "SELECT leaf_index, leaf_hash FROM audit_events
        WHERE organisation_id = $1 AND leaf_index IS NOT NULL ORDER BY leaf_index";
    db::on!(read, |c| sqlx::query_as(all)
        .bind(organisation.to_string())
        .fetch_all(c)
        .await)
    .unwrap()
}

async fn retired_events_leave_their_hashes_and_a_digest(home: Installation) {
    let (user, _) = home.first_person().await;
    let (_, organisation) = who(&user);
    some_events(&home, &user, 20).await;
    sequence(&home).await;
    let before = leaves(&home, organisation).await;
    // Not yet in its place: stays, however old.
    some_events(&home, &user, 1).await;
    let days = [(RetentionKind::AuditEvents, 180)];
    let review = retention::review(&user, ORGANISATION, &days).await.unwrap();
    assert_eq!(review.going[0].1.count, 0, "nothing is old enough");
    home.clock.advance(200 * DAY);
    let review = retention::review(&user, ORGANISATION, &days).await.unwrap();
    assert_eq!(review.going[0].1.count, before.len() as u64);
    assert!(review.holds_from.is_some());
    run(&home).await;
    assert_eq!(leaves(&home, organisation).await.len(), before.len(), "ten years");
    keep(&home, &user, 180).await;
    let page = retention::page(&user, ORGANISATION).await.unwrap();
    assert_eq!(page.rows[0].due.count, before.len() as u64);
    home.clock.advance(2 * DAY);
    run(&home).await;
    let left = leaves(&home, organisation).await;
    assert!(left.is_empty(), "{left:?}");
    let told = codes(&user, "audit.retired").await;
    assert_eq!(told.len(), 1);
    assert_eq!(detail(&told[0], "events"), before.len().to_string());
    assert_eq!(detail(&told[0], "first"), before[0].0.to_string());
    assert_eq!(detail(&told[0], "last"), before[before.len() - 1].0.to_string());
    let mut digest = RetirementDigest::new();
    for (leaf, hash) in &before {
        digest.add(
            u64::try_from(*leaf).unwrap(),
            &Hash(hash.as_slice().try_into().unwrap()),
        );
    }
    assert_eq!(detail(&told[0], "digest"), hex::encode(digest.finish()));
    let kept: Vec<(i64, Vec<u8>)> = {
        let mut read = home.db.read().await.unwrap();
        let all = "SELECT leaf_index, leaf_hash FROM audit_retired
            WHERE retirement_event_id = $1 ORDER BY leaf_index";
        db::on!(read, |c| sqlx::query_as(all)
            .bind(told[0].id.to_string())
            .fetch_all(c)
            .await)
        .unwrap()
    };
    assert_eq!(kept, before);
    let fields = "SELECT COUNT(*) FROM audit_personal p WHERE p.organisation_id = $1
        AND NOT EXISTS (SELECT 1 FROM audit_events e WHERE e.id = p.event_id)";
    assert_eq!(count(&home, fields, &organisation.to_string()).await, 0);
    // What tells of a retirement stays for ever: it explains the places of the others.
    sequence(&home).await;
    home.clock.advance(400 * DAY);
    run(&home).await;
    assert!(codes(&user, "audit.retired").await.len() >= 2);
}

#[tokio::test]
async fn retirement_on_sqlite() {
    let home = Installation::in_memory().await;
    Box::pin(retired_events_leave_their_hashes_and_a_digest(home)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retirement_on_postgresql_too() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    let db = home.db.clone();
    Box::pin(retired_events_leave_their_hashes_and_a_digest(home)).await;
    db.close().await;
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    let db = home.db.clone();
    Box::pin(what_is_held_stays(home)).await;
    db.close().await;
}

fn hold(person: &str, from: &str, to: &str) -> HoldDraft {
    HoldDraft {
        person: person.into(),
        from: from.into(),
        to: to.into(),
        reason: "A court has asked for it".into(),
        ..HoldDraft::default()
    }
}

async fn what_is_held_stays(home: Installation) {
    let (user, _) = home.first_person().await;
    let (_, organisation) = who(&user);
    let member = home.joined(organisation, "Mia Member", Role::Admin, None).await;
    some_events(&home, &user, 5).await;
    home.clock.advance(10 * DAY);
    some_events(&home, &member.ctx, 3).await;
    sequence(&home).await;
    let all = leaves(&home, organisation).await.len();
    let person = retention::place(&user, ORGANISATION, &hold(&member.id.to_string(), "", "")).await;
    let range = retention::place(&user, ORGANISATION, &hold("", "2026-11-01", "2026-11-24")).await;
    let (person, range) = (person.unwrap(), range.unwrap());
    home.clock.advance(300 * DAY);
    keep(&home, &user, 180).await;
    let page = retention::page(&user, ORGANISATION).await.unwrap();
    assert!(page.rows[0].held, "{page:?}");
    assert_eq!(page.rows[0].due.count, 0, "all is of the days or of the person");
    run(&home).await;
    assert_eq!(leaves(&home, organisation).await.len(), all);
    let few = retention::release(&user, ORGANISATION, person, "no").await;
    assert!(matches!(few, Err(Error::Invalid { .. })));
    let reason = "The case is closed";
    retention::release(&user, ORGANISATION, person, reason)
        .await
        .unwrap();
    let twice = retention::release(&user, ORGANISATION, person, reason).await;
    assert!(matches!(twice, Err(Error::Conflict(_))));
    home.clock.advance(2 * DAY);
    run(&home).await;
    let days = leaves(&home, organisation).await.len();
    assert!(days > 0 && days < all, "{days} of {all}");
    retention::release(&user, ORGANISATION, range, reason)
        .await
        .unwrap();
    home.clock.advance(2 * DAY);
    run(&home).await;
    assert_eq!(leaves(&home, organisation).await.len(), 0);
    let told = codes(&user, "legal_hold.released").await;
    assert_eq!(told.len(), 2);
    assert!(
        told[0].sentence.contains("RELEASED THE LEGAL HOLD"),
        "{}",
        told[0].sentence
    );
    let mails = home.mails().await;
    let heard = mails
        .iter()
        .filter(|mail| mail.subject.contains("legal hold"))
        .count();
    assert_eq!(heard, 4, "two admins, twice");
}

#[tokio::test]
async fn holds_on_sqlite() {
    Box::pin(what_is_held_stays(Installation::in_memory().await)).await;
}

#[tokio::test]
async fn a_shorter_time_counts_after_a_week_a_longer_one_at_once() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let set = async |days: i64| {
        let days = [(RetentionKind::AuditEvents, days)];
        retention::save(&user, ORGANISATION, &days).await
    };
    let days = async || retention::page(&user, ORGANISATION).await.unwrap().rows[0];
    assert_eq!((days().await.days, days().await.coming), (3650, None));
    set(200).await.unwrap();
    assert_eq!(days().await.days, 3650);
    assert_eq!(days().await.coming.unwrap().0, 200);
    home.clock.advance(5 * DAY);
    // Asked for again, it does not wait anew.
    set(200).await.unwrap();
    home.clock.advance(2 * DAY);
    assert_eq!((days().await.days, days().await.coming), (200, None));
    set(1000).await.unwrap();
    assert_eq!((days().await.days, days().await.coming), (1000, None));
    for bad in [179, 3651, -1] {
        assert!(matches!(set(bad).await, Err(Error::Invalid { .. })), "{bad}");
    }
    let mails = home.mails().await;
    assert_eq!(
        mails
            .iter()
            .filter(|mail| mail.subject.contains("kept was changed"))
            .count(),
        2
    );
}

#[tokio::test]
async fn old_verifications_and_calls_go_and_figures_stay() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, organisation) = who(&user);
    let organisation = organisation.to_string();
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let start = platform::verification::StartRequest::default();
    let first = platform::verification::start(&key, start).await.unwrap().id;
    platform::metering::record(&key, &crate::metering::answered("/verify/start", 200));
    platform::metering::flush(&home.platform.system()).await.unwrap();
    // It ends and is counted.
    home.clock.advance(2 * DAY);
    run(&home).await;
    run(&home).await;
    let days = [(RetentionKind::Verifications, 30), (RetentionKind::Calls, 30)];
    retention::save(&user, ORGANISATION, &days).await.unwrap();
    home.clock.advance(31 * DAY);
    let start = platform::verification::StartRequest::default();
    let second = platform::verification::start(&key, start).await.unwrap().id;
    let page = retention::page(&user, ORGANISATION).await.unwrap();
    let due: Vec<u64> = page.rows.iter().map(|row| row.due.count).collect();
    assert_eq!(due, [0, 1, 1]);
    run(&home).await;
    assert!(platform::verification::detail(&user, first).await.is_err());
    platform::verification::detail(&user, second).await.unwrap();
    let calls = "SELECT COUNT(*) FROM call_counts WHERE organisation_id = $1";
    assert_eq!(count(&home, calls, &organisation).await, 0);
    let counted = "SELECT CAST(COALESCE(SUM(rejected), 0) AS BIGINT) FROM verification_counts
        WHERE organisation_id = $1";
    assert_eq!(count(&home, counted, &organisation).await, 1, "the figure stays");
    assert_eq!(codes(&user, "verification.purged").await.len(), 1);
    assert_eq!(codes(&user, "api_key.calls_purged").await.len(), 1);
}

#[tokio::test]
async fn the_operator_holds_an_organisation_s_log_and_it_does_not_learn_why() {
    let home = Installation::in_memory().await;
    let (staff, _) = home.first_person().await;
    let other = platform::access::create_organisation(&staff, "Other", "UTC")
        .await
        .unwrap();
    let owner = home.joined(other, "Olga Owner", Role::Owner, None).await;
    let mut draft = hold("", "", "");
    draft.organisation = other.to_string();
    let id = retention::place(&staff, LogScope::Installation, &draft)
        .await
        .unwrap();
    let seen = retention::page(&owner.ctx, ORGANISATION).await.unwrap();
    assert_eq!(seen.holds.len(), 1);
    assert!(seen.holds[0].by_operator && seen.holds[0].reason.is_none() && !seen.holds[0].may_release);
    let refused = retention::release(&owner.ctx, ORGANISATION, id, "We want to erase it").await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
    let told = codes(&owner.ctx, "legal_hold.placed").await;
    assert_eq!(told.len(), 1);
    assert!(
        told[0].details.iter().all(|(_, value)| !value.contains("court")),
        "{told:?}"
    );
    draft.organisation = "org_00000000000000000000000000".into();
    let refused = retention::place(&staff, LogScope::Installation, &draft).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })));
}

#[tokio::test]
async fn only_who_may_manage_the_log_decides() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, organisation) = who(&user);
    let auditor = home.joined(organisation, "Aud Itor", Role::Auditor, None).await;
    let guard = Some(StaffRole::Security);
    let guard = home.joined(organisation, "Gus Guard", Role::Support, guard).await;
    let refused = retention::page(&auditor.ctx, ORGANISATION).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::AuditManage))));
    let refused = retention::place(&auditor.ctx, ORGANISATION, &hold("", "", "")).await;
    assert!(matches!(refused, Err(Error::Forbidden(Permission::AuditManage))));
    let refused = retention::page(&guard.ctx, LogScope::Installation).await;
    assert!(matches!(
        refused,
        Err(Error::Forbidden(Permission::AuditManageAll))
    ));
    retention::page(&user, LogScope::Installation).await.unwrap();
}
