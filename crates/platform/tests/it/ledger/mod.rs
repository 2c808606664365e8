//! The log as a ledger, on both databases.

mod over_time;
mod proofs;
mod servers;
mod tampering;
mod walks;
mod witnesses;

use db::on;
use ledger::{
    Hash,
    checkpoint::{self, Checkpoint, NoteKey},
    leaf_hash,
    tile::{self, TileSet},
};
use platform::{
    Ctx,
    audit::{Action, Event},
    ledger as ours,
    ledger::{Sequencer, Step},
};
use testkit::{Cluster, Installation};

/// An installation on each database.
async fn homes() -> (Vec<Installation>, Option<Cluster>) {
    let mut homes = vec![Installation::in_memory().await];
    let cluster = Cluster::start_or_skip();
    if let Some(cluster) = &cluster {
        homes.push(Installation::at(&cluster.database().await.unwrap()).await);
    }
    (homes, cluster)
}

/// Writes so many events.
async fn write(ctx: &Ctx, events: usize) {
    for number in 0..events {
        let event = Event::new(Action::MasterKeyRotated).detail("number", number);
        ctx.record(event).await.unwrap();
    }
}

/// Gives places until nothing waits; how many events got one.
async fn sequence(sequencer: &mut Sequencer, ctx: &Ctx) -> u64 {
    let mut all = 0;
    loop {
        match sequencer.step(ctx).await.unwrap() {
            Step::Grown { events, .. } => all += events,
            Step::Idle => return all,
            other => panic!("{other:?}"),
        }
    }
}

/// The same by a sequencer of its own, which gives its claim back.
async fn all(ctx: &Ctx) -> u64 {
    let mut sequencer = Sequencer::new(ctx);
    let all = sequence(&mut sequencer, ctx).await;
    sequencer.end(ctx).await.unwrap();
    all
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct Row {
    id: String,
    canonical: String,
    leaf_index: Option<i64>,
}

/// All events, in the order of their places.
async fn rows(home: &Installation) -> Vec<Row> {
    let mut read = home.db.read().await.unwrap();
    on!(read, |c| sqlx::query_as::<_, Row>(
        "SELECT id, canonical, leaf_index FROM audit_events ORDER BY leaf_index, id"
    )
    .fetch_all(c)
    .await)
    .unwrap()
}

async fn key(home: &Installation) -> NoteKey {
    let keys = ours::verifier_keys(&home.anonymous()).await.unwrap();
    keys.lines().next().unwrap().parse().unwrap()
}

/// The newest checkpoint, its signature checked.
async fn head(home: &Installation) -> Checkpoint {
    let note = ours::checkpoint(&home.anonymous()).await.unwrap();
    checkpoint::open(&note, &key(home).await).unwrap()
}

/// The root over leaves, from nothing but them.
fn root(leaves: &[Hash]) -> Hash {
    let tiles = tile::append(0, &TileSet::new(), leaves).unwrap();
    let mut set = TileSet::new();
    for (tile, hashes) in tiles {
        set.insert(tile.level, tile.index, hashes);
    }
    tile::root(leaves.len() as u64, &set).unwrap()
}

/// Every event has a place, no place is missing, and the checkpoint is over just these events.
async fn whole(home: &Installation) -> u64 {
    let rows = rows(home).await;
    let mut leaves = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        assert_eq!(row.leaf_index, i64::try_from(place).ok(), "{}", row.id);
        leaves.push(leaf_hash(row.canonical.as_bytes()));
    }
    let head = head(home).await;
    assert_eq!((head.size, head.root), (leaves.len() as u64, root(&leaves)));
    head.size
}

async fn count(home: &Installation, action: &str) -> i64 {
    let mut read = home.db.read().await.unwrap();
    on!(read, |c| sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM audit_events WHERE action = $1"
    )
    .bind(action)
    .fetch_one(c)
    .await)
    .unwrap()
}

