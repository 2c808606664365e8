//! Composing specimens, and what cannot be composed.

use jiff::civil::date;
use verify::mrz::{ComposeError, Document, Format, compose, yymmdd};

use crate::{borrow, current, read};

#[test]
fn specimens_are_the_published_ones() {
    let published: [(Format, &[&str]); 3] = [
        (
            Format::Td1,
            &[
                "I<UTOD231458907<<<<<<<<<<<<<<<",
                "7408122F1204159UTO<<<<<<<<<<<6",
                "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
            ],
        ),
        (
            Format::Td3,
            &[
                "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
            ],
        ),
        (
            Format::MrvB,
            &[
                "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
                "L898902C<3UTO6908061F9406236ZE184226",
            ],
        ),
    ];
    for (format, lines) in published {
        assert_eq!(compose(&Document::specimen(format)).unwrap(), lines);
    }
}

#[test]
fn specimens_of_any_age_and_validity_are_consistent() {
    for format in Format::ALL {
        for day in [date(2008, 11, 23), date(1999, 12, 31), date(2000, 2, 29)] {
            let lines = compose(&Document::specimen(format).born(day).expiring(date(2030, 1, 1))).unwrap();
            assert_eq!(lines.len(), format.lines());
            assert!(lines.iter().all(|line| line.len() == format.length()));
            let reading = read(&borrow(&lines));
            assert!(reading.is_consistent());
            assert_eq!(reading.birth().value.as_ref().unwrap().youngest(), day);
        }
    }
    assert_eq!(yymmdd(date(2005, 3, 9)), "050309");
}

#[test]
fn what_does_not_fit_is_an_error() {
    let base = || current(Format::Td3);
    let text = |text: &str| text.to_owned();
    for (document, error) in [
        (
            Document {
                number: text("lower"),
                ..base()
            },
            ComposeError::Character("document number"),
        ),
        (
            Document {
                number: text("1234567890"),
                ..base()
            },
            ComposeError::Long("document number"),
        ),
        (
            Document {
                issuer: text("UTOP"),
                ..base()
            },
            ComposeError::Long("issuing state"),
        ),
        (
            Document {
                birth: text("19900517"),
                ..base()
            },
            ComposeError::Long("date of birth"),
        ),
        (
            Document {
                optional: text("123456789012345"),
                ..base()
            },
            ComposeError::Long("optional data"),
        ),
        (
            Document {
                more_optional: text("X"),
                ..base()
            },
            ComposeError::Long("second optional data"),
        ),
        (
            Document {
                primary: text(""),
                ..base()
            },
            ComposeError::Letters,
        ),
        (
            Document {
                primary: text("'"),
                ..base()
            },
            ComposeError::Letters,
        ),
        (
            Document {
                primary: text("Иван"),
                ..base()
            },
            ComposeError::Letters,
        ),
        (
            Document {
                secondary: text("A ").repeat(20),
                ..base()
            },
            ComposeError::Components,
        ),
        (
            Document {
                number: text("12345678é012"),
                ..current(Format::Td1)
            },
            ComposeError::Character("document number"),
        ),
    ] {
        assert_eq!(compose(&document), Err(error), "{document:?}");
    }
}
