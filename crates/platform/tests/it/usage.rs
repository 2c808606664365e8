//! What is used: starts that have a name, what they are billed as, and the report.

use db::on;
use platform::{
    Actor, Ctx, Error, Origin, metering, usage,
    verification::{self, StartRequest, Started},
};
use testkit::{Cluster, Installation};
use types::{
    ApiKeyId, Environment, RequestId, Role,
    usage::{RequestFilter, UsageGrouping, UsageQuery},
};

use crate::metering::answered;

fn named(name: &str) -> StartRequest {
    StartRequest {
        idempotency_key: Some(name.to_owned()),
        ip: Some("192.0.2.7".to_owned()),
        ..StartRequest::default()
    }
}

pub(crate) async fn started(key: &Ctx, request: StartRequest) -> Started {
    verification::start(key, request).await.unwrap()
}

pub(crate) async fn number(home: &Installation, sql: &'static str) -> i64 {
    let mut read = home.db.read().await.unwrap();
    on!(read, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

const UNITS: &str = "SELECT COUNT(*) FROM billable_starts";

async fn a_name_stands_for_its_start(home: Installation) {
    let (user, _) = home.first_person().await;
    let (_, live) = home.api_key(&user, Environment::Live).await;
    let (_, test) = home.api_key(&user, Environment::Test).await;
    let first = started(&live, named("order-7")).await;
    let again = started(&live, named("order-7")).await;
    assert_eq!((first.id, &first.session_url), (again.id, &again.session_url));
    assert!(!first.replayed && again.replayed);
    assert_eq!(number(&home, UNITS).await, 1);

    let other = StartRequest {
        ip: Some("192.0.2.8".to_owned()),
        ..named("order-7")
    };
    let refused = verification::start(&live, other.clone()).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "another body");
    let apart = started(&test, other.clone()).await;
    assert_ne!(apart.id, first.id, "live and test names are apart");
    assert_eq!(number(&home, UNITS).await, 1, "test keys are free");

    let bad = StartRequest {
        idempotency_key: Some("two words".into()),
        ..StartRequest::default()
    };
    assert!(matches!(
        verification::start(&live, bad).await,
        Err(Error::Invalid { .. })
    ));

    home.clock.advance(86_399);
    assert!(started(&live, named("order-7")).await.replayed);
    home.clock.advance(1);
    let later = started(&live, other).await;
    assert!(!later.replayed, "a day later the name is free");
    assert_eq!(number(&home, UNITS).await, 2);
}

async fn at_the_same_moment(home: Installation) {
    let (user, _) = home.first_person().await;
    let (_, live) = home.api_key(&user, Environment::Live).await;
    let calls = (0..12).map(|_| {
        let live = live.clone();
        tokio::spawn(async move { started(&live, named("once")).await })
    });
    let mut ids = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        let one = call.await.unwrap();
        ids.push((one.id, one.session_url));
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let there = "SELECT COUNT(*) FROM verifications";
    assert_eq!((number(&home, there).await, number(&home, UNITS).await), (1, 1));
}

/// As it came by HTTP: with a request's id.
pub(crate) fn asked(home: &Installation, key: &Ctx) -> (RequestId, Ctx) {
    let id = RequestId::new(key.clock(), key.rng());
    let origin = Origin {
        request_id: Some(id),
        ..Origin::default()
    };
    (id, home.platform.ctx(key.actor().clone(), origin))
}

async fn the_report_adds_up(home: Installation) {
    let (user, _) = home.first_person().await;
    let (_, live) = home.api_key(&user, Environment::Live).await;
    let Actor::ApiKey { id: key_id, .. } = *live.actor() else {
        panic!("it is a key");
    };
    let (_, test) = home.api_key(&user, Environment::Test).await;
    started(&live, StartRequest::default()).await;
    started(&live, StartRequest::default()).await;
    started(&test, StartRequest::default()).await;
    let mut last = None;
    for (key, endpoint, status) in [
        (&live, "/verify/start", 201),
        (&live, "/verify/start", 201),
        (&live, "/verify/status", 404),
        (&live, "/verify/status", 429),
        (&test, "/verify/start", 201),
        (&test, "/verify/complete", 500),
    ] {
        // Another moment each, so that their ids are in their order.
        home.clock.advance(1);
        let (id, key) = asked(&home, key);
        metering::record(&key, &answered(endpoint, status));
        last = Some(id);
    }
    metering::flush(&home.platform.system()).await.unwrap();

    let report = usage::report(&user, &UsageQuery::default()).await.unwrap();
    let calls = report.totals.calls;
    assert_eq!((calls.requests, calls.succeeded, calls.client_errors), (6, 3, 1));
    assert_eq!((calls.server_errors, calls.rate_limited), (1, 1));
    assert_eq!(
        (report.totals.billable, report.totals.verifications.started),
        (2, 3)
    );
    assert_eq!(report.totals.verifications.open, 3);
    let latency = report.totals.latency.unwrap();
    assert!(
        latency.p50.abs_diff(3000) <= 188 && latency.p50 == latency.p99,
        "{latency:?}"
    );
    assert_eq!((report.points.len(), report.resolution.as_str()), (30, "day"));
    let sum: u64 = report.points.iter().map(|point| point.calls.requests).sum();
    assert_eq!((sum, report.points[29].calls.requests), (6, 6));
    assert_eq!(report.before.calls.requests, 0);
    let groups: Vec<_> = report.groups.iter().map(|group| group.calls.requests).collect();
    assert_eq!(
        (groups, report.groups[0].group.clone()),
        (vec![4, 2], key_id.to_string())
    );

    let by_status = UsageQuery {
        group_by: Some(UsageGrouping::Status),
        environment: Some(Environment::Test),
        ..UsageQuery::default()
    };
    let report = usage::report(&user, &by_status).await.unwrap();
    let groups: Vec<_> = report.groups.iter().map(|group| group.group.clone()).collect();
    assert_eq!(groups, ["201", "500"]);
    assert_eq!(
        (report.totals.billable, report.totals.verifications.started),
        (0, 1)
    );

    // What is added up counts as it did before, and once.
    run_jobs(&home).await;
    home.clock.advance(10);
    run_jobs(&home).await;
    assert_eq!(
        number(&home, "SELECT CAST(SUM(units) AS BIGINT) FROM billable_days").await,
        2
    );
    let mine = UsageQuery {
        key: Some(key_id),
        endpoint: Some("/verify/start".into()),
        ..UsageQuery::default()
    };
    let report = usage::report(&live, &mine).await.unwrap();
    assert_eq!((report.totals.calls.requests, report.totals.billable), (2, 2));
    let forecast = report.forecast.unwrap();
    assert_eq!(
        (forecast.month.as_str(), forecast.so_far, forecast.expected),
        ("2026-11", 2, 2)
    );

    the_log_tells_each(&user, last.unwrap()).await;

    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let stranger = home.joined(other, "Sam Stranger", Role::Owner, None).await.ctx;
    let theirs = usage::report(&stranger, &UsageQuery::default()).await.unwrap();
    assert_eq!((theirs.totals.calls.requests, theirs.totals.billable), (0, 0));
    let hidden = usage::request(&stranger, last.unwrap()).await;
    assert!(matches!(hidden, Err(Error::NotFound(_))));

    home.clock.advance(8 * 86_400);
    run_jobs(&home).await;
    assert_eq!(
        number(&home, "SELECT COUNT(*) FROM request_log").await,
        0,
        "kept for 7 days"
    );
    assert_eq!(number(&home, "SELECT COUNT(*) FROM idempotency_keys").await, 0);
}

/// Of the six calls above, of which the last is this one.
async fn the_log_tells_each(user: &Ctx, last: RequestId) {
    let page = usage::requests(user, &RequestFilter::default()).await.unwrap();
    let newest = (page.rows[0].id, page.rows[0].status, page.rows.len());
    assert_eq!(newest, (last, 500, 6));
    let one = usage::request(user, page.rows[2].id).await.unwrap();
    assert_eq!((one.status, one.code, one.duration), (429, None, 3000));
    assert_eq!(one.key_name.as_deref(), Some("Test"));
    let failed = RequestFilter {
        status: Some("client".into()),
        ..RequestFilter::default()
    };
    let page = usage::requests(user, &failed).await.unwrap();
    let statuses: Vec<_> = page.rows.iter().map(|row| row.status).collect();
    assert_eq!(statuses, [429, 404]);
}

/// The same lines as a file, in steps; and the line of a key that is not there any more.
async fn lines_are_taken_away(home: Installation) {
    let (user, _) = home.first_person().await;
    let (_, live) = home.api_key(&user, Environment::Live).await;
    for _ in 0..1_200 {
        let (_, key) = asked(&home, &live);
        metering::record(&key, &answered("/verify/start", 201));
    }
    metering::flush(&home.platform.system()).await.unwrap();
    let mut export = usage::export_requests(&user, &RequestFilter::default())
        .await
        .unwrap();
    let mut steps = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    while let Some(rows) = export.next().await.unwrap() {
        steps.push(rows.len());
        ids.extend(rows.into_iter().map(|row| row.id));
    }
    assert_eq!((steps, ids.len()), (vec![1000, 200], 1_200));
    let told = "SELECT COUNT(*) FROM audit_events WHERE action IN ('usage.exported', 'usage.export_ended')";
    assert_eq!(number(&home, told).await, 2);
    let one = ids.first().copied().unwrap();
    home.execute(
        "UPDATE request_log SET api_key_id = $1",
        &[&ApiKeyId::from_u128(9).to_string()],
    )
    .await;
    assert_eq!(usage::request(&user, one).await.unwrap().key_name, None);
    let page = usage::requests(&user, &RequestFilter::default()).await.unwrap();
    assert_eq!((page.rows.len(), page.next.is_some()), (50, true));
}

pub(crate) async fn run_jobs(home: &Installation) {
    let system = home.platform.system();
    while platform::jobs::run_due(&system).await.unwrap() > 0 {}
}

#[tokio::test]
async fn a_named_start_is_answered_the_same_for_a_day() {
    a_name_stands_for_its_start(Installation::in_memory().await).await;
}

#[tokio::test]
async fn starts_of_one_name_at_the_same_moment_are_one() {
    at_the_same_moment(Installation::in_memory().await).await;
}

#[tokio::test]
async fn usage_adds_up() {
    the_report_adds_up(Installation::in_memory().await).await;
}

#[tokio::test]
async fn requests_are_taken_away_in_steps() {
    lines_are_taken_away(Installation::in_memory().await).await;
}

#[tokio::test]
async fn and_all_of_it_does_so_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = async || Installation::at(&cluster.database().await.unwrap()).await;
    a_name_stands_for_its_start(home().await).await;
    at_the_same_moment(home().await).await;
    the_report_adds_up(home().await).await;
    lines_are_taken_away(home().await).await;
}
