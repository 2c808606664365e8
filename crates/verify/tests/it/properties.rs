//! What holds for every document.

use proptest::{prelude::*, test_runner::Config};
use verify::mrz::{Document, Field, Format, Sex, check_digit, compose};

use crate::{borrow, current, read};

/// The groups within which a check digit is blind: characters of the same value modulo 10.
const BLIND: [&str; 10] = [
    "<0AKU", "1BLV", "2CMW", "3DNX", "4EOY", "5FPZ", "6GQ", "7HR", "8IS", "9JT",
];

const ALPHABET: &str = "<0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A fixed seed and no files: the same cases on every run, everywhere.
fn config(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(9303),
        ..Config::default()
    }
}

fn any_format() -> impl Strategy<Value = Format> {
    prop::sample::select(Format::ALL.to_vec())
}

fn any_document() -> impl Strategy<Value = Document> {
    let code = prop::sample::select(vec!["UTO", "D", "FRA", "XXA", "USA", "GBD", "XOM", "RKS"]);
    let name = "[A-Z]{1,14}([ '-][A-Z]{1,12}){0,3}";
    let day = (0..100_u8, 1..=12_u8, 1..=28_u8).prop_map(|(y, m, d)| format!("{y:02}{m:02}{d:02}"));
    let sex = prop::sample::select(vec![Sex::Female, Sex::Male, Sex::Unspecified]);
    (
        any_format(),
        code,
        name,
        prop::option::of(name),
        "[A-Z0-9]{1,22}",
        "[A-Z0-9]{0,4}",
        day.clone(),
        day,
        sex,
    )
        .prop_map(
            |(format, nationality, primary, secondary, number, optional, birth, expiry, sex)| {
                let longest = match format {
                    Format::Td1 => 15,
                    Format::Td2 => 10,
                    Format::Td3 | Format::MrvA | Format::MrvB => 9,
                };
                Document {
                    nationality: nationality.to_owned(),
                    primary,
                    secondary: secondary.unwrap_or_default(),
                    number: number.chars().take(longest).collect(),
                    optional,
                    birth,
                    expiry,
                    sex,
                    ..Document::specimen(format)
                }
            },
        )
}

fn blind(one: char, other: char) -> bool {
    BLIND
        .iter()
        .any(|group| group.contains(one) && group.contains(other))
}

