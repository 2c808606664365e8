//! What is watched: each sign-in is compared with those before it, failures are looked through
//! for guessing by many or of many, and people report what they find odd. What is found is told
//! to the person in plain words, and to staff as a signal.
//!
//! It decides nothing: no sign-in is refused by it, since a place is a guess and a device can be
//! new. What ends a session is the person's own word ("this wasn't me").
//!
//! **Invariant**: an address, a device or a place is kept sealed under the person's key, and
//! beside it only keyed hashes of this one account's, which tell nothing of another's.

mod distance;
mod geo;
mod not_me;
mod page;
mod record;
mod report;
mod sign_in;
mod spraying;
mod store;
#[cfg(test)]
mod tests;
mod words;

use crate::{Ctx, codec};

pub(crate) use geo::Geo;
pub use not_me::{not_me, not_me_open};
pub use page::{handle, page};
pub(crate) use record::recovery_used;
use record::{Signal, record};
pub use report::report;
pub(crate) use sign_in::{signed_in, sweep};
pub(crate) use spraying::inspect;

/// **Secret**: what a browser is given to be known again by. It signs nobody in.
pub fn new_device(ctx: &Ctx) -> String {
    codec::secret(ctx.rng())
}
