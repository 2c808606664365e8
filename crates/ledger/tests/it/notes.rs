//! Signed notes: keys and notes that others published, and every forgery of ours.

use ledger::{
    Hash,
    checkpoint::{self, Checkpoint, NoteError, NoteKey, NoteSigner, UnusableKey, add_signature, open, sign},
    proof::{ProofError, TlogProof},
    tile,
};

use crate::{grown, leaf};

const LOG: &str = "id.example/log";

fn signer() -> NoteSigner {
    NoteSigner::from_seed(LOG, &[1; 32]).unwrap()
}

fn head() -> Checkpoint {
    Checkpoint {
        origin: LOG.to_owned(),
        size: 300,
        root: tile::root(300, &grown(&[300])).unwrap(),
    }
}

/// Every text that differs from this one in one byte, is one byte shorter, or one longer.
fn corruptions(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let mut all = Vec::new();
    for at in 0..bytes.len() {
        for change in [1, 2, 4, 8, 16, 32, 64, 128] {
            let mut changed = bytes.to_vec();
            changed[at] ^= change;
            all.push(changed);
        }
        all.push([&bytes[..at], &bytes[at + 1..]].concat());
        all.push([&bytes[..=at], &bytes[at..]].concat());
        all.push([&bytes[..at], b"\n", &bytes[at..]].concat());
        all.push(bytes[..at].to_vec());
    }
    let texts = all.into_iter().filter_map(|bytes| String::from_utf8(bytes).ok());
    texts.filter(|changed| changed != text).collect()
}

#[test]
fn published_keys_are_read_and_written_again() {
    let known = [
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
        "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    ];
    for text in known {
        assert_eq!(
            text.parse::<NoteKey>().map(|key| key.to_string()),
            Ok(text.to_owned())
        );
    }
    let witness: NoteKey = known[4].parse().unwrap();
    assert!(witness.is_witness());
    for wrong in corruptions(known[1]) {
        assert!(wrong.parse::<NoteKey>().is_err(), "{wrong}");
    }
}

#[test]
fn a_key_of_small_order_is_refused() {
    // The identity: every signature with it can be made by anybody.
    let text = "x+30b4a9e1+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(
        text.parse::<NoteKey>().map(|key| key.to_string()),
        Err(UnusableKey)
    );
}

/// The note that Go's `sumdb/note` shows in its documentation: no checkpoint, but a signature by
/// a known key, which is checked before the text is looked at.
#[test]
fn the_note_of_the_documentation_is_sound() {
    let key: NoteKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        .parse()
        .unwrap();
    let note = "If you think cryptography is the answer to your problem,\n\
                then you don't know what your problem is.\n\n\
                — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    assert_eq!(open(note, &key), Err(NoteError::NotACheckpoint));
    let changed = note.replace("answer", "question");
    assert_eq!(
        open(&changed, &key),
        Err(NoteError::WrongSignature("PeterNeumann".to_owned()))
    );
}

#[test]
fn a_signed_checkpoint_opens_under_its_key_alone() {
    let note = sign(&head(), &signer());
    assert_eq!(open(&note, &signer().vkey()), Ok(head()));
    assert_eq!(checkpoint::peek(&note), Ok(head()));
    let namesake = NoteSigner::from_seed(LOG, &[2; 32]).unwrap().vkey();
    assert_eq!(open(&note, &namesake), Err(NoteError::Unsigned(LOG.to_owned())));
    let other = NoteSigner::from_seed("id.example/other", &[1; 32]).unwrap();
    assert_eq!(
        open(&note, &other.vkey()),
        Err(NoteError::Unsigned("id.example/other".to_owned()))
    );
    // Another log's key under our log's name.
    let stray = sign(&head(), &other);
    assert!(matches!(
        open(&stray, &other.vkey()),
        Err(NoteError::OtherLog { .. })
    ));
    for name in ["", "a b", "a+b", "a\nb", "a\u{a0}b"] {
        assert!(NoteSigner::from_seed(name, &[1; 32]).is_err(), "{name:?}");
    }
}

#[test]
fn every_corruption_of_a_checkpoint_is_refused() {
    let note = sign(&head(), &signer());
    let key = signer().vkey();
    for wrong in corruptions(&note) {
        assert!(open(&wrong, &key).is_err(), "{wrong}");
    }
}

#[test]
fn every_corruption_of_a_proof_is_refused() {
    let key = signer().vkey();
    let proof = TlogProof {
        index: 266,
        hashes: tile::inclusion(266, 300, &grown(&[300])).unwrap(),
        checkpoint: sign(&head(), &signer()),
    };
    let text = proof.to_text();
    assert_eq!(TlogProof::parse(&text), Ok(proof.clone()));
    assert_eq!(proof.verify(&leaf(266), &key, &[], 0), Ok(head()));
    assert_eq!(proof.verify(&leaf(267), &key, &[], 0), Err(ProofError::WrongRoot));
    for wrong in corruptions(&text) {
        let read = TlogProof::parse(&wrong);
        let believed = read.is_ok_and(|proof| proof.verify(&leaf(266), &key, &[], 0).is_ok());
        assert!(!believed, "{wrong}");
    }
}

#[test]
fn what_nobody_signs_is_passed_over() {
    let note = sign(&head(), &signer());
    let proof = format!("c2sp.org/tlog-proof@v1\nextra aGVsbG8=\nindex 0\n\n{note}");
    assert_eq!(TlogProof::parse(&proof).unwrap().index, 0);
    let wrong = proof.replace("aGVsbG8=", "aGVsbG8");
    assert_eq!(TlogProof::parse(&wrong), Err(ProofError::Malformed));
    // A second signature of a log that we do not know: it is not read.
    let stranger = NoteSigner::from_seed("other.example", &[9; 32]).unwrap();
    let theirs = sign(&head(), &stranger);
    let line = theirs.lines().last().unwrap();
    let both = add_signature(&note, line).unwrap();
    assert_eq!(open(&both, &signer().vkey()), Ok(head()));
    assert_eq!(add_signature(&both, line), Ok(both.clone()));
    // Nobody pushes a signature out by a line under the same name and id.
    let forged = note.lines().last().unwrap().replace('A', "B");
    assert_eq!(
        add_signature(&both, &forged).map(|note| open(&note, &signer().vkey())),
        Ok(Ok(head()))
    );
    for line in [
        "",
        "— ",
        "— a",
        "— a b",
        "- a AAAAAAAA",
        "— a AAAA",
        "— a+b AAAAAAAA",
        "— a  AAAAAAAA",
    ] {
        assert_eq!(add_signature(&note, line), Err(NoteError::Malformed), "{line}");
    }
}

#[test]
fn hashes_in_json_are_base64() {
    let json = serde_json::to_string(&leaf(1)).unwrap();
    assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), leaf(1));
    assert_eq!(json.len(), 46);
    for wrong in ["\"\"", "\"AAAA\"", "7", "\"zz\""] {
        assert!(serde_json::from_str::<Hash>(wrong).is_err());
    }
}
