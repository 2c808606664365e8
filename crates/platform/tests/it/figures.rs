//! Counts that are kept, against counting.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Span, civil::Date, tz::TimeZone};
use platform::{
    Actor, Ctx, access, api_keys, jobs,
    verification::{self, Evidence, StartRequest, complete, overview},
};
use sqlx::AssertSqlSafe;
use testkit::{Installation, MockClock, adult_passport, expired_passport};
use types::{
    Environment, OrganisationId, Role, Timestamp, VerificationId,
    console::{AttentionReason, DayCount},
};

pub(crate) async fn run(home: &Installation, sql: &str) -> u64 {
    let mut tx = home.db.begin().await.unwrap();
    let sql = sql.to_owned();
    let changed = db::execute!(tx, sqlx::query(AssertSqlSafe(sql.clone()))).unwrap();
    tx.commit().await.unwrap();
    changed
}

pub(crate) async fn count(home: &Installation, sql: &str) -> i64 {
    let mut read = home.db.read().await.unwrap();
    let sql = sql.to_owned();
    db::on!(read, |c| sqlx::query_scalar::<_, i64>(AssertSqlSafe(sql))
        .fetch_one(c)
        .await)
    .unwrap()
}

async fn zone(user: &Ctx, name: &str) {
    let change = access::SettingsChange {
        name: "Engines".into(),
        time_zone: name.into(),
        accept_self_asserted_live: false,
    };
    access::update_settings(user, change).await.unwrap();
}

/// A row as an older version would have left it: without a count.
async fn uncounted(home: &Installation, organisation: OrganisationId, key: &str, at: i64, index: usize) {
    const STATUSES: [&str; 5] = ["started", "resubmission", "approved", "denied", "rejected"];
    let status = STATUSES[index % 5];
    let entropy = testkit::SeededEntropy::new(1000 + index as u64);
    let id = VerificationId::at(Timestamp::from_millis(at), 0, &entropy);
    let completed = if index % 5 < 2 {
        "NULL".to_owned()
    } else {
        (at + 60_000).to_string()
    };
    let blob = match home.db.kind() {
        db::Kind::Sqlite => format!("CAST('{id}' AS BLOB)"),
        db::Kind::Postgres => format!("CAST('{id}' AS BYTEA)"),
    };
    let insert = format!(
        "INSERT INTO verifications (id, organisation_id, api_key_id, environment, status, link_digest,
             attempts, created_at, expires_at, completed_at)
         VALUES ('{id}', '{organisation}', '{key}', 'test', '{status}', {blob}, 0, {at}, {at} + 86400000, {completed})"
    );
    assert_eq!(run(home, &insert).await, 1);
}

/// Every day of the 60 up to today, counted one by one.
fn brute(starts: &[i64], now: Timestamp, zone: &TimeZone) -> Vec<(String, [u64; 4])> {
    let day = |millis: i64| -> Date {
        let at = jiff::Timestamp::from_millisecond(millis).unwrap();
        zone.to_datetime(at).date()
    };
    let today = day(now.as_millis());
    let mut days: BTreeMap<Date, [u64; 4]> = (0..60)
        .map(|back| (today.checked_sub(Span::new().days(back)).unwrap(), [0; 4]))
        .collect();
    for (index, start) in starts.iter().enumerate() {
        if let Some(counts) = days.get_mut(&day(*start)) {
            counts[[0, 0, 1, 2, 3][index % 5]] += 1;
        }
    }
    days.into_iter()
        .map(|(day, counts)| (day.to_string(), counts))
        .collect()
}

fn told(days: &[DayCount]) -> Vec<(String, [u64; 4])> {
    days.iter()
        .map(|day| {
            let counts = [day.open, day.approved, day.denied, day.rejected];
            (day.day.clone(), counts)
        })
        .collect()
}

/// The same installation, opened again as after an update.
async fn reopened(home: &Installation) -> Installation {
    Installation::open(home.db.clone(), Arc::clone(&home.clock), Arc::clone(&home.keys)).await
}

