//! A log that grows, and one that does not as it should, before a witness.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use http::{Request as HttpRequest, StatusCode};
use http_body_util::BodyExt as _;
use ledger::{
    Hash,
    checkpoint::{self, Checkpoint, NoteKey, NoteSigner},
    leaf_hash,
    tile::{self, TileSet},
    witness::{CosignSigner, Request, accept, open_cosignature},
};
use tempfile::TempDir;
use testkit::{MockClock, SeededEntropy};
use tower::ServiceExt as _;

use super::{State, Witness, key};

/// A log whose leaf `n` is `n` with a salt in front.
pub(crate) struct Log {
    signer: NoteSigner,
    tiles: TileSet,
    leaves: Vec<Hash>,
}

impl Log {
    pub(crate) fn new(name: &str, salt: &str, size: u64) -> Self {
        let leaves: Vec<Hash> = (0..size)
            .map(|leaf| leaf_hash(format!("{salt}{leaf}").as_bytes()))
            .collect();
        let mut tiles = TileSet::new();
        for (tile, hashes) in tile::append(0, &TileSet::new(), &leaves).unwrap() {
            tiles.insert(tile.level, tile.index, hashes);
        }
        Self {
            signer: NoteSigner::from_seed(name, &[3; 32]).unwrap(),
            tiles,
            leaves,
        }
    }

    pub(crate) fn key(&self) -> NoteKey {
        self.signer.vkey()
    }

    /// A checkpoint of the first `size` leaves.
    pub(crate) fn note(&self, size: u64) -> String {
        assert!(size <= self.leaves.len() as u64);
        let checkpoint = Checkpoint {
            origin: self.signer.name().to_owned(),
            size,
            root: tile::root(size, &self.tiles).unwrap(),
        };
        checkpoint::sign(&checkpoint, &self.signer)
    }

    pub(crate) fn request(&self, old: u64, new: u64) -> Request {
        Request {
            old_size: old,
            proof: tile::consistency(old, new, &self.tiles).unwrap(),
            checkpoint: self.note(new),
        }
    }
}

pub(crate) fn cosigner() -> CosignSigner {
    CosignSigner::from_seed("witness.example/w", &[5; 32]).unwrap()
}

pub(crate) fn witness(folder: &Path, logs: Vec<NoteKey>) -> Router {
    let state = State::open(&folder.join("state.json")).unwrap();
    let clock = Arc::new(MockClock::new());
    Witness::new(cosigner(), logs, state, clock).routes(Duration::from_secs(5))
}

async fn send(router: &Router, body: impl Into<Body>) -> (StatusCode, String, String) {
    let request = HttpRequest::post("/add-checkpoint").body(body.into()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    let kind = parts
        .headers
        .get("content-type")
        .map_or("", |kind| kind.to_str().unwrap());
    let body = body.collect().await.unwrap().to_bytes();
    (
        parts.status,
        kind.to_owned(),
        String::from_utf8(body.to_vec()).unwrap(),
    )
}

#[tokio::test]
async fn a_log_that_grows_is_signed_and_remembered() {
    let folder = TempDir::new().unwrap();
    let log = Log::new("log.example", "", 600);
    let router = witness(folder.path(), vec![log.key()]);
    let mut before = 0;
    for size in [1, 2, 3, 255, 256, 257, 600, 600] {
        let request = log.request(before, size);
        let (status, _, answer) = send(&router, request.to_body()).await;
        assert_eq!(status, 200, "{answer}");
        // On disk before the answer.
        let kept = fs::read_to_string(folder.path().join("state.json")).unwrap();
        assert!(kept.contains(&format!("\"size\": {size}")), "{kept}");
        let note = accept(&request.checkpoint, &answer, &[cosigner().vkey()]).unwrap();
        let time = open_cosignature(&note, &cosigner().vkey()).unwrap();
        assert_eq!(time, u64::try_from(MockClock::START.as_millis() / 1000).unwrap());
        before = size;
    }
}

#[tokio::test]
async fn neither_a_step_back_nor_a_fork_is_signed_also_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let (log, fork) = (
        Log::new("log.example", "", 50),
        Log::new("log.example", "other", 50),
    );
    for restart in 0..2 {
        let router = witness(folder.path(), vec![log.key()]);
        if restart == 0 {
            assert_eq!(send(&router, log.request(0, 40).to_body()).await.0, 200);
        }
        let size = "text/x.tlog.size";
        for request in [
            log.request(0, 30),
            log.request(30, 30),
            log.request(39, 50),
            log.request(0, 50),
        ] {
            let (status, kind, answer) = send(&router, request.to_body()).await;
            assert_eq!(
                (status.as_u16(), kind.as_str(), answer.as_str()),
                (409, size, "40\n")
            );
        }
        let (status, _, answer) = send(&router, fork.request(40, 40).to_body()).await;
        assert_eq!(
            (status.as_u16(), answer.as_str()),
            (409, "40\n"),
            "the same size, another root"
        );
        let (status, ..) = send(&router, fork.request(40, 50).to_body()).await;
        assert_eq!(status, 422, "it grew out of another");
        let mut wrong = log.request(40, 50);
        wrong.proof.pop();
        assert_eq!(send(&router, wrong.to_body()).await.0, 422);
        drop(router);
    }
    let router = witness(folder.path(), vec![log.key()]);
    assert_eq!(
        send(&router, log.request(40, 50).to_body()).await.0,
        200,
        "nothing was lost"
    );
}

