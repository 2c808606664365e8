//! Files that are sound, and every way in which one is not.

mod real;

use std::{fs, path::PathBuf};

use clap::Parser;
use ledger::{
    Hash,
    bundle::{Bundle, Opened},
    checkpoint::{Checkpoint, NoteKey, NoteSigner, sign},
    event::commitment,
    leaf_hash,
    proof::TlogProof,
    tile::{self, TileSet},
    witness::{CosignSigner, cosign},
};
use platform::audit::walk::Trust;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Unchecked, Verdict, VerifyArguments, arguments::What, export, proof, report::thousands};

const LOG: &str = "id.example/ledger";
const SALT: [u8; 32] = [5; 32];
const ROWS: u64 = 20;

fn signer() -> NoteSigner {
    NoteSigner::from_seed(LOG, &[1; 32]).unwrap()
}

fn witness() -> CosignSigner {
    CosignSigner::from_seed("w.example", &[2; 32]).unwrap()
}

fn event(n: u64) -> String {
    let commitment = hex::encode(commitment(&SALT, "address", "192.0.2.7"));
    json!({
        "schema": 2, "id": format!("evt_{n}"), "time": n, "action": "member.invited", "result": "success",
        "actor": {"kind": "system"}, "commitments": {"address": commitment},
    })
    .to_string()
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

fn bundle(n: u64) -> Bundle {
    let proof = TlogProof {
        index: n,
        hashes: tile::inclusion(n, ROWS, &tree(ROWS)).unwrap(),
        checkpoint: checkpoint(ROWS),
    };
    let opened = Opened {
        value: "192.0.2.7".to_owned(),
        salt: hex::encode(SALT),
    };
    Bundle {
        canonical: event(n),
        leaf_index: n,
        opened: [("address".to_owned(), opened)].into(),
        proof: proof.to_text(),
    }
}

fn line(n: u64) -> Value {
    serde_json::to_value(bundle(n)).unwrap()
}

fn trust() -> Trust {
    Trust {
        logs: vec![signer().vkey()],
        ..Trust::default()
    }
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

fn exported(lines: &[Value], trust: &Trust) -> Result<Verdict, Unchecked> {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let text = lines.join("\n") + "\n";
    let folder = Folder::new();
    export::check(&folder.file("log.jsonl", &text), trust)
}

fn bad(verdict: Result<Verdict, Unchecked>) -> String {
    match verdict.unwrap() {
        Verdict::Bad(words) => words,
        Verdict::Sound(words) => panic!("{words}"),
    }
}

fn sound(verdict: Result<Verdict, Unchecked>) -> String {
    match verdict.unwrap() {
        Verdict::Sound(words) => words,
        Verdict::Bad(words) => panic!("{words}"),
    }
}

#[test]
fn a_sound_export_is_sound_in_every_form() {
    let lines: Vec<Value> = [3, 1, 19].into_iter().map(line).collect();
    let words = sound(exported(&lines, &trust()));
    assert!(words.starts_with("The export is sound: 3 entries"), "{words}");
    let ocsf: Vec<Value> = [3, 4]
        .into_iter()
        .map(|n| json!({"class_uid": 3001, "time": n, "metadata": {"uid": format!("evt_{n}")}, "unmapped": {"loomwire": line(n)}}))
        .collect();
    sound(exported(&ocsf, &trust()));
    let folder = Folder::new();
    let mut table = csv::Writer::from_writer(Vec::new());
    table
        .write_record(["id", "time", "canonical", "leafIndex", "opened", "proof"])
        .unwrap();
    for n in [2, 0] {
        let bundle = bundle(n);
        let opened = serde_json::to_string(&bundle.opened).unwrap();
        let time = "2026-11-23T12:00:02.000Z";
        let fields = [
            &format!("evt_{n}"),
            time,
            &bundle.canonical,
            &n.to_string(),
            &opened,
            &bundle.proof,
        ];
        table.write_record(fields).unwrap();
    }
    let text = String::from_utf8(table.into_inner().unwrap()).unwrap();
    sound(export::check(&folder.file("log.csv", &text), &trust()));
    let forged = text.replacen("evt_2,", "evt_7,", 1);
    let words = bad(export::check(&folder.file("forged.csv", &forged), &trust()));
    assert!(
        words.contains("First bad row: 2") && words.contains("the `id` beside it"),
        "{words}"
    );
}

type Change = fn(&mut Vec<Value>);

#[test]
fn the_first_bad_row_of_an_export_is_named() {
    let changes: [(Change, &str, &str); 9] = [
        (
            |l| l[1]["canonical"] = json!(event(4).replace("member.invited", "member.removed")),
            "row: 4",
            "does not lead to the root",
        ),
        (
            |l| l[1]["leafIndex"] = json!(5),
            "row: 5",
            "its proof is for row 4",
        ),
        (
            |l| {
                let other = l[2]["canonical"].clone();
                l[1]["canonical"] = other;
            },
            "row: 4",
            "does not lead to the root",
        ),
        (|l| l[1] = l[0].clone(), "row: 3", "twice"),
        (
            |l| l[1]["opened"]["address"]["value"] = json!("192.0.2.8"),
            "row: 4",
            "does not open its commitment",
        ),
        (
            |l| l[1]["opened"]["address"]["salt"] = json!("00"),
            "row: 4",
            "not 32 bytes",
        ),
        (
            |l| l[1]["proof"] = json!(l[1]["proof"].as_str().unwrap().replace("\n20\n", "\n21\n")),
            "row: 4",
            "signature by id.example/ledger is wrong",
        ),
        (
            |l| l[1]["action"] = json!("other"),
            "row: 4",
            "the `action` beside it",
        ),
        (|l| l[1] = json!({"hello": 1}), "Line 2", "no `canonical`"),
    ];
    for (change, row, why) in changes {
        let mut lines: Vec<Value> = [3, 4, 5].into_iter().map(line).collect();
        change(&mut lines);
        let words = bad(exported(&lines, &trust()));
        assert!(
            words.contains(row) && words.contains(why),
            "{row}, {why}: {words}"
        );
    }
}

#[test]
fn witnesses_keys_and_remembered_checkpoints_count() {
    let lines = [line(3)];
    let two = CosignSigner::from_seed("x.example", &[3; 32]).unwrap();
    let with = |quorum| Trust {
        witnesses: vec![witness().vkey(), two.vkey()],
        quorum,
        ..trust()
    };
    sound(exported(&lines, &with(1)));
    assert!(bad(exported(&lines, &with(2))).contains("1 of the witnesses have signed"));
    let stranger = Trust {
        logs: vec![NoteSigner::from_seed("other.example", &[1; 32]).unwrap().vkey()],
        ..Trust::default()
    };
    assert!(bad(exported(&lines, &stranger)).contains("whose key was not given"));
    let same = Trust {
        remembered: vec![checkpoint(ROWS), checkpoint(7)],
        ..trust()
    };
    assert!(sound(exported(&lines, &same)).contains("1 of 2 remembered"));
    let forked = Checkpoint {
        origin: LOG.to_owned(),
        size: ROWS,
        root: leaf_hash(b"fork"),
    };
    let forked = Trust {
        remembered: vec![sign(&forked, &signer())],
        ..trust()
    };
    assert!(bad(exported(&lines, &forked)).contains("forked"));
    let altered = Trust {
        remembered: vec![checkpoint(7).replace("\n7\n", "\n8\n")],
        ..trust()
    };
    assert!(exported(&lines, &altered).is_err());
}

#[test]
fn one_proof_is_checked_with_its_event() {
    let folder = Folder::new();
    let whole = folder.file("evt_3.proof.json", &line(3).to_string());
    let words = sound(proof::check(&whole, None, &trust()));
    assert!(words.contains("row 3 of the log id.example/ledger"), "{words}");
    let bare = folder.file("evt_3.tlog-proof", &bundle(3).proof);
    let text = folder.file("event.json", &(event(3) + "\n"));
    sound(proof::check(&bare, Some(&text), &trust()));
    let other = folder.file("other.json", &event(4));
    assert!(bad(proof::check(&bare, Some(&other), &trust())).contains("First bad row: 3"));
    assert!(proof::check(&bare, None, &trust()).is_err());
    assert!(proof::check(&whole, Some(&text), &trust()).is_err());
    assert!(proof::check(&folder.0.path().join("none"), None, &trust()).is_err());
    assert!(export::check(&folder.file("empty.jsonl", "\n"), &trust()).is_err());
}

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    arguments: VerifyArguments,
}

fn sorted(words: &[&str]) -> Result<(What, Trust), String> {
    let line = Line::try_parse_from(std::iter::once("verify").chain(words.iter().copied()));
    let line = line.map_err(|why| why.to_string())?;
    line.arguments.sort_out().map_err(|why| why.to_string())
}

#[test]
fn the_arguments_are_sorted_out() {
    let (log, seen) = (signer().vkey().to_string(), witness().vkey().to_string());
    assert!(matches!(sorted(&[]), Ok((What::Database(None), _))));
    assert!(matches!(sorted(&["--database"]), Ok((What::Database(None), _))));
    assert!(matches!(
        sorted(&["--database", "sqlite://x"]),
        Ok((What::Database(Some(_)), _))
    ));
    let (what, trust) = sorted(&["--export", "a", "--key", &log, "--witness", &seen]).unwrap();
    assert!(matches!(what, What::Export(_)) && trust.quorum == 1);
    let keys: Vec<NoteKey> = trust.logs;
    assert_eq!(keys, [signer().vkey()]);
    for (words, why) in [
        (vec!["--export", "a"], "--key"),
        (vec!["--proof", "a"], "--key"),
        (vec!["--export", "a", "--proof", "b"], "cannot be used with"),
        (vec!["--event", "a"], "required"),
        (vec!["--key", "nonsense"], "not a verifier key"),
        (vec!["--quorum", "1"], "asks for 1 witnesses"),
        (vec!["--key", &seen], "no log's"),
        (vec!["--witness", &log], "no witness's"),
        (vec!["--checkpoint", "/nowhere/at/all"], "/nowhere"),
    ] {
        let refused = sorted(&words).unwrap_err();
        assert!(refused.contains(why), "{words:?}: {refused}");
    }
}

#[test]
fn numbers_are_grouped() {
    for (number, text) in [
        (0, "0"),
        (999, "999"),
        (1000, "1,000"),
        (12_345_678, "12,345,678"),
    ] {
        assert_eq!(thousands(number), text);
    }
}
