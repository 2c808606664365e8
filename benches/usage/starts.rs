//! Durable billable starts a second, and the same rows without them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use db::{Conn, execute, on};
use platform::{Ctx, verification};
use sha2::{Digest as _, Sha256};
use testkit::Installation;
use tokio::task::JoinSet;
use types::Environment;

/// Starts that are measured, and how many are under way at a time.
const STARTS: usize = 20_000;
const CALLERS: usize = 256;

/// How many starts of a live key are durable in a second, and of the same rows without them.
pub(super) async fn measure(name: &str, home: &Installation) {
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Live).await;
    let begun = Instant::now();
    // Ids begin with their moment, so a clock that stands still would make them come in no order.
    let clock = Arc::clone(&home.clock);
    let ticking = tokio::spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_millis(1));
        loop {
            tick.tick().await;
            clock.advance_millis(1);
        }
    });
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let key = key.clone();
        callers.spawn(async move {
            for _ in 0..STARTS / CALLERS {
                verification::start(&key, verification::StartRequest::default())
                    .await
                    .expect("it is started");
            }
        });
    }
    callers.join_all().await;
    ticking.abort();
    let rate = a_second(begun.elapsed());
    let raw = raw(home, &user).await;
    println!("starts {name} {STARTS} {rate:.0} {raw:.0}");
}

fn a_second(took: Duration) -> f64 {
    let made = STARTS - STARTS % CALLERS;
    f64::from(u32::try_from(made).unwrap_or_default()) / took.as_secs_f64()
}

/// The rows of as many starts, some hundred in a statement and a start's worth of them in each
/// transaction, with a text of an event that was just written.
async fn raw(home: &Installation, user: &Ctx) -> f64 {
    let tenant = user.tenant().expect("somebody of an organisation").to_string();
    let mut read = home.db.read().await.expect("a reader");
    let canonical: String = on!(read, |c| {
        sqlx::query_scalar::<_, String>(
        "SELECT canonical FROM audit_events WHERE action = 'verification.started' ORDER BY id DESC LIMIT 1"
    )
    .fetch_one(c)
    .await
    })
    .expect("an event");
    let key: String = on!(read, |c| sqlx::query_scalar::<_, String>(
        "SELECT id FROM api_keys LIMIT 1"
    )
    .fetch_one(c)
    .await)
    .expect("a key");
    drop(read);
    let begun = Instant::now();
    let made = STARTS - STARTS % CALLERS;
    let numbers: Vec<usize> = (0..made).collect();
    for some in numbers.chunks(500) {
        let mut tx = home.db.begin().await.expect("a transaction");
        verifications(&mut tx, (&tenant, &key), some).await;
        beside(&mut tx, (&tenant, &key), some).await;
        events(&mut tx, &tenant, &canonical, some).await;
        tx.commit().await.expect("it is committed");
    }
    a_second(begun.elapsed())
}

/// In no order, as digests are: an index of them is written all over.
fn digest(number: usize) -> Vec<u8> {
    Sha256::digest(number.to_be_bytes()).to_vec()
}

async fn verifications(conn: &mut Conn, (tenant, key): (&str, &str), some: &[usize]) {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO verifications (id, organisation_id, api_key_id, environment, status, link_digest,
             attempts, created_at, expires_at) "
        )
        .push_values(some, |mut values, number| {
            values
                .push_bind(format!("ver_{number:026}"))
                .push_bind(tenant)
                .push_bind(key)
                .push_bind("live")
                .push_bind("started")
                .push_bind(digest(*number))
                .push_bind(0_i64)
                .push_bind(0_i64)
                .push_bind(0_i64);
        })
        .build()
    )
    .expect("verifications are written");
}

async fn beside(conn: &mut Conn, (tenant, key): (&str, &str), some: &[usize]) {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO verification_changes (id, organisation_id, environment, quarter, moved_to) "
        )
        .push_values(some, |mut values, number| {
            values
                .push_bind(format!("ver_{number:026}"))
                .push_bind(tenant)
                .push_bind("live")
                .push_bind(0_i64)
                .push_bind("open");
        })
        .build()
    )
    .expect("changes are written");
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO billable_starts (verification_id, organisation_id, api_key_id, occurred_at) "
        )
        .push_values(some, |mut values, number| {
            values
                .push_bind(format!("ver_{number:026}"))
                .push_bind(tenant)
                .push_bind(key)
                .push_bind(0_i64);
        })
        .build()
    )
    .expect("units are written");
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO jobs (id, kind, payload, state, run_at, attempts, created_at, updated_at) "
        )
        .push_values(some, |mut values, number| {
            values
                .push_bind(format!("job_{number:026}"))
                .push_bind("verification.expire")
                .push_bind(format!("ver_{number:026}"))
                .push_bind("queued")
                .push_bind(i64::MAX)
                .push_bind(0_i64)
                .push_bind(0_i64)
                .push_bind(0_i64);
        })
        .build()
    )
    .expect("jobs are written");
}

async fn events(conn: &mut Conn, tenant: &str, canonical: &str, some: &[usize]) {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO audit_events (id, organisation_id, occurred_at, action, actor_kind, actor_id,
             target_id, result, request_id, canonical, leaf_hash) "
        )
        .push_values(some, |mut values, number| {
            values
                .push_bind(format!("evt_{number:026}"))
                .push_bind(tenant)
                .push_bind(0_i64)
                .push_bind("verification.started")
                .push_bind("api_key")
                .push_bind(None::<String>)
                .push_bind(format!("ver_{number:026}"))
                .push_bind("success")
                .push_bind(None::<String>)
                .push_bind(canonical)
                .push_bind(digest(*number));
        })
        .build()
    )
    .expect("events are written");
}