#[test]
fn the_groups_are_all_characters_and_each_is_blind() {
    let mut all: Vec<_> = BLIND.concat().chars().collect();
    all.sort_unstable();
    assert_eq!(
        all,
        ALPHABET
            .chars()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
    );
    for (digit, group) in BLIND.iter().enumerate() {
        for character in group.chars() {
            // Weight 1: the third place.
            let text = format!("<<{character}");
            assert_eq!(
                check_digit(&text),
                char::from_digit(u32::try_from(digit).unwrap(), 10)
            );
        }
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn what_is_composed_is_read_back(document in any_document()) {
        let lines = compose(&document).unwrap();
        let reading = read(&borrow(&lines));
        prop_assert!(reading.is_consistent(), "{:?}", reading.problems());
        prop_assert_eq!(reading.format(), document.format);
        let number = reading.number().value.unwrap();
        let text = number.text();
        prop_assert_eq!(text.expose(), &document.number);
        prop_assert_eq!(number.is_long(), document.number.len() > 9);
        let optional = reading.optional_data().value.unwrap().text();
        prop_assert_eq!(optional.expose(), &document.optional);
        prop_assert_eq!(reading.nationality().value.unwrap().code(), &document.nationality);
        prop_assert_eq!(reading.sex().value, Some(document.sex));

        let names = reading.names().value.unwrap();
        if !names.truncated() {
            let plain = |printed: &str| printed.replace('\'', "").replace('-', " ");
            let (primary, secondary) = (names.primary(), names.secondary());
            prop_assert_eq!(primary.expose(), plain(&document.primary));
            prop_assert_eq!(secondary.expose(), plain(&document.secondary));
        }
        let born = reading.birth().value.as_ref().unwrap().youngest();
        prop_assert!(born <= crate::TODAY);
        prop_assert_eq!(verify::mrz::yymmdd(born), document.birth);
    }
}

/// What a check digit covers, except for long numbers: field, line, first and last position.
fn covered(format: Format) -> Vec<(Field, usize, usize, usize)> {
    match format {
        Format::Td1 => {
            vec![
                (Field::Number, 1, 6, 14),
                (Field::BirthDate, 2, 1, 6),
                (Field::ExpiryDate, 2, 9, 14),
            ]
        }
        Format::Td2 | Format::MrvA | Format::MrvB => {
            vec![
                (Field::Number, 2, 1, 9),
                (Field::BirthDate, 2, 14, 19),
                (Field::ExpiryDate, 2, 22, 27),
            ]
        }
        Format::Td3 => vec![
            (Field::Number, 2, 1, 9),
            (Field::BirthDate, 2, 14, 19),
            (Field::ExpiryDate, 2, 22, 27),
            (Field::OptionalData, 2, 29, 42),
        ],
    }
}

/// Every place, every character, every format: a check digit sees a change exactly if the two
/// characters are not in the same group.
#[test]
fn every_single_change_is_seen_unless_the_algorithm_is_blind_to_it() {
    let mut missed = 0_u32;
    let mut seen = 0_u32;
    for format in Format::ALL {
        let lines = compose(&current(format)).unwrap();
        for (field, line, from, to) in covered(format) {
            for position in from..=to {
                let before = char::from(lines[line - 1].as_bytes()[position - 1]);
                for after in ALPHABET.chars().filter(|after| *after != before) {
                    let changed = crate::replace(&lines, line, position, after);
                    let reading = read(&borrow(&changed));
                    let check = reading.check_digits().find(|check| check.field == field).unwrap();
                    assert_eq!(
                        check.agrees,
                        blind(before, after),
                        "{format} {field} {line}/{position}: {before} to {after}"
                    );
                    let composite = reading
                        .check_digits()
                        .find(|check| check.field == Field::Composite);
                    if let Some(composite) = composite {
                        assert_eq!(composite.agrees, blind(before, after));
                    }
                    if check.agrees { missed += 1 } else { seen += 1 }
                }
            }
        }
    }
    // Of 36 possible changes of a character 2 to 4 go unseen.
    assert!(missed > 0 && f64::from(missed) / f64::from(missed + seen) < 4.0 / 36.0 + 1e-9);
}

/// The optional data of cards has no digit of its own, but the composite covers it.
#[test]
fn every_single_change_in_a_cards_optional_data_is_seen_by_the_composite() {
    for (format, line, from, to) in [
        (Format::Td1, 1, 16, 30),
        (Format::Td1, 2, 19, 29),
        (Format::Td2, 2, 29, 35),
    ] {
        let lines = compose(&current(format)).unwrap();
        for position in from..=to {
            let before = char::from(lines[line - 1].as_bytes()[position - 1]);
            for after in ALPHABET.chars().filter(|after| *after != before) {
                let reading = read(&borrow(&crate::replace(&lines, line, position, after)));
                let check = reading
                    .check_digits()
                    .find(|check| check.field == Field::Composite)
                    .unwrap();
                assert_eq!(check.agrees, blind(before, after), "{format} {line}/{position}");
            }
        }
    }
}

/// In a date the blind spot closes: of its group only a filler for a zero, or the reverse, can
/// still be a date, and then only where both characters of a part change.
#[test]
fn no_single_change_of_a_date_goes_unseen() {
    for format in Format::ALL {
        let lines = compose(&current(format)).unwrap();
        for (field, line, from, to) in covered(format) {
            if !matches!(field, Field::BirthDate | Field::ExpiryDate) {
                continue;
            }
            for position in from..=to {
                let before = char::from(lines[line - 1].as_bytes()[position - 1]);
                for after in ALPHABET.chars().filter(|after| *after != before) {
                    let reading = read(&borrow(&crate::replace(&lines, line, position, after)));
                    assert!(!reading.is_consistent(), "{format} {field}: {before} to {after}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    /// The rest of a long number is covered like its beginning.
    #[test]
    fn a_change_in_the_rest_of_a_long_number_is_seen(
        number in "[A-Z0-9]{11,14}",
        offset in 0..5_usize,
        after in "[A-Z0-9]",
    ) {
        let lines = compose(&Document { number: number.clone(), ..current(Format::Td1) }).unwrap();
        let offset = offset % (number.len() - 9);
        let before = number.chars().nth(9 + offset).unwrap();
        let after = after.chars().next().unwrap();
        prop_assume!(before != after);
        let reading = read(&borrow(&crate::replace(&lines, 1, 16 + offset, after)));
        let check = reading.check_digits().next().unwrap();
        prop_assert_eq!(check.agrees, blind(before, after));
    }

    #[test]
    fn any_text_is_answered(lines in prop::collection::vec("\\PC{0,60}", 0..5)) {
        crate::fuzz::judge(&borrow(&lines), crate::TODAY);
    }
}