#[tokio::test]
async fn who_is_not_known_and_what_cannot_be_read_is_refused() {
    let folder = TempDir::new().unwrap();
    let log = Log::new("log.example", "", 9);
    let router = witness(folder.path(), vec![log.key()]);
    let stranger = Log::new("another.example", "", 9);
    assert_eq!(send(&router, stranger.request(0, 9).to_body()).await.0, 404);
    let other = NoteSigner::from_seed("log.example", &[4; 32]).unwrap();
    let mut forged = log.request(0, 9);
    forged.checkpoint = checkpoint::sign(&checkpoint::peek(&forged.checkpoint).unwrap(), &other);
    assert_eq!(send(&router, forged.to_body()).await.0, 403);
    let mut changed = log.request(0, 9);
    changed.checkpoint = changed.checkpoint.replacen("\n9\n", "\n8\n", 1);
    assert_eq!(send(&router, changed.to_body()).await.0, 403);
    let larger = Request {
        old_size: 10,
        proof: Vec::new(),
        checkpoint: log.note(9),
    };
    assert_eq!(send(&router, larger.to_body()).await.0, 400);
    for unreadable in [
        "",
        "old 0\n\n",
        "old x\n\nlog.example\n",
        "old 00\n\nlog.example\n1\n",
    ] {
        assert_eq!(send(&router, unreadable).await.0, 400, "{unreadable:?}");
    }
    assert_eq!(send(&router, vec![0xff; 10]).await.0, 400);
    assert_eq!(send(&router, vec![b'a'; super::serve::LONGEST + 1]).await.0, 413);
    assert!(
        !folder.path().join("state.json").exists(),
        "none of it left anything"
    );
}

#[tokio::test]
async fn what_cannot_be_kept_is_not_signed() {
    let folder = TempDir::new().unwrap();
    let log = Log::new("log.example", "", 9);
    let router = witness(folder.path(), vec![log.key()]);
    // A folder is where the new file would be.
    fs::create_dir(folder.path().join("state.json.new")).unwrap();
    let (status, _, answer) = send(&router, log.request(0, 5).to_body()).await;
    assert_eq!(status, 500);
    assert!(!answer.contains('\u{2014}'), "{answer}");
    fs::remove_dir(folder.path().join("state.json.new")).unwrap();
    assert_eq!(send(&router, log.request(0, 5).to_body()).await.0, 200);
}

/// Two requests from the same size at once: one is signed, the other hears of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_and_keeping_are_one_act() {
    let folder = TempDir::new().unwrap();
    let log = Log::new("log.example", "", 40);
    let router = witness(folder.path(), vec![log.key()]);
    let all = (1..=40).map(|size| {
        let (router, body) = (router.clone(), log.request(0, size).to_body());
        tokio::spawn(async move { send(&router, body).await.0 })
    });
    let mut signed = 0;
    for task in all.collect::<Vec<_>>() {
        match task.await.unwrap().as_u16() {
            200 => signed += 1,
            status => assert_eq!(status, 409),
        }
    }
    assert_eq!(signed, 1);
}

#[test]
fn one_state_has_one_witness_and_a_broken_one_is_not_begun_anew() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state.json");
    let first = State::open(&path).unwrap();
    assert!(
        State::open(&path)
            .unwrap_err()
            .to_string()
            .contains("Another witness")
    );
    drop(first);
    fs::write(&path, "{").unwrap();
    assert!(
        State::open(&path)
            .unwrap_err()
            .to_string()
            .contains("is not the state")
    );
}

#[test]
fn a_key_is_made_once_and_read_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("w.key");
    let verifier = key::make(&path, "witness.example/w", &SeededEntropy::new(7)).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(key::open(&path).unwrap().vkey(), verifier);
    assert!(verifier.is_witness());
    assert!(
        key::make(&path, "witness.example/w", &SeededEntropy::new(8)).is_err(),
        "it is there"
    );
    assert!(key::make(&folder.path().join("x"), "a b", &SeededEntropy::new(8)).is_err());
    let text = fs::read_to_string(&path).unwrap();
    for broken in [
        "",
        "PRIVATE+KEY+x",
        &text.replace("witness", "Witness"),
        &text[..text.len() - 5],
    ] {
        fs::write(&path, broken).unwrap();
        assert!(key::open(&path).is_err(), "{broken}");
    }
}
