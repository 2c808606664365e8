//! For Rust, with `ureq` and `serde_json`.

use std::fmt::Write as _;

use super::{Call, KEY, KEY_HEADER, URL, indented};

pub(super) fn write(call: &Call) -> String {
    let mut lines = format!("ureq::{}(url)", call.method.to_ascii_lowercase());
    if call.keyed {
        let _ = write!(lines, "\n        .header({KEY_HEADER:?}, env::var({KEY:?})?)");
    }
    for (name, value) in &call.headers {
        let _ = write!(lines, "\n        .header({name:?}, {value:?})");
    }
    let sent = match (&call.body, call.method.as_str()) {
        (Some(body), _) => format!("send_json(json!({}))", indented(body, 8)),
        (None, "GET" | "DELETE") => "call()".to_owned(),
        (None, _) => "send_empty()".to_owned(),
    };
    let imports = if call.body.is_some() {
        "use serde_json::{Value, json};"
    } else {
        "use serde_json::Value;"
    };
    format!(
        "use std::env;\n\n{imports}\n\n\
         fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    \
         let url = env::var({URL:?})? + {:?};\n    \
         let mut response = {lines}\n        .{sent}?;\n    \
         let answer: Value = response.body_mut().read_json()?;\n    \
         println!(\"{{answer:#}}\");\n    Ok(())\n}}",
        call.path
    )
}
