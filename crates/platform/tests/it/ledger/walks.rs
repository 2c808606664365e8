//! The walk over the log where it lies: whoever had the database in hand is found out.

use ledger::verify::Fault;
use platform::{
    audit::{
        proven,
        walk::{Sound, Stop, Trust, walk},
    },
    ledger::{self as ours, Sequencer},
};
use testkit::{Cluster, Installation};
use types::AuditEventId;

use super::{key, rows, sequence, write};

pub(super) async fn walked(home: &Installation, with_keys: bool, trust: Trust) -> Result<Sound, Fault> {
    let ctx = home.platform.system();
    let mut read = home.db.read().await.unwrap();
    let ctx = with_keys.then_some(&ctx);
    match walk(&mut read, ctx, trust, &mut |done, all| assert!(done <= all)).await {
        Ok(sound) => Ok(sound),
        Err(Stop::Fault(fault)) => Err(fault),
        Err(Stop::Failed(why)) => panic!("{why:?}"),
    }
}

/// Somebody's first steps and some more events, all but the last two with a place.
async fn filled(url: &str, events: usize) -> Installation {
    let home = Installation::at(url).await;
    let ctx = home.platform.system();
    home.first_person().await;
    write(&ctx, events).await;
    sequence(&mut Sequencer::new(&ctx).in_batches_of(11), &ctx).await;
    write(&ctx, 2).await;
    home
}

/// Addresses of databases that have nothing yet.
pub(super) async fn urls(cluster: Option<&Cluster>) -> Vec<String> {
    let mut urls = vec!["sqlite::memory:".to_owned()];
    if let Some(cluster) = cluster {
        urls.push(cluster.database().await.unwrap());
    }
    urls
}

#[tokio::test]
async fn a_sound_log_is_sound_with_and_without_the_master_key() {
    let cluster = Cluster::start_or_skip();
    for url in urls(cluster.as_ref()).await {
        let home = filled(&url, 30).await;
        let sound = walked(&home, true, Trust::default()).await.unwrap();
        let all = rows(&home).await.len() as u64;
        assert_eq!((sound.verdict.rows, sound.waiting), (all - 2, 2));
        assert_eq!(sound.verdict.signed, sound.verdict.rows);
        assert!(
            sound.verdict.checkpoints > 2 && sound.opened > Some(0),
            "{sound:?}"
        );
        assert_eq!(sound.logs, [key(&home).await]);
        let blind = walked(&home, false, Trust::default()).await.unwrap();
        assert_eq!((blind.opened, blind.verdict), (None, sound.verdict));
    }
}

type Expected = fn(&Fault) -> bool;

/// What somebody does to the database, and what is said of it.
const CHANGES: &[(&[&str], Expected)] = &[
    (
        &[FREE_5, "DELETE FROM audit_events WHERE leaf_index = 5"],
        |fault| matches!(fault, Fault::Missing { first: 5, last: 5 }),
    ),
    (
        &[FREE_LATE, "DELETE FROM audit_events WHERE leaf_index > 15"],
        |fault| matches!(fault, Fault::Cut { first: 16, .. }),
    ),
    (
        &["UPDATE audit_events SET canonical = replace(canonical, 'success', 'failed') WHERE leaf_index = 5"],
        |fault| matches!(fault, Fault::Changed { row: 5, .. }),
    ),
    (
        &[
            "UPDATE audit_events SET canonical = 'x', leaf_hash = (SELECT o.leaf_hash FROM audit_events o WHERE o.leaf_index = 4) WHERE leaf_index = 5",
        ],
        |fault| matches!(fault, Fault::Changed { row: 5, .. }),
    ),
    (
        &[
            "UPDATE audit_events SET leaf_hash = (SELECT o.leaf_hash FROM audit_events o WHERE o.leaf_index = 4) WHERE leaf_index = 5",
        ],
        |fault| matches!(fault, Fault::HashChanged { row: 5 }),
    ),
    (
        &[
            "UPDATE audit_events SET leaf_index = -1 WHERE leaf_index = 5",
            "UPDATE audit_events SET leaf_index = 5 WHERE leaf_index = 9",
            "UPDATE audit_events SET leaf_index = 9 WHERE leaf_index = -1",
        ],
        |fault| matches!(fault, Fault::Swapped { row: 5, belongs: 9 }),
    ),
    (
        &["UPDATE audit_events SET action = 'nothing.happened' WHERE leaf_index = 5"],
        |fault| {
            matches!(
                fault,
                Fault::Column {
                    row: 5,
                    column: "action"
                }
            )
        },
    ),
    (
        &["UPDATE audit_events SET organisation_id = 'org_x' WHERE leaf_index = 5"],
        |fault| {
            matches!(
                fault,
                Fault::Column {
                    row: 5,
                    column: "organisation_id"
                }
            )
        },
    ),
    (
        &[
            "UPDATE audit_personal SET sealed = (SELECT o.sealed FROM audit_personal o WHERE o.field <> audit_personal.field AND o.event_id = audit_personal.event_id)",
        ],
        |fault| matches!(fault, Fault::Sealed { .. }),
    ),
    (
        &[
            "UPDATE ledger_checkpoints SET note = replace(note, 'localhost:3000/ledger', 'localhost:3000/ledges')",
        ],
        |fault| matches!(fault, Fault::Checkpoint { .. }),
    ),
    (
        &[
            "UPDATE ledger_checkpoints SET root_hash = (SELECT leaf_hash FROM audit_events WHERE leaf_index = 1)",
        ],
        |fault| matches!(fault, Fault::Misfiled { .. }),
    ),
    (&["DELETE FROM ledger_tiles"], |fault| {
        matches!(fault, Fault::NotInTree { row: 0 })
    }),
    (
        &["UPDATE audit_events SET canonical = 'x' WHERE leaf_index IS NULL"],
        |fault| matches!(fault, Fault::Waiting { .. }),
    ),
    (
        &[
            "INSERT INTO audit_retired (leaf_index, organisation_id, leaf_hash, retirement_event_id) SELECT leaf_index, organisation_id, leaf_hash, 'evt_none' FROM audit_events WHERE leaf_index = 5",
            FREE_5,
            "DELETE FROM audit_events WHERE leaf_index = 5",
        ],
        |fault| matches!(fault, Fault::Retirement { row: 5, .. }),
    ),
];

