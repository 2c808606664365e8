//! The walk over a log in which one thing after the other is wrong: each is found, and the first
//! bad row is named.

use ledger::{
    checkpoint::{Checkpoint, NoteKey, NoteSigner, sign},
    event::RetirementDigest,
    leaf_hash,
    verify::{Fault, Walk},
    witness::cosign,
};
use serde_json::json;

use crate::stored::{LOG, ROWS, Stored, event, head, signer, tiles, walk, witness};

#[test]
fn a_sound_log_is_sound() {
    let log = Stored::sound();
    let verdict = log.verdict().unwrap();
    assert_eq!(
        (verdict.rows, verdict.signed, verdict.checkpoints),
        (ROWS, 690, 5)
    );
    assert_eq!(verdict.root, crate::naive::root(&log.leaves()));
    assert_eq!(log.without_tiles(), Ok(verdict));
    let empty = Stored::of(Vec::new()).verdict().unwrap();
    assert_eq!((empty.rows, empty.root), (0, ledger::EMPTY_ROOT));
}

#[test]
fn a_deleted_row_is_missed() {
    let mut log = Stored::sound();
    log.rows.remove(300);
    assert_eq!(
        log.fault(),
        Fault::Missing {
            first: 300,
            last: 300
        }
    );
    log.rows.drain(10..20);
    let fault = log.fault();
    assert_eq!(
        fault.to_string(),
        "rows 10 to 19 missing: deleted, and not retired by policy"
    );
    assert_eq!(fault.row(), Some(10));
}

#[test]
fn rows_deleted_at_the_end_are_missed() {
    // The tree tells, and it alone, where no checkpoint has come that far.
    let mut log = Stored::sound();
    log.rows.truncate(695);
    assert!(matches!(
        log.fault(),
        Fault::Cut {
            first: 695,
            size: ROWS,
            ..
        }
    ));
    // The tree was cut as well: the checkpoint tells.
    log.rows.truncate(600);
    log.tiles = tiles(&log.leaves());
    assert!(matches!(
        log.fault(),
        Fault::Cut {
            first: 600,
            size: 690,
            ..
        }
    ));
    assert!(matches!(
        log.without_tiles(),
        Err(Fault::Cut {
            first: 600,
            size: 690,
            ..
        })
    ));
    // The checkpoints, too: whoever remembers one knows.
    let remembered = log.checkpoints.pop().unwrap().1;
    assert_eq!(log.verdict().map(|verdict| verdict.rows), Ok(600));
    let mut walk = walk();
    walk.remembered(&remembered).unwrap();
    assert!(matches!(
        log.feed(walk, false),
        Err(Fault::Cut {
            first: 600,
            size: 690,
            ..
        })
    ));
    // To nothing at all.
    let mut log = Stored::sound();
    log.rows.clear();
    assert!(matches!(
        log.fault(),
        Fault::Cut {
            first: 0,
            size: 690,
            ..
        }
    ));
}

#[test]
fn a_changed_row_is_named() {
    let mut log = Stored::sound();
    let was = log.rows[321].canonical.clone();
    log.rows[321].canonical = was.replace("321", "32l");
    let fault = log.fault();
    assert_eq!(fault.row(), Some(321));
    assert!(matches!(fault, Fault::Changed { .. }));
    assert!(matches!(
        log.without_tiles(),
        Err(Fault::Changed { row: 321, .. })
    ));
    // With its hash: the tree knows better.
    log.set(321, &was.replace("321", "x"));
    assert!(matches!(log.fault(), Fault::Changed { row: 321, .. }));
    // The hash alone.
    log.set(321, &was);
    log.rows[321].stored.0[31] ^= 1;
    assert_eq!(log.fault(), Fault::HashChanged { row: 321 });
}

#[test]
fn swapped_rows_are_told_from_changed_ones() {
    let mut log = Stored::sound();
    log.rows.swap(41, 77);
    log.rows[41].index = 41;
    log.rows[77].index = 77;
    assert_eq!(log.fault(), Fault::Swapped { row: 41, belongs: 77 });
    // Only the numbers: a row comes where another is expected.
    let mut log = Stored::sound();
    log.rows.swap(41, 77);
    assert!(matches!(log.fault(), Fault::Missing { first: 41, .. }));
    log.rows[41].index = 40;
    assert_eq!(log.fault(), Fault::Disordered { row: 40 });
}

