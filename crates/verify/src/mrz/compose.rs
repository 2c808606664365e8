//! Composes the lines of a specimen, check digits included.
//!
//! For tests, the demonstration and whoever needs a document of a certain age. It writes what
//! it is told: dates that no calendar has and codes that nobody issues are the caller's to
//! choose, so that refusals can be tested too. It never holds a real person's data, and so its
//! input is neither redacted nor wiped.

use jiff::civil::Date;

use super::{
    check_digit::digit_over,
    format::{Format, Span},
    inspect::is_allowed,
    reading::Sex,
    transliterate::transliterate,
};

/// What a specimen says. Text is in the lines' alphabet, fillers at the end left out, except
/// for the name, which is as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its format.
    pub format: Format,
    /// One or two characters: `P`, `PD`, `I`, `V`.
    pub code: String,
    /// The issuing state's code, up to three characters.
    pub issuer: String,
    /// The primary identifier as printed: `O'Connor`, `Smith-Jones`.
    pub primary: String,
    /// The secondary identifier as printed; empty if there is none.
    pub secondary: String,
    /// The number; on a card it may have more than nine characters.
    pub number: String,
    /// The nationality's code, up to three characters.
    pub nationality: String,
    /// The date of birth as `YYMMDD`, `<<` or `00` for what is unknown.
    pub birth: String,
    /// The sex.
    pub sex: Sex,
    /// The date of expiry as `YYMMDD`.
    pub expiry: String,
    /// The optional data; in a passport the personal number.
    pub optional: String,
    /// The second optional data of a TD1 card; empty elsewhere.
    pub more_optional: String,
}

impl Document {
    /// The standard's own specimen: Anna Maria Eriksson of Utopia. Cards and passport are hers
    /// of 12 August 1974, valid until 15 April 2012 (9303-4 to 9303-6, appendix B); the visas
    /// hers of 6 August 1969, valid until 23 June 1994 (9303-7, appendix B).
    pub fn specimen(format: Format) -> Self {
        let (code, number, birth, expiry, optional) = match format {
            Format::Td1 | Format::Td2 => ("I", "D23145890", "740812", "120415", ""),
            Format::Td3 => ("P", "L898902C3", "740812", "120415", "ZE184226B"),
            Format::MrvA => ("V", "L898902C", "690806", "940623", "ZE184226B"),
            Format::MrvB => ("V", "L898902C", "690806", "940623", "ZE184226"),
        };
        Self {
            format,
            code: code.to_owned(),
            issuer: "UTO".to_owned(),
            primary: "Eriksson".to_owned(),
            secondary: "Anna Maria".to_owned(),
            number: number.to_owned(),
            nationality: "UTO".to_owned(),
            birth: birth.to_owned(),
            sex: Sex::Female,
            expiry: expiry.to_owned(),
            optional: optional.to_owned(),
            more_optional: String::new(),
        }
    }

    /// The same, born on another day.
    #[must_use]
    pub fn born(self, day: Date) -> Self {
        Self {
            birth: yymmdd(day),
            ..self
        }
    }

    /// The same, expiring on another day.
    #[must_use]
    pub fn expiring(self, day: Date) -> Self {
        Self {
            expiry: yymmdd(day),
            ..self
        }
    }
}

/// A day as the lines write it.
pub fn yymmdd(day: Date) -> String {
    format!(
        "{:02}{:02}{:02}",
        day.year().rem_euclid(100),
        day.month(),
        day.day()
    )
}

