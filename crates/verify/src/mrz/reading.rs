//! What was read, field by field.

use std::fmt;

use super::{
    check_digit::CheckDigit,
    date::{Birth, Expiry},
    document::DocumentCode,
    format::{Field, Format, Span},
    names::{self, Names},
    personal::{Personal, Text, trim_end},
    problem::{Fault, Problem},
    state::State,
};

/// A field's value and verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged<T> {
    /// What it says, where that can be understood at all, even if its check digit is wrong.
    pub value: Option<T>,
    /// Why it is not valid; `None` if it is.
    pub fault: Option<Fault>,
}

impl<T> Judged<T> {
    /// Whether nothing is wrong with it.
    pub const fn is_valid(&self) -> bool {
        self.fault.is_none()
    }

    pub(super) fn new(result: Result<T, Fault>) -> Self {
        match result {
            Ok(value) => Self {
                value: Some(value),
                fault: None,
            },
            Err(fault) => Self {
                value: None,
                fault: Some(fault),
            },
        }
    }

    /// Adds a fault, unless there is one that says more.
    #[must_use]
    pub(super) fn or_fault(mut self, fault: Option<Fault>) -> Self {
        self.fault = self.fault.or(fault);
        self
    }
}

/// The holder's sex as the document states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// `F`.
    Female,
    /// `M`.
    Male,
    /// `<`; next to the portrait an X stands for it.
    Unspecified,
}

impl Sex {
    /// How the lines write it.
    pub const fn as_char(self) -> char {
        match self {
            Self::Female => 'F',
            Self::Male => 'M',
            Self::Unspecified => '<',
        }
    }
}

/// A document number. A long one on a card goes on in the optional data.
#[derive(Clone, Copy)]
pub struct Number<'a> {
    pub(super) principal: &'a [u8],
    pub(super) rest: &'a [u8],
}

impl Number<'_> {
    /// The whole number; fillers inside it, which stand for blanks or signs, are kept.
    pub fn text(&self) -> Personal {
        let principal = if self.rest.is_empty() {
            trim_end(self.principal)
        } else {
            self.principal
        };
        Personal::join([principal, self.rest].into_iter(), None)
    }

    /// Whether it goes on in the optional data.
    pub fn is_long(&self) -> bool {
        !self.rest.is_empty()
    }
}

impl fmt::Debug for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Number")
            .field("long", &self.is_long())
            .finish_non_exhaustive()
    }
}

/// What an issuer put into a field of its own use.
#[derive(Clone, Copy)]
pub struct OptionalData<'a>(pub(super) &'a [u8]);

impl OptionalData<'_> {
    /// The text without the fillers at its end.
    pub fn text(&self) -> Personal {
        Personal::join(std::iter::once(trim_end(self.0)), None)
    }

    /// Whether the field is unused.
    pub fn is_empty(&self) -> bool {
        trim_end(self.0).is_empty()
    }
}

impl fmt::Debug for OptionalData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OptionalData").finish_non_exhaustive()
    }
}

/// The lines of one document, read as of one day.
pub struct Reading {
    pub(super) format: Format,
    pub(super) text: Text,
    pub(super) code: Judged<DocumentCode>,
    pub(super) issuer: Judged<State>,
    pub(super) name: Option<Fault>,
    pub(super) number: Option<Fault>,
    /// The rest of a long number, without its check digit.
    pub(super) number_rest: Option<Span>,
    pub(super) nationality: Judged<State>,
    pub(super) birth: Judged<Birth>,
    pub(super) sex: Judged<Sex>,
    pub(super) expiry: Judged<Expiry>,
    pub(super) optional: Option<Fault>,
    /// What is left of the optional data after a long number; `None` if nothing is.
    pub(super) optional_span: Option<Span>,
    pub(super) checks: [Option<CheckDigit>; 5],
}

impl Reading {
    /// Which format the lines have.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What kind of document it is.
    pub fn document(&self) -> Judged<DocumentCode> {
        self.code
    }

