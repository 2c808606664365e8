//! What a search of the audit log costs as the log grows: `cargo xtask bench search` runs it.
//!
//! One line a figure: `database size search p50 p99`, in microseconds. One organisation has all the
//! events, of many actors, keys and results. `SEARCH_LARGEST` is the largest size, `SEARCH_DATABASE`
//! the one database, if it is not both.
#![expect(
    clippy::print_stdout,
    reason = "its figures are read from its standard output"
)]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::expect_used, reason = "what cannot be set up ends the measurement")]

use std::time::{Duration, Instant};

use db::{Db, execute};
use platform::{Ctx, audit};
use tempfile::TempDir;
use testkit::{Cluster, Installation};
use types::{AuditEventId, Timestamp, console::AuditFilter};

const SIZES: [u64; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
const ROUNDS: usize = 200;
/// Rows of one INSERT, and of one transaction.
const ROWS: u64 = 900;
const BATCH: u64 = 45_000;
/// 2026-01-01T00:00:00Z, and how far apart two events are.
const START: i64 = 1_767_225_600_000;
const APART: i64 = 1_500;

#[tokio::main]
async fn main() {
    let largest = std::env::var("SEARCH_LARGEST").ok();
    let largest = largest.and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let only = std::env::var("SEARCH_DATABASE").ok();
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if wanted("sqlite") {
        let folder = TempDir::new().expect("a folder");
        let url = format!("sqlite://{}/loomwire.db", folder.path().display());
        measure("sqlite", &Installation::at(&url).await, largest).await;
    }
    if wanted("postgres")
        && let Some(cluster) = Cluster::start_or_skip()
    {
        let url = cluster.database().await.expect("a database");
        measure("postgres", &Installation::at(&url).await, largest).await;
    }
}

async fn measure(name: &str, home: &Installation, largest: u64) {
    let (reader, _) = home.first_person().await;
    let tenant = reader.tenant().expect("somebody of an organisation").to_string();
    let mut there = 0;
    for size in SIZES.into_iter().filter(|size| *size <= largest) {
        let begun = Instant::now();
        while there < size {
            let until = size.min(there + BATCH);
            fill(&home.db, &tenant, there, until).await;
            there = until;
        }
        while audit::index(&home.platform.system())
            .await
            .expect("it is indexed")
        {}
        eprintln!(
            "{name}: {size} events after {:.0} s",
            begun.elapsed().as_secs_f64()
        );
        for (search, filter) in searches(size) {
            let (median, slow) = ask(&reader, &filter).await;
            println!(
                "{name} {size} {search} {} {}",
                median.as_micros(),
                slow.as_micros()
            );
        }
    }
}

/// What event this is: every number is another, and the same each time.
fn event(
    number: u64,
    tenant: &str,
) -> (
    String,
    i64,
    &'static str,
    &'static str,
    String,
    String,
    &'static str,
    String,
) {
    let at = START + i64::try_from(number).unwrap_or_default() * APART;
    let first = AuditEventId::first_at(Timestamp::from_millis(at)).to_string();
    let id = format!("{}{number:08}", first.get(..22).unwrap_or_default());
    let (action, kind, actor) = match number % 10 {
        0 => ("session.signed_in", "user", format!("usr_{:026}", number % 997)),
        1 => ("api_key.created", "user", format!("usr_{:026}", number % 101)),
        2 => ("permission.denied", "user", format!("usr_{:026}", number % 499)),
        3 => ("verification.decided", "person", String::new()),
        _ => (
            "verification.started",
            "api_key",
            format!("key_{:026}", number % 13),
        ),
    };
    let result = if action == "permission.denied" {
        "denied"
    } else {
        "success"
    };
    let target = format!("ver_{:026}", number / 3);
    let person = if actor.is_empty() {
        String::new()
    } else {
        format!(",\"id\":\"{actor}\"")
    };
    let canonical = format!(
        "{{\"action\":\"{action}\",\"actor\":{{\"kind\":\"{kind}\"{person}}},\"commitments\":{{}},\"context\":{{\"request\":\"req_{:026}\"}},\
         \"id\":\"{id}\",\"metadata\":{{\"permission\":\"keys:manage\",\"name\":\"batch {}\"}},\"organisation\":\"{tenant}\",\"result\":\"{result}\",\
         \"schema\":2,\"targets\":[{{\"id\":\"{target}\",\"kind\":\"verification\"}}],\"time\":{at},\"version\":1}}",
        number / 2,
        number % 50_021,
    );
    (id, at, action, kind, actor, target, result, canonical)
}

async fn fill(db: &Db, tenant: &str, from: u64, until: u64) {
    let mut tx = db.begin().await.expect("a transaction");
    let mut next = from;
    while next < until {
        let end = until.min(next + ROWS);
        let rows: Vec<_> = (next..end)
            .map(|number| (number, event(number, tenant)))
            .collect();
        execute!(
            tx,
            sqlx::QueryBuilder::new(
                "INSERT INTO audit_events (id, organisation_id, occurred_at, action, actor_kind, actor_id,
                 target_id, result, request_id, canonical, leaf_hash, leaf_index) "
            )
            .push_values(&rows, |mut values, (number, row)| {
                let (id, at, action, kind, actor, target, result, canonical) = row;
                values
                    .push_bind(id.as_str())
                    .push_bind(tenant)
                    .push_bind(*at)
                    .push_bind(*action)
                    .push_bind(*kind)
                    .push_bind(Some(actor.as_str()).filter(|actor| !actor.is_empty()))
                    .push_bind(target.as_str())
                    .push_bind(*result)
                    .push_bind(None::<String>)
                    .push_bind(canonical.as_str())
                    .push_bind([0_u8; 32].as_slice())
                    .push_bind(i64::try_from(*number).unwrap_or_default());
            })
            .build()
        )
        .expect("events are written");
        next = end;
    }
    let size = i64::try_from(until).unwrap_or_default();
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO ledger_state (id, epoch, tree_size, updated_at) VALUES ('ledger', 1, $1, 0)
             ON CONFLICT (id) DO UPDATE SET tree_size = $1"
        )
        .bind(size)
    )
    .expect("the size is written");
    tx.commit().await.expect("it is committed");
}