/// Why a specimen cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// A text has a character that the lines do not have.
    #[error("the {0} has a character other than A-Z, 0-9 and <")]
    Character(&'static str),
    /// A text is longer than its field.
    #[error("the {0} is longer than its field")]
    Long(&'static str),
    /// The name has a letter that table 6.A does not cover, or no letter at all.
    #[error("the name cannot be written in the letters A to Z")]
    Letters,
    /// The name has so many components that not even their initials fit.
    #[error("the name has too many components")]
    Components,
}

/// Writes the lines of a specimen.
///
/// # Errors
/// [`ComposeError`] if a text does not fit; a name that is too long is cut short as
/// 9303-4, 4.2.3 allows: the last components down to their initials.
pub fn compose(document: &Document) -> Result<Vec<String>, ComposeError> {
    let format = document.format;
    let layout = format.layout();
    let mut sheet = Sheet::blank(format);
    sheet.write(layout.code, &document.code, "document code")?;
    sheet.write(layout.issuer, &document.issuer, "issuing state")?;
    sheet.write(layout.nationality, &document.nationality, "nationality")?;
    sheet.write(layout.birth, &document.birth, "date of birth")?;
    sheet.write(layout.expiry, &document.expiry, "date of expiry")?;
    sheet.write(layout.sex, &document.sex.as_char().to_string(), "sex")?;
    sheet.write(layout.name, &name(document, layout.name.length)?, "name")?;
    match (layout.more_optional, document.more_optional.as_str()) {
        (_, "") => {}
        (Some(span), text) => sheet.write(span, text, "second optional data")?,
        (None, _) => return Err(ComposeError::Long("second optional data")),
    }
    number(document, &mut sheet)?;
    sheet.check(&[layout.birth], layout.birth_check);
    sheet.check(&[layout.expiry], layout.expiry_check);
    if let Some(at) = layout.optional_check {
        sheet.check(&[layout.optional], at);
    }
    if let Some(composite) = &layout.composite {
        sheet.check(composite.over, composite.check);
    }
    Ok(sheet.lines)
}

/// Number and optional data, which share a field where the number is long.
fn number(document: &Document, sheet: &mut Sheet) -> Result<(), ComposeError> {
    let layout = document.format.layout();
    let card = matches!(document.format, Format::Td1 | Format::Td2);
    if !card || document.number.len() <= layout.number.length {
        sheet.write(layout.number, &document.number, "document number")?;
        sheet.check(&[layout.number], layout.number_check);
        return sheet.write(layout.optional, &document.optional, "optional data");
    }
    let (principal, rest) = document
        .number
        .split_at_checked(layout.number.length)
        .ok_or(ComposeError::Character("document number"))?;
    let digit = digit_over([document.number.as_bytes()]);
    sheet.write(layout.number, principal, "document number")?;
    let shared = format!("{rest}{digit}<{}", document.optional);
    sheet.write(layout.optional, &shared, "document number with the optional data")
}

/// The name field, cut short if it must be.
fn name(document: &Document, width: usize) -> Result<String, ComposeError> {
    let primary = transliterate(&document.primary).ok_or(ComposeError::Letters)?;
    let secondary = transliterate(&document.secondary).ok_or(ComposeError::Letters)?;
    if primary.is_empty() {
        return Err(ComposeError::Letters);
    }
    let whole = if secondary.is_empty() {
        primary
    } else {
        format!("{primary}<<{secondary}")
    };
    let mut surplus = whole.len().saturating_sub(width);
    // Between components an empty piece stands for the second filler of `<<`.
    let mut components: Vec<&str> = whole.split('<').collect();
    for component in components.iter_mut().rev() {
        let cut = surplus.min(component.len().saturating_sub(1));
        *component = component.get(..component.len() - cut).unwrap_or_default();
        surplus -= cut;
    }
    if surplus > 0 {
        Err(ComposeError::Components)
    } else {
        Ok(components.join("<"))
    }
}

/// Lines of fillers that are written over.
struct Sheet {
    lines: Vec<String>,
}

impl Sheet {
    fn blank(format: Format) -> Self {
        Self {
            lines: vec!["<".repeat(format.length()); format.lines()],
        }
    }

    fn write(&mut self, span: Span, text: &str, what: &'static str) -> Result<(), ComposeError> {
        if !text.bytes().all(is_allowed) {
            return Err(ComposeError::Character(what));
        }
        if text.len() > span.length {
            return Err(ComposeError::Long(what));
        }
        if let Some(line) = self.lines.get_mut(span.line - 1) {
            line.replace_range(span.from - 1..span.from - 1 + text.len(), text);
        }
        Ok(())
    }

    fn check(&mut self, over: &[Span], at: Span) {
        let pieces = over.iter().filter_map(|span| {
            self.lines
                .get(span.line - 1)?
                .as_bytes()
                .get(span.from - 1..span.to())
        });
        let digit = digit_over(pieces).to_string();
        if let Some(line) = self.lines.get_mut(at.line - 1) {
            line.replace_range(at.from - 1..at.from, &digit);
        }
    }
}
