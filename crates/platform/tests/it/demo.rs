//! The invented installation.

use platform::{
    Error, audit,
    demo::{self, Audit, Plan},
    verification,
};
use sqlx::AssertSqlSafe;
use testkit::Installation;
use types::{
    VerificationStatus as Status,
    console::{AuditFilter, VerificationFilter},
};

const PLAN: Plan = Plan {
    seed: 11,
    verifications: 3000,
    days: 90,
    audit: Audit::All,
};

async fn texts(home: &Installation, sql: String) -> Vec<String> {
    let mut read = home.db.read().await.unwrap();
    db::on!(read, |c| sqlx::query_scalar::<_, String>(AssertSqlSafe(sql))
        .fetch_all(c)
        .await)
    .unwrap()
}

async fn number(home: &Installation, sql: &str) -> i64 {
    let mut read = home.db.read().await.unwrap();
    let sql = sql.to_owned();
    db::on!(read, |c| sqlx::query_scalar::<_, i64>(AssertSqlSafe(sql))
        .fetch_one(c)
        .await)
    .unwrap()
}

/// Every row of every table of ours, as text.
async fn content(home: &Installation) -> Vec<String> {
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'
        AND name NOT LIKE 'sqlite%' ORDER BY name";
    let mut all = Vec::new();
    for table in texts(home, tables.to_owned()).await {
        let columns = texts(home, format!("SELECT name FROM pragma_table_info('{table}')")).await;
        let row: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        let row = row.join(" || ',' || ");
        let rows = format!("SELECT '{table}: ' || {row} AS line FROM {table} ORDER BY line");
        all.extend(texts(home, rows).await);
    }
    all
}

async fn seeded(plan: &Plan) -> Installation {
    let home = Installation::in_memory().await;
    demo::seed(&home.platform.system(), plan, &mut |_| {})
        .await
        .unwrap();
    home
}

#[tokio::test]
async fn a_seed_is_a_life() {
    let plan = Plan {
        verifications: 400,
        ..PLAN
    };
    let (one, two) = (
        content(&seeded(&plan).await).await,
        content(&seeded(&plan).await).await,
    );
    assert!(one.len() > 2000, "{}", one.len());
    assert!(one == two, "the same seed at the same time gives the same rows");
    let other = Plan { seed: 12, ..plan };
    assert!(content(&seeded(&other).await).await != one);
}

#[tokio::test]
async fn the_figures_agree_with_the_rows() {
    let home = Installation::in_memory().await;
    let mut told = 0;
    let system = home.platform.system();
    let report = demo::seed(&system, &PLAN, &mut |written| told += written)
        .await
        .unwrap();
    assert_eq!((told, report.verifications), (3000, 3000));
    assert_eq!(number(&home, "SELECT COUNT(*) FROM verifications").await, 3000);
    for status in ["approved", "denied", "rejected"] {
        let rows = format!("SELECT COUNT(*) FROM verifications WHERE status = '{status}'");
        let counted = format!("SELECT SUM({status}) FROM verification_counts");
        assert_eq!(
            number(&home, &rows).await,
            number(&home, &counted).await,
            "{status}"
        );
    }
    let open = "SELECT COUNT(*) FROM verifications WHERE completed_at IS NULL";
    let open = number(&home, open).await;
    assert!(open > 0, "somebody is at it just now");
    assert_eq!(
        open,
        number(&home, "SELECT SUM(open) FROM verification_counts").await
    );
    let jobs = "SELECT COUNT(*) FROM jobs WHERE kind = 'verification.expire'";
    assert_eq!(open, number(&home, jobs).await);
    let decided = "SELECT COUNT(*) FROM verifications WHERE status IN ('approved', 'denied')";
    let timed = "SELECT SUM(verifications) FROM verification_durations";
    assert_eq!(number(&home, decided).await, number(&home, timed).await);
    let events = number(&home, "SELECT COUNT(*) FROM audit_events").await;
    // The installation's own keys were made before, and the ledger's.
    assert_eq!(u64::try_from(events).unwrap(), report.events + 2);
}

