//! For a shell.

use super::{Call, KEY, KEY_HEADER, URL, indented};

pub(super) fn write(call: &Call) -> String {
    let mut lines = vec![format!("curl --fail-with-body \"${URL}{}\"", call.path)];
    if call.method != "GET" {
        lines.push(format!("--request {}", call.method));
    }
    if call.keyed {
        lines.push(format!("--header \"{KEY_HEADER}: ${KEY}\""));
    }
    for (name, value) in call.headers() {
        lines.push(format!("--header {}", quoted(&format!("{name}: {value}"))));
    }
    if let Some(body) = &call.body {
        lines.push(format!("--data {}", quoted(&indented(body, 2))));
    }
    lines.join(" \\\n  ")
}

/// A word in single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_quote_ends_no_word() {
        assert_eq!(super::quoted("it's"), r"'it'\''s'");
    }
}
