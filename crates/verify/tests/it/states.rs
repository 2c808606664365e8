//! Issuing states and nationalities (9303-3, section 5).

use verify::mrz::{Document, Format, Reason};

use crate::{current, read_document};

fn states(issuer: &str, nationality: &str) -> Document {
    Document {
        issuer: issuer.to_owned(),
        nationality: nationality.to_owned(),
        ..current(Format::Td3)
    }
}

#[test]
fn states_organizations_and_exceptions_have_names() {
    for (code, name) in [
        ("D", "Germany"),
        ("DEU", "Germany"),
        ("FRA", "France"),
        ("GBR", "United Kingdom"),
        ("USA", "United States"),
        ("ZWE", "Zimbabwe"),
        ("ABW", "Aruba"),
        ("SSD", "South Sudan"),
        ("RKS", "Kosovo"),
        ("GBD", "British Overseas Territories Citizen"),
        ("GBN", "British National (Overseas)"),
        ("GBO", "British Overseas Citizen"),
        ("GBP", "British Protected Person"),
        ("GBS", "British Subject"),
        ("EUE", "European Union"),
        ("UNO", "United Nations"),
        ("UNA", "United Nations specialized agency"),
        ("UNK", "United Nations Interim Administration Mission in Kosovo"),
        ("XBA", "African Development Bank"),
        ("XIM", "African Export-Import Bank"),
        ("XCC", "Caribbean Community"),
        ("XCE", "Council of Europe"),
        ("XCO", "Common Market for Eastern and Southern Africa"),
        ("XEC", "Economic Community of West African States"),
        ("XPO", "INTERPOL"),
        ("XES", "Organization of Eastern Caribbean States"),
        ("XMP", "Parliamentary Assembly of the Mediterranean"),
        ("XOM", "Sovereign Military Order of Malta"),
        ("XDC", "Southern African Development Community"),
        ("ANT", "Netherlands Antilles"),
        ("NTZ", "Neutral Zone"),
        ("UTO", "Utopia"),
    ] {
        let reading = read_document(&states(code, code));
        assert!(reading.is_consistent(), "{code}");
        for state in [reading.issuing_state(), reading.nationality()] {
            let state = state.value.unwrap();
            assert_eq!((state.code(), state.name()), (code, name));
        }
        assert_eq!(reading.is_specimen(), code == "UTO");
    }
}

#[test]
fn people_without_a_nationality_hold_documents_but_issue_none() {
    for code in ["XXA", "XXB", "XXC", "XXX"] {
        let holder = read_document(&states("D", code));
        assert!(holder.is_consistent());
        assert_eq!(holder.nationality().value.unwrap().code(), code);

        let issuer = read_document(&states(code, "D"));
        assert_eq!(issuer.issuing_state().fault.unwrap().reason, Reason::NotAnIssuer);
        assert!(!issuer.is_consistent());
    }
}

#[test]
fn codes_that_nobody_assigned_are_refused() {
    // ICAO's own code stands on lists only (part H); the rest are common inventions and slips.
    for code in [
        "IAO", "ZZZ", "XCT", "XKX", "WSA", "YTO", "YUG", "D<D", "<<D", "DE", "D1E", "000", "",
    ] {
        let reading = read_document(&states(code, "FRA"));
        let fault = reading.issuing_state().fault.unwrap();
        assert_eq!(
            (fault.reason, fault.line, fault.position),
            (Reason::UnknownState, 1, 3),
            "{code}"
        );
        let reading = read_document(&states("FRA", code));
        let fault = reading.nationality().fault.unwrap();
        assert_eq!(
            (fault.reason, fault.line, fault.position),
            (Reason::UnknownState, 2, 11),
            "{code}"
        );
    }
}

#[test]
fn a_specimen_is_known_by_issuer_or_nationality() {
    assert!(read_document(&states("UTO", "FRA")).is_specimen());
    assert!(read_document(&states("FRA", "UTO")).is_specimen());
    assert!(!read_document(&states("FRA", "D")).is_specimen());
}
