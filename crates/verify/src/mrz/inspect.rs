//! Whether text has the shape of machine-readable lines at all, and if not, everything why.
//!
//! Only as many lines and characters as a document can have are looked at one by one, so the
//! work and the answer stay small however much was sent.

use super::{format::Format, problem::Problem};

/// The text cannot be the lines of a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these are not the machine-readable lines of a document: {}", self.first())]
pub struct Malformed {
    problems: Vec<Problem>,
}

impl Malformed {
    /// Everything that is wrong, at least one, from the first line to the last. No message
    /// repeats what was typed.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    fn first(&self) -> &str {
        self.problems.first().map_or("", |problem| &problem.message)
    }
}

/// `A`-`Z`, `0`-`9` and the filler (9303-3, 4.3).
pub(super) const fn is_allowed(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'<')
}

/// Tells the format, or everything that is wrong with the text.
pub(super) fn inspect(lines: &[&str]) -> Result<Format, Malformed> {
    if let Some(format) = format_of(lines)
        && lines.iter().all(|line| line.bytes().all(is_allowed))
    {
        return Ok(format);
    }
    let mut problems = Vec::new();
    count(lines, &mut problems);
    let lengths = expected_lengths(lines);
    for (index, line) in lines.iter().take(MOST_LINES).enumerate() {
        length(index + 1, line, lengths, &mut problems);
        characters(index + 1, line, &mut problems);
    }
    document_type(lines, &mut problems);
    problems.sort_by_key(|problem| (problem.line, problem.position));
    Err(Malformed { problems })
}

const MOST_LINES: usize = 3;
const LONGEST_LINE: usize = 44;

/// The format by number of lines, their length and the first character.
fn format_of(lines: &[&str]) -> Option<Format> {
    let same = |length| lines.iter().all(|line| line.len() == length);
    let first = lines.first()?.bytes().next()?;
    Some(match (lines.len(), first) {
        (3, b'A' | b'C' | b'I') if same(30) => Format::Td1,
        (2, b'A' | b'C' | b'I') if same(36) => Format::Td2,
        (2, b'P') if same(44) => Format::Td3,
        (2, b'V') if same(44) => Format::MrvA,
        (2, b'V') if same(36) => Format::MrvB,
        _ => return None,
    })
}

fn count(lines: &[&str], problems: &mut Vec<Problem>) {
    let (line, found) = match lines.len() {
        2 | 3 => return,
        0 => (1, "No line was given".to_owned()),
        1 => (2, "Only one line was given".to_owned()),
        more => (MOST_LINES + 1, format!("{more} lines were given")),
    };
    let message =
        format!("{found}: a passport, a visa and some cards have two, most identity cards have three.");
    problems.push(Problem::of_text(line, 1, message));
}

/// Which lengths the lines may have, going by their number and, of two, by those that fit.
fn expected_lengths(lines: &[&str]) -> &'static [usize] {
    if lines.len() > 2 {
        return &[30];
    }
    let fits = |length| {
        lines
            .iter()
            .any(|line| line.chars().take(LONGEST_LINE + 1).count() == length)
    };
    match (fits(36), fits(44)) {
        (true, false) => &[36],
        // Two lines of different formats: the first says what is meant.
        (true, true) if lines.first().is_some_and(|line| line.chars().count() == 36) => &[36],
        (_, true) => &[44],
        (false, false) => &[36, 44],
    }
}

fn length(line: usize, text: &str, expected: &[usize], problems: &mut Vec<Problem>) {
    let found = text.chars().count();
    if expected.contains(&found) {
        return;
    }
    let (position, message) = match expected {
        [expected] if found < *expected => {
            let missing = expected - found;
            (
                found + 1,
                format!("Line {line} has {found} characters, {missing} fewer than {expected}."),
            )
        }
        [expected] => {
            let surplus = found - expected;
            (
                expected + 1,
                format!("Line {line} has {found} characters, {surplus} more than {expected}."),
            )
        }
        _ => {
            let position = found.min(LONGEST_LINE) + 1;
            let needed = "a line has 36 (cards, small visas) or 44 (passports, visas)";
            (position, format!("Line {line} has {found} characters: {needed}."))
        }
    };
    problems.push(Problem::of_text(line, position, message));
}

/// One problem for each run of characters that are wrong in the same way.
fn characters(line: usize, text: &str, problems: &mut Vec<Problem>) {
    let mut run: Option<Run> = None;
    for (index, character) in text.chars().take(LONGEST_LINE).enumerate() {
        let wrong = wrong_kind(character);
        match &mut run {
            Some(run) if Some(run.kind) == wrong => run.to = index + 1,
            run => {
                problems.extend(run.take().map(|run| run.problem(line)));
                *run = wrong.map(|kind| Run {
                    kind,
                    from: index + 1,
                    to: index + 1,
                });
            }
        }
    }
    problems.extend(run.map(|run| run.problem(line)));
}

struct Run {
    kind: &'static str,
    from: usize,
    to: usize,
}

impl Run {
    fn problem(self, line: usize) -> Problem {
        let Self { kind, from, to } = self;
        let place = if from == to {
            format!("character {from}")
        } else {
            format!("characters {from} to {to}")
        };
        let message =
            format!("Line {line}, {place}: {kind}. Only A to Z, 0 to 9 and < stand in these lines.");
        Problem::of_text(line, from, message)
    }
}

/// What a character is, if it does not belong there.
fn wrong_kind(character: char) -> Option<&'static str> {
    Some(match character {
        'A'..='Z' | '0'..='9' | '<' => return None,
        'a'..='z' => "lower case",
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => "a line break",
        c if c.is_whitespace() => "a space or tab",
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => "an invisible character",
        c if c.is_control() => "a control character",
        '«' | '»' | '‹' | '›' | '>' | '〈' | '〉' | '≪' | '＜' => "a sign that only resembles <",
        '\u{FF01}'..='\u{FF5E}' => "a full-width character",
        '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' if character.is_alphabetic() => {
            "a letter with an accent, or a special one"
        }
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => "a Greek character",
        '\u{400}'..='\u{52F}' => "a Cyrillic character",
        '\u{590}'..='\u{5FF}' => "a Hebrew character",
        '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' => "an Arabic character",
        c if c.is_numeric() => "a digit of another script",
        c if c.is_alphabetic() => "a letter of another script",
        _ => "a sign that does not belong there",
    })
}

/// Says so if the first character is a proper one, but begins no document of that many lines.
fn document_type(lines: &[&str], problems: &mut Vec<Problem>) {
    let Some(first) = lines.first().and_then(|line| line.bytes().next()) else {
        return;
    };
    let wide = expected_lengths(lines) == [44];
    let narrow = expected_lengths(lines) == [36];
    let (fits, expected) = match lines.len() {
        3 => (
            matches!(first, b'A' | b'C' | b'I'),
            "three lines begin with A, C or I (cards)",
        ),
        2 if wide => (
            matches!(first, b'P' | b'V'),
            "two lines of 44 characters begin with P (passports) or V (visas)",
        ),
        2 if narrow => (
            matches!(first, b'A' | b'C' | b'I' | b'V'),
            "two lines of 36 characters begin with A, C or I (cards) or V (visas)",
        ),
        _ => return,
    };
    if is_allowed(first) && !fits {
        let message = format!("This is no kind of document that is known: {expected}.");
        problems.push(Problem::of_text(1, 1, message));
    }
}