const FREE_5: &str =
    "DELETE FROM audit_personal WHERE event_id = (SELECT id FROM audit_events WHERE leaf_index = 5)";
const FREE_LATE: &str =
    "DELETE FROM audit_personal WHERE event_id IN (SELECT id FROM audit_events WHERE leaf_index > 15)";

#[tokio::test]
async fn every_change_is_found_and_the_first_bad_row_named() {
    let cluster = Cluster::start_or_skip();
    for (statements, expected) in CHANGES {
        for url in urls(cluster.as_ref()).await {
            let home = filled(&url, 30).await;
            for statement in *statements {
                home.execute(statement, &[]).await;
            }
            let fault = walked(&home, true, Trust::default()).await.unwrap_err();
            assert!(expected(&fault), "{statements:?}: {fault}");
        }
    }
}

#[tokio::test]
async fn a_tile_of_a_higher_level_counts_too() {
    let cluster = Cluster::start_or_skip();
    for url in urls(cluster.as_ref()).await {
        let home = filled(&url, 300).await;
        assert!(walked(&home, false, Trust::default()).await.is_ok());
        home.execute("DELETE FROM ledger_tiles WHERE level = 1", &[])
            .await;
        let fault = walked(&home, false, Trust::default()).await.unwrap_err();
        assert!(
            matches!(
                fault,
                Fault::Tree {
                    first: 0,
                    last: 255,
                    ..
                }
            ),
            "{fault}"
        );
    }
}

#[tokio::test]
async fn who_remembers_a_checkpoint_finds_what_the_database_cannot_tell() {
    let cluster = Cluster::start_or_skip();
    for url in urls(cluster.as_ref()).await {
        let home = filled(&url, 30).await;
        let remembered = ours::checkpoint(&home.anonymous()).await.unwrap();
        let trust = Trust {
            remembered: vec![remembered],
            logs: vec![key(&home).await],
            ..Trust::default()
        };
        assert!(walked(&home, false, trust.clone()).await.is_ok());
        // Everything is taken away, and nothing in the database says so.
        for all in [
            "DELETE FROM ledger_checkpoints",
            "DELETE FROM ledger_tiles",
            "DELETE FROM audit_personal",
            "DELETE FROM audit_events",
        ] {
            home.execute(all, &[]).await;
        }
        let empty = walked(&home, false, Trust::default()).await.unwrap();
        assert_eq!(empty.verdict.rows, 0);
        let fault = walked(&home, false, trust).await.unwrap_err();
        assert!(matches!(fault, Fault::Cut { first: 0, .. }), "{fault}");
    }
}

#[tokio::test]
async fn readers_get_an_event_with_its_proof() {
    let cluster = Cluster::start_or_skip();
    for url in urls(cluster.as_ref()).await {
        let home = Installation::at(&url).await;
        let ctx = home.platform.system();
        let (user, _) = home.first_person().await;
        sequence(&mut Sequencer::new(&ctx), &ctx).await;
        let log = platform::audit::list(&user, &types::console::AuditFilter::default())
            .await
            .unwrap();
        let id: AuditEventId = log.rows[0].id;
        let whole = proven(&user, id, Some(1)).await.unwrap();
        assert_eq!(whole.logs, [key(&home).await.to_string()]);
        let leaf = ledger::leaf_hash(whole.bundle.canonical.as_bytes());
        let proof = ledger::proof::TlogProof::parse(&whole.bundle.proof).unwrap();
        let head = proof.verify(&leaf, &key(&home).await, &[], 0).unwrap();
        assert!(head.size > 1 && whole.consistency.is_some());
        let event = serde_json::from_str(&whole.bundle.canonical).unwrap();
        let address = &whole.bundle.opened["address"];
        let salt = hex::decode(&address.salt).unwrap().try_into().unwrap();
        ledger::verify::opens(0, &event, "address", &address.value, &salt).unwrap();
        // A reader who saw a longer log is not told a proof.
        let longer = proven(&user, id, Some(1_000_000)).await.unwrap();
        assert!(longer.consistency.is_none());
        assert!(proven(&home.anonymous(), id, None).await.is_err());
        let missing = proven(&user, AuditEventId::from_u128(1), None).await;
        assert!(matches!(missing, Err(platform::Error::NotFound(_))));
    }
}