#[expect(clippy::too_many_lines, reason = "a list: one search of each kind")]
fn searches(size: u64) -> Vec<(&'static str, AuditFilter)> {
    let some = |text: &str| Some(text.to_owned());
    let user = |number: u64| Some(format!("usr_{number:026}"));
    let d = AuditFilter::default;
    vec![
        ("newest", d()),
        (
            "action",
            AuditFilter {
                action: some("api_key.created"),
                ..d()
            },
        ),
        (
            "group",
            AuditFilter {
                action: some("session"),
                ..d()
            },
        ),
        (
            "actor",
            AuditFilter {
                actor: user(7),
                ..d()
            },
        ),
        (
            "actor+action",
            AuditFilter {
                actor: user(1),
                action: some("session.signed_in"),
                ..d()
            },
        ),
        (
            "actor+action,empty",
            AuditFilter {
                actor: user(1),
                action: some("webhook.none"),
                ..d()
            },
        ),
        (
            "refused",
            AuditFilter {
                result: some("denied"),
                ..d()
            },
        ),
        (
            "refused+actor,empty",
            AuditFilter {
                result: some("denied"),
                actor: user(998),
                ..d()
            },
        ),
        (
            "request",
            AuditFilter {
                request: Some(format!("req_{:026}", size / 4)),
                ..d()
            },
        ),
        (
            "target",
            AuditFilter {
                target: Some(format!("ver_{:026}", size / 7)),
                ..d()
            },
        ),
        (
            "words",
            AuditFilter {
                q: some("batch 4711"),
                ..d()
            },
        ),
        (
            "words,empty",
            AuditFilter {
                q: some("batch zebra"),
                ..d()
            },
        ),
        (
            "word+actor",
            AuditFilter {
                q: some("batch"),
                actor: user(7),
                ..d()
            },
        ),
        (
            "word+kind,empty",
            AuditFilter {
                q: some("batch"),
                kind: some("staff"),
                ..d()
            },
        ),
        (
            "success+group",
            AuditFilter {
                result: some("success"),
                action: some("session"),
                ..d()
            },
        ),
        (
            "old,day",
            AuditFilter {
                from: some("2026-01-01"),
                to: some("2026-01-01"),
                action: some("session"),
                ..d()
            },
        ),
    ]
}

/// The median, and what 99 of 100 are not slower than.
async fn ask(reader: &Ctx, filter: &AuditFilter) -> (Duration, Duration) {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        audit::list(reader, filter).await.expect("it is found");
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let at = |place: usize| times.get(place).copied().unwrap_or_default();
    (at(ROUNDS / 2), at(ROUNDS * 99 / 100))
}
