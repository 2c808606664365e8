//! Names: the standard's examples, what is cut short, and what is none.

use verify::mrz::{Document, Field, Format, Reason, compose, transliterate};

use crate::{borrow, current, read, read_document};

/// A passport whose name field holds `name`.
fn with_name(name: &str) -> Vec<String> {
    let mut lines = compose(&current(Format::Td3)).unwrap();
    lines[0] = format!("P<UTO{name:<<39}");
    lines
}

/// 9303-4, 4.2.3.1 to 4.2.3.4, as printed and as the lines have it.
const EXAMPLES: &[(&str, &str, &str, bool)] = &[
    ("Eriksson", "Anna Maria", "ERIKSSON<<ANNA<MARIA", false),
    ("Heng", "Deborah Ming Lo", "HENG<<DEBORAH<MING<LO", false),
    (
        "Smith-Jones",
        "Susie Margaret",
        "SMITH<JONES<<SUSIE<MARGARET",
        false,
    ),
    ("O'Connor", "Enya Siobhan", "OCONNOR<<ENYA<SIOBHAN", false),
    ("Van Der Muellen", "Martin", "VAN<DER<MUELLEN<<MARTIN", false),
    (
        "Al-Basri",
        "Huda Muhammad Jawad",
        "AL<BASRI<<HUDA<MUHAMMAD<JAWAD",
        false,
    ),
    (
        "Vilarchao Fernandez",
        "Jose Ramon",
        "VILARCHAO<FERNANDEZ<<JOSE<RAMON",
        false,
    ),
    ("Arkfreith", "", "ARKFREITH", false),
    ("Satriya Sudarpa", "", "SATRIYA<SUDARPA", false),
    (
        "Nilavadhanananda",
        "Chayapa Dejthamrong Krasuang",
        "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K",
        true,
    ),
    (
        "Papandropoulous",
        "Jonathon Warren Trevor",
        "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR",
        true,
    ),
];

#[test]
fn the_standards_examples_are_written_and_read_back() {
    for &(primary, secondary, field, truncated) in EXAMPLES {
        let document = Document {
            primary: primary.to_owned(),
            secondary: secondary.to_owned(),
            ..current(Format::Td3)
        };
        assert_eq!(compose(&document).unwrap()[0], format!("P<UTO{field:<<39}"));
        let reading = read_document(&document);
        let names = reading.names().value.unwrap();
        assert_eq!(names.truncated(), truncated, "{primary}");
        let (first, second) = field.split_once("<<").unwrap_or((field, ""));
        assert_eq!(names.primary().expose(), first.replace('<', " "));
        assert_eq!(names.secondary().expose(), second.replace('<', " "));
        assert!(reading.is_consistent());
    }
}

/// The same name as 9303-5 and 9303-6, 4.2.3 cut it for narrower fields.
#[test]
fn long_names_are_cut_as_in_the_examples_of_the_cards() {
    let krasuang = ("Nilavadhanananda", "Chayapa Dejthamrong Krasuang");
    let potoroo = ("Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo");
    let cases = [
        (Format::Td1, krasuang, "NILAVADHANANANDA<<CHAYAPA<DE<K"),
        (Format::Td2, krasuang, "NILAVADHANANANDA<<CHAYAPA<DEJ<K"),
        (Format::MrvB, krasuang, "NILAVADHANANANDA<<CHAYAPA<DEJ<K"),
        (Format::Td2, potoroo, "BENNELONG<WOOLOOMOOLOO<W<W<<D<P"),
    ];
    for (format, (primary, secondary), field) in cases {
        let document = Document {
            primary: primary.to_owned(),
            secondary: secondary.to_owned(),
            ..current(format)
        };
        let lines = compose(&document).unwrap();
        let line = if format == Format::Td1 {
            &lines[2][..]
        } else {
            &lines[0][5..]
        };
        assert_eq!(line, field);
        assert!(read(&borrow(&lines)).names().value.unwrap().truncated());
    }
}

