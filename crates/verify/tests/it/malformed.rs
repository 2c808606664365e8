//! Text that is not machine-readable lines: everything that is wrong with it is said.

use verify::mrz::{Format, Problem, compose, read};

use crate::{TODAY, borrow, current, replace};

fn problems(lines: &[&str]) -> Vec<Problem> {
    match read(lines, TODAY) {
        Ok(reading) => panic!("{reading:?}"),
        Err(malformed) => malformed.problems().to_vec(),
    }
}

fn places(lines: &[&str]) -> Vec<(usize, usize)> {
    problems(lines)
        .iter()
        .map(|problem| (problem.line, problem.position))
        .collect()
}

const UPPER: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
const LOWER: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

#[test]
fn a_wrong_number_of_lines() {
    assert_eq!(places(&[]), [(1, 1)]);
    assert_eq!(places(&[UPPER]), [(2, 1)]);
    let four = problems(&["I<UTOD231458907<<<<<<<<<<<<<<<"; 4]);
    assert_eq!(four.len(), 1);
    assert_eq!((four[0].line, four[0].position), (4, 1));
    assert!(four[0].message.starts_with("4 lines were given"));
}

#[test]
fn a_wrong_length_says_how_many_and_where_they_are_missing_or_too_many() {
    let short = problems(&[UPPER, &LOWER[..43]]);
    assert_eq!((short[0].line, short[0].position), (2, 44));
    assert_eq!(short[0].message, "Line 2 has 43 characters, 1 fewer than 44.");
    let long = problems(&[UPPER, &format!("{LOWER}<<")]);
    assert_eq!((long[0].line, long[0].position), (2, 45));
    assert_eq!(long[0].message, "Line 2 has 46 characters, 2 more than 44.");
    assert_eq!(places(&["", ""]), [(1, 1), (2, 1)]);
    // Neither length is near: both are named.
    let neither = problems(&[&UPPER[..40], &LOWER[..40]]);
    assert_eq!(neither.len(), 2);
    assert!(neither[0].message.contains("36") && neither[0].message.contains("44"));
    // A line of a small visa and one of a large: the first counts.
    assert_eq!(
        places(&["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", LOWER]),
        [(2, 37)]
    );
    assert_eq!(
        places(&[UPPER, "D231458907UTO7408122F1204159<<<<<<<6"]),
        [(2, 37)]
    );
}

#[test]
fn lines_that_were_joined_or_split_are_too_long_or_too_many() {
    assert_eq!(places(&[&format!("{UPPER}{LOWER}")]), [(1, 45), (2, 1)]);
    assert_eq!(
        places(&[&UPPER[..22], &UPPER[22..], &LOWER[..22], &LOWER[22..]]).len(),
        4
    );
}

#[test]
fn characters_of_the_wrong_kind_are_named_by_kind() {
    let lines = compose(&current(Format::Td3)).unwrap();
    for (character, kind) in [
        ('e', "lower case"),
        (' ', "a space"),
        ('\t', "a space"),
        ('\u{A0}', "a space"),
        ('\n', "a line break"),
        ('\r', "a line break"),
        ('\u{200B}', "an invisible character"),
        ('\u{FEFF}', "an invisible character"),
        ('\0', "a control character"),
        ('«', "only resembles <"),
        ('‹', "only resembles <"),
        ('>', "only resembles <"),
        ('＜', "only resembles <"),
        ('Ａ', "full-width"),
        ('７', "full-width"),
        ('É', "accent"),
        ('ß', "accent"),
        ('Ё', "Cyrillic"),
        ('А', "Cyrillic"),
        ('Α', "Greek"),
        ('א', "Hebrew"),
        ('ع', "Arabic"),
        ('٣', "Arabic"),
        ('३', "digit of another script"),
        ('李', "letter of another script"),
        ('-', "does not belong"),
        ('\'', "does not belong"),
        ('😀', "does not belong"),
    ] {
        let wrong = replace(&lines, 2, 8, character);
        let problems = problems(&borrow(&wrong));
        assert_eq!(problems.len(), 1, "{character:?}: {problems:?}");
        assert_eq!((problems[0].line, problems[0].position), (2, 8), "{character:?}");
        assert!(
            problems[0].message.contains(kind),
            "{character:?}: {}",
            problems[0].message
        );
        assert!(problems[0].field.is_none());
    }
}

