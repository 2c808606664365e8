//! The rows of the ledger. They belong to the installation, not to a tenant: a leaf tells nothing
//! of what was hashed.

mod checkpoints;
mod events;
mod keys;
mod state;
mod tiles;
mod witnesses;

pub(super) use checkpoints::{
    CheckpointRow, CosignatureRow, checkpoints, cosignatures, insert_checkpoint, insert_cosignature,
    last_checkpoint, newest_cosigned, older_checkpoints, remove_checkpoint,
};
pub(super) use events::{PlacedRow, leaf_of, place, waiting};
pub(super) use keys::{KeyRow, insert_key, keys};
pub(super) use state::{StateRow, claim, grow, hold, make_state, release, set_problem, state};
pub(super) use tiles::{TileRow, put_tiles, tile, tiles};
pub(super) use witnesses::{answered, failed, forget_witnesses, set_told, witness, witnesses};