/// Rows from before there were counts are counted once, and every day is the zone's own.
#[tokio::test]
async fn days_are_the_zone_s_also_where_the_clock_is_changed() {
    // The clocks of London went back on 2026-10-25, 29 days before; those of Sydney went on
    // on 2026-10-04; Kathmandu is 5 hours and 45 minutes ahead all year.
    for name in [
        "Europe/London",
        "Asia/Kathmandu",
        "Australia/Sydney",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "UTC",
    ] {
        let home = Installation::in_memory().await;
        let (user, _) = home.first_person().await;
        zone(&user, name).await;
        let key = api_keys::create(&user, Environment::Test, &types::keys::KeyTerms::usual("Old"))
            .await
            .unwrap();
        let organisation = user.tenant().unwrap();
        // 61 days before; steps of 97 minutes fall on every quarter of an hour.
        let now = MockClock::START.as_millis();
        let starts: Vec<i64> = (0..905)
            .map(|step| now - 61 * 86_400_000 + step * 97 * 60_000)
            .collect();
        for (index, at) in starts.iter().enumerate() {
            uncounted(&home, organisation, &key.row.id.to_string(), *at, index).await;
        }
        run(
            &home,
            "DELETE FROM installation WHERE name = 'figures_counted_to'",
        )
        .await;
        let again = reopened(&home).await;
        let again = reopened(&again).await;
        let user = again.platform.system().acting_as(user.actor().clone());
        let view = overview(&user).await.unwrap();
        let expected = brute(&starts, MockClock::START, &TimeZone::get(name).unwrap());
        assert_eq!(told(&view.days), expected[30..], "{name}");
        let before = &expected[..30];
        assert_eq!(view.before.day, before[0].0, "{name}");
        let sum: u64 = before.iter().map(|(_, counts)| counts[1]).sum();
        assert_eq!(view.before.approved, sum, "{name}");
        assert!(view.checklist.verification_decided && view.checklist.verification_started);
        let decided = view.time_to_outcome.unwrap();
        // A minute, rounded up to the end of its bucket.
        assert_eq!((decided.median, decided.p95), (61_439, 61_439));
    }
}

#[tokio::test]
async fn an_interrupted_count_goes_on_and_counts_nothing_twice() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let key = api_keys::create(&user, Environment::Test, &types::keys::KeyTerms::usual("Old"))
        .await
        .unwrap();
    let organisation = user.tenant().unwrap();
    for index in 0..50 {
        let at = MockClock::START.as_millis() - i64::try_from(index).unwrap() * 3_600_000;
        uncounted(&home, organisation, &key.row.id.to_string(), at, index).await;
    }
    let mark = "UPDATE installation SET value = (SELECT id FROM verifications ORDER BY id LIMIT 1 OFFSET 19)
        WHERE name = 'figures_counted_to'";
    run(&home, mark).await;
    let (one, two) = tokio::join!(reopened(&home), reopened(&home));
    drop((one, two));
    let counted = "SELECT CAST(SUM(open + approved + denied + rejected) AS BIGINT) FROM verification_counts";
    assert_eq!(count(&home, counted).await, 30);
}

async fn decided(key: &Ctx, lines: Vec<String>) {
    let id = verification::start(key, StartRequest::default())
        .await
        .unwrap()
        .id;
    complete(key, id, Some(Evidence::new(lines))).await.unwrap();
}

/// What one sees is the same before, while and after changes are folded, by two servers too.
pub(crate) async fn folding_changes_nothing_that_one_sees(home: &Installation, user: &Ctx) {
    let (_, key) = home.api_key(user, Environment::Test).await;
    let before = overview(user).await.unwrap();
    for index in 0..12 {
        let id = verification::start(&key, StartRequest::default())
            .await
            .unwrap()
            .id;
        home.clock.advance(7);
        let lines = match index % 3 {
            0 => adult_passport(),
            1 => expired_passport(),
            _ => continue,
        };
        complete(&key, id, Some(Evidence::new(lines))).await.unwrap();
    }
    home.clock.advance(2);
    let fresh = overview(user).await.unwrap();
    let today = |view: &types::console::Overview| {
        let day = view.days.last().unwrap().clone();
        (day.open, day.approved, day.denied, day.rejected)
    };
    let (was, is) = (today(&before), today(&fresh));
    assert_eq!((is.0 - was.0, is.1 - was.1, is.2 - was.2), (4, 4, 4));
    let time = fresh.time_to_outcome.unwrap();
    assert!((7000..=7875).contains(&time.median), "{time:?}");
    let changes = "SELECT COUNT(*) FROM verification_changes";
    assert_eq!(count(home, changes).await, 12 + 8, "one for each move");
    let system = home.platform.system();
    jobs::run_due(&system).await.unwrap();
    home.clock.advance(5);
    let (one, two) = tokio::join!(jobs::run_due(&system), jobs::run_due(&system));
    assert!(one.unwrap() + two.unwrap() >= 1);
    assert_eq!(count(home, changes).await, 0);
    let folded = overview(user).await.unwrap();
    assert_eq!(
        (folded.days, folded.time_to_outcome),
        (fresh.days, fresh.time_to_outcome)
    );
    // A server that looked while the other folded may have queued it once more.
    home.clock.advance(5);
    jobs::run_due(&system).await.unwrap();
    assert_eq!(
        count(home, "SELECT COUNT(*) FROM jobs WHERE kind = 'figures.fold'").await,
        0,
        "with nothing to fold nothing is queued"
    );
    // What is open now ends by its time, and leaves the open ones.
    home.clock.advance(86_400);
    while jobs::run_due(&system).await.unwrap() > 0 {}
    home.clock.advance(2);
    let view = overview(user).await.unwrap();
    let [.., yesterday, _] = view.days.as_slice() else {
        panic!("30 days")
    };
    assert_eq!((yesterday.open, yesterday.rejected), (0, is.0 + is.3));
}

