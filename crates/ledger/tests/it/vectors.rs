//! Inclusion proofs made by others, good and corrupted, where they are at hand.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use ledger::{Hash, proof::verify_inclusion};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Vector {
    leaf_idx: u64,
    tree_size: u64,
    root: Option<Bytes>,
    leaf_hash: Option<Bytes>,
    proof: Option<Vec<Bytes>>,
    desc: String,
    want_err: bool,
}

/// Base64 of any length: a hash that is too short is one of the corruptions.
#[derive(Deserialize)]
struct Bytes(String);

impl Bytes {
    fn hash(&self) -> Option<Hash> {
        self.0.parse().ok()
    }
}

fn folder() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    env::var_os("LOOMWIRE_VECTORS").map_or(beside, PathBuf::from)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn convinces(vector: &Vector) -> bool {
    let hash = |bytes: &Option<Bytes>| bytes.as_ref().and_then(Bytes::hash);
    let proof: Option<Vec<Hash>> = vector.proof.iter().flatten().map(Bytes::hash).collect();
    match (hash(&vector.root), hash(&vector.leaf_hash), proof) {
        (Some(root), Some(leaf), Some(proof)) => {
            verify_inclusion(&leaf, vector.leaf_idx, vector.tree_size, &proof, &root).is_ok()
        }
        _ => false,
    }
}

#[test]
fn every_inclusion_vector_is_judged_as_its_makers_do() {
    let folder = folder().join("merkle/inclusion");
    if !folder.is_dir() {
        println!(
            "skipped: no vectors at {}; set LOOMWIRE_VECTORS",
            folder.display()
        );
        return;
    }
    let (mut good, mut bad) = (0, 0);
    for path in files_below(&folder) {
        let text = fs::read_to_string(&path).unwrap();
        let vector: Vector =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert_eq!(
            convinces(&vector),
            !vector.want_err,
            "{}: {}",
            path.display(),
            vector.desc
        );
        if vector.want_err {
            bad += 1;
        } else {
            good += 1;
        }
    }
    assert!(
        good >= 5 && bad >= 80,
        "{good} good and {bad} bad vectors: some are missing"
    );
    println!("{good} good and {bad} corrupted proofs");
}
