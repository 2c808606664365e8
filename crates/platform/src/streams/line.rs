//! An event as a stream sends it.

use std::fmt::Write as _;

use serde_json::{Value, json};
use types::{Timestamp, console::AuditResult};

use crate::{
    Result,
    audit::{Sequenced, ocsf},
};

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As one line of JSON, ASCII alone: other letters are escaped (RFC 8259, section 7), so that
    /// it is the same in every encoding.
    pub json: String,
    /// Its place; none of a test event.
    pub leaf: Option<i64>,
    /// Its id.
    pub id: String,
    /// Its code.
    pub action: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// How it ended.
    pub result: AuditResult,
}

impl Line {
    /// `{"leafIndex":n,"event":{..},"personal":{..}}`. The event is its canonical form (RFC 8785):
    /// whoever writes it again in that form has the bytes that the ledger has hashed.
    pub(super) fn json(event: &Sequenced) -> Result<Self> {
        let personal = if event.personal.is_empty() {
            String::new()
        } else {
            let fields: serde_json::Map<String, Value> = event
                .personal
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().into()))
                .collect();
            format!(",\"personal\":{}", serde_json::to_string(&fields)?)
        };
        let text = format!(
            "{{\"leafIndex\":{},\"event\":{}{personal}}}",
            event.leaf, event.canonical
        );
        Self::of(event, &text)
    }

    /// The event as OCSF has it; its canonical form is in `unmapped.loomwire`.
    pub(super) fn ocsf(event: &Sequenced) -> Result<Self> {
        Self::of(event, &ocsf::sequenced(event)?.to_string())
    }

    fn of(event: &Sequenced, text: &str) -> Result<Self> {
        Ok(Self {
            json: ascii(text),
            leaf: Some(event.leaf),
            id: event.id.clone(),
            action: event.action.clone(),
            occurred_at: event.occurred_at,
            result: event.result.parse()?,
        })
    }

    /// What "send a test event" sends: no event of the log, and says so.
    pub(super) fn test(id: &str, now: Timestamp) -> Self {
        let event = json!({
            "test": true,
            "event": {
                "action": "stream.test",
                "id": id,
                "time": now.as_millis(),
                "result": "success",
            },
        });
        Self {
            json: event.to_string(),
            leaf: None,
            id: id.to_owned(),
            action: "stream.test".to_owned(),
            occurred_at: now,
            result: AuditResult::Success,
        }
    }
}

/// The same JSON with every character beyond ASCII escaped.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut units = [0; 2];
    for letter in json.chars() {
        if letter.is_ascii() {
            text.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut units) {
            // Writing to a String does not fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}
