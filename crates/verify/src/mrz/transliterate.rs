//! From a name as it is printed to the lines' alphabet (9303-3, 4.6 and 6.A).
//!
//! For specimens, and for comparing what somebody typed with what the lines say. Latin letters
//! only: for Cyrillic and Arabic the rules depend on the language, which a name does not tell.

/// Writes a printed name's identifier in the lines' alphabet: components apart by one filler.
///
/// `None` if it has a letter that table 6.A does not cover, or a digit. Of several
/// recommendations for a letter the first is taken (`Ä` becomes `AE`).
pub fn transliterate(printed: &str) -> Option<String> {
    let mut lines = String::with_capacity(printed.len());
    for character in printed.chars().flat_map(char::to_uppercase) {
        match character {
            'A'..='Z' => lines.push(character),
            // A hyphen, or a comma between components, becomes a filler, as a blank does.
            '-' | '\u{2010}' | '\u{2011}' | ',' | '<' => separate(&mut lines),
            c if c.is_whitespace() => separate(&mut lines),
            // Other punctuation is left out, and what it stood between grows together.
            '\'' | '’' | 'ʼ' | '`' | '´' | '.' | ';' | ':' | '(' | ')' | '"' | '/' => {}
            c => lines.push_str(latin(c)?),
        }
    }
    lines.truncate(lines.trim_end_matches('<').len());
    Some(lines)
}

fn separate(lines: &mut String) {
    if !lines.is_empty() && !lines.ends_with('<') {
        lines.push('<');
    }
}

/// Table 6.A, upper case.
fn latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'À' | 'Á' | 'Â' | 'Ã' | 'Ā' | 'Ă' | 'Ą' => "A",
        'Ä' | 'Æ' => "AE",
        'Å' => "AA",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'Ð' | 'Ď' | 'Đ' => "D",
        'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'Ĥ' | 'Ħ' => "H",
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'Ĳ' => "IJ",
        'Ĵ' => "J",
        'Ķ' => "K",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ŀ' | 'Ł' => "L",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' | 'Ŋ' => "N",
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ō' | 'Ŏ' | 'Ő' => "O",
        'Ö' | 'Ø' | 'Œ' => "OE",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' => "S",
        'ẞ' => "SS",
        'Ţ' | 'Ť' | 'Ŧ' => "T",
        'Þ' => "TH",
        'Ù' | 'Ú' | 'Û' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'Ü' => "UE",
        'Ŵ' => "W",
        'Ý' | 'Ŷ' | 'Ÿ' => "Y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        _ => return None,
    })
}
