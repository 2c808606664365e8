//! The examples that ICAO publishes.

use jiff::civil::date;
use verify::mrz::{DocumentKind, Expiry, Format, Sex, check_digit};

use crate::{read, read_on};

const TD1: [&str; 3] = [
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
];
const TD2: [&str; 2] = [
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
    "D231458907UTO7408122F1204159<<<<<<<6",
];
const TD3: [&str; 2] = [
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
];
const MRV_A: [&str; 2] = [
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C<3UTO6908061F9406236ZE184226B<<<<<<<",
];
const MRV_B: [&str; 2] = [
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
    "L898902C<3UTO6908061F9406236ZE184226",
];

/// 9303-4 to 9303-7, appendices B.
#[test]
fn anna_maria_eriksson_in_all_five_formats() {
    let cases: [(&[&str], Format, &str, usize); 5] = [
        (&TD1, Format::Td1, "D23145890", 4),
        (&TD2, Format::Td2, "D23145890", 4),
        (&TD3, Format::Td3, "L898902C3", 5),
        (&MRV_A, Format::MrvA, "L898902C", 3),
        (&MRV_B, Format::MrvB, "L898902C", 3),
    ];
    for (lines, format, number, check_digits) in cases {
        let reading = read(lines);
        assert_eq!(reading.format(), format);
        assert_eq!(reading.problems(), [], "{format}");
        assert!(reading.is_consistent() && reading.is_specimen());
        assert_eq!(reading.check_digits().count(), check_digits, "{format}");

        let names = reading.names().value.unwrap();
        assert_eq!(names.primary().expose(), "ERIKSSON");
        assert_eq!(names.secondary().expose(), "ANNA MARIA");
        assert!(!names.truncated());
        assert_eq!(reading.number().value.unwrap().text().expose(), number);
        assert_eq!(reading.issuing_state().value.unwrap().code(), "UTO");
        assert_eq!(reading.nationality().value.unwrap().name(), "Utopia");
        assert_eq!(reading.sex().value, Some(Sex::Female));
    }
}

#[test]
fn her_dates_optional_data_and_documents() {
    let passport = read(&TD3);
    assert_eq!(passport.document().value.unwrap().kind(), DocumentKind::Passport);
    assert_eq!(
        passport.birth().value.as_ref().unwrap().youngest(),
        date(1974, 8, 12)
    );
    assert_eq!(passport.expiry().value, Some(Expiry::On(date(2012, 4, 15))));
    assert_eq!(
        passport.optional_data().value.unwrap().text().expose(),
        "ZE184226B"
    );
    assert!(passport.more_optional_data().is_none());

    let card = read(&TD1);
    assert_eq!(
        card.document().value.unwrap().kind(),
        DocumentKind::OfficialTravelDocument
    );
    assert!(card.optional_data().value.unwrap().is_empty());
    assert!(card.more_optional_data().unwrap().is_empty());

    let visa = read(&MRV_A);
    assert_eq!(visa.document().value.unwrap().kind(), DocumentKind::Visa);
    assert_eq!(visa.birth().value.as_ref().unwrap().youngest(), date(1969, 8, 6));
    assert_eq!(visa.expiry().value, Some(Expiry::On(date(1994, 6, 23))));
    assert_eq!(visa.optional_data().value.unwrap().text().expose(), "ZE184226B");
}

/// 9303-11, appendix D.2: a number of twelve characters on cards of both sizes.
#[test]
fn peter_john_stevenson_and_his_long_number() {
    let td1 = [
        "I<UTOD23145890<7349<<<<<<<<<<<",
        "3407127M9507122UTO<<<<<<<<<<<2",
        "STEVENSON<<PETER<JOHN<<<<<<<<<",
    ];
    let td2 = [
        "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<",
        "D23145890<UTO3407127M95071227349<<<8",
    ];
    for (lines, digit_at) in [(&td1[..], (1, 19)), (&td2[..], (2, 32))] {
        let reading = read_on(lines, date(1995, 7, 12));
        assert_eq!(reading.problems(), []);
        let number = reading.number().value.unwrap();
        assert!(number.is_long());
        assert_eq!(number.text().expose(), "D23145890734");
        assert!(reading.optional_data().value.unwrap().is_empty());
        let digit = reading.check_digits().next().unwrap();
        assert_eq!((digit.line, digit.position), digit_at);
        assert_eq!(digit.found, '9');
        assert_eq!(reading.expiry().value, Some(Expiry::On(date(1995, 7, 12))));
        assert_eq!(
            reading.birth().value.as_ref().unwrap().youngest(),
            date(1934, 7, 12)
        );
    }
}

/// 9303-3, appendix A, examples 1 to 5.
#[test]
fn check_digits_of_part_three() {
    let cases = [
        ("520727", '3'),
        ("AB2134<<<", '5'),
        ("HA672242<658022549601086<<<<<<<<<<<<<<0", '8'),
        ("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<<", '2'),
        ("HA672242<658022549601086<<<<<<<", '8'),
    ];
    for (text, digit) in cases {
        assert_eq!(check_digit(text), Some(digit), "{text}");
    }
}

/// Examples 3 to 5 again, as whole documents. Their "state" is YTO, which no list knows: the
/// only thing that is wrong with them.
#[test]
fn composite_examples_of_part_three() {
    let cases: [&[&str]; 3] = [
        &[
            "P<UTOSPECIMEN<<SAM<<<<<<<<<<<<<<<<<<<<<<<<<<",
            "HA672242<6YTO5802254M9601086<<<<<<<<<<<<<<08",
        ],
        &[
            "I<YTOD231458907<<<<<<<<<<<<<<<",
            "3407127M9507122YTO<<<<<<<<<<<2",
            "SPECIMEN<<SAM<<<<<<<<<<<<<<<<<",
        ],
        &[
            "I<UTOSPECIMEN<<SAM<<<<<<<<<<<<<<<<<<",
            "HA672242<6YTO5802254M9601086<<<<<<<8",
        ],
    ];
    for lines in cases {
        let reading = read(lines);
        assert!(reading.check_digits().all(|check| check.agrees), "{lines:?}");
        assert!(reading.nationality().fault.is_some());
        assert!(!reading.is_consistent());
    }
}
