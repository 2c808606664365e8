//! Issuing states and organizations, and nationalities (9303-3, 4.7 and section 5).

use std::fmt;

use super::{iso3166::ASSIGNED, problem::Reason};

/// A state, an organization, or a status, by its code in the lines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct State {
    code: &'static str,
    name: &'static str,
}

impl State {
    /// The code as the lines write it, without fillers: `UTO`, `D`.
    pub fn code(self) -> &'static str {
        self.code
    }

    /// Its name in English.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// Whether it is Utopia, which is not a state but stands on specimens (section 5, part G).
    pub fn is_specimen(self) -> bool {
        self.code == UTOPIA
    }
}

impl fmt::Debug for State {
    /// Nothing: a nationality is the holder's own affair.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State(..)")
    }
}

const UTOPIA: &str = "UTO";

/// Section 5, parts A to D, F and G, in alphabetical order. Not part H: `IAO` signs lists and
/// issues no documents.
const EXTENSIONS: &[(&str, &str)] = &[
    ("ANT", "Netherlands Antilles"),
    ("D", "Germany"),
    ("EUE", "European Union"),
    ("GBD", "British Overseas Territories Citizen"),
    ("GBN", "British National (Overseas)"),
    ("GBO", "British Overseas Citizen"),
    ("GBP", "British Protected Person"),
    ("GBS", "British Subject"),
    ("NTZ", "Neutral Zone"),
    ("RKS", "Kosovo"),
    ("UNA", "United Nations specialized agency"),
    ("UNK", "United Nations Interim Administration Mission in Kosovo"),
    ("UNO", "United Nations"),
    (UTOPIA, "Utopia"),
    ("XBA", "African Development Bank"),
    ("XCC", "Caribbean Community"),
    ("XCE", "Council of Europe"),
    ("XCO", "Common Market for Eastern and Southern Africa"),
    ("XDC", "Southern African Development Community"),
    ("XEC", "Economic Community of West African States"),
    ("XES", "Organization of Eastern Caribbean States"),
    ("XIM", "African Export-Import Bank"),
    ("XMP", "Parliamentary Assembly of the Mediterranean"),
    ("XOM", "Sovereign Military Order of Malta"),
    ("XPO", "INTERPOL"),
];

/// Section 5, part E: what stands in the place of a nationality.
const WITHOUT_NATIONALITY: &[(&str, &str)] = &[
    ("XXA", "Stateless person (1954 Convention)"),
    ("XXB", "Refugee (1951 Convention)"),
    ("XXC", "Refugee (other)"),
    ("XXX", "Unspecified nationality"),
];

/// Who issued the document.
pub(super) fn issuer(field: &[u8]) -> Result<State, Reason> {
    if find(WITHOUT_NATIONALITY, field).is_some() {
        return Err(Reason::NotAnIssuer);
    }
    state(field)
}

/// What the holder is.
pub(super) fn nationality(field: &[u8]) -> Result<State, Reason> {
    find(WITHOUT_NATIONALITY, field).map_or_else(|| state(field), Ok)
}

fn state(field: &[u8]) -> Result<State, Reason> {
    find(ASSIGNED, field)
        .or_else(|| find(EXTENSIONS, field))
        .ok_or(Reason::UnknownState)
}

fn find(table: &'static [(&'static str, &'static str)], field: &[u8]) -> Option<State> {
    // `D<<` is the only code shorter than its field; fillers elsewhere match nothing.
    let code = super::personal::trim_end(field);
    let index = table
        .binary_search_by(|(entry, _)| entry.as_bytes().cmp(code))
        .ok()?;
    table.get(index).map(|(code, name)| State { code, name })
}

#[cfg(test)]
mod tests {
    use super::{ASSIGNED, EXTENSIONS, WITHOUT_NATIONALITY};

    #[test]
    fn tables_are_in_order_for_halving() {
        for table in [ASSIGNED, EXTENSIONS, WITHOUT_NATIONALITY] {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0));
        }
    }

    #[test]
    fn iso_assigns_249_codes_of_three_letters_and_none_twice() {
        assert_eq!(ASSIGNED.len(), 249);
        for (code, name) in ASSIGNED {
            assert!(
                code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()),
                "{code}"
            );
            assert!(!name.is_empty());
            assert!(
                EXTENSIONS
                    .iter()
                    .chain(WITHOUT_NATIONALITY)
                    .all(|(other, _)| other != code)
            );
        }
    }
}
