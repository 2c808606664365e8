//! What a key is made with, checked; and what a key may give to another.

use std::collections::BTreeSet;

use db::Conn;
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use types::{
    Environment, Timestamp, UserId,
    keys::{KeyTerms, Scopes},
};

use super::{networks::Networks, store};
use crate::{
    Actor, Ctx, Error, Result,
    access::{self, check_name},
    calendar,
    limits::named,
    search::Problems,
};

/// Characters of a note.
const NOTE: usize = 500;
/// Calls in a minute that a limit allows at most.
const FASTEST: u32 = 100_000;
const DAY: i64 = 86_400;
/// Days to a rotation at most.
const LATEST_ROTATION: u32 = 3_650;
/// How long two generations work side by side at most, in days.
const LONGEST_OVERLAP: i64 = 90;

/// Terms that hold.
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) scopes: Scopes,
    pub(super) networks: Networks,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) note: String,
    pub(super) owner: UserId,
    pub(super) calls_per_minute: Option<u32>,
    pub(super) rotate_days: Option<u32>,
    /// Names, in order.
    pub(super) limits: Vec<String>,
}

impl Checked {
    /// When a key that was made at this moment is to be rotated.
    pub(super) fn rotates_at(&self, made: Timestamp) -> Option<Timestamp> {
        self.rotate_days
            .map(|days| made.plus_seconds(i64::from(days) * DAY))
    }
}

/// Checks terms. `owner` is who answers for the key if they name nobody.
///
/// # Errors
/// `Invalid`, with every field that cannot be taken.
pub(super) async fn checked(ctx: &Ctx, conn: &mut Conn, terms: &KeyTerms, owner: UserId) -> Result<Checked> {
    let mut problems = Problems::default();
    let name = terms.name.trim();
    if let Err(message) = check_name(name) {
        problems.add("name", &message);
    }
    let scopes: Scopes = terms.scopes.iter().copied().collect();
    if scopes == Scopes::default() {
        problems.add(
            "scopes",
            "Give it at least one scope: without any it opens nothing.",
        );
    }
    let networks = Networks::read(terms.allow_list.iter().map(String::as_str)).unwrap_or_else(|message| {
        problems.add("allow_list", &message);
        Networks::default()
    });
    if terms.expires_at.is_some_and(|at| at <= ctx.now()) {
        problems.add("expires_at", "This moment is over. Choose a later one.");
    }
    let note = terms.note.trim();
    if note.chars().count() > NOTE {
        problems.add("note", &format!("A note has at most {NOTE} characters."));
    }
    // PostgreSQL takes no NUL into a text, and nobody can see the others.
    if note.contains(|letter: char| letter.is_control() && !"\t\r\n".contains(letter)) {
        problems.add(
            "note",
            "A note has no control characters but line breaks and tabs.",
        );
    }
    if terms
        .calls_per_minute
        .is_some_and(|calls| !(1..=FASTEST).contains(&calls))
    {
        problems.add(
            "calls_per_minute",
            &format!("A limit is from 1 to {FASTEST} calls in a minute."),
        );
    }
    if terms
        .rotate_days
        .is_some_and(|days| !(1..=LATEST_ROTATION).contains(&days))
    {
        problems.add(
            "rotate_days",
            "Give whole days from 1 to 3,650, or leave it empty.",
        );
    }
    let owner = terms.owner.unwrap_or(owner);
    let tenant = ctx.tenant()?.to_string();
    let limits: Vec<String> = terms
        .limits
        .iter()
        .cloned()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    if !limits.is_empty() {
        let known = named::names(conn, &tenant).await?;
        if let Some(unknown) = limits.iter().find(|name| !known.contains(name)) {
            problems.add("limits", &format!("There is no limit named “{unknown}”."));
        }
    }
    if terms.owner.is_some() && access::member(conn, &tenant, &owner.to_string()).await?.is_none() {
        problems.add("owner", "Choose somebody who belongs to the organisation.");
    }
    problems.settle()?;
    Ok(Checked {
        name: name.to_owned(),
        scopes,
        networks,
        expires_at: terms.expires_at,
        note: note.to_owned(),
        owner,
        calls_per_minute: terms.calls_per_minute,
        rotate_days: terms.rotate_days,
        limits,
    })
}

/// Who makes a key.
pub(super) struct Maker {
    /// The person; for a key that makes keys, the person who answers for it.
    pub(super) user: UserId,
    /// What the key that makes keys has itself: it gives no more.
    bounds: Option<store::Bounds>,
}