/// Other cuts that 9303-4, 4.2.3.3 shows as allowed: whatever the cut, the parts are told apart.
#[test]
fn any_cut_of_the_primary_identifier_is_read() {
    for (field, primary, secondary) in [
        (
            "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI",
            "BENNELONG WOOLOOMOOLOO WARRANDYTE W",
            "DI",
        ),
        (
            "BENNELONG<WOOLOOM<WARRAND<WARNAM<<DINGO",
            "BENNELONG WOOLOOM WARRAND WARNAM",
            "DINGO",
        ),
        (
            "BENNEL<WOOLOO<WARRAN<WARNAM<<DINGO<POTO",
            "BENNEL WOOLOO WARRAN WARNAM",
            "DINGO POTO",
        ),
        (
            "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLM",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLM",
            "",
        ),
    ] {
        let lines = with_name(field);
        let reading = read(&borrow(&lines));
        let names = reading.names().value.unwrap();
        assert!(names.truncated());
        assert_eq!(names.primary().expose(), primary);
        assert_eq!(names.secondary().expose(), secondary);
    }
}

#[test]
fn a_letter_in_the_last_place_means_cut_short_and_nothing_else_does() {
    let fits = "PAPANDROPOULOUS<<JONATHON<WARREN<TREVO";
    assert!(!read(&borrow(&with_name(fits))).names().value.unwrap().truncated());
    assert!(
        read(&borrow(&with_name(&format!("{fits}R"))))
            .names()
            .value
            .unwrap()
            .truncated()
    );
}

#[test]
fn what_is_no_name_says_why_and_where() {
    for (field, reason, position) in [
        ("", Reason::Missing, 6),
        ("ER1KSSON<<ANNA", Reason::DigitInName, 8),
        ("ERIKSSON<<ANNA<MAR1A", Reason::DigitInName, 24),
        ("<ERIKSSON<<ANNA", Reason::NoPrimaryIdentifier, 6),
        ("<<ANNA", Reason::NoPrimaryIdentifier, 6),
        ("ERIKSSON<<<ANNA", Reason::SurplusSeparator, 16),
        ("ERIKSSON<<ANNA<<MARIA", Reason::SurplusSeparator, 20),
        ("ERIKSSON<<ANNA<<<MARIA", Reason::SurplusSeparator, 20),
    ] {
        let lines = with_name(field);
        let reading = read(&borrow(&lines));
        let fault = reading.names().fault.unwrap();
        assert_eq!(
            (fault.reason, fault.line, fault.position),
            (reason, 1, position),
            "{field}"
        );
        assert!(reading.names().value.is_none() && !reading.is_consistent());
        assert_eq!(
            reading.faults().map(|(field, _)| field).collect::<Vec<_>>(),
            [Field::Name]
        );
    }
}

/// 9303-3, 4.6 and table 6.A.
#[test]
fn printed_names_become_letters_and_fillers() {
    for (printed, lines) in [
        ("D'Artagnan", "DARTAGNAN"),
        ("D’Artagnan", "DARTAGNAN"),
        ("Marie-Elise", "MARIE<ELISE"),
        ("Anna, Maria", "ANNA<MARIA"),
        ("  Anna   Maria ", "ANNA<MARIA"),
        ("St. John", "ST<JOHN"),
        ("Müller", "MUELLER"),
        ("Strauß", "STRAUSS"),
        ("Ångström", "AANGSTROEM"),
        ("Þórður Ægisson", "THORDUR<AEGISSON"),
        ("Łukasz Žižek", "LUKASZ<ZIZEK"),
        ("Çelik İnce", "CELIK<INCE"),
        ("ĲSSEL", "IJSSEL"),
        ("", ""),
    ] {
        assert_eq!(transliterate(printed).as_deref(), Some(lines), "{printed}");
    }
    // Whose script or kind the table does not cover.
    for printed in ["Иван", "محمد", "李", "John 3rd", "A_B", "Ş҉"] {
        assert_eq!(transliterate(printed), None, "{printed}");
    }
}
