//! For Node, as a module.

use std::fmt::Write as _;

use super::{Call, KEY, KEY_HEADER, URL, indented};

pub(super) fn write(call: &Call) -> String {
    let mut options = String::new();
    if call.method != "GET" {
        let _ = writeln!(options, "  method: {:?},", call.method);
    }
    let mut headers = String::new();
    if call.keyed {
        let _ = writeln!(headers, "    {KEY_HEADER:?}: process.env.{KEY},");
    }
    for (name, value) in call.headers() {
        let _ = writeln!(headers, "    {name:?}: {value:?},");
    }
    if !headers.is_empty() {
        let _ = write!(options, "  headers: {{\n{headers}  }},\n");
    }
    if let Some(body) = &call.body {
        // JSON is JavaScript.
        let _ = writeln!(options, "  body: JSON.stringify({}),", indented(body, 2));
    }
    let options = if options.is_empty() {
        options
    } else {
        format!(", {{\n{options}}}")
    };
    format!(
        "const response = await fetch(`${{process.env.{URL}}}{}`{options});\n\
         if (!response.ok) throw new Error(await response.text());\n\
         console.log(await response.json());",
        call.path
    )
}
