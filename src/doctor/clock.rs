//! Whether the clock can be believed: links, sessions and tokens end by it.

use std::process::{Command, Stdio};

use types::{Clock, Timestamp};

use super::Finding;
use crate::source::SystemClock;

const NAME: &str = "clock";
/// 2026-01-01: this program is younger.
const EARLIEST: i64 = 1_767_225_600_000;
/// Sessions and tokens are checked on whichever server is asked.
const SKEW_MILLIS: i64 = 5_000;

pub(super) async fn check() -> Vec<Finding> {
    let now = SystemClock.now();
    if now.as_millis() < EARLIEST {
        return vec![Finding::fail(
            NAME,
            "It is set to a time before this program was made.",
            "Set it, and let NTP keep it: `timedatectl set-ntp true`.",
        )];
    }
    let kept = tokio::task::spawn_blocking(kept).await.ok().flatten();
    vec![match kept {
        Some(true) => Finding::ok(NAME, "It is kept by NTP."),
        Some(false) => Finding::warn(
            NAME,
            "It is not kept by NTP, so it will drift.",
            "Run `timedatectl set-ntp true`, or start chrony.",
        ),
        None => Finding::ok(NAME, "It is plausible; whether NTP keeps it cannot be told here."),
    }]
}

/// Whether systemd says that it is synchronised; `None` where it says nothing.
fn kept() -> Option<bool> {
    let said = Command::new("timedatectl")
        .args(["show", "--property=NTPSynchronized", "--value"])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    match String::from_utf8_lossy(&said.stdout).trim() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// Against the database's clock.
pub(super) fn compare(ours: Timestamp, theirs: Timestamp) -> Finding {
    let skew = ours.millis_since(theirs);
    if skew.abs() <= SKEW_MILLIS {
        return Finding::ok(NAME, "It agrees with the database's.");
    }
    Finding::warn(
        NAME,
        format!("It is {} s away from the database's.", skew.abs() / 1000),
        "Let NTP keep both.",
    )
}
