//! What the audit log and its ledger cost: `cargo xtask bench audit` runs it.
//!
//! One line a figure, `database what value`. A write is one row of `verification_changes` in a
//! transaction of its own, by 16 callers at once: without an event (`bare`), with one (`audited`),
//! and with one that has an address and a user agent to seal (`personal`), each while the sequencer
//! runs as in a server. `sequenced` is how many events a second get their places from a backlog,
//! `proof` how many microseconds it takes to make a proof of a random one of them from the database
//! and to verify it.
#![expect(
    clippy::print_stdout,
    reason = "its figures are read from its standard output"
)]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::expect_used, reason = "what cannot be set up ends the measurement")]

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::{Duration, Instant},
};

use db::{Db, Options, execute, on};
use ledger::{Hash, checkpoint::NoteKey, leaf_hash};
use loomwire::source::{OsEntropy, SystemClock};
use platform::{
    Ctx, Origin, Platform,
    audit::{Action, Event, Housekeeping},
    ledger::{Prover, Sequencer, Step, verifier_keys},
};
use tempfile::TempDir;
use testkit::{Cluster, people, settings};
use tokio::task::JoinSet;
use types::source::random;
use vault::FileKeys;

const MEASURED: Duration = Duration::from_secs(3);
const CALLERS: usize = 16;
const BACKLOG: usize = 40_000;
const CHUNK: usize = 900;
const PROOFS: u32 = 2_000;

#[tokio::main]
async fn main() {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sqlite://{}/loomwire.db", folder.path().display());
    measure("sqlite", &url, &folder).await;
    if let Ok(cluster) = Cluster::start_durable() {
        let (url, folder) = (cluster.database().await, TempDir::new());
        measure("postgres", &url.expect("a database"), &folder.expect("a folder")).await;
    }
}

async fn measure(name: &str, url: &str, folder: &TempDir) {
    let db = Db::connect(url, &Options::default()).await.expect("it opens");
    db.migrate().await.expect("it has a schema");
    let keys = FileKeys::create(folder.path().join("master.key"), &OsEntropy).expect("a key");
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(OsEntropy));
    let platform = Platform::open(db.clone(), clock, entropy, Arc::new(keys), settings())
        .await
        .expect("the installation opens");
    let (session, _) = people::set_up(&platform).await;
    let user = people::confirmed(&people::signed_in(&platform, &session).await);
    let system = platform.system();
    let origin = Origin {
        address: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned()),
        ..Origin::default()
    };
    let personal = platform.ctx(user.actor().clone(), origin);
    for (what, ctx, event) in [
        ("bare", &system, false),
        ("audited", &system, true),
        ("personal", &personal, true),
    ] {
        println!("{name} {what} {:.0}", written(ctx, &system, what, event).await);
    }
    drain(&system).await;
    backlog(&db).await;
    let begun = Instant::now();
    let events = drain(&system).await;
    println!("{name} sequenced {:.0}", rate(events, begun));
    println!("{name} proof {:.0}", proofs(&db, &system).await);
    platform.close().await;
}

#[expect(clippy::cast_precision_loss, reason = "a count of some thousands")]
fn rate(count: u64, begun: Instant) -> f64 {
    count as f64 / begun.elapsed().as_secs_f64()
}

/// Writes a second.
async fn written(ctx: &Ctx, system: &Ctx, what: &'static str, with_event: bool) -> f64 {
    let begun = Instant::now();
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let ctx = ctx.clone();
        callers.spawn(async move {
            let mut count = 0_u64;
            while begun.elapsed() < MEASURED {
                write(&ctx, format!("{what}-{caller}-{count}"), with_event).await;
                count += 1;
            }
            count
        });
    }
    let sequencer = tokio::spawn(as_in_a_server(system.clone()));
    let counts = callers.join_all().await;
    sequencer.abort();
    rate(counts.iter().sum(), begun)
}

