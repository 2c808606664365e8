//! What a server keeps in its memory, reached through here.

use super::Ctx;
use crate::{
    api_keys::Refusals,
    identity::Hasher,
    keyring::Keyring,
    leaks,
    limits::Limits,
    metering::Meter,
    recall::{Generations, Remembered},
    verification::Gathering,
};

impl Ctx {
    pub(crate) fn keyring(&self) -> &Keyring {
        &self.shared.keyring
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.shared.hasher
    }

    pub(crate) fn gathering(&self) -> &Gathering {
        &self.shared.gathering
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    pub(crate) fn leak_keys(&self) -> &leaks::Remembered {
        &self.shared.leak_keys
    }

    pub(crate) fn refusals(&self) -> &Refusals {
        &self.shared.refusals
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.shared.meter
    }

    pub(crate) fn generations(&self) -> &Generations {
        &self.shared.generations
    }

    pub(crate) fn remembered(&self) -> &Remembered {
        &self.shared.remembered
    }
}
