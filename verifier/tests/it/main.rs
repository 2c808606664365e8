//! What the browser is told, good and bad.
#![cfg(test)]

use ledger::{
    Hash,
    checkpoint::{Checkpoint, NoteSigner, sign},
    event::commitment,
    leaf_hash,
    proof::TlogProof,
    tile::{self, TileSet},
    witness::{CosignSigner, cosign},
};
use serde_json::{Value, json};

const LOG: &str = "id.example/ledger";
const SALT: [u8; 32] = [5; 32];

fn signer() -> NoteSigner {
    NoteSigner::from_seed(LOG, &[1; 32]).unwrap()
}

fn witness() -> CosignSigner {
    CosignSigner::from_seed("w.example", &[2; 32]).unwrap()
}

fn event(n: u64) -> String {
    let commitment = hex::encode(commitment(&SALT, "address", "192.0.2.7"));
    json!({"id": format!("evt_{n}"), "commitments": {"address": commitment}}).to_string()
}

fn tree(size: u64) -> TileSet {
    let leaves: Vec<Hash> = (0..size).map(|n| leaf_hash(event(n).as_bytes())).collect();
    let mut tiles = TileSet::new();
    for (tile, hashes) in tile::append(0, &TileSet::new(), &leaves).unwrap() {
        tiles.insert(tile.level, tile.index, hashes);
    }
    tiles
}

fn checkpoint(size: u64) -> String {
    let head = Checkpoint {
        origin: LOG.to_owned(),
        size,
        root: tile::root(size, &tree(size)).unwrap(),
    };
    let note = sign(&head, &signer());
    let line = cosign(&note, &witness(), 1_767_268_800).unwrap();
    note + &line
}

fn bundle() -> Value {
    let proof = TlogProof {
        index: 3,
        hashes: tile::inclusion(3, 20, &tree(20)).unwrap(),
        checkpoint: checkpoint(20),
    };
    json!({
        "canonical": event(3), "leafIndex": 3, "proof": proof.to_text(),
        "opened": {"address": {"value": "192.0.2.7", "salt": hex::encode(SALT)}},
    })
}

/// The answer, and the steps that were not good: by name and words.
fn ask(bundle: &Value, witnesses: &str, quorum: usize) -> (bool, Vec<(String, String)>) {
    let logs = signer().vkey().to_string();
    let answer = verifier::inclusion(&bundle.to_string(), &logs, witnesses, quorum);
    judged(&answer)
}

fn judged(answer: &str) -> (bool, Vec<(String, String)>) {
    let answer: Value = serde_json::from_str(answer).unwrap();
    let steps = answer["steps"].as_array().unwrap().iter();
    let odd = steps.filter(|step| step["state"] != "ok").map(|step| {
        let text = |name: &str| step[name].as_str().unwrap().to_owned();
        (text("name"), text("words"))
    });
    (answer["ok"].as_bool().unwrap(), odd.collect())
}

#[test]
fn a_sound_event_passes_every_step() {
    let key = witness().vkey().to_string();
    assert_eq!(ask(&bundle(), &key, 1), (true, vec![]));
    let (ok, odd) = ask(&bundle(), "", 0);
    assert!(ok && odd[0].0 == "witnesses");
    let answer: Value = serde_json::from_str(&verifier::inclusion(
        &bundle().to_string(),
        &signer().vkey().to_string(),
        &key,
        1,
    ))
    .unwrap();
    assert_eq!(
        (answer["size"].as_u64(), answer["origin"].as_str()),
        (Some(20), Some(LOG))
    );
    assert_eq!(answer["steps"].as_array().unwrap().len(), 5);
}

#[test]
fn what_is_wrong_is_said_at_its_step() {
    let key = witness().vkey().to_string();
    let spoilt = |change: fn(&mut Value)| {
        let mut bundle = bundle();
        change(&mut bundle);
        let (ok, odd) = ask(&bundle, &key, 1);
        assert!(!ok);
        odd[0].0.clone()
    };
    assert_eq!(
        spoilt(|b| b["canonical"] = json!(event(3).replace("evt_3", "evt_4"))),
        "path"
    );
    assert_eq!(spoilt(|b| b["leafIndex"] = json!(4)), "path");
    assert_eq!(
        spoilt(|b| b["opened"]["address"]["value"] = json!("192.0.2.8")),
        "personal"
    );
    assert_eq!(
        spoilt(|b| b["opened"]["address"]["salt"] = json!("00")),
        "personal"
    );
    assert_eq!(spoilt(|b| b["proof"] = json!("hello")), "proof");
    assert_eq!(spoilt(|b| b["canonical"] = json!(7)), "event");
    let text = |b: &Value| b["proof"].as_str().unwrap().to_owned();
    let mut forged = bundle();
    forged["proof"] = json!(text(&forged).replace("\n20\n", "\n21\n"));
    assert_eq!(ask(&forged, &key, 1).1[0].0, "checkpoint");
    let stranger = CosignSigner::from_seed("x.example", &[3; 32]).unwrap();
    let (ok, odd) = ask(&bundle(), &stranger.vkey().to_string(), 1);
    assert!(!ok && odd[0].0 == "witnesses", "{odd:?}");
    let (ok, odd) = ask(&bundle(), "no key", 1);
    assert!(!ok && odd[0].0 == "keys");
}

#[test]
fn a_log_that_this_browser_saw_before_must_be_the_same() {
    let logs = signer().vkey().to_string();
    let proof = |old, new| {
        let hashes = tile::consistency(old, new, &tree(new)).unwrap();
        hashes
            .iter()
            .map(|hash| hash.to_base64() + "\n")
            .collect::<String>()
    };
    for (before, now) in [(7, 20), (20, 7), (20, 20)] {
        let proof = proof(before.min(now), before.max(now));
        let answer = verifier::consistency(&checkpoint(before), &checkpoint(now), &proof, &logs);
        assert_eq!(judged(&answer), (true, vec![]));
        assert!(answer.contains("\"size\":20"));
    }
    let wrong = verifier::consistency(&checkpoint(8), &checkpoint(20), &proof(7, 20), &logs);
    assert!(!judged(&wrong).0);
    let fork = sign(
        &Checkpoint {
            origin: LOG.to_owned(),
            size: 20,
            root: leaf_hash(b""),
        },
        &signer(),
    );
    let (ok, odd) = judged(&verifier::consistency(&fork, &checkpoint(20), "", &logs));
    assert!(!ok && odd[0].1.contains("forked"), "{odd:?}");
    let other = NoteSigner::from_seed("other.example", &[4; 32]).unwrap();
    let strange = verifier::consistency(&checkpoint(7), &checkpoint(20), "", &other.vkey().to_string());
    assert!(judged(&strange).1[0].1.contains("whose key was not given"));
}