#[tokio::test]
async fn events_get_places_in_the_order_of_their_ids() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        let ctx = home.platform.system();
        home.first_person().await;
        let mut sequencer = Sequencer::new(&ctx).in_batches_of(3);
        assert!(sequence(&mut sequencer, &ctx).await > 3);
        write(&ctx, 10).await;
        assert_eq!(sequence(&mut sequencer, &ctx).await, 10);
        whole(&home).await;
        let ids: Vec<String> = rows(&home).await.into_iter().map(|row| row.id).collect();
        assert!(ids.is_sorted(), "{ids:?}");
        assert_eq!(sequencer.step(&ctx).await.unwrap(), Step::Idle);
        sequencer.end(&ctx).await.unwrap();
        write(&ctx, 300).await;
        assert_eq!(all(&ctx).await, 300);
        whole(&home).await;
        let standing = ours::standing(&ctx).await.unwrap();
        assert_eq!((standing.waiting, standing.stopped), (0, false));
    }
}

/// On PostgreSQL a transaction that began earlier may commit later.
#[tokio::test]
async fn an_event_with_an_older_id_that_comes_late_gets_the_next_place() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        let ctx = home.platform.system();
        write(&ctx, 5).await;
        let mut sequencer = Sequencer::new(&ctx);
        let size = sequence(&mut sequencer, &ctx).await;
        let canonical = r#"{"id":"evt_0"}"#;
        let sql = "INSERT INTO audit_events (id, organisation_id, occurred_at, action, actor_kind, result, canonical, leaf_hash)
                   VALUES ('evt_0', '', 0, 'late', 'system', 'success', $1, $2)";
        let mut tx = home.db.begin().await.unwrap();
        let leaf = leaf_hash(canonical.as_bytes());
        db::execute!(tx, sqlx::query(sql).bind(canonical).bind(leaf.0.as_slice())).unwrap();
        tx.commit().await.unwrap();
        assert_eq!(sequence(&mut sequencer, &ctx).await, 1);
        assert_eq!(whole(&home).await, size + 1);
        assert_eq!(rows(&home).await.last().unwrap().id, "evt_0");
    }
}

async fn reopened(home: &Installation, seed: u64) -> Installation {
    let (clock, keys) = (home.clock.clone(), home.keys.clone());
    Installation::seeded(home.db.clone(), clock, keys, testkit::settings(), seed).await
}

#[tokio::test]
async fn a_database_of_a_version_without_gets_its_key_at_the_next_start() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        let ctx = home.platform.system();
        write(&ctx, 3).await;
        for sql in [
            "DELETE FROM ledger_keys",
            "DELETE FROM ledger_state",
            "DELETE FROM data_keys WHERE purpose = 'ledger'",
        ] {
            home.execute(sql, &[]).await;
        }
        let again = reopened(&home, 5).await;
        let once = key(&again).await;
        assert_eq!(once.name(), "localhost:3000/ledger");
        let again = reopened(&home, 6).await;
        assert_eq!(key(&again).await, once, "made once");
        let ctx = again.platform.system();
        all(&ctx).await;
        whole(&again).await;
    }
}

#[tokio::test]
async fn of_checkpoints_older_than_a_day_one_an_hour_is_left() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        let ctx = home.platform.system();
        let mut sequencer = Sequencer::new(&ctx);
        // Nine in three hours, and a last one much later.
        for step in 0..10 {
            write(&ctx, 1).await;
            sequence(&mut sequencer, &ctx).await;
            home.clock.advance(if step == 8 { 30 * 3600 } else { 1200 });
        }
        let mut thinning = ours::Thinning::default();
        let mut removed = 0;
        for _ in 0..4 {
            removed += thinning.step(&ctx).await.unwrap();
        }
        assert_eq!(removed, 6);
        home.clock.advance(90_000);
        assert_eq!(thinning.step(&ctx).await.unwrap(), 0, "each hour keeps one");
        whole(&home).await;
        // What is gone can still be proven.
        let proof = ours::consistency(&ctx, 2, 9).await.unwrap();
        let leaves: Vec<Hash> = rows(&home)
            .await
            .iter()
            .map(|row| leaf_hash(row.canonical.as_bytes()))
            .collect();
        let (old, new) = (root(&leaves[..2]), root(&leaves[..9]));
        ledger::proof::verify_consistency((2, &old), (9, &new), &proof).unwrap();
    }
}
