//! Whoever changes the database is found before the next event gets its place.

use platform::ledger::{self as ours, Sequencer, Step};
use testkit::Installation;

use super::{all, count, head, homes, rows, whole, write};

async fn stops(home: &Installation, said: &str) {
    let ctx = home.platform.system();
    let mut sequencer = Sequencer::new(&ctx);
    let before = rows(home)
        .await
        .iter()
        .filter(|row| row.leaf_index.is_some())
        .count();
    for _ in 0..2 {
        let Step::Stopped(why) = sequencer.step(&ctx).await.unwrap() else {
            panic!("it goes on where it should say: {said}");
        };
        assert!(why.contains(said), "{why}");
    }
    let after = rows(home)
        .await
        .iter()
        .filter(|row| row.leaf_index.is_some())
        .count();
    assert_eq!(before, after, "nothing gets in");
    assert!(ours::standing(&ctx).await.unwrap().stopped);
    let page = ours::page(&ctx).await.unwrap();
    assert!(page.problem.unwrap().contains(said) && page.problem_at.is_some());
}

#[tokio::test]
async fn an_event_that_was_changed_before_it_had_its_place_never_gets_one() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        let ctx = home.platform.system();
        write(&ctx, 3).await;
        all(&ctx).await;
        write(&ctx, 3).await;
        let victim = rows(&home)
            .await
            .into_iter()
            .find(|row| row.leaf_index.is_none())
            .unwrap();
        let set = "UPDATE audit_events SET canonical = $2 WHERE id = $1";
        let forged = victim.canonical.replace("success", "failed");
        assert_ne!(forged, victim.canonical);
        home.execute(set, &[&victim.id, &forged]).await;
        let before = head(&home).await;
        stops(&home, &victim.id).await;
        assert_eq!(count(&home, "ledger.stopped").await, 1, "told once");
        assert_eq!(head(&home).await, before);
        home.execute(set, &[&victim.id, &victim.canonical]).await;
        all(&ctx).await;
        assert_eq!(count(&home, "ledger.resumed").await, 1);
        all(&ctx).await;
        whole(&home).await;
        assert!(!ours::standing(&ctx).await.unwrap().stopped);
    }
}

/// Each change by somebody with the database in hand, and what is said of it.
#[tokio::test]
async fn a_tree_that_was_changed_does_not_grow() {
    let changes: [(&[&'static str], &str); 7] = [
        (
            &[
                "UPDATE ledger_tiles SET hashes = (SELECT leaf_hash FROM audit_events WHERE leaf_index = 1) WHERE level = 0",
            ],
            "a tile is missing or too short",
        ),
        (&["DELETE FROM ledger_tiles"], "a tile is missing or too short"),
        (
            &[
                "UPDATE ledger_checkpoints SET root_hash = (SELECT leaf_hash FROM audit_events WHERE leaf_index = 1)",
            ],
            "changed or forged",
        ),
        (
            &["UPDATE ledger_checkpoints SET note = replace(note, 'ledger', 'forged')"],
            "changed or forged",
        ),
        (&["DELETE FROM ledger_checkpoints"], "checkpoints were deleted"),
        (
            &["UPDATE ledger_state SET tree_size = tree_size - 1"],
            "one of them was changed",
        ),
        (
            &[
                "UPDATE audit_events SET leaf_index = leaf_index + 1 WHERE leaf_index = (SELECT MAX(leaf_index) FROM audit_events)",
            ],
            "by somebody else than the sequencer",
        ),
    ];
    for (sql, said) in changes {
        let (homes, _cluster) = homes().await;
        for home in homes {
            let ctx = home.platform.system();
            write(&ctx, 3).await;
            all(&ctx).await;
            write(&ctx, 1).await;
            for sql in sql {
                home.execute(sql, &[]).await;
            }
            stops(&home, said).await;
        }
    }
}

/// Tiles of the right width with one other hash in them.
#[tokio::test]
async fn a_tile_with_one_other_hash_is_found() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        let ctx = home.platform.system();
        write(&ctx, 3).await;
        all(&ctx).await;
        write(&ctx, 1).await;
        let mut tx = home.db.begin().await.unwrap();
        let hashes: Vec<u8> = db::on!(tx, |c| sqlx::query_scalar("SELECT hashes FROM ledger_tiles")
            .fetch_one(c)
            .await)
        .unwrap();
        let mut other = hashes.clone();
        other[0] ^= 1;
        db::execute!(
            tx,
            sqlx::query("UPDATE ledger_tiles SET hashes = $1").bind(other.clone())
        )
        .unwrap();
        tx.commit().await.unwrap();
        stops(&home, "its tiles were changed").await;
    }
}