impl Maker {
    pub(super) async fn of(ctx: &Ctx, conn: &mut Conn) -> Result<Self> {
        match ctx.actor() {
            Actor::User { id, .. } => Ok(Self {
                user: *id,
                bounds: None,
            }),
            Actor::ApiKey { id, organisation, .. } => {
                let bounds = store::bounds(conn, &organisation.to_string(), &id.to_string()).await?;
                let bounds = bounds.ok_or(Error::NotFound("The API key"))?;
                Ok(Self {
                    user: bounds.owner()?,
                    bounds: Some(bounds),
                })
            }
            _ => Err(Error::Unauthenticated("Sign in first.")),
        }
    }

    /// Holds a key that makes keys to what it has itself. A refusal changes nothing.
    ///
    /// # Errors
    /// `Invalid`, with the fields that go beyond it.
    pub(super) fn hold(&self, terms: &Checked) -> Result<()> {
        let Some(bounds) = &self.bounds else {
            return Ok(());
        };
        let mut problems = Problems::default();
        if !bounds.scopes()?.cover(terms.scopes) {
            problems.add("scopes", "A key gives no scope that it does not have itself.");
        }
        if !bounds.networks()?.cover(&terms.networks) {
            problems.add(
                "allow_list",
                "A key gives no network from which it may not be used itself.",
            );
        }
        let within = |most: i64, wanted: Option<i64>| wanted.is_some_and(|wanted| wanted <= most);
        let end = terms.expires_at.map(Timestamp::as_millis);
        if bounds.until().is_some_and(|most| !within(most, end)) {
            problems.add("expires_at", "A key gives no longer time than it has itself.");
        }
        let calls = terms.calls_per_minute.map(i64::from);
        if bounds.calls_per_minute.is_some_and(|most| !within(most, calls)) {
            problems.add(
                "calls_per_minute",
                "A key gives no higher limit than it has itself.",
            );
        }
        if !bounds
            .limits()
            .all(|name| terms.limits.iter().any(|given| given == name))
        {
            problems.add("limits", "A key gives every named limit on that it has itself.");
        }
        problems.settle()
    }
}

/// Holds a program to the environment of its own key: what is in the other one is not there for
/// it.
pub(super) fn sees(ctx: &Ctx, environment: Environment) -> bool {
    match ctx.actor() {
        Actor::ApiKey { environment: own, .. } => *own == environment,
        _ => true,
    }
}

/// When a key ends, as a form asks it: `never`, a number of days, or `date` with a day, to whose
/// end (UTC) it works.
///
/// # Errors
/// `Invalid` for `expires_at`.
pub fn expiry(choice: &str, day: &str, now: Timestamp) -> Result<Option<Timestamp>> {
    match choice {
        "" | "never" => Ok(None),
        "date" => end_of(day, "expires_at").map(Some),
        days => match days.parse::<i64>() {
            Ok(days @ 1..=3650) => Ok(Some(now.plus_seconds(days * DAY))),
            _ => Err(Error::invalid("expires_at", "Choose one of the list.")),
        },
    }
}

/// To when a key that was rotated works on, as a form asks it: `now`, hours such as `24h`, days
/// such as `7d`, or `date` with a day, to whose end (UTC) it works.
///
/// # Errors
/// `Invalid` for `overlap`.
pub fn overlap(choice: &str, day: &str, now: Timestamp) -> Result<Timestamp> {
    let seconds = match choice {
        "now" => 0,
        "1h" => 3600,
        "24h" => DAY,
        "7d" => 7 * DAY,
        "date" => return end_of(day, "overlap"),
        _ => return Err(Error::invalid("overlap", "Choose one of the list.")),
    };
    Ok(now.plus_seconds(seconds))
}

/// Holds an overlap to what is sensible.
pub(super) fn check_overlap(until: Timestamp, now: Timestamp) -> Result<()> {
    if until > now.plus_seconds(LONGEST_OVERLAP * DAY) {
        let message = format!("Two generations work side by side for {LONGEST_OVERLAP} days at most.");
        return Err(Error::invalid("overlap", message));
    }
    Ok(())
}

fn end_of(day: &str, field: &'static str) -> Result<Timestamp> {
    let day: Date = day
        .trim()
        .parse()
        .map_err(|_| Error::invalid(field, "Write the day as 2027-03-31."))?;
    let next = day
        .checked_add(1.days())
        .map_err(|_| Error::invalid(field, "This day is too far away."))?;
    calendar::start_of(next, &TimeZone::UTC)
}
