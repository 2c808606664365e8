//! Document codes: the first two characters.

use std::fmt;

use super::{format::Format, problem::Reason};

/// The two characters that say what kind of document it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DocumentCode {
    first: u8,
    second: u8,
}

/// What kind of document it is, as far as the code says.
///
/// The second letter of a passport has had a common meaning only since 2026 (9303-4, 4.4);
/// before that issuers chose it freely, so it is a hint and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// `PP`, `P<`, or a letter without a common meaning.
    Passport,
    /// `PE`.
    EmergencyPassport,
    /// `PD`.
    DiplomaticPassport,
    /// `PO`.
    OfficialPassport,
    /// `PR`.
    RefugeePassport,
    /// `PT`.
    AlienPassport,
    /// `PS`.
    StatelessPassport,
    /// `PL`.
    LaissezPasser,
    /// `PM`.
    MilitaryPassport,
    /// `PU`, a single sheet (9303-8).
    EmergencyTravelDocument,
    /// `IP`.
    PassportCard,
    /// `AC` on a TD1 card (9303-5, appendix C).
    CrewMemberCertificate,
    /// Any other `A`, `C` or `I`: identity cards, residence permits and the like.
    OfficialTravelDocument,
    /// `V`.
    Visa,
}

impl DocumentKind {
    /// What it is called in English.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::EmergencyPassport => "emergency passport",
            Self::DiplomaticPassport => "diplomatic passport",
            Self::OfficialPassport => "official or service passport",
            Self::RefugeePassport => "refugee's passport",
            Self::AlienPassport => "alien's passport",
            Self::StatelessPassport => "stateless person's passport",
            Self::LaissezPasser => "laissez-passer",
            Self::MilitaryPassport => "military passport",
            Self::EmergencyTravelDocument => "emergency travel document",
            Self::PassportCard => "passport card",
            Self::CrewMemberCertificate => "crew member certificate",
            Self::OfficialTravelDocument => "identity card or other official document",
            Self::Visa => "visa",
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl DocumentCode {
    /// The first character.
    pub fn first(self) -> char {
        char::from(self.first)
    }

    /// The second character; `None` for a filler.
    pub fn second(self) -> Option<char> {
        (self.second != b'<').then(|| char::from(self.second))
    }

    /// What kind of document it is.
    pub const fn kind(self) -> DocumentKind {
        match (self.first, self.second) {
            (b'P', b'E') => DocumentKind::EmergencyPassport,
            (b'P', b'D') => DocumentKind::DiplomaticPassport,
            (b'P', b'O') => DocumentKind::OfficialPassport,
            (b'P', b'R') => DocumentKind::RefugeePassport,
            (b'P', b'T') => DocumentKind::AlienPassport,
            (b'P', b'S') => DocumentKind::StatelessPassport,
            (b'P', b'L') => DocumentKind::LaissezPasser,
            (b'P', b'M') => DocumentKind::MilitaryPassport,
            (b'P', b'U') => DocumentKind::EmergencyTravelDocument,
            (b'P', _) => DocumentKind::Passport,
            (b'V', _) => DocumentKind::Visa,
            (b'I', b'P') => DocumentKind::PassportCard,
            (b'A', b'C') => DocumentKind::CrewMemberCertificate,
            _ => DocumentKind::OfficialTravelDocument,
        }
    }
}

impl fmt::Debug for DocumentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DocumentCode").field(&self.kind()).finish()
    }
}

/// Reads the code of a format that its first character was found to fit.
pub(super) fn parse(field: &[u8], format: Format) -> Result<DocumentCode, Reason> {
    let &[first, second] = field else {
        return Err(Reason::Missing);
    };
    let fits = match (format, first, second) {
        // 9303-4, 4.2.2.1: letters only.
        (Format::Td3, _, second) => !second.is_ascii_digit(),
        // 9303-5 and 9303-6, 4.2.2, note k.
        (Format::Td1 | Format::Td2, _, b'V') | (Format::Td1, b'A', b'I') | (Format::Td2, b'A', b'C') => false,
        (Format::Td1 | Format::Td2 | Format::MrvA | Format::MrvB, ..) => true,
    };
    if fits {
        Ok(DocumentCode { first, second })
    } else {
        Err(Reason::SecondCharacter)
    }
}
