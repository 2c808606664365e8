//! Proofs, tiles, and who may have them.

use ledger::{
    Hash, leaf_hash,
    proof::{TlogProof, verify_consistency},
    tile::{Tile, TileSet, inclusion, inclusion_needs},
};
use platform::{Error, ledger as ours, ledger::Sequencer};
use testkit::{Installation, MockClock, SeededEntropy, settings};
use types::{AuditEventId, Role};

use super::{all, head, homes, key, root, rows, sequence, write};

#[tokio::test]
async fn every_event_is_proven_and_every_size_grew_out_of_every_smaller_one() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        let ctx = home.platform.system();
        write(&ctx, 20).await;
        sequence(&mut Sequencer::new(&ctx).in_batches_of(7), &ctx).await;
        let (log, rows) = (key(&home).await, rows(&home).await);
        let leaves: Vec<Hash> = rows
            .iter()
            .map(|row| leaf_hash(row.canonical.as_bytes()))
            .collect();
        for (place, (row, leaf)) in rows.iter().zip(&leaves).enumerate() {
            let id: AuditEventId = row.id.parse().unwrap();
            let (index, proof) = ours::inclusion(&ctx, id).await.unwrap();
            assert_eq!(index, place as u64);
            let proof = TlogProof::parse(&proof.to_text()).unwrap();
            proof.verify(leaf, &log, &[], 0).unwrap();
            let other = leaf_hash(b"another");
            assert!(proof.verify(&other, &log, &[], 0).is_err());
        }
        let size = leaves.len() as u64;
        for old in 0..=size {
            let proof = ours::consistency(&ctx, old, size).await.unwrap();
            let then = root(&leaves[..usize::try_from(old).unwrap()]);
            verify_consistency((old, &then), (size, &root(&leaves)), &proof).unwrap();
        }
        let refused = ours::consistency(&ctx, 0, size + 1).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn many_proofs_hang_on_one_checkpoint() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        let ctx = home.platform.system();
        write(&ctx, 600).await;
        all(&ctx).await;
        let (log, rows) = (key(&home).await, rows(&home).await);
        let mut read = home.db.read().await.unwrap();
        let mut prover = ours::Prover::open(&ctx, &mut read, 599).await.unwrap();
        write(&ctx, 1).await;
        all(&ctx).await;
        assert_eq!(prover.size(), rows.len() as u64, "as it was opened");
        for (place, row) in rows.iter().enumerate() {
            let proof = prover.prove(&mut read, place as u64).await.unwrap();
            let leaf = leaf_hash(row.canonical.as_bytes());
            proof.verify(&leaf, &log, &[], 0).unwrap();
        }
        let waits = prover.prove(&mut read, rows.len() as u64).await;
        assert!(matches!(waits, Err(Error::Conflict(_))));
    }
}

#[tokio::test]
async fn an_organisation_has_proofs_of_its_own_events_only() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        let (owner, _) = home.first_person().await;
        let ctx = home.platform.system();
        let of_the_installation: AuditEventId = rows(&home).await[0].id.parse().unwrap();
        all(&ctx).await;
        let ours_only = platform::audit::list(&owner, &types::console::AuditFilter::default())
            .await
            .unwrap();
        let own: AuditEventId = ours_only.rows[0].id;
        assert!(ours::inclusion(&owner, own).await.is_ok());
        assert!(
            ours::inclusion(&owner, of_the_installation).await.is_ok(),
            "staff"
        );
        let (colleague, _) = home
            .colleague(&owner, Role::Auditor, "grace@example.com", 9)
            .await;
        let waits = ours::inclusion(&colleague, newest(&home).await).await;
        assert!(
            matches!(waits, Err(Error::Conflict(_) | Error::NotFound(_))),
            "{waits:?}"
        );
        all(&ctx).await;
        assert!(ours::inclusion(&colleague, own).await.is_ok());
        let refused = ours::inclusion(&colleague, of_the_installation).await;
        assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
        let (developer, _) = home
            .colleague(&owner, Role::Developer, "linus@example.com", 10)
            .await;
        let refused = ours::inclusion(&developer, own).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
        assert!(matches!(ours::page(&developer).await, Err(Error::Forbidden(_))));
        assert!(ours::page(&owner).await.unwrap().waiting > 0);
    }
}

async fn newest(home: &Installation) -> AuditEventId {
    let all = rows(home).await;
    all.iter()
        .map(|row| row.id.clone())
        .max()
        .unwrap()
        .parse()
        .unwrap()
}

#[tokio::test]
async fn tiles_are_served_by_their_paths_and_prove_the_same() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        let ctx = home.platform.system();
        write(&ctx, 300).await;
        all(&ctx).await;
        let (anonymous, head) = (home.anonymous(), head(&home).await);
        let mut set = TileSet::new();
        for tile in inclusion_needs(270, head.size) {
            let bytes = ours::tile(&anonymous, &tile.path()).await.unwrap();
            assert_eq!(bytes.len(), usize::from(tile.width) * 32);
            let hashes = bytes.chunks(32).map(|hash| Hash::from_slice(hash).unwrap());
            set.insert(tile.level, tile.index, hashes.collect());
        }
        let proof = inclusion(270, head.size, &set).unwrap();
        let leaf = leaf_hash(rows(&home).await[270].canonical.as_bytes());
        ledger::proof::verify_inclusion(&leaf, 270, head.size, &proof, &head.root).unwrap();
        let narrow = Tile {
            level: 0,
            index: 0,
            width: 5,
        };
        assert_eq!(ours::tile(&anonymous, &narrow.path()).await.unwrap().len(), 160);
        for missing in [
            "tile/0/001",
            "tile/0/002.p/1",
            "tile/7/000",
            "tile/0/0",
            "tile/0/000.p/0",
            "tile/entries/000",
            "x",
        ] {
            let refused = ours::tile(&anonymous, missing).await;
            assert!(matches!(refused, Err(Error::NotFound(_))), "{missing}");
        }
    }
}

#[tokio::test]
async fn where_it_is_not_public_nothing_is_to_be_had() {
    let db = db::Db::connect("sqlite::memory:", &testkit::Options::default())
        .await
        .unwrap();
    db.migrate().await.unwrap();
    let mut settings = settings();
    settings.ledger.public = false;
    let keys = vault::MasterKeys::generate(&SeededEntropy::new(1));
    let home = Installation::seeded(db, MockClock::new().into(), keys.into(), settings, 2).await;
    let ctx = home.platform.system();
    all(&ctx).await;
    let anonymous = home.anonymous();
    assert!(ours::checkpoint(&anonymous).await.is_err());
    assert!(ours::verifier_keys(&anonymous).await.is_err());
    assert!(ours::tile(&anonymous, "tile/0/000.p/1").await.is_err());
}
