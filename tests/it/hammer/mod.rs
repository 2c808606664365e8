//! `kill -9` of the server under load, over and over: every answer that was given is in the
//! database and was billed once, every row has its audit event, the hashes hold, and the figures add
//! up.
//!
//! A few rounds here; `cargo xtask hammer` sets `XTASK_HAMMER_ROUNDS` for the long version.

mod audit;
mod check;
mod load;
mod server;

use std::sync::Arc;

use db::{Db, Options};
use loomwire::source::{OsEntropy, SystemClock};
use platform::{Platform, access, api_keys};
use tempfile::TempDir;
use testkit::{Cluster, people, settings};
use types::Environment;
use vault::FileKeys;

use load::Answered;
use server::Server;

/// Answers after which a round's server is killed, at least; the round's number varies it.
const ANSWERS: usize = 40;

fn rounds() -> usize {
    std::env::var("XTASK_HAMMER_ROUNDS").map_or(3, |text| text.parse().unwrap())
}

/// Makes an installation that the server will open: an organisation and a live key.
async fn prepare(url: &str, folder: &TempDir) -> String {
    let db = Db::connect(url, &Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    FileKeys::create(folder.path().join("master.key"), &OsEntropy).unwrap();
    let platform = platform(db, folder).await;
    let (secret, _) = people::set_up(&platform).await;
    let user = people::confirmed(&people::signed_in(&platform, &secret).await);
    let key = api_keys::create(&user, Environment::Live, &types::keys::KeyTerms::usual("Hammer"))
        .await
        .unwrap();
    // Programs decide by typed lines, which a live key takes only where its organisation says so.
    let change = access::SettingsChange {
        name: "Hammer".into(),
        time_zone: "UTC".into(),
        accept_self_asserted_live: true,
    };
    access::update_settings(&user, change).await.unwrap();
    platform.close().await;
    key.key
}

/// The installation, opened beside the server.
async fn platform(db: Db, folder: &TempDir) -> Platform {
    let keys = FileKeys::open(folder.path().join("master.key")).unwrap();
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(OsEntropy));
    Platform::open(db, clock, entropy, Arc::new(keys), settings())
        .await
        .unwrap()
}

async fn survives(url: &str) {
    let folder = TempDir::new().unwrap();
    let key = prepare(url, &folder).await;
    let answered = Answered::default();
    let mut all = 0;
    for round in 0..rounds() {
        let server = Server::start(url, &folder).await;
        // A number of answers that is another each round, so that the kill falls elsewhere.
        load::run(&server, &key, &answered, ANSWERS + round * 37 % 200).await;
        server.kill();
        let (answers, starts) = answered.take();
        all += answers.len();
        check::holds(url, &answers, starts).await;
    }
    println!(
        "{} kills, {all} answers, each of them there with its event",
        rounds()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_kill_9_on_sqlite() {
    let folder = TempDir::new().unwrap();
    survives(&format!("sqlite://{}/loomwire.db", folder.path().display())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn and_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    survives(&cluster.database().await.unwrap()).await;
}