#[tokio::test]
async fn every_verification_has_its_story() {
    let home = seeded(&PLAN).await;
    let untold = "SELECT COUNT(*) FROM verifications v WHERE NOT EXISTS (SELECT 1 FROM audit_events e
        WHERE e.organisation_id = v.organisation_id AND e.target_id = v.id AND e.action = 'verification.started' AND e.occurred_at = v.created_at)";
    assert_eq!(number(&home, untold).await, 0);
    let unfinished = "SELECT COUNT(*) FROM verifications v WHERE v.completed_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM audit_events e WHERE e.organisation_id = v.organisation_id AND e.target_id = v.id AND e.occurred_at = v.completed_at
        AND e.action IN ('verification.decided', 'verification.declined', 'verification.expired'))";
    assert_eq!(number(&home, unfinished).await, 0);
    let strays = "SELECT COUNT(*) FROM verifications v JOIN api_keys k ON k.id = v.api_key_id
        WHERE k.organisation_id <> v.organisation_id OR k.environment <> v.environment
           OR v.created_at < k.created_at OR v.created_at > k.revoked_at";
    assert_eq!(number(&home, strays).await, 0);
    let future = "SELECT COUNT(*) FROM audit_events WHERE occurred_at > 1795435200000";
    assert_eq!(number(&home, future).await, 0);
    let canonical = "SELECT canonical || ' ' || hex(leaf_hash) FROM audit_events ORDER BY id LIMIT 500";
    for line in texts(&home, canonical.to_owned()).await {
        use sha2::{Digest as _, Sha256};
        let (canonical, hash) = line.rsplit_once(' ').unwrap();
        let leaf = Sha256::digest([&[0], canonical.as_bytes()].concat());
        assert_eq!(hex::encode_upper(leaf), hash);
    }
}

#[tokio::test]
async fn calls_are_counted_as_the_product_counts_them() {
    let home = Installation::in_memory().await;
    let report = demo::seed(&home.platform.system(), &PLAN, &mut |_| {})
        .await
        .unwrap();
    let counted = number(&home, "SELECT CAST(SUM(calls) AS BIGINT) FROM call_counts").await;
    assert_eq!(u64::try_from(counted).unwrap(), report.calls);
    // The invented businesses do not ask for their usage, and look after their keys in the console.
    for endpoint in platform::metering::ENDPOINTS
        .into_iter()
        .filter(|one| *one != "/usage" && !one.starts_with("/api-keys") && !one.starts_with("/rate-limits"))
    {
        let sql = format!("SELECT COUNT(*) FROM call_counts WHERE endpoint = '{endpoint}'");
        assert!(number(&home, &sql).await > 100, "{endpoint}");
    }
    let started = "SELECT SUM(calls) FROM call_counts WHERE endpoint = '/verify/start' AND status = 201";
    assert_eq!(number(&home, started).await, 3000, "one for each verification");
    let live = "SELECT COUNT(*) FROM verifications WHERE environment = 'live'";
    for units in [
        "SELECT COUNT(*) FROM billable_starts",
        "SELECT CAST(SUM(units) AS BIGINT) FROM billable_days",
    ] {
        assert_eq!(number(&home, units).await, number(&home, live).await, "{units}");
    }
    let timed = "SELECT CAST(SUM(calls) AS BIGINT) FROM call_durations WHERE span = 1440";
    assert_eq!(number(&home, timed).await, counted);
    let strays = "SELECT COUNT(*) FROM call_counts c LEFT JOIN api_keys k ON k.id = c.api_key_id
        AND k.organisation_id = c.organisation_id
        WHERE k.id IS NULL OR c.minute < k.created_at / 60000 OR c.minute > k.revoked_at / 60000
           OR c.minute > 1795435200000 / 60000";
    assert_eq!(number(&home, strays).await, 0);
}

