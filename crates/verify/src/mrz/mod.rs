//! Machine-readable lines, by ICAO Doc 9303 (8th edition): what is common to all in part 3,
//! passports (TD3) in part 4, cards (TD1, TD2) in parts 5 and 6, visas (MRV-A, MRV-B) in part 7.
//!
//! [`read`] takes lines as they stand on the document and gives either a [`Reading`], in which
//! every field has its own verdict, or [`Malformed`] with everything that keeps the text from
//! being such lines at all. [`compose`] goes the other way, for specimens.
//!
//! What this is not: a proof. Check digits have no secret, so anybody can compute them; a
//! reading that is consistent says that the lines were copied without a slip, and no more.
//!
//! **Invariants.** Nothing is guessed or corrected: a `0` for an `O` is a wrong digit. Where a
//! date leaves something open, the reading is the one that grants less: the youngest person,
//! the earliest expiry. No `Debug` output shows a value of the document, and the text is wiped
//! when the reading is dropped.

mod check_digit;
mod compose;
mod date;
mod document;
mod format;
mod inspect;
mod iso3166;
mod judge;
mod names;
mod personal;
mod problem;
mod reading;
mod state;
mod transliterate;

use jiff::civil::Date;

pub use check_digit::{CheckDigit, check_digit};
pub use compose::{ComposeError, Document, compose, yymmdd};
pub use date::{Birth, Expiry};
pub use document::{DocumentCode, DocumentKind};
pub use format::{Field, Format};
pub use inspect::Malformed;
pub use names::Names;
pub use personal::Personal;
pub use problem::{Fault, Problem, Reason};
pub use reading::{Judged, Number, OptionalData, Reading, Sex};
pub use state::State;
pub use transliterate::transliterate;

/// Reads the lines of one document as of `today`, the calendar day where the decision is made.
///
/// The lines are taken as they are: line endings and blanks around them are the caller's to
/// trim, and a character that does not belong there is a problem, not noise.
///
/// # Errors
/// [`Malformed`], with every reason why the text cannot be the lines of a document. A document
/// whose lines can be told apart but contradict themselves is no error: see
/// [`Reading::is_consistent`].
pub fn read(lines: &[&str], today: Date) -> Result<Reading, Malformed> {
    let format = inspect::inspect(lines)?;
    Ok(judge::judge(format, lines, today))
}
