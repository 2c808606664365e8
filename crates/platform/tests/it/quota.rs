//! The quota of an organisation: who sets it, and what it refuses.

use db::on;
use platform::{
    Ctx, Error, access, usage,
    verification::{self, StartRequest},
};
use testkit::{Cluster, Installation, who};
use types::{
    Environment, Permission, Role, StaffRole,
    console::AuditFilter,
    usage::{UsageQuery, UsageQuota},
};

use crate::usage::{number, run_jobs, started};

const WHY: &str = "As agreed on the telephone";
const UNITS: &str = "SELECT COUNT(*) FROM billable_starts";
const VERIFICATIONS: &str = "SELECT COUNT(*) FROM verifications";

async fn set(admin: &Ctx, units: Option<u64>) {
    usage::set_quota(admin, who(admin).1, units, WHY).await.unwrap();
}

async fn is_refused(key: &Ctx) -> bool {
    match verification::start(key, StartRequest::default()).await {
        Ok(_) => false,
        Err(Error::QuotaExceeded { .. }) => true,
        Err(other) => panic!("{other:?}"),
    }
}

fn named(name: &str) -> StartRequest {
    StartRequest {
        idempotency_key: Some(name.to_owned()),
        ..StartRequest::default()
    }
}

async fn shown(user: &Ctx) -> Option<UsageQuota> {
    let report = usage::report(user, &UsageQuery::default()).await.unwrap();
    report.quota
}

/// Sentences of the newest events that have these words, newest first.
async fn told(user: &Ctx, words: &str) -> Vec<String> {
    let found = platform::audit::list(user, &AuditFilter::default())
        .await
        .unwrap();
    let sentences = found.rows.into_iter().map(|row| row.sentence);
    sentences.filter(|sentence| sentence.contains(words)).collect()
}

async fn it_holds_live_starts(home: Installation) {
    let (admin, _) = home.first_person().await;
    let (_, live) = home.api_key(&admin, Environment::Live).await;
    let (_, test) = home.api_key(&admin, Environment::Test).await;
    assert_eq!(shown(&admin).await, None);
    // What was started before it was set counts, added up or not.
    started(&live, StartRequest::default()).await;
    run_jobs(&home).await;
    started(&live, named("order-7")).await;
    set(&admin, Some(3)).await;
    assert_eq!(shown(&admin).await, Some(UsageQuota { limit: 3, used: 2 }));
    assert!(!is_refused(&live).await);

    let before = number(&home, VERIFICATIONS).await;
    assert!(is_refused(&live).await && is_refused(&live).await);
    assert_eq!(
        (number(&home, UNITS).await, number(&home, VERIFICATIONS).await),
        (3, before)
    );
    let refused = verification::start(&live, named("order-8")).await;
    assert!(matches!(refused, Err(Error::QuotaExceeded { limit: 3, .. })));
    assert_eq!(
        number(&home, "SELECT COUNT(*) FROM idempotency_keys").await,
        1,
        "nothing was claimed"
    );
    assert!(
        started(&live, named("order-7")).await.replayed,
        "an answer that was given is given again"
    );
    assert!(!is_refused(&test).await, "test keys are free");
    assert_eq!(
        told(&admin, "refused to start").await,
        [
            "The API key Test was refused to start verifications: the quota of 3 billable units for 2026-11 is used up."
        ],
        "told once in a while, however often"
    );

    // Another organisation has its own, and the next month is another one.
    let other = access::create_organisation(&admin, "Other", "UTC").await.unwrap();
    let stranger = home.joined(other, "Sam Stranger", Role::Owner, None).await.ctx;
    let (_, theirs) = home.api_key(&stranger, Environment::Live).await;
    assert!(!is_refused(&theirs).await && shown(&stranger).await.is_none());
    set(&admin, Some(4)).await;
    assert!(!is_refused(&live).await && is_refused(&live).await);
    home.clock.advance(8 * 86_400);
    run_jobs(&home).await;
    assert_eq!(shown(&admin).await, Some(UsageQuota { limit: 4, used: 0 }));
    assert!(!is_refused(&live).await);
    set(&admin, Some(0)).await;
    assert!(is_refused(&live).await);
    set(&admin, None).await;
    assert!(!is_refused(&live).await);
}

