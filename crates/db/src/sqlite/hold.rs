//! Lets a test keep a COMMIT from coming to its end, as a disk that hangs does. Without the feature
//! `fixture` there is nothing of it.

#[cfg(feature = "fixture")]
use std::sync::{Arc, Condvar, Mutex, PoisonError};

#[derive(Clone, Default)]
pub(super) struct Hold {
    #[cfg(feature = "fixture")]
    held: Arc<(Mutex<bool>, Condvar)>,
}

impl Hold {
    /// Waits for as long as a test wants it to. It runs on SQLite's own thread.
    #[cfg_attr(
        not(feature = "fixture"),
        expect(clippy::unused_self, reason = "nothing is ever held")
    )]
    pub(super) fn pass(&self) {
        #[cfg(feature = "fixture")]
        {
            let (held, changed) = &*self.held;
            let held = held.lock().unwrap_or_else(PoisonError::into_inner);
            drop(changed.wait_while(held, |held| *held));
        }
    }

    #[cfg(feature = "fixture")]
    pub(super) fn set(&self, now: bool) {
        let (held, changed) = &*self.held;
        *held.lock().unwrap_or_else(PoisonError::into_inner) = now;
        changed.notify_all();
    }
}
