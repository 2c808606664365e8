//! For Python, with what comes with it.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Call, KEY, KEY_HEADER, URL};

pub(super) fn write(call: &Call) -> String {
    let mut headers = String::new();
    if call.keyed {
        let _ = writeln!(headers, "        {KEY_HEADER:?}: os.environ[{KEY:?}],");
    }
    for (name, value) in call.headers() {
        let _ = writeln!(headers, "        {name:?}: {value:?},");
    }
    let mut arguments = format!("    os.environ[{URL:?}] + {:?},\n", call.path);
    if call.method != "GET" {
        let _ = writeln!(arguments, "    method={:?},", call.method);
    }
    if !headers.is_empty() {
        let _ = write!(arguments, "    headers={{\n{headers}    }},\n");
    }
    if let Some(body) = &call.body {
        let _ = writeln!(arguments, "    data=json.dumps({}).encode(),", literal(body, 4));
    }
    format!(
        "import json\nimport os\nimport urllib.request\n\n\
         request = urllib.request.Request(\n{arguments})\n\
         with urllib.request.urlopen(request) as response:\n    print(json.load(response))"
    )
}

/// A value as Python writes it, from so many spaces on.
fn literal(value: &Value, by: usize) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Array(items) => {
            let items = items.iter().map(|item| literal(item, by + 4));
            block(('[', ']'), items, by)
        }
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| format!("{name:?}: {}", literal(value, by + 4)));
            block(('{', '}'), fields, by)
        }
        // Numbers and texts as in JSON.
        other => other.to_string(),
    }
}

fn block((open, close): (char, char), items: impl Iterator<Item = String>, by: usize) -> String {
    let lines = items.map(|item| format!("\n{:by$}    {item},", ""));
    let lines = lines.collect::<Vec<_>>().concat();
    if lines.is_empty() {
        format!("{open}{close}")
    } else {
        format!("{open}{lines}\n{:by$}{close}", "")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn values_are_python_s() {
        let value = json!({"a": [true, null], "b": {}, "c": "it's \"so\""});
        let written = super::literal(&value, 0);
        let expected = "{\n    \"a\": [\n        True,\n        None,\n    ],\n    \"b\": {},\n    \
                        \"c\": \"it's \\\"so\\\"\",\n}";
        assert_eq!(written, expected);
    }
}