#[tokio::test]
async fn folding_is_not_seen() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    folding_changes_nothing_that_one_sees(&home, &user).await;
}

#[tokio::test]
async fn another_try_is_no_move() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let id = verification::start(&key, StartRequest::default())
        .await
        .unwrap()
        .id;
    for expected in [1, 1, 1, 1, 2] {
        let wrong = Evidence::new(testkit::wrong_digit_passport());
        complete(&key, id, Some(wrong)).await.unwrap();
        let changes = count(&home, "SELECT COUNT(*) FROM verification_changes").await;
        assert_eq!(changes, expected);
    }
    let view = overview(&user).await.unwrap();
    assert_eq!(view.days.last().unwrap().rejected, 1);
    assert_eq!(view.time_to_outcome, None, "it was not decided");
}

#[tokio::test]
async fn what_is_recalled_is_never_older_than_this_server_s_last_change() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    for expected in 1..4 {
        decided(&key, adult_passport()).await;
        let view = overview(&user).await.unwrap();
        assert_eq!(view.days.last().unwrap().approved, expected);
    }
    // Another server's change shows within a second.
    run(
        &home,
        "UPDATE verification_changes SET moved_to = 'denied' WHERE moved_to = 'approved'",
    )
    .await;
    let denied = async || overview(&user).await.unwrap().days.last().unwrap().denied;
    assert_eq!(denied().await, 0);
    home.clock.advance(1);
    assert_eq!(denied().await, 3);
}

#[tokio::test]
async fn keys_that_need_a_look_are_shown_to_those_who_see_keys() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let day = 86_400_000;
    let now = MockClock::START.as_millis();
    for (name, made, last, revoked) in [
        ("New", 6, None, false),
        ("Never", 8, None, false),
        ("In use", 300, Some(1), false),
        ("Unused", 300, Some(91), false),
        ("Old", 366, Some(1), false),
        ("Gone", 500, Some(200), true),
    ] {
        let row = api_keys::create(&user, Environment::Live, &types::keys::KeyTerms::usual(name))
            .await
            .unwrap()
            .row;
        let last = last.map_or_else(|| "NULL".to_owned(), |days: i64| (now - days * day).to_string());
        let made = now - made * day;
        let id = row.id;
        let sql = format!("UPDATE api_keys SET created_at = {made}, last_used_at = {last} WHERE id = '{id}'");
        run(&home, &sql).await;
        if revoked {
            api_keys::revoke(&user, id).await.unwrap();
        }
    }
    home.clock.advance(1);
    let view = overview(&user).await.unwrap();
    let found: Vec<_> = view
        .attention
        .iter()
        .map(|found| (found.key.name.as_str(), found.reason))
        .collect();
    assert_eq!(
        found,
        [
            ("Never", AttentionReason::NeverUsed),
            ("Unused", AttentionReason::Unused),
            ("Old", AttentionReason::Old),
        ]
    );
    assert_eq!((view.active_keys, view.checklist.key_made), (5, true));
    let mut actor = user.actor().clone();
    if let Actor::User { role, .. } = &mut actor {
        *role = Role::Billing;
    }
    let view = overview(&user.acting_as(actor)).await.unwrap();
    assert!(view.attention.is_empty() && view.active_keys == 5);
}
