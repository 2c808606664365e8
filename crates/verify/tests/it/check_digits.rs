//! Every check digit of every format, and what a wrong one says.

use verify::mrz::{Document, Field, Format, Reason, check_digit, compose};

use crate::{borrow, current, read, read_document, replace};

/// Format, the field that a digit covers, and where the digit stands.
const DIGITS: &[(Format, Field, usize, usize)] = &[
    (Format::Td1, Field::Number, 1, 15),
    (Format::Td1, Field::BirthDate, 2, 7),
    (Format::Td1, Field::ExpiryDate, 2, 15),
    (Format::Td1, Field::Composite, 2, 30),
    (Format::Td2, Field::Number, 2, 10),
    (Format::Td2, Field::BirthDate, 2, 20),
    (Format::Td2, Field::ExpiryDate, 2, 28),
    (Format::Td2, Field::Composite, 2, 36),
    (Format::Td3, Field::Number, 2, 10),
    (Format::Td3, Field::BirthDate, 2, 20),
    (Format::Td3, Field::ExpiryDate, 2, 28),
    (Format::Td3, Field::OptionalData, 2, 43),
    (Format::Td3, Field::Composite, 2, 44),
    (Format::MrvA, Field::Number, 2, 10),
    (Format::MrvA, Field::BirthDate, 2, 20),
    (Format::MrvA, Field::ExpiryDate, 2, 28),
    (Format::MrvB, Field::Number, 2, 10),
    (Format::MrvB, Field::BirthDate, 2, 20),
    (Format::MrvB, Field::ExpiryDate, 2, 28),
];

#[test]
fn every_format_has_its_digits_where_the_standard_puts_them() {
    for format in Format::ALL {
        let reading = read_document(&current(format));
        let found: Vec<_> = reading
            .check_digits()
            .map(|c| (format, c.field, c.line, c.position))
            .collect();
        let expected: Vec<_> = DIGITS.iter().copied().filter(|(f, ..)| *f == format).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_wrong_digit_says_which_where_what_and_what_instead() {
    for &(format, field, line, position) in DIGITS {
        let lines = compose(&current(format)).unwrap();
        let right = lines[line - 1].as_bytes()[position - 1];
        let wrong = char::from(if right == b'9' { b'0' } else { right + 1 });
        let reading = read(&borrow(&replace(&lines, line, position, wrong)));

        assert!(!reading.is_consistent(), "{format} {field}");
        let check = reading.check_digits().find(|check| check.field == field).unwrap();
        assert_eq!((check.line, check.position), (line, position));
        assert_eq!((check.expected, check.found), (char::from(right), wrong));
        assert!(!check.agrees);

        let problem = reading
            .problems()
            .into_iter()
            .find(|p| p.field == Some(field))
            .unwrap();
        assert_eq!((problem.line, problem.position), (line, position));
        assert!(
            problem
                .message
                .contains(&format!("is {wrong}, but {}", char::from(right)))
        );
        if field != Field::Composite {
            let fault = reading.faults().find(|(f, _)| *f == field).unwrap().1;
            assert_eq!(
                (fault.reason, fault.line, fault.position),
                (Reason::CheckDigit, line, position)
            );
        }
    }
}

#[test]
fn a_letter_or_filler_in_the_place_of_a_digit_is_wrong() {
    for &(format, field, line, position) in DIGITS {
        for with in ['A', '<'] {
            let lines = compose(&current(format)).unwrap();
            let reading = read(&borrow(&replace(&lines, line, position, with)));
            let check = reading.check_digits().find(|check| check.field == field).unwrap();
            assert_eq!((check.found, check.agrees), (with, false), "{format} {field}");
        }
    }
}

#[test]
fn an_unused_personal_number_may_have_zero_or_a_filler() {
    let lines = compose(&Document {
        optional: String::new(),
        ..current(Format::Td3)
    })
    .unwrap();
    for (digit, agrees) in [('0', true), ('<', true), ('1', false), ('O', false)] {
        let reading = read(&borrow(&replace(&lines, 2, 43, digit)));
        let check = reading
            .check_digits()
            .find(|check| check.field == Field::OptionalData)
            .unwrap();
        assert_eq!(check.agrees, agrees, "{digit}");
        assert_eq!(reading.optional_data().is_valid(), agrees);
        // Zero and filler weigh the same, so the composite holds for either.
        if agrees {
            assert!(reading.is_consistent());
        }
    }
}

#[test]
fn a_used_personal_number_must_have_its_digit_even_if_that_is_zero() {
    // 7 x 1 + 3 x 1 = 10.
    let lines = compose(&Document {
        optional: "11".to_owned(),
        ..current(Format::Td3)
    })
    .unwrap();
    assert_eq!(&lines[1][42..43], "0");
    assert!(read(&borrow(&lines)).is_consistent());
    let reading = read(&borrow(&replace(&lines, 2, 43, '<')));
    assert_eq!(reading.optional_data().fault.unwrap().reason, Reason::CheckDigit);
}

#[test]
fn only_the_alphabet_of_the_lines_has_a_check_digit() {
    assert_eq!(check_digit(""), Some('0'));
    assert_eq!(check_digit("<<<"), Some('0'));
    assert_eq!(check_digit("a"), None);
    assert_eq!(check_digit("É"), None);
    assert_eq!(check_digit("1 2"), None);
}

#[test]
fn a_composite_covers_neither_sex_nor_nationality_nor_name() {
    for format in [Format::Td1, Format::Td2, Format::Td3] {
        let lines = compose(&current(format)).unwrap();
        let other = compose(&Document {
            primary: "Other".to_owned(),
            nationality: "FRA".to_owned(),
            issuer: "D".to_owned(),
            sex: verify::mrz::Sex::Male,
            ..current(format)
        })
        .unwrap();
        assert_eq!(lines[1].chars().last(), other[1].chars().last());
    }
}