#[tokio::test]
async fn it_is_like_any_other_installation() {
    let home = Installation::in_memory().await;
    let (report, owner) = home.demo(&PLAN).await;
    assert_eq!(report.organisations[0].0, "Aldermoor Exchange");
    let view = verification::overview(&owner).await.unwrap();
    assert!(view.checklist.verification_decided && view.active_keys >= 4);
    let sum: u64 = view
        .days
        .iter()
        .map(|day| day.approved + day.denied + day.rejected)
        .sum();
    assert!(sum > 300, "{sum}");
    assert!(view.time_to_outcome.unwrap().p95 > view.time_to_outcome.unwrap().median);
    assert!(!view.attention.is_empty());
    let mut after = None;
    let mut approved = 0;
    loop {
        let filter = VerificationFilter {
            status: Some(Status::Approved),
            after,
            ..Default::default()
        };
        let page = verification::list(&owner, &filter).await.unwrap();
        approved += page.rows.len();
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert!(approved > 1000, "{approved}");
    let log = audit::list(&owner, &AuditFilter::default()).await.unwrap();
    assert_eq!(log.rows[0].action, "user.passkey_enrolled");
    let signed_in = AuditFilter {
        action: Some("session.signed_in".into()),
        ..Default::default()
    };
    let log = audit::list(&owner, &signed_in).await.unwrap();
    let opened = log
        .rows
        .iter()
        .all(|row| row.details.iter().any(|(name, _)| name == "address"));
    assert!(opened && log.rows.len() == 50, "sealed, and readable");
    home.clock.advance(86_400);
    let system = home.platform.system();
    while platform::jobs::run_due(&system).await.unwrap() > 0 {}
    let open = "SELECT COUNT(*) FROM verifications WHERE completed_at IS NULL";
    assert_eq!(number(&home, open).await, 0, "their time runs out as any other's");
}

#[tokio::test]
async fn it_is_only_written_to_an_empty_database() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let system = home.platform.system();
    let refused = demo::seed(&system, &PLAN, &mut |_| {}).await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
    let refused = demo::seed(&user, &PLAN, &mut |_| {}).await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "only by the operator");
}

#[tokio::test]
async fn events_can_be_left_out() {
    let few = Plan {
        audit: Audit::LastDays(2),
        ..PLAN
    };
    let started = "SELECT COUNT(*) FROM audit_events WHERE action = 'verification.started'";
    let late = number(&seeded(&few).await, started).await;
    assert!((1..600).contains(&late), "{late}");
    let none = Plan {
        audit: Audit::None,
        ..PLAN
    };
    let home = seeded(&none).await;
    assert_eq!(number(&home, started).await, 0);
    assert_eq!(number(&home, "SELECT COUNT(*) FROM call_counts").await, 0);
}

#[tokio::test]
async fn every_event_is_one_of_the_published_schema() {
    let plan = Plan {
        verifications: 400,
        ..PLAN
    };
    let home = seeded(&plan).await;
    let (user, _) = home.first_person().await;
    assert!(user.require(types::Permission::AuditReadAll).await.is_ok());
    user.record(
        audit::Event::new(audit::Action::PermissionDenied)
            .denied()
            .detail("reason", "é".repeat(900)),
    )
    .await
    .unwrap();
    let schema = serde_json::from_str(include_str!("../../../../public/event.schema.json")).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let schema = jsonschema::validator_for(&schema).unwrap();
    let events = texts(&home, "SELECT canonical FROM audit_events ORDER BY id".into()).await;
    assert!(events.len() > 1000, "{}", events.len());
    for text in &events {
        let event: serde_json::Value = serde_json::from_str(text).unwrap();
        assert!(
            schema.is_valid(&event),
            "{text}: {:?}",
            schema
                .iter_errors(&event)
                .map(|error| error.to_string())
                .collect::<Vec<_>>()
        );
    }
    // It refuses what is no event: each part that is missing, and one that it does not know.
    let event: serde_json::Value = serde_json::from_str(&events[0]).unwrap();
    for name in event.as_object().unwrap().keys() {
        let mut other = event.clone();
        let gone = other.as_object_mut().unwrap().remove(name);
        let may_miss = ["reason", "onBehalfOf", "organisation", "region"].contains(&name.as_str());
        assert_eq!(schema.is_valid(&other), may_miss, "without {name}: {gone:?}");
    }
    let mut other = event;
    other["address"] = "192.0.2.7".into();
    assert!(!schema.is_valid(&other));
}
