//! Overviews that were just put together, kept for a moment.
//!
//! **Invariant**: what is recalled is at most [`FRESH`] old, and never older than this
//! server's own last change to the organisation. A change that another server made shows
//! within [`FRESH`], or at once where [`Recall::forget`] hears of it.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use tokio::sync::Mutex;
use types::{OrganisationId, Timestamp, console::Overview};

/// Milliseconds.
const FRESH: i64 = 1000;
/// Beyond so many organisations what is held is let go, so that memory has a bound.
const MOST: usize = 10_000;

/// What was put together, by organisation.
#[derive(Default)]
pub(crate) struct Recall {
    slots: RwLock<HashMap<OrganisationId, Slot>>,
}

#[derive(Default)]
struct Slot {
    /// Counts up with each change of the organisation.
    generation: u64,
    held: Option<(Timestamp, Arc<Overview>)>,
    /// Held by whoever puts it together.
    turn: Arc<Mutex<()>>,
}

impl Recall {
    /// What was put together for this organisation, if it still holds.
    pub(super) fn find(&self, organisation: OrganisationId, now: Timestamp) -> Option<Arc<Overview>> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let (at, overview) = slots.get(&organisation)?.held.as_ref()?;
        (0..FRESH)
            .contains(&now.millis_since(*at))
            .then(|| Arc::clone(overview))
    }

    /// What whoever puts this organisation's together holds meanwhile.
    pub(super) fn turn(&self, organisation: OrganisationId) -> Arc<Mutex<()>> {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST && !slots.contains_key(&organisation) {
            return Arc::default();
        }
        Arc::clone(&slots.entry(organisation).or_default().turn)
    }

    /// The organisation's generation, to be taken before anything is read.
    pub(super) fn generation(&self, organisation: OrganisationId) -> u64 {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots
            .get(&organisation)
            .map(|slot| slot.generation)
            .unwrap_or_default()
    }

    /// Keeps what was read since `generation` was taken, unless something changed meanwhile.
    pub(super) fn keep(
        &self,
        organisation: OrganisationId,
        generation: u64,
        now: Timestamp,
        overview: &Arc<Overview>,
    ) {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST && !slots.contains_key(&organisation) {
            for slot in slots.values_mut() {
                slot.held = None;
            }
            return;
        }
        let slot = slots.entry(organisation).or_default();
        if slot.generation == generation {
            slot.held = Some((now, Arc::clone(overview)));
        }
    }

    /// Something of this organisation changed.
    pub(crate) fn forget(&self, organisation: OrganisationId) {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let slot = slots.entry(organisation).or_default();
        slot.generation += 1;
        slot.held = None;
    }
}