    /// Who issued it.
    pub fn issuing_state(&self) -> Judged<State> {
        self.issuer
    }

    /// The holder's name.
    pub fn names(&self) -> Judged<Names<'_>> {
        let span = self.format.layout().name;
        Judged::new(names::parse(self.text.get(span), span))
    }

    /// The document's number.
    pub fn number(&self) -> Judged<Number<'_>> {
        let principal = self.text.get(self.format.layout().number);
        let rest = self.number_rest.map_or(&[][..], |span| self.text.get(span));
        let value = (!trim_end(principal).is_empty()).then_some(Number { principal, rest });
        Judged {
            value,
            fault: self.number,
        }
    }

    /// The holder's nationality, or what stands in its place.
    pub fn nationality(&self) -> Judged<State> {
        self.nationality
    }

    /// When the holder was born.
    pub fn birth(&self) -> &Judged<Birth> {
        &self.birth
    }

    /// The holder's sex.
    pub fn sex(&self) -> Judged<Sex> {
        self.sex
    }

    /// Until when the document, or the visa, is valid.
    pub fn expiry(&self) -> Judged<Expiry> {
        self.expiry
    }

    /// The optional data, without what belongs to a long number; a passport's personal number.
    pub fn optional_data(&self) -> Judged<OptionalData<'_>> {
        let data = self.optional_span.map_or(&[][..], |span| self.text.get(span));
        Judged {
            value: Some(OptionalData(data)),
            fault: self.optional,
        }
    }

    /// The second optional data, which only a TD1 card has.
    pub fn more_optional_data(&self) -> Option<OptionalData<'_>> {
        self.format
            .layout()
            .more_optional
            .map(|span| OptionalData(self.text.get(span)))
    }

    /// Every check digit of the document: three on a visa, four on a card, five in a passport.
    pub fn check_digits(&self) -> impl Iterator<Item = &CheckDigit> {
        self.checks.iter().flatten()
    }

    /// What is wrong with single fields, in the order of the standard's tables.
    pub fn faults(&self) -> impl Iterator<Item = (Field, Fault)> {
        [
            (Field::DocumentCode, self.code.fault),
            (Field::IssuingState, self.issuer.fault),
            (Field::Name, self.name),
            (Field::Number, self.number),
            (Field::Nationality, self.nationality.fault),
            (Field::BirthDate, self.birth.fault),
            (Field::Sex, self.sex.fault),
            (Field::ExpiryDate, self.expiry.fault),
            (Field::OptionalData, self.optional),
        ]
        .into_iter()
        .filter_map(|(field, fault)| fault.map(|fault| (field, fault)))
    }

    /// Whether every field is valid and every check digit right.
    pub fn is_consistent(&self) -> bool {
        self.faults().next().is_none() && self.check_digits().all(|check| check.agrees)
    }

    /// Whether it is a specimen: issued by, or to a citizen of, Utopia.
    pub fn is_specimen(&self) -> bool {
        let utopian = |state: Judged<State>| state.value.is_some_and(State::is_specimen);
        utopian(self.issuer) || utopian(self.nationality)
    }

    /// Everything that is wrong, from the first line to the last.
    pub fn problems(&self) -> Vec<Problem> {
        let faults = self
            .faults()
            .filter(|(_, fault)| fault.reason != super::problem::Reason::CheckDigit)
            .map(|(field, fault)| Problem::of_field(field, fault));
        let digits = self.check_digits().filter(|check| !check.agrees);
        let mut problems: Vec<_> = faults.chain(digits.map(Problem::of_check_digit)).collect();
        problems.sort_by_key(|problem| (problem.line, problem.position));
        problems
    }
}

impl fmt::Debug for Reading {
    /// Format and faults, no value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<_> = self.faults().collect();
        f.debug_struct("Reading")
            .field("format", &self.format)
            .field("faults", &faults)
            .field("checks", &self.checks)
            .finish_non_exhaustive()
    }
}
