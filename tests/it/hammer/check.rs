//! What must hold of the database once the server is gone.

use std::collections::HashMap;

use db::{Db, Options, Read, on};
use ledger::{
    Hash,
    checkpoint::{self, Checkpoint, NoteKey},
    tile::{self, TileSet},
};
use platform::ledger::{Sequencer, Step};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::load::Answer;

/// After these answers, and after so many starts that were asked for.
pub(super) async fn holds(url: &str, answers: &[Answer], starts: usize) {
    let db = Db::connect(url, &Options::default()).await.unwrap();
    let mut read = db.read().await.unwrap();
    answered(&mut read, answers).await;
    audited(&mut read).await;
    hashed(&mut read).await;
    counted(&mut read).await;
    billed(&mut read, starts).await;
    drop(read);
    db.close().await;
}

/// Every answer is in the database; a later state than the one told is one that was written
/// and not told any more.
async fn answered(read: &mut Read, answers: &[Answer]) {
    let rows = on!(read, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT id, status FROM verifications"
    )
    .fetch_all(c)
    .await)
    .unwrap();
    let rows: HashMap<String, String> = rows.into_iter().collect();
    for answer in answers {
        let found = rows.get(&answer.id);
        let found = found.unwrap_or_else(|| panic!("{answer:?} was answered and is gone"));
        let kept = found == &answer.status || answer.status == "started";
        assert!(kept, "{answer:?} was answered, and the database says {found}");
    }
}

async fn count(read: &mut Read, sql: &'static str) -> i64 {
    on!(read, |c| sqlx::query_scalar::<_, i64>(sql).fetch_one(c).await).unwrap()
}

/// No row without its event, and no event without its row.
async fn audited(read: &mut Read) {
    let unaudited = "SELECT COUNT(*) FROM (SELECT organisation_id, id FROM verifications
        EXCEPT SELECT organisation_id, target_id FROM audit_events
        WHERE action = 'verification.started') AS unaudited";
    assert_eq!(count(read, unaudited).await, 0, "started without an event");
    let undecided = "SELECT COUNT(*) FROM verifications v WHERE v.completed_at IS NOT NULL AND
        (v.organisation_id, v.id) NOT IN (SELECT organisation_id, target_id FROM audit_events
         WHERE target_id IS NOT NULL GROUP BY organisation_id, target_id HAVING COUNT(*) > 1)";
    assert_eq!(count(read, undecided).await, 0, "decided without an event");
    let alone = "SELECT COUNT(*) FROM audit_events e WHERE e.action = 'verification.started'
        AND NOT EXISTS (SELECT 1 FROM verifications v WHERE v.id = e.target_id)";
    assert_eq!(count(read, alone).await, 0, "an event of what is not there");
    let personal = "SELECT COUNT(*) FROM audit_personal p WHERE NOT EXISTS
        (SELECT 1 FROM audit_events e WHERE e.id = p.event_id)";
    assert_eq!(count(read, personal).await, 0);
}

/// RFC 6962, section 2.1: the leaf's hash is that of a zero byte and the event.
async fn hashed(read: &mut Read) {
    let rows = on!(read, |c| sqlx::query_as::<_, (String, Vec<u8>)>(
        "SELECT canonical, leaf_hash FROM audit_events"
    )
    .fetch_all(c)
    .await)
    .unwrap();
    assert!(!rows.is_empty());
    for (canonical, hash) in rows {
        let leaf = Sha256::new()
            .chain_update([0])
            .chain_update(&canonical)
            .finalize();
        assert_eq!(leaf.as_slice(), hash, "{canonical}");
    }
}

/// Folded or not, the counts are those of the rows.
async fn counted(read: &mut Read) {
    let rows = count(read, "SELECT COUNT(*) FROM verifications").await;
    let folded = count(
        read,
        "SELECT CAST(COALESCE(SUM(open + approved + denied + rejected), 0) AS BIGINT) FROM verification_counts",
    )
    .await;
    let unfolded = count(
        read,
        "SELECT COUNT(*) FROM verification_changes WHERE moved_from IS NULL",
    )
    .await;
    assert_eq!(rows, folded + unfolded);
    let approved = count(
        read,
        "SELECT COUNT(*) FROM verifications WHERE status = 'approved'",
    )
    .await;
    let folded = count(
        read,
        "SELECT CAST(COALESCE(SUM(approved), 0) AS BIGINT) FROM verification_counts",
    )
    .await;
    let unfolded = count(
        read,
        "SELECT COUNT(*) FROM verification_changes WHERE moved_to = 'approved'",
    )
    .await;
    assert_eq!(approved, folded + unfolded);
}

