//! Verifications: metadata only, since there is nothing else.

mod detail;
mod export;
mod filter;
mod list;
mod table;

pub use detail::Verification;
pub use export::ExportVerifications;
pub use list::Verifications;
pub(super) use table::VerificationTable;
