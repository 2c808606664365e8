//! Telling a long run to end.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::BackupError;

/// A word that is looked for between two pieces of work; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Says it.
    pub fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn check(&self) -> Result<(), BackupError> {
        if self.0.load(Ordering::Relaxed) {
            Err(BackupError::Stopped)
        } else {
            Ok(())
        }
    }
}
