//! What is sent to witnesses, what is kept of their answers, and what is told of those that do not
//! sign.

use db::Db;
use ledger::{
    checkpoint::open,
    proof::verify_consistency,
    witness::{CosignSigner, Request, cosign, count as cosignatures},
};
use platform::ledger::{self as ours, Sequencer, Submission, Witness};
use testkit::{Installation, MockClock, SeededEntropy, settings};

use super::{all, count, head, key, sequence, whole, write};

fn signer(seed: u8) -> CosignSigner {
    CosignSigner::from_seed("witness.example/w", &[seed; 32]).unwrap()
}

async fn home() -> (Installation, Witness) {
    let db = Db::connect("sqlite::memory:", &testkit::Options::default())
        .await
        .unwrap();
    db.migrate().await.unwrap();
    let witness = Witness {
        url: "https://witness.example".to_owned(),
        key: signer(1).vkey(),
    };
    let mut settings = settings();
    settings.ledger.witnesses = vec![witness.clone()];
    let keys = vault::MasterKeys::generate(&SeededEntropy::new(1));
    let home = Installation::seeded(db, MockClock::new().into(), keys.into(), settings, 2).await;
    (home, witness)
}

async fn to_send(home: &Installation, witness: &Witness, signed: Option<u64>) -> (Request, u64) {
    let ctx = home.platform.system();
    match ours::submission(&ctx, witness, signed).await.unwrap() {
        Submission::Send { request, size } => (request, size),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_submission_grows_out_of_what_was_signed_last() {
    let (home, witness) = home().await;
    let ctx = home.platform.system();
    let mut sequencer = Sequencer::new(&ctx);
    let nothing = ours::submission(&ctx, &witness, None).await.unwrap();
    assert_eq!(nothing, Submission::Nothing);
    let mut before = None;
    for events in [1, 5, 300] {
        write(&ctx, events).await;
        sequence(&mut sequencer, &ctx).await;
        let (request, size) = to_send(&home, &witness, None).await;
        let request = Request::parse(&request.to_body()).unwrap();
        let now = open(&request.checkpoint, &key(&home).await).unwrap();
        assert_eq!(now.size, size);
        let (old, root) = before.unwrap_or((0, ledger::EMPTY_ROOT));
        assert_eq!(request.old_size, old);
        verify_consistency((old, &root), (now.size, &now.root), &request.proof).unwrap();
        let line = cosign(&request.checkpoint, &signer(1), 1).unwrap();
        ours::cosigned(&ctx, &witness, &request, size, &line)
            .await
            .unwrap();
        let note = ours::checkpoint_witnessed(&home.anonymous()).await.unwrap();
        assert_eq!(cosignatures(&note, std::slice::from_ref(&witness.key)), Ok(1));
        let nothing = ours::submission(&ctx, &witness, None).await.unwrap();
        assert_eq!(nothing, Submission::Nothing);
        before = Some((now.size, now.root));
    }
    write(&ctx, 1).await;
    sequence(&mut sequencer, &ctx).await;
    let (size, _) = before.unwrap();
    // Proofs hang on what a witness has signed, as far as that goes.
    let mut read = home.db.read().await.unwrap();
    assert_eq!(ours::Prover::open(&ctx, &mut read, 3).await.unwrap().size(), size);
    assert_eq!(
        ours::Prover::open(&ctx, &mut read, size).await.unwrap().size(),
        size + 1
    );
    let page = ours::page(&ctx).await.unwrap();
    assert_eq!(page.witnesses[0].signed, size);
    assert_eq!(page.checkpoints[1].witnesses, ["witness.example/w"]);
}

#[tokio::test]
async fn what_the_witness_says_of_itself_counts() {
    let (home, witness) = home().await;
    let ctx = home.platform.system();
    write(&ctx, 9).await;
    all(&ctx).await;
    let size = head(&home).await.size;
    let (request, _) = to_send(&home, &witness, Some(4)).await;
    assert_eq!(request.old_size, 4);
    let (request, _) = to_send(&home, &witness, Some(size)).await;
    assert_eq!(
        (request.old_size, request.proof.len()),
        (size, 0),
        "its answer was lost"
    );
    let behind = ours::submission(&ctx, &witness, Some(size + 1)).await.unwrap();
    assert_eq!(
        behind,
        Submission::Behind {
            signed: size + 1,
            ours: size
        }
    );
}

#[tokio::test]
async fn only_a_sound_signature_by_its_key_is_kept() {
    let (home, witness) = home().await;
    let ctx = home.platform.system();
    all(&ctx).await;
    let (request, size) = to_send(&home, &witness, None).await;
    let other = cosign(&request.checkpoint, &signer(2), 1).unwrap();
    for bad in ["", "no line", &other] {
        let kept = ours::cosigned(&ctx, &witness, &request, size, bad).await;
        assert!(matches!(kept, Err(platform::Error::Conflict(_))), "{bad}");
    }
    assert!(ours::checkpoint_witnessed(&home.anonymous()).await.is_err());
    let right = cosign(&request.checkpoint, &signer(1), 1).unwrap();
    let both = format!("{other}{right}");
    ours::cosigned(&ctx, &witness, &request, size, &both)
        .await
        .unwrap();
    let note = ours::checkpoint(&home.anonymous()).await.unwrap();
    assert_eq!(cosignatures(&note, std::slice::from_ref(&witness.key)), Ok(1));
}

#[tokio::test]
async fn staff_are_told_once_of_a_witness_that_fails_for_long_and_at_once_of_a_contradiction() {
    let (home, witness) = home().await;
    home.first_person().await;
    let ctx = home.platform.system();
    all(&ctx).await;
    let mails = async || {
        let mails = home.mails().await;
        let told = |subject: &str| subject.contains("A witness does not sign");
        mails.iter().filter(|mail| told(&mail.subject)).count()
    };
    let fails = async |contradicts| {
        ours::failed(&ctx, &witness, "It cannot be reached.", contradicts)
            .await
            .unwrap();
        count(&home, "ledger.witness_failing").await
    };
    assert_eq!(fails(false).await, 0);
    assert_eq!(ours::standing(&ctx).await.unwrap().failing, 1);
    home.clock.advance(15 * 60 - 1);
    assert_eq!(fails(false).await, 0);
    home.clock.advance(1);
    assert_eq!(fails(false).await, 1);
    assert_eq!(fails(true).await, 1, "once");
    assert_eq!(mails().await, 1, "one mail, not one for each try");
    let page = ours::page(&ctx).await.unwrap();
    assert!(page.witnesses[0].failing_since.is_some());
    assert_eq!(
        page.witnesses[0].problem.as_deref(),
        Some("It cannot be reached.")
    );
    all(&ctx).await;
    let (request, size) = to_send(&home, &witness, None).await;
    let line = cosign(&request.checkpoint, &signer(1), 1).unwrap();
    ours::cosigned(&ctx, &witness, &request, size, &line)
        .await
        .unwrap();
    assert_eq!(count(&home, "ledger.witness_recovered").await, 1);
    assert_eq!(ours::standing(&ctx).await.unwrap().failing, 0);
    assert_eq!(ours::page(&ctx).await.unwrap().witnesses[0].failing_since, None);
    home.clock.advance(1);
    assert_eq!(fails(true).await, 2, "at once");
    assert_eq!(mails().await, 2, "another failure, another mail");
}

/// Under the old key a restored database could contradict what was signed before.
#[tokio::test]
async fn a_restored_database_goes_on_under_another_key() {
    let (home, _) = home().await;
    let ctx = home.platform.system();
    write(&ctx, 5).await;
    all(&ctx).await;
    let (old, before) = (key(&home).await, head(&home).await);
    let note = types::backup::RestoreNote {
        file: "a.age".into(),
        sha256: "00".into(),
        made_at: MockClock::START,
        restored_at: MockClock::START.plus_seconds(9),
    };
    let insert = "INSERT INTO installation (name, value) VALUES ($1, $2)";
    let value = serde_json::to_string(&note).unwrap();
    home.execute(insert, &[types::backup::RestoreNote::NAME, &value])
        .await;
    home.clock.advance(60);
    let again = Installation::open(home.db.clone(), home.clock.clone(), home.keys.clone()).await;
    let new = key(&again).await;
    assert_eq!(
        (old.name(), new.name()),
        ("localhost:3000/ledger", "localhost:3000/ledger/2")
    );
    let ctx = again.platform.system();
    all(&ctx).await;
    assert!(whole(&again).await > before.size);
    assert_eq!(count(&again, "ledger.key_made").await, 2);
}
