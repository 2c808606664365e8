//! Whether an event is in the log, as it is shown.

use ledger::{
    bundle::Bundle,
    checkpoint::NoteKey,
    leaf_hash,
    proof::{TlogProof, verify_inclusion},
    verify,
    witness::{count, open_cosignature},
};

use crate::answer::{Answer, entries, keys, open};

pub(crate) fn check(bundle: &str, logs: &str, witnesses: &str, quorum: usize) -> Answer {
    let mut answer = Answer::default();
    let (logs, witnesses) = match (keys(logs), keys(witnesses)) {
        (Ok(logs), Ok(witnesses)) => (logs, witnesses),
        (Err(why), _) | (_, Err(why)) => {
            answer.bad("keys", why);
            return answer;
        }
    };
    let Ok(bundle) = serde_json::from_str::<Bundle>(bundle) else {
        answer.bad("event", "This is not an event with its proof.".to_owned());
        return answer;
    };
    let proof = match TlogProof::parse(&bundle.proof) {
        Ok(proof) => proof,
        Err(why) => {
            answer.bad("proof", format!("{why}."));
            return answer;
        }
    };
    let leaf = leaf_hash(bundle.canonical.as_bytes());
    answer.good("event", format!("The event's text has the hash {leaf}."));
    personal(&mut answer, &bundle);
    let checkpoint = match open(&proof.checkpoint, &logs) {
        Ok(checkpoint) => checkpoint,
        Err(why) => {
            answer.bad("checkpoint", format!("The checkpoint does not hold: {why}."));
            return answer;
        }
    };
    answer.hang_on(&checkpoint);
    answer.good(
        "checkpoint",
        format!(
            "{} has signed that its log had {} and the root hash {}.",
            checkpoint.origin,
            entries(checkpoint.size),
            checkpoint.root
        ),
    );
    vouched(&mut answer, &proof.checkpoint, &witnesses, quorum);
    if proof.index != bundle.leaf_index {
        let (said, proven) = (bundle.leaf_index, proof.index);
        answer.bad(
            "path",
            format!("The event is said to be entry {said}, and the proof is for {proven}."),
        );
        return answer;
    }
    match verify_inclusion(
        &leaf,
        proof.index,
        checkpoint.size,
        &proof.hashes,
        &checkpoint.root,
    ) {
        Ok(()) => answer.good(
            "path",
            format!(
                "From the event's hash, {} lead to that root: the event is in the log as entry {}, as it is \
                 shown.",
                hashes(proof.hashes.len()),
                proof.index
            ),
        ),
        Err(why) => answer.bad(
            "path",
            format!("The event's hash does not lead to that root: {why}."),
        ),
    }
    answer
}

fn hashes(count: usize) -> String {
    if count == 1 {
        "1 hash".to_owned()
    } else {
        format!("{count} hashes")
    }
}

/// The personal values that are shown beside the event.
fn personal(answer: &mut Answer, bundle: &Bundle) {
    let event = serde_json::from_str(&bundle.canonical).unwrap_or_default();
    for (field, opened) in &bundle.opened {
        let salt: Option<[u8; 32]> = hex::decode(&opened.salt)
            .ok()
            .and_then(|salt| salt.try_into().ok());
        let opens = salt.is_some_and(|salt| {
            verify::opens(bundle.leaf_index, &event, field, &opened.value, &salt).is_ok()
        });
        if opens {
            answer.good(
                "personal",
                format!("The {field} that is shown is the one that the event commits to."),
            );
        } else {
            answer.bad(
                "personal",
                format!(
                    "The {field} that is shown is not the one that the event commits to: it was changed."
                ),
            );
        }
    }
}

/// Who else has signed.
fn vouched(answer: &mut Answer, note: &str, witnesses: &[NoteKey], quorum: usize) {
    let found = match count(note, witnesses) {
        Ok(found) => found,
        Err(why) => {
            answer.bad("witnesses", format!("{why}."));
            return;
        }
    };
    let signed = |key: &&NoteKey| open_cosignature(note, key).is_ok();
    let names: Vec<&str> = witnesses.iter().filter(signed).map(NoteKey::name).collect();
    let names = names.join(", ");
    if witnesses.is_empty() {
        answer.note(
            "witnesses",
            "No witness is known: that everybody is shown the same log is only the operator's word."
                .to_owned(),
        );
    } else if found < quorum {
        answer.bad(
            "witnesses",
            format!(
                "{found} of {} witnesses have signed too, and {quorum} should have. {names}",
                witnesses.len()
            ),
        );
    } else if found == 0 {
        answer.note(
            "witnesses",
            "No witness has signed this checkpoint yet.".to_owned(),
        );
    } else {
        answer.good(
            "witnesses",
            format!("Witnesses who watch that nobody is shown another log have signed too: {names}."),
        );
    }
}
