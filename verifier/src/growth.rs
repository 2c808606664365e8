//! Whether two checkpoints tell of one log.

use ledger::{Hash, proof::verify_consistency};

use crate::answer::{Answer, entries, keys, open};

const STEP: &str = "consistency";

pub(crate) fn check(remembered: &str, now: &str, proof: &str, logs: &str) -> Answer {
    let mut answer = Answer::default();
    let logs = match keys(logs) {
        Ok(logs) => logs,
        Err(why) => {
            answer.bad(STEP, why);
            return answer;
        }
    };
    let (before, after) = match (open(remembered, &logs), open(now, &logs)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(why), _) => {
            answer.bad(STEP, format!("The checkpoint that was remembered: {why}."));
            return answer;
        }
        (_, Err(why)) => {
            answer.bad(STEP, format!("The checkpoint of today: {why}."));
            return answer;
        }
    };
    answer.hang_on(if before.size > after.size { &before } else { &after });
    if before.origin != after.origin {
        let words = format!(
            "The log that this browser remembers is {}, and this is {}: they cannot be compared.",
            before.origin, after.origin
        );
        answer.bad(STEP, words);
        return answer;
    }
    let hashes: Result<Vec<Hash>, _> = proof.lines().map(str::parse).collect();
    let Ok(hashes) = hashes else {
        answer.bad(STEP, "The proof is not a list of hashes.".to_owned());
        return answer;
    };
    let (old, new) = if before.size > after.size {
        (&after, &before)
    } else {
        (&before, &after)
    };
    match verify_consistency((old.size, &old.root), (new.size, &new.root), &hashes) {
        Ok(()) => answer.good(
            STEP,
            format!(
                "The log that this browser saw before ({}) and this one ({}) are one: the longer begins with \
                 the shorter, and nothing in it was changed or taken out.",
                entries(before.size),
                entries(after.size)
            ),
        ),
        Err(why) => answer.bad(
            STEP,
            format!(
                "The log that this browser saw before ({}) is not the beginning of this one ({}): {why}. \
                 Somebody rewrote it, or shows different people different logs. Keep both checkpoints.",
                entries(before.size),
                entries(after.size)
            ),
        ),
    }
    answer
}