#[test]
fn a_tree_that_was_rewritten_in_part_is_found() {
    let mut log = Stored::sound();
    // Row, hash and leaf of the tile; not the tile above.
    log.set(300, "{}");
    log.tiles.get_mut(&(0, 1)).unwrap()[300 - 256] = leaf_hash(b"{}");
    // The checkpoint of 500 comes before the tile is full.
    assert!(matches!(
        log.fault(),
        Fault::Rewritten {
            first: 256,
            last: 499,
            size: 500,
            ..
        }
    ));
    log.checkpoints.retain(|(size, _)| *size <= 256);
    let fault = log.fault();
    assert_eq!(fault.row(), Some(256));
    assert!(
        fault
            .to_string()
            .contains("tile/1/000 does not hold the hash of rows 256 to 511"),
        "{fault}"
    );
    // The upper tile alone.
    let mut log = Stored::sound();
    log.tiles.get_mut(&(1, 0)).unwrap()[0].0[0] ^= 1;
    assert!(matches!(
        log.fault(),
        Fault::Tree {
            first: 0,
            last: 255,
            ..
        }
    ));
    log.tiles.remove(&(1, 0));
    assert!(matches!(
        log.fault(),
        Fault::Tree {
            first: 0,
            last: 255,
            ..
        }
    ));
    // A tile that goes on where there is nothing.
    let mut log = Stored::sound();
    log.tiles.get_mut(&(1, 0)).unwrap().push(log.rows[0].stored);
    assert!(matches!(
        log.fault(),
        Fault::Cut {
            first: ROWS,
            size: 768,
            ..
        }
    ));
}

#[test]
fn a_tree_that_was_rewritten_as_a_whole_is_found_by_its_checkpoint() {
    let old = Stored::sound();
    let mut log = old.clone();
    log.set(321, "{}");
    log.build();
    log.checkpoints.clone_from(&old.checkpoints);
    let fault = log.fault();
    assert!(matches!(
        fault,
        Fault::Rewritten {
            first: 256,
            last: 499,
            size: 500,
            ..
        }
    ));
    assert_eq!(fault.row(), Some(256));
}

#[test]
fn a_fork_is_found_by_who_remembers() {
    // The operator holds database and key, and makes everything anew.
    let old = Stored::sound();
    let mut log = old.clone();
    log.set(321, "{}");
    log.build();
    assert!(log.verdict().is_ok());
    let remembered = &old.checkpoints[3].1;
    let mut walk = walk();
    walk.remembered(remembered).unwrap();
    assert_eq!(log.feed(walk, false), Err(Fault::Forked { size: 500 }));
    log.checkpoints.retain(|(size, _)| *size != 500);
    let mut walk = crate::stored::walk();
    walk.remembered(remembered).unwrap();
    let fault = log.feed(walk, false).unwrap_err();
    assert!(
        fault.to_string().contains("the checkpoint that was remembered"),
        "{fault}"
    );
    assert_eq!(fault.row(), Some(256));
}

#[test]
fn a_forged_checkpoint_is_refused() {
    let mut log = Stored::sound();
    let other = NoteSigner::from_seed(LOG, &[9; 32]).unwrap();
    log.checkpoints[2].1 = sign(&head(&log.leaves(), 256), &other);
    assert!(matches!(log.fault(), Fault::Checkpoint { size: 256, .. }));
    let mut log = Stored::sound();
    log.checkpoints[2].0 = 257;
    assert_eq!(log.fault(), Fault::Misfiled { filed: 257 });
    let stranger = NoteSigner::from_seed("other.example", &[1; 32]).unwrap();
    let strange = Checkpoint {
        origin: "other.example".to_owned(),
        ..head(&log.leaves(), 256)
    };
    log.checkpoints[2] = (256, sign(&strange, &stranger));
    assert!(log.fault().to_string().contains("whose key was not given"));
    let both = Walk::new(vec![signer().vkey(), stranger.vkey()], Vec::new(), 0);
    assert!(log.feed(both, false).is_ok());
    let mut walk = walk();
    walk.row(0, &event(0), None).unwrap();
    walk.row(1, &event(1), None).unwrap();
    let late = walk.checkpoint(1, &log.checkpoints[0].1);
    assert_eq!(late, Err(Fault::Late { size: 1, walked: 2 }));
}

