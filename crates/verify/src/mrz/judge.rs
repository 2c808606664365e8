//! Judges every field of lines whose shape is right.

use jiff::civil::Date;

use super::{
    check_digit::{CheckDigit, digit_over},
    date, document,
    format::{Field, Format, Layout, Span},
    names,
    personal::{Text, trim_end},
    problem::{Fault, Reason},
    reading::{Judged, Reading, Sex},
    state,
};

pub(super) fn judge(format: Format, lines: &[&str], today: Date) -> Reading {
    let text = Text::new(format, lines);
    let layout = format.layout();
    let field = |span| (text.get(span), move |reason| Fault::at(span, reason));

    let number = judge_number(format, layout, &text);
    let birth_check = check(&text, Field::BirthDate, &[layout.birth], layout.birth_check);
    let expiry_check = check(&text, Field::ExpiryDate, &[layout.expiry], layout.expiry_check);
    let optional_check = layout.optional_check.map(|at| personal_number(&text, layout, at));
    let composite = layout
        .composite
        .as_ref()
        .map(|sum| check(&text, Field::Composite, sum.over, sum.check));

    let (code, at_code) = field(layout.code);
    let (issuer, at_issuer) = field(layout.issuer);
    let (nationality, at_nationality) = field(layout.nationality);
    let (birth, at_birth) = field(layout.birth);
    let (expiry, at_expiry) = field(layout.expiry);

    Reading {
        format,
        code: Judged::new(document::parse(code, format).map_err(at_code)),
        issuer: Judged::new(state::issuer(issuer).map_err(at_issuer)),
        name: names::parse(text.get(layout.name), layout.name).err(),
        number: number.fault,
        number_rest: number.rest,
        nationality: Judged::new(state::nationality(nationality).map_err(at_nationality)),
        birth: Judged::new(date::birth(birth, today).map_err(at_birth)).or_fault(wrong(&birth_check)),
        sex: Judged::new(sex(text.first(layout.sex)).map_err(|r| Fault::at(layout.sex, r))),
        expiry: Judged::new(date::expiry(expiry, today).map_err(at_expiry)).or_fault(wrong(&expiry_check)),
        optional: optional_check.as_ref().and_then(wrong),
        optional_span: number.optional,
        checks: [
            number.check,
            Some(birth_check),
            Some(expiry_check),
            optional_check,
            composite,
        ],
        text,
    }
}

const fn sex(byte: u8) -> Result<Sex, Reason> {
    match byte {
        b'F' => Ok(Sex::Female),
        b'M' => Ok(Sex::Male),
        b'<' => Ok(Sex::Unspecified),
        _ => Err(Reason::UnknownSex),
    }
}

/// Compares the digit at `at` with what it ought to be.
fn check(text: &Text, field: Field, over: &[Span], at: Span) -> CheckDigit {
    let expected = digit_over(over.iter().map(|span| text.get(*span)));
    let found = char::from(text.first(at));
    let agrees = expected == found;
    CheckDigit {
        field,
        line: at.line,
        position: at.from,
        expected,
        found,
        agrees,
    }
}

/// 9303-4, 4.2.2.2: where the field is unused, its check digit may be a filler.
fn personal_number(text: &Text, layout: &Layout, at: Span) -> CheckDigit {
    let mut check = check(text, Field::OptionalData, &[layout.optional], at);
    let unused = trim_end(text.get(layout.optional)).is_empty();
    check.agrees |= unused && check.found == '<';
    check
}

/// The fault of a field whose check digit is wrong stands where the digit does.
fn wrong(check: &CheckDigit) -> Option<Fault> {
    let CheckDigit {
        line,
        position,
        agrees,
        ..
    } = *check;
    (!agrees).then_some(Fault {
        reason: Reason::CheckDigit,
        line,
        position,
    })
}

struct JudgedNumber {
    fault: Option<Fault>,
    rest: Option<Span>,
    optional: Option<Span>,
    check: Option<CheckDigit>,
}

fn judge_number(format: Format, layout: &Layout, text: &Text) -> JudgedNumber {
    if trim_end(text.get(layout.number)).is_empty() {
        let check = check(text, Field::Number, &[layout.number], layout.number_check);
        let fault = Some(Fault::at(layout.number, Reason::Missing));
        return JudgedNumber {
            fault,
            rest: None,
            optional: Some(layout.optional),
            check: Some(check),
        };
    }
    let card = matches!(format, Format::Td1 | Format::Td2);
    let goes_on = text.first(layout.number_check) == b'<' && text.first(layout.optional) != b'<';
    if card && goes_on {
        return judge_long_number(layout, text);
    }
    let check = check(text, Field::Number, &[layout.number], layout.number_check);
    let fault = wrong(&check);
    JudgedNumber {
        fault,
        rest: None,
        optional: Some(layout.optional),
        check: Some(check),
    }
}

/// 9303-5 and 9303-6, 4.2.2, note j: nine characters, a filler in the place of the check digit,
/// and at the beginning of the optional data the rest, the check digit and a filler.
fn judge_long_number(layout: &Layout, text: &Text) -> JudgedNumber {
    let optional = layout.optional;
    let filler = text.get(optional).iter().position(|byte| *byte == b'<');
    // One character alone would be a check digit without a rest.
    let Some(filler) = filler.filter(|filler| *filler >= 2) else {
        let fault = Some(Fault::at(optional, Reason::UnendedNumber));
        return JudgedNumber {
            fault,
            rest: None,
            optional: Some(optional),
            check: None,
        };
    };
    let rest = Span {
        length: filler - 1,
        ..optional
    };
    let check = check(
        text,
        Field::Number,
        &[layout.number, rest],
        optional.char_at(filler - 1),
    );
    let after = filler + 1;
    let left = Span {
        from: optional.from + after,
        length: optional.length - after,
        ..optional
    };
    JudgedNumber {
        fault: wrong(&check),
        rest: Some(rest),
        optional: (left.length > 0).then_some(left),
        check: Some(check),
    }
}
