//! From what a page asks for to bounds on the indexes.

use jiff::{civil::Date, tz::TimeZone};
use types::{AuditEventId, console::AuditFilter};

use crate::{Error, Result, calendar};

/// Sorts behind every code and every id: they are ASCII.
const AFTER_ALL: &str = "\u{7f}";

/// An audit filter as bounds. Each pair is half-open.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) from: String,
    pub(super) before: String,
    pub(super) actor_id: Option<String>,
    pub(super) actor_kind: Option<&'static str>,
    pub(super) target: Option<String>,
    pub(super) action_from: String,
    pub(super) action_before: String,
}

impl Bounds {
    /// # Errors
    /// `Invalid`, a field each, for a date or a place that cannot be read.
    pub(super) fn of(filter: &AuditFilter, zone: &TimeZone) -> Result<Self> {
        let mut fields = Vec::new();
        let from = day(filter.from.as_deref(), "from", &mut fields);
        let to = day(filter.to.as_deref(), "to", &mut fields);
        let after = given(filter.after.as_deref())
            .map(str::parse::<AuditEventId>)
            .transpose();
        if after.is_err() {
            fields.push((
                "after".into(),
                "This page link is not complete. Go back to the first page.".into(),
            ));
        }
        if !fields.is_empty() {
            return Err(Error::Invalid { fields });
        }
        let from = from.map(|day| first_id_of(day, zone)).transpose()?;
        let end = to.and_then(|day| day.tomorrow().ok());
        let end = end.map(|day| first_id_of(day, zone)).transpose()?;
        let after = after.ok().flatten().map(|id| id.to_string());
        let before = [end, after]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or_else(|| AFTER_ALL.into());
        let (actor_kind, actor_id) = match given(filter.actor.as_deref()) {
            None => (None, None),
            Some("person") => (Some("person"), None),
            Some("system") => (Some("system"), None),
            Some(id) => (None, Some(id.to_owned())),
        };
        let (action_from, action_before) = match given(filter.action.as_deref()) {
            None => (String::new(), AFTER_ALL.into()),
            Some(code) => (code.to_owned(), format!("{code}{AFTER_ALL}")),
        };
        Ok(Self {
            from: from.unwrap_or_default(),
            before,
            actor_id,
            actor_kind,
            target: given(filter.target.as_deref()).map(ToOwned::to_owned),
            action_from,
            action_before,
        })
    }
}

/// An empty form field asks for nothing.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// An event's id carries its time, so a range of time is a range of ids.
fn first_id_of(day: Date, zone: &TimeZone) -> Result<String> {
    Ok(AuditEventId::first_at(calendar::start_of(day, zone)?).to_string())
}

fn day(text: Option<&str>, field: &str, fields: &mut Vec<(String, String)>) -> Option<Date> {
    let parsed = given(text)?.parse::<Date>();
    if parsed.is_err() {
        fields.push((
            field.to_owned(),
            "Give the day as year-month-day, such as 2026-11-23.".into(),
        ));
    }
    parsed.ok()
}
