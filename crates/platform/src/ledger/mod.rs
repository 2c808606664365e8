//! The audit log as a ledger: every event gets a place in a Merkle tree (RFC 6962), and the tree's
//! head is signed, published and witnessed, so that nobody can change what was written unseen, the
//! operator included.
//!
//! It is not the hashes and formats (the crate `ledger`) and not the events (`audit`). Events are
//! written without a place; one server at a time, elected by a claim in the database, gives places
//! in batches ([`Sequencer`]). A batch, the tiles that it changes and the checkpoint over it are
//! one transaction.
//!
//! **Invariants**
//! - The claim's epoch is checked in the transaction of the batch: who was overtaken writes nothing.
//! - Events are found by having no place, never by an id: on PostgreSQL ids commit out of order.
//! - A leaf is hashed anew from the event's text. One that was changed since it was written stops
//!   the sequencer, and never gets in.
//! - A checkpoint is signed only once a proof shows that its tree grew out of the last one's.

mod key;
mod page;
mod policy;
mod problem;
mod prove;
mod public;
mod sequence;
mod store;
mod thin;
mod tree;
mod witness;

pub(crate) use key::{begin_anew, start};
pub use page::{Standing, page, standing};
pub use policy::{Policy, Witness};
pub use prove::{Prover, consistency, inclusion};
pub use public::{checkpoint, checkpoint_witnessed, tile, verifier_keys};
pub use sequence::{Sequencer, Step};
pub use thin::Thinning;
pub use witness::{Submission, cosigned, failed, submission};
