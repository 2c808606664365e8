//! What the desk reads and writes. Staff look across tenants, so these are the look-ups without
//! one; whatever belongs to an organisation names it all the same.

pub(super) mod consents;
pub(super) mod find;
pub(super) mod looks;
pub(super) mod notes;
pub(super) mod sources;