#[test]
fn rows_past_the_tree_are_found() {
    let mut log = Stored::sound();
    let mut extra = log.rows[0].clone();
    extra.index = ROWS;
    log.rows.push(extra);
    assert_eq!(log.fault(), Fault::NotInTree { row: ROWS });
    let mut log = Stored::sound();
    log.set(5, "no json");
    log.build();
    assert!(matches!(log.fault(), Fault::NotAnEvent { row: 5, .. }));
}

#[test]
fn retired_rows_are_covered_by_their_event() {
    let mut log = Stored::sound();
    let retired = [3_u64, 4, 9, 260];
    let mut digest = RetirementDigest::new();
    for index in retired {
        let row = &mut log.rows[usize::try_from(index).unwrap()];
        digest.add(index, &row.stored);
        row.retired = Some("evt_r".to_owned());
        row.canonical.clear();
    }
    let digest = hex::encode(digest.finish());
    let telling = json!({"id": "evt_r", "action": "audit.retired", "metadata": {"digest": digest}});
    assert!(matches!(
        log.fault(),
        Fault::Retirement {
            row: 3,
            what: "there is no such event",
            ..
        }
    ));
    log.set(650, &telling.to_string());
    log.build();
    assert_eq!(log.verdict().map(|verdict| verdict.retired), Ok(4));
    // One row more is put under the same cloak.
    log.rows[5].retired = Some("evt_r".to_owned());
    assert!(matches!(
        log.fault(),
        Fault::Retirement {
            row: 3,
            what: "that event tells of other rows",
            ..
        }
    ));
    // An event that waits for its place still, with all of its rows.
    let mut late = Stored::sound();
    late.rows[7].retired = Some("evt_late".to_owned());
    let mut digest = RetirementDigest::new();
    let gone = [(7, late.rows[7].stored), (8, late.rows[8].stored)];
    for (index, leaf) in &gone {
        digest.add(*index, leaf);
    }
    let told = json!({"id": "evt_late", "action": "audit.retired", "metadata": {"digest": hex::encode(digest.finish())}});
    let mut walk = crate::stored::walk();
    for row in &late.rows {
        match &row.retired {
            Some(event) => walk.retired(row.index, &row.stored, event).unwrap(),
            None => drop(walk.row(row.index, &row.canonical, None).unwrap()),
        }
    }
    assert_eq!(walk.untold(), ["evt_late"]);
    walk.tell("evt_late", &told.to_string(), gone);
    assert!(walk.finish().is_ok());
    // Another event's name on it.
    log.rows[5].retired = Some("evt_1".to_owned());
    assert!(matches!(log.fault(), Fault::Retirement { row: 5, .. }));
    // A retired row's hash still counts.
    log.rows[5].retired = None;
    log.rows[4].stored.0[0] ^= 1;
    assert!(matches!(log.fault(), Fault::Changed { row: 4, .. }));
}

#[test]
fn witnesses_are_asked_for() {
    let mut log = Stored::sound();
    let keys: Vec<NoteKey> = vec![witness().vkey()];
    let asked = |log: &Stored| log.feed(Walk::new(vec![signer().vkey()], keys.clone(), 1), false);
    assert_eq!(asked(&log), Err(Fault::Unwitnessed { quorum: 1, most: 0 }));
    let line = cosign(&log.checkpoints[3].1, &witness(), 1_767_268_800).unwrap();
    log.checkpoints[3].1 += &line;
    assert_eq!(
        asked(&log).map(|verdict| (verdict.witnessed, verdict.signed)),
        Ok((500, 690))
    );
    // A cosignature over something else.
    log.checkpoints[4].1 += &line;
    assert!(matches!(asked(&log), Err(Fault::Checkpoint { size: 690, .. })));
}
