//! Whether audit events get their places, and witnesses sign.

use platform::{
    Platform,
    ledger::{self, Standing},
};

use super::Finding;

const NAME: &str = "ledger";
/// A server that runs gives places within a second.
const LATE: u64 = 60_000;

pub(super) async fn check(platform: &Platform) -> Finding {
    match ledger::standing(&platform.system()).await {
        Ok(standing) => judge(&standing),
        Err(error) => Finding::warn(
            NAME,
            format!("It cannot be looked at: {error}"),
            "Look at the database.",
        ),
    }
}

pub(super) fn judge(standing: &Standing) -> Finding {
    let size = standing.size;
    if standing.stopped {
        return Finding::fail(
            NAME,
            "Something in the audit log was changed, so nothing more is sequenced.",
            "Look at the page of the ledger for what was found, keep a copy of the database, and put it right \
             from a backup.",
        );
    }
    if standing.waiting_millis > LATE {
        return Finding::warn(
            NAME,
            format!("{} audit events wait for their places.", standing.waiting),
            "A server that runs gives them within a second: start one, or see in its log what keeps it.",
        );
    }
    if standing.failing > 0 {
        return Finding::warn(
            NAME,
            format!("{} of the witnesses do not sign.", standing.failing),
            "Look at the page of the ledger for why.",
        );
    }
    Finding::ok(NAME, format!("{size} audit events have their places."))
}
