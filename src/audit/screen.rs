//! What the operator sees meanwhile, and what went wrong.

use std::io::{self, IsTerminal as _, Write as _};

use super::report::thousands;

/// Rows between two lines in a log.
const EVERY: u64 = 1_000_000;

/// A line that changes in place on a terminal; now and then a line elsewhere.
pub(super) struct Screen {
    terminal: bool,
    open: bool,
    told: u64,
}

impl Screen {
    pub(super) fn new() -> Self {
        Self {
            terminal: io::stderr().is_terminal(),
            open: false,
            told: 0,
        }
    }

    pub(super) fn show(&mut self, done: u64, all: u64) {
        let words = format!("checked {} of {} entries", thousands(done), thousands(all));
        if self.terminal {
            self.open = true;
            // Back to the beginning, and clear what the line before left.
            complain(&format!("\r{words}\x1b[K"));
        } else if done.saturating_sub(self.told) >= EVERY {
            self.told = done;
            complain(&format!("{words}\n"));
        }
    }

    pub(super) fn end(&mut self) {
        if std::mem::take(&mut self.open) {
            complain("\r\x1b[K");
        }
    }
}

pub(super) fn complain(text: &str) {
    // Nobody is left to tell if this fails.
    drop(io::stderr().lock().write_all(text.as_bytes()));
}
