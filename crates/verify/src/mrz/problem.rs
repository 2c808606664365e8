//! What can be wrong with a field, and how to say it to the person who copied the lines.
//!
//! A message names fields, positions and check digits, never a value of the document: it may
//! be shown, but nothing is lost if it is logged.

use super::{
    check_digit::CheckDigit,
    format::{Field, Span},
};

/// Why a field is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Its check digit says otherwise; see [`super::Reading::check_digits`].
    CheckDigit,
    /// There are only fillers where something must stand.
    Missing,
    /// The second character of the document code is none that the standard allows.
    SecondCharacter,
    /// Neither an ISO 3166-1 code nor one of 9303-3, section 5.
    UnknownState,
    /// A code for people without a nationality cannot issue a document.
    NotAnIssuer,
    /// A name has no digits.
    DigitInName,
    /// A name begins with its primary identifier.
    NoPrimaryIdentifier,
    /// `<<` stands once in a name, and never `<<<` between its parts.
    SurplusSeparator,
    /// A number of more than nine characters ends with its check digit and a filler.
    UnendedNumber,
    /// A date consists of digits, or of fillers where a part is unknown.
    NotADate,
    /// A year, month or day is given whole or not at all.
    HalfADatePart,
    /// No calendar has such a day.
    ImpossibleDate,
    /// The sex is `M`, `F` or `<`.
    UnknownSex,
}

impl Reason {
    /// What is wrong and what would be right, as the end of a sentence about the field.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CheckDigit => "does not agree with its check digit",
            Self::Missing => "is missing: there are only fillers (<)",
            Self::SecondCharacter => "has a second character that this kind of document does not have",
            Self::UnknownState => "is not a known code: it has three letters, or D<< for Germany",
            Self::NotAnIssuer => "is a code for people without a nationality, which cannot issue",
            Self::DigitInName => "has a digit, and names have letters only: is it an O or an I?",
            Self::NoPrimaryIdentifier => "must begin with a letter",
            Self::SurplusSeparator => {
                "has a filler (<) too many: << stands once between family and given names, \
                 and < between single names"
            }
            Self::UnendedNumber => {
                "has more than nine characters, but no check digit and filler (<) after the rest"
            }
            Self::NotADate => "has a character that is not a digit",
            Self::HalfADatePart => {
                "has a year, month or day of which only one character is known: both are digits, \
                 or both are fillers (<)"
            }
            Self::ImpossibleDate => "is a day that no calendar has",
            Self::UnknownSex => "is neither M nor F nor <, which stands for unspecified",
        }
    }
}

/// What is wrong with a field, and where exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Why it is not valid.
    pub reason: Reason,
    /// The line of the first character concerned, from 1.
    pub line: usize,
    /// Its position in the line, from 1.
    pub position: usize,
}

impl Fault {
    pub(super) const fn at(span: Span, reason: Reason) -> Self {
        Self {
            reason,
            line: span.line,
            position: span.from,
        }
    }
}

/// Something that is wrong, for the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1. A line that is missing has the number it would have.
    pub line: usize,
    /// The position in the line, from 1. A character that is missing has the position it would
    /// have.
    pub position: usize,
    /// The field concerned; `None` where the text is not understood as fields.
    pub field: Option<Field>,
    /// A plain sentence.
    pub message: String,
}

impl Problem {
    pub(super) fn of_text(line: usize, position: usize, message: String) -> Self {
        Self {
            line,
            position,
            field: None,
            message,
        }
    }

    pub(super) fn of_field(field: Field, fault: Fault) -> Self {
        let Fault {
            reason,
            line,
            position,
        } = fault;
        let message = format!(
            "The {field} (line {line}, character {position}) {}.",
            reason.as_str()
        );
        Self {
            line,
            position,
            field: Some(field),
            message,
        }
    }

    pub(super) fn of_check_digit(check: &CheckDigit) -> Self {
        let CheckDigit {
            field,
            line,
            position,
            expected,
            found,
            ..
        } = *check;
        let wrong = match field {
            Field::Composite => "something in the lines it covers, or the digit itself, is wrong",
            _ => "a character of it, or the digit itself, is wrong",
        };
        let message = format!(
            "The check digit of the {field} (line {line}, character {position}) is {found}, \
             but {expected} is what the lines add up to: {wrong}."
        );
        Self {
            line,
            position,
            field: Some(field),
            message,
        }
    }
}
