//! Document codes, numbers, sex and optional data.

use verify::mrz::{Document, DocumentKind, Field, Format, Reason, Sex, compose};

use crate::{borrow, current, read, read_document, replace};

#[test]
fn document_codes_say_what_kind_it_is() {
    for (format, code, kind) in [
        (Format::Td3, "P", DocumentKind::Passport),
        (Format::Td3, "PP", DocumentKind::Passport),
        (Format::Td3, "PN", DocumentKind::Passport),
        (Format::Td3, "PE", DocumentKind::EmergencyPassport),
        (Format::Td3, "PD", DocumentKind::DiplomaticPassport),
        (Format::Td3, "PO", DocumentKind::OfficialPassport),
        (Format::Td3, "PR", DocumentKind::RefugeePassport),
        (Format::Td3, "PT", DocumentKind::AlienPassport),
        (Format::Td3, "PS", DocumentKind::StatelessPassport),
        (Format::Td3, "PL", DocumentKind::LaissezPasser),
        (Format::Td3, "PM", DocumentKind::MilitaryPassport),
        (Format::Td3, "PU", DocumentKind::EmergencyTravelDocument),
        (Format::Td1, "I", DocumentKind::OfficialTravelDocument),
        (Format::Td1, "ID", DocumentKind::OfficialTravelDocument),
        (Format::Td1, "IR", DocumentKind::OfficialTravelDocument),
        (Format::Td1, "I9", DocumentKind::OfficialTravelDocument),
        (Format::Td1, "C", DocumentKind::OfficialTravelDocument),
        (Format::Td1, "AR", DocumentKind::OfficialTravelDocument),
        (Format::Td1, "IP", DocumentKind::PassportCard),
        (Format::Td1, "AC", DocumentKind::CrewMemberCertificate),
        (Format::Td2, "AI", DocumentKind::OfficialTravelDocument),
        (Format::Td2, "IC", DocumentKind::OfficialTravelDocument),
        (Format::MrvA, "V", DocumentKind::Visa),
        (Format::MrvA, "VB", DocumentKind::Visa),
        (Format::MrvB, "V1", DocumentKind::Visa),
    ] {
        let reading = read_document(&Document {
            code: code.to_owned(),
            ..current(format)
        });
        let document = reading.document().value.unwrap();
        assert_eq!(document.kind(), kind, "{format} {code}");
        assert_eq!(Some(document.first()), code.chars().next());
        assert_eq!(document.second(), code.chars().nth(1));
        assert!(reading.is_consistent());
    }
}

#[test]
fn second_characters_that_a_format_does_not_have_are_refused() {
    for (format, code) in [
        (Format::Td1, "IV"),
        (Format::Td1, "CV"),
        (Format::Td1, "AV"),
        (Format::Td1, "AI"),
        (Format::Td2, "IV"),
        (Format::Td2, "AC"),
        (Format::Td3, "P1"),
    ] {
        let reading = read_document(&Document {
            code: code.to_owned(),
            ..current(format)
        });
        let fault = reading.document().fault.unwrap();
        assert_eq!(
            (fault.reason, fault.line),
            (Reason::SecondCharacter, 1),
            "{format} {code}"
        );
        assert!(!reading.is_consistent());
    }
}

#[test]
fn sex_is_one_of_three() {
    for (sex, character) in [(Sex::Female, 'F'), (Sex::Male, 'M'), (Sex::Unspecified, '<')] {
        let document = Document {
            sex,
            ..current(Format::Td3)
        };
        assert_eq!(compose(&document).unwrap()[1].chars().nth(20), Some(character));
        assert_eq!(read_document(&document).sex().value, Some(sex));
    }
    // An X stands next to the portrait, never in the lines.
    for other in ['X', 'D', '0', 'W'] {
        let lines = replace(&compose(&current(Format::Td3)).unwrap(), 2, 21, other);
        let fault = read(&borrow(&lines)).sex().fault.unwrap();
        assert_eq!(
            (fault.reason, fault.line, fault.position),
            (Reason::UnknownSex, 2, 21)
        );
    }
}

#[test]
fn numbers_keep_fillers_inside_and_lose_those_at_the_end() {
    for (number, text) in [
        ("AB2134", "AB2134"),
        ("A<1<23", "A<1<23"),
        ("7", "7"),
        ("123456789", "123456789"),
    ] {
        for format in Format::ALL {
            let reading = read_document(&Document {
                number: number.to_owned(),
                ..current(format)
            });
            assert_eq!(reading.number().value.unwrap().text().expose(), text);
            assert!(reading.is_consistent());
        }
    }
}

#[test]
fn a_document_without_a_number_is_not_valid() {
    for format in Format::ALL {
        let reading = read_document(&Document {
            number: String::new(),
            ..current(format)
        });
        assert_eq!(reading.number().fault.unwrap().reason, Reason::Missing);
        assert!(reading.number().value.is_none());
        assert_eq!(reading.problems().len(), 1);
    }
}