async fn at_the_last_unit(home: Installation) {
    let (admin, _) = home.first_person().await;
    let (_, live) = home.api_key(&admin, Environment::Live).await;
    let (_, test) = home.api_key(&admin, Environment::Test).await;
    set(&admin, Some(5)).await;
    started(&live, StartRequest::default()).await;
    let at_once = async |key: &Ctx| {
        let calls = (0..32).map(|_| {
            let key = key.clone();
            tokio::spawn(async move { is_refused(&key).await })
        });
        let mut refused = 0;
        for call in calls.collect::<Vec<_>>() {
            refused += usize::from(call.await.unwrap());
        }
        refused
    };
    // So that there are connections enough for all of them to begin at the same moment.
    assert_eq!(at_once(&test).await, 0);
    assert_eq!((at_once(&live).await, number(&home, UNITS).await), (28, 5));
}

#[tokio::test]
async fn a_quota_holds_live_starts() {
    it_holds_live_starts(Installation::in_memory().await).await;
}

#[tokio::test]
async fn of_starts_at_the_last_unit_one_is_made() {
    at_the_last_unit(Installation::in_memory().await).await;
}

#[tokio::test]
async fn and_quotas_hold_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = async || Installation::at(&cluster.database().await.unwrap()).await;
    it_holds_live_starts(home().await).await;
    at_the_last_unit(home().await).await;
}

#[tokio::test]
async fn it_is_set_by_staff_who_may_with_a_reason_and_told_to_the_organisation() {
    let home = Installation::in_memory().await;
    let (admin, _) = home.first_person().await;
    let organisation = who(&admin).1;
    let staff = async |name: &str, role| home.joined(organisation, name, Role::Owner, role).await.ctx;
    let biller = staff("Bo Billing", Some(StaffRole::Billing)).await;
    for refused in [
        staff("Oda Owner", None).await,
        staff("Sue Support", Some(StaffRole::Support)).await,
    ] {
        for done in [
            usage::set_quota(&refused, organisation, None, WHY).await,
            usage::quota(&refused, organisation).await.map(|_| ()),
        ] {
            assert!(
                matches!(done, Err(Error::Forbidden(Permission::QuotasManage))),
                "{done:?}"
            );
        }
    }
    usage::set_quota(&biller, organisation, Some(500), WHY)
        .await
        .unwrap();
    let page = usage::quota(&admin, organisation).await.unwrap();
    assert_eq!((page.limit, page.used), (Some(500), 0));
    let sentence = "Bo Billing set the quota of billable units a month from no limit to 500.";
    let event = told(&admin, "set the quota").await;
    assert!(
        event.len() == 1 && event[0].contains("set the quota of billable units a month from no limit to 500"),
        "{event:?} is not {sentence}"
    );
    let short = usage::set_quota(&biller, organisation, Some(1), "short").await;
    assert!(matches!(short, Err(Error::Invalid { .. })));
    let unknown = types::OrganisationId::from_u128(5);
    for done in [
        usage::set_quota(&biller, unknown, Some(1), WHY).await,
        usage::quota(&biller, unknown).await.map(|_| ()),
    ] {
        assert!(matches!(done, Err(Error::NotFound(_))), "{done:?}");
    }
    let mut read = home.db.read().await.unwrap();
    let reads: i64 = on!(read, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM audit_events WHERE action = 'staff.page_read' AND organisation_id = ''"
    )
    .fetch_one(c)
    .await)
    .unwrap();
    assert_eq!(reads, 1);
}
