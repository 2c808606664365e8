//! Cosignatures, and the requests for them.

use ledger::{
    checkpoint::{Checkpoint, NoteError, NoteKey, NoteSigner, open, sign},
    proof::{ProofError, TlogProof},
    witness::{CosignSigner, Request, accept, cosign, count, open_cosignature},
};

use crate::{grown, leaf};

const LOG: &str = "id.example/log";
const NOON: u64 = 1_767_268_800;

fn log() -> NoteSigner {
    NoteSigner::from_seed(LOG, &[1; 32]).unwrap()
}

fn witness(n: u8) -> CosignSigner {
    CosignSigner::from_seed(&format!("w{n}.example"), &[100 + n; 32]).unwrap()
}

fn note() -> String {
    let head = Checkpoint {
        origin: LOG.to_owned(),
        size: 1,
        root: leaf(0),
    };
    sign(&head, &log())
}

fn keys(of: &[u8]) -> Vec<NoteKey> {
    of.iter().map(|n| witness(*n).vkey()).collect()
}

#[test]
fn a_cosignature_opens_and_tells_its_time() {
    let line = cosign(&note(), &witness(1), NOON).unwrap();
    let both = note() + &line;
    assert_eq!(open_cosignature(&both, &witness(1).vkey()), Ok(NOON));
    assert!(open(&both, &log().vkey()).is_ok());
    let unsigned = NoteError::Unsigned("w2.example".to_owned());
    assert_eq!(open_cosignature(&both, &witness(2).vkey()), Err(unsigned));
    let kind = NoteError::WrongKind(LOG.to_owned());
    assert_eq!(open_cosignature(&both, &log().vkey()), Err(kind));
    assert!(matches!(
        open(&both, &witness(1).vkey()),
        Err(NoteError::WrongKind(_))
    ));
    let text = witness(1).vkey().to_string();
    assert_eq!(text.parse::<NoteKey>().unwrap(), witness(1).vkey());
    // Every byte of the line counts.
    for at in line.char_indices().map(|(at, _)| at) {
        let wrong = format!("{}x{}", &line[..at], &line[at..]);
        assert!(
            open_cosignature(&(note() + &wrong), &witness(1).vkey()).is_err(),
            "{wrong}"
        );
    }
    // Over another text, it is wrong.
    let other = both.replacen("\n1\n", "\n2\n", 1);
    let wrong = NoteError::WrongSignature("w1.example".to_owned());
    assert_eq!(open_cosignature(&other, &witness(1).vkey()), Err(wrong));
}

#[test]
fn a_time_beyond_what_the_format_allows_is_wrong() {
    let line = cosign(&note(), &witness(1), u64::MAX).unwrap();
    let wrong = NoteError::WrongSignature("w1.example".to_owned());
    assert_eq!(
        open_cosignature(&(note() + &line), &witness(1).vkey()),
        Err(wrong)
    );
}

#[test]
fn witnesses_are_counted_once_each() {
    let mut both = note();
    for n in [1, 2] {
        both += &cosign(&note(), &witness(n), NOON).unwrap();
    }
    assert_eq!(count(&both, &keys(&[1, 2, 3])), Ok(2));
    assert_eq!(count(&both, &keys(&[1, 1, 1])), Ok(1));
    assert_eq!(count(&both, &[]), Ok(0));
    // One key that goes by two names is one witness.
    let alias = CosignSigner::from_seed("alias.example", &[101; 32]).unwrap();
    let thrice = both.clone() + &cosign(&note(), &alias, NOON).unwrap();
    assert_eq!(count(&thrice, &[witness(1).vkey(), alias.vkey()]), Ok(1));
    // A known witness's wrong signature condemns the note.
    let forged = both.replacen("\n1\n", "\n2\n", 1);
    assert!(count(&forged, &keys(&[1])).is_err());
}

#[test]
fn a_proof_wants_its_quorum() {
    let proof = TlogProof {
        index: 0,
        hashes: Vec::new(),
        checkpoint: note() + &cosign(&note(), &witness(1), NOON).unwrap(),
    };
    let proof = TlogProof::parse(&proof.to_text()).unwrap();
    assert!(proof.verify(&leaf(0), &log().vkey(), &keys(&[1, 2]), 1).is_ok());
    let few = NoteError::TooFewWitnesses { found: 1, wanted: 2 };
    assert_eq!(
        proof.verify(&leaf(0), &log().vkey(), &keys(&[1, 2]), 2),
        Err(ProofError::Note(few))
    );
}

#[test]
fn of_an_answer_only_sound_lines_by_known_witnesses_are_taken() {
    let good = cosign(&note(), &witness(1), NOON).unwrap();
    let elsewhere = cosign(&note().replacen("\n1\n", "\n2\n", 1), &witness(2), NOON).unwrap();
    let stranger = cosign(&note(), &witness(9), NOON).unwrap();
    let answer = format!("{stranger}{elsewhere}{good}");
    let taken = accept(&note(), &answer, &keys(&[1, 2])).unwrap();
    assert_eq!(taken, note() + &good);
    assert_eq!(accept(&taken, &answer, &keys(&[1, 2])), Ok(taken));
    for wrong in ["", "\n", "hello\n", good.trim_end()] {
        assert_eq!(
            accept(&note(), wrong, &keys(&[1])),
            Err(NoteError::Malformed),
            "{wrong:?}"
        );
    }
}

#[test]
fn a_request_is_read_back_and_nothing_else_is_read() {
    let proof = ledger::tile::consistency(3, 11, &grown(&[11])).unwrap();
    for (old_size, proof) in [(0, Vec::new()), (3, proof)] {
        let request = Request {
            old_size,
            proof,
            checkpoint: note(),
        };
        assert_eq!(Request::parse(&request.to_body()), Ok(request));
    }
    let hash = leaf(0).to_base64();
    let long = format!("old 5\n{}\n{}", format!("{hash}\n").repeat(64), note());
    let wrong = [
        String::new(),
        note(),
        format!("old\n\n{}", note()),
        format!("old 01\n\n{}", note()),
        format!("old -1\n\n{}", note()),
        format!("old 18446744073709551616\n\n{}", note()),
        format!("old 0\n{hash}\n\n{}", note()),
        format!("old 5\n{hash} \n\n{}", note()),
        format!("old 5\r\n\n{}", note()),
        format!("old 5\n\n{}", note().trim_end()),
        format!("OLD 5\n\n{}", note()),
        long,
    ];
    for body in wrong {
        assert_eq!(Request::parse(&body), Err(NoteError::Malformed), "{body}");
    }
}