/// Each verification is one unit, and a start that was asked for twice is one verification: clients
/// were told of all but those that the kill left unanswered.
async fn billed(read: &mut Read, starts: usize) {
    let rows = count(read, "SELECT COUNT(*) FROM verifications").await;
    let apart = "SELECT COUNT(*) FROM verifications v WHERE NOT EXISTS
        (SELECT 1 FROM billable_starts b WHERE b.verification_id = v.id)";
    assert_eq!(count(read, apart).await, 0, "started and not billed");
    let units = count(read, "SELECT COUNT(*) FROM billable_starts").await;
    assert_eq!(units, rows, "billed and not started");
    let names = count(read, "SELECT COUNT(*) FROM idempotency_keys").await;
    assert_eq!(names, rows, "a name stands for one start");
    assert!(usize::try_from(rows).unwrap() <= starts, "{rows} of {starts}");
    let added = "SELECT CAST(COALESCE(SUM(units), 0) AS BIGINT) FROM billable_days";
    let rest = "SELECT COUNT(*) FROM billable_starts WHERE folded_at IS NULL";
    assert_eq!(count(read, added).await + count(read, rest).await, units);
}

/// Gives the last events their places, as the next start would; then every event has one, and all
/// checkpoints, those in the database and those that were shown, are about just these events. How
/// many there are of both.
pub(super) async fn sequenced(
    url: &str,
    folder: &TempDir,
    key: &NoteKey,
    shown: &[Checkpoint],
) -> (usize, usize) {
    let db = Db::connect(url, &Options::default()).await.unwrap();
    let platform = super::platform(db.clone(), folder).await;
    let ctx = platform.system();
    let mut sequencer = Sequencer::new(&ctx);
    loop {
        match sequencer.step(&ctx).await.unwrap() {
            Step::Idle => break,
            // The claim of a server that was killed ends by itself.
            Step::Grown { .. } | Step::Elsewhere => tokio::task::yield_now().await,
            Step::Stopped(why) => panic!("{why}"),
        }
    }
    let mut read = db.read().await.unwrap();
    let rows = on!(read, |c| sqlx::query_as::<_, (Option<i64>, Vec<u8>)>(
        "SELECT leaf_index, leaf_hash FROM audit_events ORDER BY leaf_index"
    )
    .fetch_all(c)
    .await)
    .unwrap();
    let mut roots = HashMap::new();
    let notes = on!(read, |c| sqlx::query_scalar::<_, String>(
        "SELECT note FROM ledger_checkpoints ORDER BY tree_size"
    )
    .fetch_all(c)
    .await)
    .unwrap();
    let leaves: Vec<Hash> = rows
        .iter()
        .enumerate()
        .map(|(place, (index, hash))| {
            assert_eq!(
                *index,
                i64::try_from(place).ok(),
                "each place once, and none is missing"
            );
            Hash::from_slice(hash).unwrap()
        })
        .collect();
    let mut set = TileSet::new();
    for (tile, hashes) in tile::append(0, &TileSet::new(), &leaves).unwrap() {
        set.insert(tile.level, tile.index, hashes);
    }
    let kept = notes.iter().map(|note| checkpoint::open(note, key).unwrap());
    let kept: Vec<Checkpoint> = kept.collect();
    assert_eq!(kept.last().map(|last| last.size), Some(leaves.len() as u64));
    for checkpoint in kept.iter().chain(shown) {
        let root = *roots
            .entry(checkpoint.size)
            .or_insert_with(|| tile::root(checkpoint.size, &set).unwrap());
        assert_eq!(checkpoint.root, root, "of {} events", checkpoint.size);
    }
    drop(read);
    platform.close().await;
    (leaves.len(), kept.len())
}
