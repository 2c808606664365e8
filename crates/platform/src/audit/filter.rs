//! From what a page asks for to bounds on the indexes.

use jiff::tz::TimeZone;
use types::{AuditEventId, console::AuditFilter};

use super::Action;
use crate::{
    Result,
    search::{AFTER_ALL, Problems, given},
};

/// An audit filter as bounds. Ids are half-open.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) from: Option<String>,
    pub(super) before: String,
    pub(super) actor: Option<Actor>,
    pub(super) target: Option<String>,
    /// The codes looked for, one query each, so that each is an equality; any, if `None`.
    pub(super) actions: Option<Vec<String>>,
}

/// Whose events.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Actor {
    /// Of whoever has this id.
    Id(String),
    /// Of a kind that has no id: the person, or Loomwire itself.
    Kind(&'static str),
}

impl Bounds {
    /// # Errors
    /// `Invalid`, a field each, for a date or a place that cannot be read.
    pub(super) fn of(filter: &AuditFilter, zone: &TimeZone) -> Result<Self> {
        let mut problems = Problems::default();
        let days = problems.days(filter.from.as_deref(), filter.to.as_deref());
        let after = problems.place::<AuditEventId>(filter.after.as_deref());
        problems.settle()?;
        // An event's id carries its time, so a range of time is a range of ids.
        let (from, end) = days.bounds(zone)?;
        let end = end.map(AuditEventId::first_at);
        let before = [end, after].into_iter().flatten().min();
        Ok(Self {
            from: from.map(|from| AuditEventId::first_at(from).to_string()),
            before: before.map_or_else(|| AFTER_ALL.to_owned(), |id| id.to_string()),
            actor: given(filter.actor.as_deref()).map(|actor| match actor {
                "person" => Actor::Kind("person"),
                "system" => Actor::Kind("system"),
                id => Actor::Id(id.to_owned()),
            }),
            target: given(filter.target.as_deref()).map(ToOwned::to_owned),
            actions: given(filter.action.as_deref()).map(codes),
        })
    }
}

/// The codes that are this one, or that begin with it.
fn codes(asked: &str) -> Vec<String> {
    let codes = Action::ALL.iter().map(|action| action.code());
    codes
        .filter(|code| code.starts_with(asked))
        .map(ToOwned::to_owned)
        .collect()
}
