//! Committed, audited writes a second, and raw rows beside them: `cargo xtask bench` runs it.
//!
//! One line a figure, `database what value`. A write is `verification::start`: a verification, its
//! job, its change of the figures and its audit event, in one transaction. A raw row is one of
//! `verification_changes`, 250 of them in a statement that is a transaction.
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
    verification::{StartRequest, start},
};
use sqlx::AssertSqlSafe;
use tempfile::TempDir;
use testkit::{Cluster, people, settings};
use types::Environment;
use vault::FileKeys;

const MEASURED: Duration = Duration::from_secs(3);
const CALLERS: [usize; 3] = [1, 16, 256];
const ROWS: usize = 250;

#[tokio::main]
async fn main() {
    let folder = TempDir::new().expect("a folder");
    let url = format!("sqlite://{}/loomwire.db", folder.path().display());
    measure("sqlite", &url, &folder).await;
    if let Ok(cluster) = Cluster::start_durable() {
        let url = cluster.database().await.expect("a database");
        measure("postgres", &url, &TempDir::new().expect("a folder")).await;
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
    let ctx = caller(&platform).await;
    println!("{name} raw {:.0}", raw(&db).await);
    for callers in CALLERS {
        println!("{name} {callers} {:.0}", audited(&ctx, callers).await);
    }
    platform.close().await;
}

async fn caller(platform: &Platform) -> Ctx {
    let (secret, _) = people::set_up(platform).await;
    let user = people::signed_in(platform, &secret).await;
    let key = api_keys::create(&user, "Bench", Environment::Test)
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
    let work = async || {
        let mut count = 0_u32;
        while begun.elapsed() < MEASURED {
            start(ctx, StartRequest::default()).await.expect("it is started");
            count += 1;
        }
        count
    };
    let counts = futures::future::join_all((0..callers).map(|_| work())).await;
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