/// Of all that a byte can be, only 37 characters stand in the lines.
#[test]
fn the_alphabet_has_37_characters() {
    let lines = compose(&current(Format::MrvA)).unwrap();
    let allowed: String = (0..=255_u8)
        .map(char::from)
        .filter(|character| read(&borrow(&replace(&lines, 2, 44, *character)), TODAY).is_ok())
        .collect();
    assert_eq!(allowed, "0123456789<ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    for character in 'a'..='z' {
        let problems = problems(&borrow(&replace(&lines, 2, 44, character)));
        assert!(problems[0].message.contains("lower case"), "{character}");
    }
}

#[test]
fn characters_next_to_each_other_are_one_problem_and_different_kinds_are_two() {
    let lower = UPPER.to_lowercase();
    let runs: Vec<_> = problems(&[&lower, LOWER])
        .into_iter()
        .map(|p| p.message)
        .collect();
    assert_eq!(runs.len(), 4, "{runs:?}");
    assert!(runs[1].starts_with("Line 1, characters 3 to 13: lower case."));
    assert_eq!(
        places(&["P<UTOeriksson  ДД<ANNA<MARIA<<<<<<<<<<<<<<<<", LOWER]),
        [(1, 6), (1, 14), (1, 16)]
    );
}

#[test]
fn everything_is_said_at_once() {
    let wrong = places(&[
        "p<UTOERIKSSON<<ANNA MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO74Ȟ8122F1204159ZE184226B<<<<<",
    ]);
    assert_eq!(wrong, [(1, 1), (1, 20), (2, 16), (2, 43)]);
}

#[test]
fn positions_count_characters_and_not_bytes() {
    assert_eq!(
        places(&["P<UTOÉÉKSSON<<ANNA<mARIA<<<<<<<<<<<<<<<<<<<<", LOWER]),
        [(1, 6), (1, 20)]
    );
}

#[test]
fn documents_of_an_unknown_kind() {
    for lines in [
        vec![
            "X<UTOD231458907<<<<<<<<<<<<<<<",
            "7408122F1204159UTO<<<<<<<<<<<6",
            "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ],
        vec![
            "V<UTOD231458907<<<<<<<<<<<<<<<",
            "7408122F1204159UTO<<<<<<<<<<<6",
            "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ],
        vec!["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", LOWER],
        vec!["X<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", LOWER],
        vec!["<<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", LOWER],
        vec![
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
            "D231458907UTO7408122F1204159<<<<<<<6",
        ],
        vec![
            "7<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
            "D231458907UTO7408122F1204159<<<<<<<6",
        ],
    ] {
        let problems = problems(&lines);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!((problems[0].line, problems[0].position), (1, 1));
        assert!(problems[0].message.contains("begin with"));
    }
}

#[test]
fn nothing_is_trimmed_or_repaired() {
    assert!(read(&[&format!("{UPPER}\n"), LOWER], TODAY).is_err());
    assert!(read(&[&format!(" {}", &UPPER[..43]), LOWER], TODAY).is_err());
    assert!(read(&[UPPER, LOWER], TODAY).is_ok());
    assert!(read(&[LOWER, UPPER], TODAY).is_err());
}

#[test]
fn a_flood_gets_a_short_answer() {
    let flood = "é a".repeat(100_000);
    let lines = vec![flood.as_str(); 1_000];
    let problems = problems(&lines);
    assert!(problems.len() < 200, "{}", problems.len());
}

#[test]
fn no_message_repeats_what_was_typed() {
    let typed = problems(&[
        "p<utosecretname<<anna<<<<<<<<<<<<<<<<<<<<<<<",
        "secret902c36uto7408122f1204159ze184226b<<<<<10",
    ]);
    for problem in typed {
        assert!(
            !problem.message.to_lowercase().contains("secret"),
            "{}",
            problem.message
        );
    }
}