async fn write(ctx: &Ctx, id: String, with_event: bool) {
    let mut tx = ctx.begin().await.expect("a transaction");
    let insert = "INSERT INTO verification_changes (id, organisation_id, environment, quarter, moved_to)
                  VALUES ($1, 'org', 'test', 1, 'open')";
    execute!(tx, sqlx::query(insert).bind(id.as_str())).expect("a row");
    let done = if with_event {
        let event = Event::new(Action::VerificationStarted)
            .target(&id)
            .detail("environment", "test");
        ctx.commit(tx, event).await
    } else {
        ctx.commit_housekeeping(tx, Housekeeping::FiguresFolded).await
    };
    done.expect("it is committed");
}

async fn as_in_a_server(ctx: Ctx) {
    let mut sequencer = Sequencer::new(&ctx);
    loop {
        if !matches!(sequencer.step(&ctx).await, Ok(Step::Grown { more: true, .. })) {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
}

/// Gives everything its place; how many events.
async fn drain(ctx: &Ctx) -> u64 {
    let mut sequencer = Sequencer::new(ctx);
    let mut all = 0;
    loop {
        match sequencer.step(ctx).await.expect("it steps") {
            Step::Grown { events, .. } => all += events,
            Step::Idle => return all,
            // The claim of the task before ends in a moment.
            Step::Elsewhere | Step::Stopped(_) => tokio::task::yield_now().await,
        }
    }
}

/// Events that wait, as long as usual ones.
async fn backlog(db: &Db) {
    let rows: Vec<(String, String, Hash)> = (0..BACKLOG)
        .map(|number| {
            let canonical = format!(
                "{{\"id\":\"evt_{number:08}\",\"filler\":\"{}\"}}",
                "x".repeat(600)
            );
            let hash = leaf_hash(canonical.as_bytes());
            (format!("evt_{number:08}"), canonical, hash)
        })
        .collect();
    for some in rows.chunks(CHUNK) {
        let mut tx = db.begin().await.expect("a transaction");
        execute!(
            tx,
            sqlx::QueryBuilder::new(
                "INSERT INTO audit_events (id, organisation_id, occurred_at, action, actor_kind, result, canonical, leaf_hash) "
            )
            .push_values(some, |mut values, (id, canonical, hash)| {
                values
                    .push_bind(id.as_str())
                    .push_bind("org")
                    .push_bind(0_i64)
                    .push_bind("bench")
                    .push_bind("system")
                    .push_bind("success")
                    .push_bind(canonical.as_str())
                    .push_bind(hash.0.as_slice());
            })
            .build()
        )
        .expect("rows");
        tx.commit().await.expect("it is committed");
    }
}

/// Microseconds that a proof takes, made by itself and verified.
async fn proofs(db: &Db, ctx: &Ctx) -> f64 {
    let key: NoteKey = verifier_keys(ctx)
        .await
        .expect("keys")
        .trim_end()
        .parse()
        .expect("a key");
    let mut read = db.read().await.expect("a connection");
    let leaves = on!(read, |c| sqlx::query_as::<_, (i64, Vec<u8>)>(
        "SELECT leaf_index, leaf_hash FROM audit_events WHERE leaf_index IS NOT NULL"
    )
    .fetch_all(c)
    .await)
    .expect("leaves");
    let begun = Instant::now();
    for _ in 0..PROOFS {
        let number = usize::from(u16::from_be_bytes(random(ctx.rng()))) % leaves.len();
        let (index, hash) = leaves.get(number).expect("a leaf");
        let index = u64::try_from(*index).expect("a place");
        let mut prover = Prover::open(ctx, &mut read, index).await.expect("a tree");
        let proof = prover.prove(&mut read, index).await.expect("a proof");
        let leaf = Hash::from_slice(hash).expect("a hash");
        proof.verify(&leaf, &key, &[], 0).expect("it holds");
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(PROOFS)
}
