//! The five formats and where each field stands in them.

use std::fmt;

/// A format of machine-readable lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A card of three lines (9303-5).
    Td1,
    /// A larger card of two lines (9303-6).
    Td2,
    /// A passport book (9303-4).
    Td3,
    /// A visa as wide as a passport page (9303-7, section 4).
    MrvA,
    /// A smaller visa (9303-7, section 5).
    MrvB,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Td1, Self::Td2, Self::Td3, Self::MrvA, Self::MrvB];

    /// How many lines it has.
    pub const fn lines(self) -> usize {
        match self {
            Self::Td1 => 3,
            Self::Td2 | Self::Td3 | Self::MrvA | Self::MrvB => 2,
        }
    }

    /// How many characters each line has.
    pub const fn length(self) -> usize {
        match self {
            Self::Td1 => 30,
            Self::Td2 | Self::MrvB => 36,
            Self::Td3 | Self::MrvA => 44,
        }
    }

    /// How the standard calls it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Td1 => "TD1",
            Self::Td2 => "TD2",
            Self::Td3 => "TD3",
            Self::MrvA => "MRV-A",
            Self::MrvB => "MRV-B",
        }
    }

    pub(super) const fn layout(self) -> &'static Layout {
        match self {
            Self::Td1 => &TD1,
            Self::Td2 => &TD2,
            Self::Td3 => &TD3,
            Self::MrvA => &MRV_A,
            Self::MrvB => &MRV_B,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A part of the lines that is judged on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// What kind of document it is, two characters.
    DocumentCode,
    /// Who issued it.
    IssuingState,
    /// The holder's name.
    Name,
    /// The document's number.
    Number,
    /// The holder's nationality.
    Nationality,
    /// When the holder was born.
    BirthDate,
    /// The holder's sex.
    Sex,
    /// The last day of the document.
    ExpiryDate,
    /// What the issuer put there; in a passport the personal number.
    OptionalData,
    /// The second such field, which only a TD1 card has.
    MoreOptionalData,
    /// The check digit over the others; visas have none.
    Composite,
}

impl Field {
    /// How a person would call it, for the middle of a sentence.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DocumentCode => "document code",
            Self::IssuingState => "issuing state",
            Self::Name => "name",
            Self::Number => "document number",
            Self::Nationality => "nationality",
            Self::BirthDate => "date of birth",
            Self::Sex => "sex",
            Self::ExpiryDate => "date of expiry",
            Self::OptionalData => "optional data",
            Self::MoreOptionalData => "second optional data",
            Self::Composite => "whole document",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Some characters in a row. Lines and positions count from 1, as in the standard's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) line: usize,
    pub(super) from: usize,
    pub(super) length: usize,
}

impl Span {
    /// The position of the last character.
    pub(super) const fn to(self) -> usize {
        self.from + self.length - 1
    }

    /// The single character at `offset` from the start (0-based).
    pub(super) const fn char_at(self, offset: usize) -> Self {
        span(self.line, self.from + offset, self.from + offset)
    }
}

/// From position `from` to position `to`, both included, as the standard's tables write it.
const fn span(line: usize, from: usize, to: usize) -> Span {
    Span {
        line,
        from,
        length: to + 1 - from,
    }
}

/// Where everything stands.
pub(super) struct Layout {
    pub(super) code: Span,
    pub(super) issuer: Span,
    pub(super) name: Span,
    pub(super) number: Span,
    pub(super) number_check: Span,
    pub(super) nationality: Span,
    pub(super) birth: Span,
    pub(super) birth_check: Span,
    pub(super) sex: Span,
    pub(super) expiry: Span,
    pub(super) expiry_check: Span,
    pub(super) optional: Span,
    pub(super) optional_check: Option<Span>,
    pub(super) more_optional: Option<Span>,
    pub(super) composite: Option<Composite>,
}

/// The check digit over several fields.
pub(super) struct Composite {
    pub(super) over: &'static [Span],
    pub(super) check: Span,
}

/// 9303-5, 4.2.2 and 4.2.4.
const TD1: Layout = Layout {
    code: span(1, 1, 2),
    issuer: span(1, 3, 5),
    number: span(1, 6, 14),
    number_check: span(1, 15, 15),
    optional: span(1, 16, 30),
    optional_check: None,
    birth: span(2, 1, 6),
    birth_check: span(2, 7, 7),
    sex: span(2, 8, 8),
    expiry: span(2, 9, 14),
    expiry_check: span(2, 15, 15),
    nationality: span(2, 16, 18),
    more_optional: Some(span(2, 19, 29)),
    composite: Some(Composite {
        over: &[span(1, 6, 30), span(2, 1, 7), span(2, 9, 15), span(2, 19, 29)],
        check: span(2, 30, 30),
    }),
    name: span(3, 1, 30),
};

/// 9303-6, 4.2.2 and 4.2.4.
const TD2: Layout = Layout {
    name: span(1, 6, 36),
    optional: span(2, 29, 35),
    optional_check: None,
    composite: Some(Composite {
        over: &[span(2, 1, 10), span(2, 14, 20), span(2, 22, 35)],
        check: span(2, 36, 36),
    }),
    ..TWO_LINES
};

/// 9303-4, 4.2.2 and 4.2.4.
const TD3: Layout = Layout {
    name: span(1, 6, 44),
    optional: span(2, 29, 42),
    optional_check: Some(span(2, 43, 43)),
    composite: Some(Composite {
        over: &[span(2, 1, 10), span(2, 14, 20), span(2, 22, 43)],
        check: span(2, 44, 44),
    }),
    ..TWO_LINES
};

/// 9303-7, 4.2.2.
const MRV_A: Layout = Layout {
    name: span(1, 6, 44),
    optional: span(2, 29, 44),
    ..TWO_LINES
};

/// 9303-7, 5.2.2.
const MRV_B: Layout = Layout {
    name: span(1, 6, 36),
    optional: span(2, 29, 36),
    ..TWO_LINES
};

/// What the four formats of two lines have in common.
const TWO_LINES: Layout = Layout {
    code: span(1, 1, 2),
    issuer: span(1, 3, 5),
    name: span(1, 6, 36),
    number: span(2, 1, 9),
    number_check: span(2, 10, 10),
    nationality: span(2, 11, 13),
    birth: span(2, 14, 19),
    birth_check: span(2, 20, 20),
    sex: span(2, 21, 21),
    expiry: span(2, 22, 27),
    expiry_check: span(2, 28, 28),
    optional: span(2, 29, 36),
    optional_check: None,
    more_optional: None,
    composite: None,
};
