//! One event as a line of a file. Whatever stands beside the canonical text is for reading; the
//! text, its place and its proof are what is checked.

use std::collections::BTreeMap;

use ledger::bundle::Bundle;
use serde::Serialize;
use types::audit::ExportFormat;

use super::ocsf;
use crate::{Error, Result, audit::find::Facts, calendar};

/// The columns of a CSV file, in their order.
pub(super) const COLUMNS: [&str; 20] = [
    "id",
    "time",
    "action",
    "result",
    "reason",
    "actor_kind",
    "actor",
    "on_behalf_of",
    "targets",
    "organisation",
    "region",
    "request",
    "session",
    "authentication",
    "metadata",
    "address",
    "leafIndex",
    "canonical",
    "opened",
    "proof",
];

/// What stands before the first event.
pub(super) fn head(format: ExportFormat, out: &mut Vec<u8>) -> Result<()> {
    if format == ExportFormat::Csv {
        record(COLUMNS.map(ToOwned::to_owned).as_slice(), out)?;
    }
    Ok(())
}

/// A line of JSON: what is often read, and the bundle beside it.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    time: i64,
    action: &'a str,
    result: &'a str,
    #[serde(flatten)]
    bundle: &'a Bundle,
}

pub(super) fn write(format: ExportFormat, bundle: &Bundle, out: &mut Vec<u8>) -> Result<()> {
    let facts = Facts::read(&bundle.canonical)?;
    match format {
        ExportFormat::Csv => record(&cells(&facts, bundle)?, out),
        ExportFormat::JsonLines => {
            let line = Line {
                id: &facts.id,
                time: facts.time,
                action: &facts.action,
                result: &facts.result,
                bundle,
            };
            ended(&line, out)
        }
        ExportFormat::Ocsf => ended(&ocsf::event(&facts, bundle)?, out),
    }
}

/// JSON and a line feed: `serde_json` writes none of its own.
fn ended(line: &impl Serialize, out: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.push(b'\n');
    Ok(())
}

fn cells(facts: &Facts, bundle: &Bundle) -> Result<Vec<String>> {
    let text = |part: &Option<String>| escaped(part.as_deref().unwrap_or_default());
    let metadata: BTreeMap<&str, &str> = facts
        .metadata
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let metadata = if metadata.is_empty() {
        String::new()
    } else {
        serde_json::to_string(&metadata)?
    };
    let opened = if bundle.opened.is_empty() {
        String::new()
    } else {
        serde_json::to_string(&bundle.opened)?
    };
    let address = bundle.opened.get("address").map(|opened| opened.value.clone());
    Ok(vec![
        facts.id.clone(),
        calendar::rfc3339_millis(types::Timestamp::from_millis(facts.time))?,
        facts.action.clone(),
        facts.result.clone(),
        text(&facts.reason),
        facts.kind.clone(),
        text(&facts.actor),
        text(&facts.on_behalf_of),
        escaped(&facts.targets.join(" ")),
        facts.organisation.clone(),
        text(&facts.region),
        text(&facts.request),
        text(&facts.session),
        text(&facts.authentication),
        metadata,
        text(&address),
        bundle.leaf_index.to_string(),
        bundle.canonical.clone(),
        opened,
        bundle.proof.clone(),
    ])
}

fn record(cells: &[String], out: &mut Vec<u8>) -> Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(&mut *out);
    writer.write_record(cells).map_err(Error::internal)?;
    writer.flush().map_err(Error::internal)
}

/// Spreadsheets take a cell that begins like this for a formula, which could reach out of the
/// file; an apostrophe before it makes it text (OWASP, CSV injection).
fn escaped(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
