//! The ledger under `kill -9`: programs write, watchers fetch checkpoints and check each against the
//! one before with tiles that they fetch too, and every second a server is killed. On PostgreSQL
//! there are two. In the end every event has its place, and every checkpoint that anybody was ever
//! shown is about just these events.
//!
//! A few rounds here; `cargo xtask hammer audit` for the long version.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use ledger::{
    EMPTY_ROOT, Hash,
    checkpoint::{self, Checkpoint, NoteKey},
    proof::verify_consistency,
    tile::{TileSet, consistency, consistency_needs},
};
use tempfile::TempDir;
use testkit::Cluster;
use tokio::{task::JoinSet, time::timeout};

use super::{check, load, load::Answered, prepare, server::Server};

/// Between two kills.
const ROUND: Duration = Duration::from_secs(1);

fn rounds() -> usize {
    std::env::var("XTASK_HAMMER_ROUNDS").map_or(4, |text| text.parse().unwrap())
}

/// Every checkpoint that a watcher was shown.
type Shown = Arc<Mutex<Vec<Checkpoint>>>;

async fn get(address: SocketAddr, path: &str) -> Option<Vec<u8>> {
    let (status, body) = load::get(address, path).await?;
    (status == 200).then_some(body)
}

async fn log_key(address: SocketAddr) -> NoteKey {
    let text = get(address, "/ledger/key").await.expect("the key is public");
    let text = String::from_utf8(text).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

/// Until the server is gone: each checkpoint grew out of the one before.
async fn watch(address: SocketAddr, key: NoteKey, shown: Shown) -> Option<()> {
    let mut last: Option<Checkpoint> = None;
    loop {
        let note = get(address, "/ledger/checkpoint").await?;
        let now = checkpoint::open(std::str::from_utf8(&note).unwrap(), &key).unwrap();
        let (size, root) = last
            .as_ref()
            .map_or((0, EMPTY_ROOT), |last| (last.size, last.root));
        assert!(now.size >= size, "the log shrank from {size} to {}", now.size);
        if now.size > size {
            let proof = proof(address, size, now.size).await?;
            verify_consistency((size, &root), (now.size, &now.root), &proof)
                .unwrap_or_else(|error| panic!("{size} to {}: {error}", now.size));
            shown.lock().unwrap().push(now.clone());
            last = Some(now);
        }
        tokio::task::yield_now().await;
    }
}

async fn proof(address: SocketAddr, old: u64, new: u64) -> Option<Vec<Hash>> {
    let mut tiles = TileSet::new();
    for tile in consistency_needs(old, new) {
        let bytes = get(address, &format!("/ledger/{}", tile.path())).await?;
        let hashes = bytes.chunks(32).map(|hash| Hash::from_slice(hash).unwrap());
        tiles.insert(tile.level, tile.index, hashes.collect());
    }
    Some(consistency(old, new, &tiles).unwrap())
}

async fn survives(url: &str, servers: usize) {
    let folder = TempDir::new().unwrap();
    let key = prepare(url, &folder).await;
    let mut running = Vec::new();
    for _ in 0..servers {
        running.push(Server::start(url, &folder).await);
    }
    let log = log_key(running[0].address).await;
    let (answered, shown) = (Answered::default(), Shown::default());
    let (mut answers, mut starts) = (Vec::new(), 0);
    for round in 0..rounds() {
        let mut work = JoinSet::new();
        for server in &running {
            work.spawn(watch(server.address, log.clone(), Arc::clone(&shown)));
        }
        let writing = running
            .iter()
            .map(|server| load::run(server, &key, &answered, usize::MAX));
        let all = futures::future::join_all(writing);
        assert!(
            timeout(ROUND, all).await.is_err(),
            "writers go on until they are left"
        );
        let victim = running.remove(round % servers);
        victim.kill();
        // A watcher ends by itself when its server is gone, or is left; a failed one fails the test.
        while let Some(done) = work.try_join_next() {
            done.unwrap();
        }
        drop(work);
        let (some, asked) = answered.take();
        answers.extend(some);
        starts = asked;
        running.push(Server::start(url, &folder).await);
    }
    for server in running {
        server.kill();
    }
    let shown = std::mem::take(&mut *shown.lock().unwrap());
    check::holds(url, &answers, starts).await;
    let (events, checkpoints) = check::sequenced(url, &folder, &log, &shown).await;
    println!(
        "{} kills, {} answers, {events} events in their places, {checkpoints} checkpoints, of which {} were \
         shown and hold",
        rounds() + servers,
        answers.len(),
        shown.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ledger_survives_kill_9_on_sqlite() {
    let folder = TempDir::new().unwrap();
    survives(&format!("sqlite://{}/loomwire.db", folder.path().display()), 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn and_with_two_servers_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    survives(&cluster.database().await.unwrap(), 2).await;
}
