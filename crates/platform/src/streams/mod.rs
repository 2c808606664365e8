//! Streams of audit events to their owner's own systems.
//!
//! A stream belongs to an organisation, or to the operator for the installation's own events. It
//! has a cursor by place in the log (leaf index), which goes on once the other side has taken a
//! batch and not before: each event arrives at least once and none is passed over, also across
//! restarts. Whichever server claims a stream first sends its next batch.
//!
//! It is not the sending (that is a [`Carrier`], an outside party), and no queue: what waits is in
//! the audit log itself.
//!
//! **Invariant**: a cursor moves only under the claim that read the batch, and only from where
//! it was then.
//!
//! **Invariant**: a delivery leaves no audit event, or streaming would feed itself; what changes
//! of a stream does, and so do its failing and its recovery.

mod carrier;
mod change;
mod deliver;
mod draft;
mod line;
mod make;
mod page;
mod secret;
mod store;
mod target;

pub use carrier::{Carrier, Parcel, StreamError};
pub use change::{Made, delete, new_secret, pause, replay, resume, test};
pub use deliver::{Delivery, claim, deliver};
pub use line::Line;
pub use make::create;
pub use page::{page, stream};
pub use secret::{Secrets, signature};
pub(crate) use store::{behind, floor};
pub use target::{Destination, Target};