#[test]
fn long_numbers_fill_the_optional_data_to_its_end() {
    // The check digit and a filler take two of the 15 or 7 positions.
    for (format, longest) in [(Format::Td1, 22), (Format::Td2, 14)] {
        for length in 10..=longest {
            let number: String = "D23145890ABCDEFGHIJKLM".chars().take(length).collect();
            let document = Document {
                number: number.clone(),
                optional: String::new(),
                ..current(format)
            };
            let reading = read_document(&document);
            assert!(
                reading.is_consistent(),
                "{format} {length}: {:?}",
                reading.problems()
            );
            let read_back = reading.number().value.unwrap();
            assert!(read_back.is_long());
            assert_eq!(read_back.text().expose(), number);
            assert!(reading.optional_data().value.unwrap().is_empty());
        }
        let number = "X".repeat(longest + 1);
        assert!(
            compose(&Document {
                number,
                ..current(format)
            })
            .is_err()
        );
    }
}

#[test]
fn optional_data_follows_a_long_number() {
    let document = Document {
        number: "D23145890734".to_owned(),
        optional: "ABC<12".to_owned(),
        more_optional: "XY".to_owned(),
        ..current(Format::Td1)
    };
    let lines = compose(&document).unwrap();
    assert_eq!(lines[0], "I<UTOD23145890<7349<ABC<12<<<<");
    let reading = read(&borrow(&lines));
    assert!(reading.is_consistent());
    assert_eq!(reading.optional_data().value.unwrap().text().expose(), "ABC<12");
    assert_eq!(reading.more_optional_data().unwrap().text().expose(), "XY");
}

#[test]
fn a_wrong_character_in_the_rest_of_a_long_number_is_found() {
    let document = Document {
        number: "D23145890734".to_owned(),
        ..current(Format::Td2)
    };
    // Five more in a place of weight 3: 9 becomes 24, so 4.
    let lines = replace(&compose(&document).unwrap(), 2, 30, '8');
    let reading = read(&borrow(&lines));
    let check = reading.check_digits().next().unwrap();
    assert_eq!((check.field, check.line, check.position), (Field::Number, 2, 32));
    assert_eq!((check.expected, check.found, check.agrees), ('4', '9', false));
}

#[test]
fn a_long_number_without_its_end_is_refused() {
    let lines = compose(&current(Format::Td1)).unwrap();
    // No filler after it; and a check digit alone, without a rest before it.
    for rest in ["ABCDEFGHIJKLMNO", "9<<<<<<<<<<<<<<"] {
        let mut lines = lines.clone();
        lines[0].replace_range(14..30, &format!("<{rest}"));
        let reading = read(&borrow(&lines));
        let fault = reading.number().fault.unwrap();
        assert_eq!(
            (fault.reason, fault.line, fault.position),
            (Reason::UnendedNumber, 1, 16)
        );
        assert!(!reading.is_consistent());
    }
    // A filler instead of the check digit with nothing behind it is no long number.
    let mut lines = lines;
    lines[0].replace_range(14..30, "<<<<<<<<<<<<<<<<");
    assert_eq!(
        read(&borrow(&lines)).number().fault.unwrap().reason,
        Reason::CheckDigit
    );
}

#[test]
fn books_and_visas_have_no_long_numbers() {
    for format in [Format::Td3, Format::MrvA, Format::MrvB] {
        let document = Document {
            number: "D23145890734".to_owned(),
            ..current(format)
        };
        assert!(compose(&document).is_err());
        let lines = replace(&compose(&current(format)).unwrap(), 2, 10, '<');
        let reading = read(&borrow(&lines));
        assert_eq!(reading.number().fault.unwrap().reason, Reason::CheckDigit);
        assert!(!reading.number().value.unwrap().is_long());
    }
}

#[test]
fn problems_come_in_the_order_of_the_lines_and_name_their_place() {
    let lines = [
        "P1ZZZ<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
        "L898902C37UTO7413122X1204159ZE184226B<<<<<10",
    ];
    let reading = read(&lines);
    let places: Vec<_> = reading.problems().iter().map(|p| (p.line, p.position)).collect();
    assert!(places.is_sorted());
    let fields: Vec<_> = reading
        .faults()
        .map(|(field, fault)| (field, fault.reason))
        .collect();
    assert_eq!(
        fields,
        [
            (Field::DocumentCode, Reason::SecondCharacter),
            (Field::IssuingState, Reason::UnknownState),
            (Field::Name, Reason::Missing),
            (Field::Number, Reason::CheckDigit),
            (Field::BirthDate, Reason::ImpossibleDate),
            (Field::Sex, Reason::UnknownSex),
        ]
    );
    for problem in reading.problems() {
        let place = format!("line {}, character {}", problem.line, problem.position);
        assert!(problem.message.contains(&place), "{}", problem.message);
    }
}
