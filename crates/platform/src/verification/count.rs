//! Counting for whoever watches the installation: what is committed, and nothing else.

use types::Environment;

use crate::audit::Tx;

/// A verification is started.
pub(super) fn started(tx: &mut Tx, environment: Environment) {
    tx.count(metrics::counter!(
        "loomwire_verifications_started_total", "environment" => environment.as_str()
    ));
}

/// A verification comes to its end: approved, denied, or the reason of a rejection.
pub(super) fn ended(tx: &mut Tx, environment: Environment, outcome: &'static str) {
    tx.count(metrics::counter!(
        "loomwire_verifications_total",
        "environment" => environment.as_str(), "outcome" => outcome
    ));
}
