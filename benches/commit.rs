//! Committed, audited writes a second, and raw rows beside them: `cargo xtask bench` runs it.
//!
//! One line a figure, `database what value`. A write is `verification::start`: a verification, its
//! job, its change of the figures and its audit event, in one transaction. A raw row is one of
//! `verification_changes`, 250 of them in a statement that is a transaction.
//!
//! And how long a revoked key still holds on another server of the same PostgreSQL, in
//! microseconds.
#![expect(
    clippy::print_stdout,
    reason = "its figures are read from its standard output"
)]
#![expect(clippy::expect_used, reason = "what cannot be set up ends the measurement")]

use std::{
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use db::{Db, Options, execute};
use loomwire::source::{OsEntropy, SystemClock};
use platform::{
    Ctx, Platform, api_keys,
    recall::Follower,
    verification::{StartRequest, start},
};
use sqlx::AssertSqlSafe;
use tempfile::TempDir;
use testkit::{Cluster, people, settings};
use tokio::task::JoinSet;
use types::Environment;
use vault::FileKeys;

const MEASURED: Duration = Duration::from_secs(3);
const CALLERS: [usize; 3] = [1, 16, 256];
const ROWS: usize = 250;
const REVOCATIONS: usize = 50;

#[tokio::main]
async fn main() {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sqlite://{}/loomwire.db", folder.path().display());
    measure("sqlite", &url, &folder).await;
    if let Ok(cluster) = Cluster::start_durable() {
        let (url, folder) = (cluster.database().await, TempDir::new());
        let (url, folder) = (url.expect("a database"), folder.expect("a folder"));
        let session = measure("postgres", &url, &folder).await;
        revocation(&url, &folder, &session).await;
    }
}

async fn open(url: &str, folder: &TempDir) -> (Db, Platform) {
    let db = Db::connect(url, &Options::default()).await.expect("it opens");
    db.migrate().await.expect("it has a schema");
    let path = folder.path().join("master.key");
    let keys = FileKeys::open(&path).or_else(|_| FileKeys::create(&path, &OsEntropy));
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(OsEntropy));
    let keys = Arc::new(keys.expect("a key"));
    let platform = Platform::open(db.clone(), clock, entropy, keys, settings()).await;
    (db, platform.expect("the installation opens"))
}

/// Gives the secret of its first person's session.
async fn measure(name: &str, url: &str, folder: &TempDir) -> String {
    let (db, platform) = open(url, folder).await;
    let (session, _) = people::set_up(&platform).await;
    let ctx = caller(&platform, &session).await;
    println!("{name} raw {:.0}", raw(&db).await);
    for callers in CALLERS {
        println!("{name} {callers} {:.0}", audited(&ctx, callers).await);
    }
    platform.close().await;
    session
}

/// A key is revoked on one server; another, which has just let it in, is asked until it refuses.
#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
async fn revocation(url: &str, folder: &TempDir, session: &str) {
    let ((_, here), (_, there)) = (open(url, folder).await, open(url, folder).await);
    let follower = Follower::open(&there.system()).await.expect("it listens");
    let listening = tokio::spawn(follower.run());
    let user = people::confirmed(&people::signed_in(&here, session).await);
    let elsewhere = people::anonymous(&there);
    let mut times = Vec::new();
    for _ in 0..REVOCATIONS {
        let made = api_keys::create(&user, Environment::Test, &types::keys::KeyTerms::usual("Revoked"))
            .await
            .expect("a key");
        let holds = async || api_keys::authenticate(&elsewhere, &made.key).await.is_ok();
        assert!(holds().await, "it holds until it is revoked");
        api_keys::revoke(&user, made.row.id).await.expect("it is revoked");
        let begun = Instant::now();
        while holds().await {
            tokio::task::yield_now().await;
        }
        times.push(begun.elapsed().as_micros());
    }
    listening.abort();
    times.sort_unstable();
    for (name, place) in [("median", times.len() / 2), ("longest", times.len() - 1)] {
        println!(
            "revocation {name} {}",
            times.get(place).copied().unwrap_or_default()
        );
    }
    here.close().await;
    there.close().await;
}

async fn caller(platform: &Platform, session: &str) -> Ctx {
    let user = people::confirmed(&people::signed_in(platform, session).await);
    let key = api_keys::create(&user, Environment::Test, &types::keys::KeyTerms::usual("Bench"))
        .await
        .expect("a key")
        .key;
    let anonymous = people::anonymous(platform);
    let actor = api_keys::authenticate(&anonymous, &key).await.expect("it holds");
    anonymous.acting_as(actor)
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
async fn audited(ctx: &Ctx, callers: usize) -> f64 {
    let begun = Instant::now();
    let mut callers_at_work = JoinSet::new();
    for _ in 0..callers {
        let ctx = ctx.clone();
        callers_at_work.spawn(async move {
            let mut count = 0_u32;
            while begun.elapsed() < MEASURED {
                start(&ctx, StartRequest::default()).await.expect("it is started");
                count += 1;
            }
            count
        });
    }
    let counts = callers_at_work.join_all().await;
    f64::from(counts.iter().sum::<u32>()) / begun.elapsed().as_secs_f64()
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
async fn raw(db: &Db) -> f64 {
    let begun = Instant::now();
    let mut rows = 0_u32;
    while begun.elapsed() < MEASURED {
        let mut text = "INSERT INTO verification_changes
            (id, organisation_id, environment, quarter, moved_to) VALUES "
            .to_owned();
        for row in 0..ROWS {
            let comma = if row == 0 { "" } else { "," };
            // Writing to a string does not fail.
            let _written = write!(text, "{comma}('{rows}-{row}', 'org', 'test', 1, 'open')");
        }
        let mut tx = db.begin().await.expect("a transaction");
        execute!(tx, sqlx::query(AssertSqlSafe(text.clone()))).expect("rows");
        tx.commit().await.expect("it is committed");
        rows += u32::try_from(ROWS).unwrap_or_default();
    }
    let rate = f64::from(rows) / begun.elapsed().as_secs_f64();
    let mut tx = db.begin().await.expect("a transaction");
    execute!(
        tx,
        sqlx::query("DELETE FROM verification_changes WHERE organisation_id = 'org'")
    )
    .expect("none are left");
    tx.commit().await.expect("it is committed");
    rate
}
