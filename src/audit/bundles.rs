//! Events with their proofs, as files carry them.
//!
//! A line of JSON has `canonical`, `leafIndex` and `proof` at its top, or, as OCSF wants it,
//! somewhere in `unmapped`. A CSV file has columns of these names. Whatever else stands there is
//! for reading; what can be compared with the canonical text is.

use std::collections::BTreeMap;

use ledger::{bundle::Bundle, event::Plain};
use serde_json::Value;

/// How deep in a line the bundle may stand.
const DEPTH: usize = 4;

/// A bundle, and what stands beside it for reading.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) bundle: Bundle,
    /// Column and value that the canonical text says too.
    shown: Vec<(&'static str, String)>,
}

impl Entry {
    /// From a line of JSON.
    pub(super) fn from_json(line: &str) -> Result<Self, String> {
        let whole: Value = serde_json::from_str(line).map_err(|why| format!("it is not JSON: {why}"))?;
        let found = find(&whole, DEPTH).ok_or("it has no `canonical`, `leafIndex` and `proof`")?;
        let bundle = serde_json::from_value(found.clone()).map_err(|why| why.to_string())?;
        let text = |place: &str| match whole.pointer(place) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let places = [
            ("id", "/id"),
            // OCSF: the event's own id, and its time in milliseconds.
            ("id", "/metadata/uid"),
            ("time", "/time"),
            ("action", "/action"),
            ("result", "/result"),
        ];
        let shown = places
            .into_iter()
            .filter_map(|(name, place)| Some((name, text(place)?)));
        Ok(Self {
            bundle,
            shown: shown.collect(),
        })
    }

    /// From a row of CSV, by the names of the columns.
    pub(super) fn from_csv(header: &csv::StringRecord, row: &csv::StringRecord) -> Result<Self, String> {
        let column = |names: &[&str]| {
            let found = header.iter().zip(row).find(|(name, _)| names.contains(name));
            found.map(|(_, value)| value.to_owned())
        };
        let needed = |names: &[&'static str]| {
            let first = names.first().copied().unwrap_or_default();
            column(names).ok_or_else(|| format!("there is no column `{first}`"))
        };
        let index = needed(&["leafIndex", "leaf_index"])?;
        let bundle = Bundle {
            canonical: needed(&["canonical"])?,
            leaf_index: index
                .parse()
                .map_err(|_| format!("`{index}` is no place in the log"))?,
            opened: match column(&["opened"]).filter(|opened| !opened.is_empty()) {
                Some(opened) => serde_json::from_str(&opened).map_err(|why| format!("`opened`: {why}"))?,
                None => BTreeMap::new(),
            },
            proof: needed(&["proof"])?,
        };
        let names = ["id", "action", "result"];
        let shown = names
            .into_iter()
            .filter_map(|name| Some((name, column(&[name])?)));
        Ok(Self {
            bundle,
            shown: shown.collect(),
        })
    }

    /// The first thing beside the event that says something else than the event.
    pub(super) fn contradiction(&self, event: &Value) -> Option<&'static str> {
        let plain = Plain::of(event)?;
        let differs = |(name, shown): &&(&'static str, String)| match *name {
            "id" => *shown != plain.id,
            // An RFC 3339 text is for people; a number is compared.
            "time" => shown.parse::<i64>().is_ok_and(|time| time != plain.time),
            "action" => *shown != plain.action,
            "result" => *shown != plain.result,
            "actor_kind" => *shown != plain.actor_kind,
            "organisation" => *shown != plain.organisation,
            "address" => {
                let opened = self.bundle.opened.get("address");
                *shown != opened.map_or("", |opened| opened.value.as_str())
            }
            _ => false,
        };
        self.shown.iter().find(differs).map(|(name, _)| *name)
    }
}

fn find(value: &Value, depth: usize) -> Option<&Value> {
    let object = value.as_object()?;
    if ["canonical", "leafIndex", "proof"]
        .iter()
        .all(|name| object.contains_key(*name))
    {
        return Some(value);
    }
    if depth == 0 {
        return None;
    }
    object.values().find_map(|inner| find(inner, depth - 1))
}
