//! What others' code makes of our trees, tiles, keys and notes: Cloudflare's `tlog_tiles` and
//! `signed_note`, and `ct-merkle`.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ledger::{
    Hash,
    checkpoint::{self, Checkpoint, NoteSigner},
    proof::{verify_consistency, verify_inclusion},
    tile::{self, TileSet},
};
use sha2::Sha256;
use signed_note::{Note, StandardVerifier, Verifier as _, VerifierList};
use tlog_tiles::{RecordProof, TileHashReader, TileReader, TreeProof};

use crate::{grown, leaf};

/// Our tiles, as theirs ask for them.
struct Shelf(TileSet);

impl TileReader for Shelf {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, wanted: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        let read = |theirs: &tlog_tiles::Tile| {
            let path = theirs.path().replacen("tile/8/", "tile/", 1);
            let ours = tile::Tile::parse(&path).unwrap();
            assert_eq!((ours.level, ours.index), (theirs.level(), theirs.level_index()));
            let hashes = self.0.get(ours.level, ours.index).unwrap();
            let bytes = hashes[..usize::from(ours.width)].iter().flat_map(|hash| hash.0);
            Ok(bytes.collect())
        };
        wanted.iter().map(read).collect()
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

fn theirs(hash: Hash) -> tlog_tiles::Hash {
    tlog_tiles::Hash(hash.0)
}

fn as_theirs(proof: &[Hash]) -> Vec<tlog_tiles::Hash> {
    proof.iter().copied().map(theirs).collect()
}

#[test]
fn tlog_tiles_reads_our_tiles_and_believes_our_proofs() {
    for size in [1, 2, 7, 255, 256, 257, 1000, 65_536, 66_000] {
        let shelf = Shelf(grown(&[size]));
        let root = tile::root(size, &shelf.0).unwrap();
        // This reader checks every tile that it takes against the root.
        let reader = TileHashReader::new(size, theirs(root), &shelf);
        assert_eq!(tlog_tiles::tree_hash(size, &reader).unwrap(), theirs(root));
        for index in [0, 1, 254, 256, 999, 65_535, size - 1]
            .into_iter()
            .filter(|index| *index < size)
        {
            let ours = tile::inclusion(index, size, &shelf.0).unwrap();
            let record: RecordProof = as_theirs(&ours);
            assert_eq!(tlog_tiles::prove_record(size, index, &reader).unwrap(), record);
            let hash = theirs(leaf(index));
            tlog_tiles::check_record(&record, size, theirs(root), index, hash).unwrap();
        }
        for old in [1, 2, 3, 255, 256, 257, 65_536, size]
            .into_iter()
            .filter(|old| *old <= size)
        {
            let ours = tile::consistency(old, size, &shelf.0).unwrap();
            let growth: TreeProof = as_theirs(&ours);
            assert_eq!(tlog_tiles::prove_tree(size, old, &reader).unwrap(), growth);
            let before = tile::root(old, &shelf.0).unwrap();
            tlog_tiles::check_tree(&growth, size, theirs(root), old, theirs(before)).unwrap();
        }
    }
}

#[test]
fn ct_merkle_makes_the_same_roots_and_proofs() {
    let mut tree = MemoryBackedTree::<Sha256, String>::new();
    let tiles = grown(&[300]);
    for size in 1..=300_u64 {
        tree.push(format!("event {}", size - 1));
        let root = tile::root(size, &tiles).unwrap();
        assert_eq!(tree.root().as_bytes().as_slice(), root.0);
        let index = (size * 7919) % size.max(3) % size;
        let proof = tree.prove_inclusion(usize::try_from(index).unwrap());
        let hashes: Vec<Hash> = proof.as_bytes().chunks(32).filter_map(Hash::from_slice).collect();
        assert_eq!(tile::inclusion(index, size, &tiles), Ok(hashes.clone()));
        assert_eq!(
            verify_inclusion(&leaf(index), index, size, &hashes, &root),
            Ok(())
        );
        let old = 1 + (size * 31) % size;
        let proof = tree.prove_consistency(usize::try_from(size - old).unwrap());
        let hashes: Vec<Hash> = proof.as_bytes().chunks(32).filter_map(Hash::from_slice).collect();
        assert_eq!(tile::consistency(old, size, &tiles), Ok(hashes.clone()));
        let before = tile::root(old, &tiles).unwrap();
        assert_eq!(verify_consistency((old, &before), (size, &root), &hashes), Ok(()));
    }
}

#[test]
fn signed_note_and_tlog_tiles_read_our_checkpoints() {
    let signer = NoteSigner::from_seed("id.example/log", &[7; 32]).unwrap();
    let vkey = signer.vkey().to_string();
    let checker = StandardVerifier::new(&vkey).unwrap();
    assert_eq!(checker.name(), "id.example/log");
    let head = Checkpoint {
        origin: "id.example/log".to_owned(),
        size: 20_852_163,
        root: leaf(1),
    };
    let note = checkpoint::sign(&head, &signer);
    let read = Note::from_bytes(note.as_bytes()).unwrap();
    let (verified, others) = read.verify(&VerifierList::new(vec![Box::new(checker)])).unwrap();
    assert_eq!((verified.len(), others.len()), (1, 0));
    let theirs = tlog_tiles::Checkpoint::from_bytes(read.text()).unwrap();
    assert_eq!((theirs.origin(), theirs.size()), ("id.example/log", 20_852_163));
    assert_eq!(theirs.hash().0, head.root.0);
    assert_eq!(theirs.to_bytes(), head.to_text().as_bytes());
}
