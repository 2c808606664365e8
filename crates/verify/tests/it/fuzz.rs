//! A fuzz body as a plain function: here it runs over a corpus and seeded mutations of it.

use jiff::civil::{Date, date};
use verify::{
    decision::{Rule, decide},
    mrz::{Document, Format, Reading, compose, read},
};

use crate::{borrow, current};

/// Takes the first two bytes for a day, the rest for lines, and judges them.
pub(crate) fn fuzz(data: &[u8]) {
    let (day, text) = data.split_at_checked(2).unwrap_or((&[], data));
    let day = day.iter().fold(0_i32, |sum, byte| sum * 256 + i32::from(*byte));
    let today = date(1950, 1, 1).saturating_add(jiff::Span::new().days(day));
    let text = String::from_utf8_lossy(text);
    let lines: Vec<_> = text.split('\n').collect();
    judge(&lines, today);
}

/// What must hold whatever was given.
pub(crate) fn judge(lines: &[&str], today: Date) {
    match read(lines, today) {
        Err(malformed) => {
            assert!(!malformed.problems().is_empty());
            for problem in malformed.problems() {
                assert!((1..=lines.len().max(3) + 1).contains(&problem.line));
                assert!((1..=45).contains(&problem.position), "{problem:?}");
                assert!(problem.field.is_none() && problem.message.ends_with('.'));
            }
        }
        Ok(reading) => judge_reading(&reading, lines, today),
    }
}

fn judge_reading(reading: &Reading, lines: &[&str], today: Date) {
    let format = reading.format();
    let place = |line: usize, position: usize| {
        assert!((1..=format.lines()).contains(&line) && (1..=format.length()).contains(&position));
        char::from(lines[line - 1].as_bytes()[position - 1])
    };
    for check in reading.check_digits() {
        assert_eq!(place(check.line, check.position), check.found);
        assert!(check.expected.is_ascii_digit());
    }
    for problem in reading.problems() {
        place(problem.line, problem.position);
        assert!(problem.field.is_some() && problem.message.ends_with('.'));
    }
    assert_eq!(reading.is_consistent(), reading.problems().is_empty());

    let decision = decide(
        reading,
        &Rule {
            minimum_age: Some(18),
            today,
        },
    );
    assert!(reading.is_consistent() || !decision.over18);
    assert_eq!(decision.reason.is_none(), decision.status.as_str() == "approved");
    if let Some(birth) = &reading.birth().value {
        assert!(birth.youngest() <= today);
    }
    if reading.is_consistent() {
        compose_again(reading, lines, today);
    }
}

/// What was read and is consistent composes to the same lines, up to the choice of a filler or
/// a zero where a personal number is unused.
fn compose_again(reading: &Reading, lines: &[&str], today: Date) {
    let format = reading.format();
    let names = reading.names().value.unwrap();
    let code = reading.document().value.unwrap();
    let date_at = |line: usize, from: usize| lines[line - 1][from - 1..from + 5].to_owned();
    let (birth, expiry) = if format == Format::Td1 {
        (date_at(2, 1), date_at(2, 9))
    } else {
        (date_at(2, 14), date_at(2, 22))
    };
    let document = Document {
        format,
        code: std::iter::once(code.first()).chain(code.second()).collect(),
        issuer: reading.issuing_state().value.unwrap().code().to_owned(),
        primary: names.primary().expose().to_owned(),
        secondary: names.secondary().expose().to_owned(),
        number: reading.number().value.unwrap().text().expose().to_owned(),
        nationality: reading.nationality().value.unwrap().code().to_owned(),
        birth,
        sex: reading.sex().value.unwrap(),
        expiry,
        optional: reading.optional_data().value.unwrap().text().expose().to_owned(),
        more_optional: reading
            .more_optional_data()
            .map_or_else(String::new, |data| data.text().expose().to_owned()),
    };
    let composed = compose(&document).unwrap();
    let again = read(&borrow(&composed), today).unwrap();
    assert!(again.is_consistent());
    for (index, (composed, line)) in composed.iter().zip(lines).enumerate() {
        let mut line = (*line).to_owned();
        if format == Format::Td3 && index == 1 && &line[42..43] == "<" {
            line.replace_range(42..43, "0");
        }
        assert_eq!(*composed, line);
    }
}

/// Lines to begin with: every format, long names and numbers, unknown dates, and broken ones.
fn corpus() -> Vec<Vec<u8>> {
    let mut documents: Vec<Document> = Format::ALL.into_iter().map(current).collect();
    documents.extend(Format::ALL.into_iter().map(Document::specimen));
    documents.push(Document {
        number: "D23145890734".to_owned(),
        ..current(Format::Td1)
    });
    documents.push(Document {
        number: "D23145890734".to_owned(),
        ..current(Format::Td2)
    });
    documents.push(Document {
        optional: String::new(),
        ..current(Format::Td3)
    });
    documents.push(Document {
        birth: "90<<<<".to_owned(),
        ..current(Format::Td3)
    });
    documents.push(Document {
        expiry: "<<<<<<".to_owned(),
        ..current(Format::Td1)
    });
    documents.push(Document {
        secondary: "Nilavadhanananda Dejthamrong".to_owned(),
        ..current(Format::MrvB)
    });
    let mut corpus: Vec<Vec<u8>> = documents
        .iter()
        .map(|document| {
            [
                &[0x6d, 0xb8][..],
                compose(document).unwrap().join("\n").as_bytes(),
            ]
            .concat()
        })
        .collect();
    corpus.extend([
        b"".to_vec(),
        b"\n\n\n".to_vec(),
        vec![0xff; 300],
        "А«ß\u{FEFF}".repeat(40).into_bytes(),
    ]);
    corpus
}

/// A small generator of its own, so that the cases never change with a library.
struct Noise(u64);

impl Noise {
    fn below(&mut self, limit: usize) -> usize {
        // Numerical Recipes' constants; the upper bits are the good ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    fn mutate(&mut self, data: &mut Vec<u8>) {
        const LIKELY: &[u8] = b"<<<0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ\n az\xd0\x90\xff";
        let byte = LIKELY[self.below(LIKELY.len())];
        let at = self.below(data.len() + 1);
        match self.below(8) {
            0 => data.insert(at, byte),
            1 if at < data.len() => drop(data.remove(at)),
            2 => data.truncate(at.max(2)),
            3 if at < data.len() => data.swap(at, 0),
            _ if at < data.len() => data[at] = byte,
            _ => data.push(byte),
        }
    }
}

#[test]
fn a_corpus_and_its_mutations_are_answered() {
    let corpus = corpus();
    for data in &corpus {
        fuzz(data);
    }
    let mut noise = Noise(9303);
    for _ in 0..60_000 {
        let mut data = corpus[noise.below(corpus.len())].clone();
        for _ in 0..=noise.below(4) {
            noise.mutate(&mut data);
        }
        fuzz(&data);
    }
}
