//! Legal holds: what they are on, placing and releasing them.

use db::Conn;
use jiff::tz::TimeZone;
use types::{
    AuditEventId, LegalHoldId, OrganisationId, StepUp, Timestamp, UserId,
    retention::{HoldDraft, HoldRow, LogScope},
};

use super::{
    policy::path,
    store::{self, HoldRecord},
    tell::tell,
};
use crate::{
    Actor, Ctx, Error, Result, access,
    audit::{Action, Event, HeldPerson, Managed, managed},
    calendar,
    mail::Message,
    search::Problems,
};

/// A reason has so many characters.
const REASON: std::ops::RangeInclusive<usize> = 10..=500;

/// What is held in one log at this moment.
#[derive(Default)]
pub(crate) struct Holds {
    /// Everything.
    pub(super) all: bool,
    /// What happened within these times, half-open.
    pub(super) ranges: Vec<(Timestamp, Timestamp)>,
    /// What concerns these people.
    pub(super) people: Vec<HeldPerson>,
}

impl Holds {
    /// The ranges as ids of events.
    pub(super) fn events(&self) -> Vec<(AuditEventId, AuditEventId)> {
        let id = |at: &Timestamp| AuditEventId::first_at(*at);
        self.ranges
            .iter()
            .map(|(from, before)| (id(from), id(before)))
            .collect()
    }

    /// The times at which what this person did is held.
    pub(crate) fn times_on(&self, user: &str) -> Vec<(i64, i64)> {
        let mut times = Vec::new();
        if self.all {
            times.push((i64::MIN, i64::MAX));
        }
        let range = |(from, before): &(Timestamp, Timestamp)| (from.as_millis(), before.as_millis());
        times.extend(self.ranges.iter().map(range));
        let own = self.people.iter().filter(|person| person.id == user);
        times.extend(own.map(|person| range(&person.times)));
        times
    }

    /// Whether something from before this moment is held, whomever it concerns.
    pub(super) fn touch(&self, before: Timestamp) -> bool {
        self.all || self.ranges.iter().any(|(from, _)| *from < before)
    }
}

/// The last moment that an id can carry (RFC 9562, section 5.7: 48 bits).
const LAST: Timestamp = Timestamp::from_millis((1 << 48) - 1);

/// What is held in this log.
///
/// # Errors
/// If the database fails.
pub(crate) async fn active(conn: &mut Conn, tenant: &str) -> Result<Holds> {
    let mut holds = Holds::default();
    for hold in store::active(conn, tenant).await? {
        let from = Timestamp::from_millis(hold.from_at.unwrap_or_default());
        let before = hold.before_at.map_or(LAST, Timestamp::from_millis);
        match hold.user_id {
            Some(id) => holds.people.push(HeldPerson {
                id,
                times: (from, before),
            }),
            None if hold.from_at.is_none() && hold.before_at.is_none() => holds.all = true,
            None => holds.ranges.push((from, before)),
        }
    }
    Ok(holds)
}

/// The holds that a page of this log shows: those on it, and for the operator all that the
/// operator placed.
pub(super) async fn shown(conn: &mut Conn, log: Managed) -> Result<Vec<HoldRow>> {
    let rows = match log.organisation {
        Some(organisation) => store::holds_on(conn, &organisation.to_string()).await?,
        None => store::holds_of(conn, "").await?,
    };
    rows.into_iter().map(|row| hold_row(log, row)).collect()
}

/// One hold, for the page that releases it.
///
/// # Errors
/// `Forbidden` as for [`place`]; `NotFound`.
pub async fn hold(ctx: &Ctx, scope: LogScope, id: LegalHoldId) -> Result<HoldRow> {
    let rows = holds_page(ctx, scope).await?;
    let found = rows.into_iter().find(|row| row.id == id && row.may_release);
    found.ok_or(Error::NotFound("The legal hold"))
}

/// The holds of a log.
///
/// # Errors
/// `Forbidden` as for [`place`].
pub async fn holds_page(ctx: &Ctx, scope: LogScope) -> Result<Vec<HoldRow>> {
    let log = managed(ctx, scope).await?;
    let mut read = ctx.read().await?;
    shown(&mut read, log).await
}

fn hold_row(log: Managed, row: HoldRecord) -> Result<HoldRow> {
    let name = |name: Option<String>| name.unwrap_or_else(|| "Somebody who has left".to_owned());
    let own = row.owner_id == log.tenant();
    let organisation = match row.organisation_id.as_str() {
        "" => None,
        id => Some((id.parse()?, row.organisation_name.unwrap_or_default())),
    };
    let person = match &row.user_id {
        None => None,
        Some(id) => Some((id.parse()?, row.user_name.clone().unwrap_or_default())),
    };
    let released = row.released_at.map(Timestamp::from_millis);
    let by_operator = row.owner_id.is_empty();
    Ok(HoldRow {
        id: row.id.parse()?,
        organisation,
        person,
        from: row.from_at.map(Timestamp::from_millis),
        before: row.before_at.map(Timestamp::from_millis),
        // An authority may have forbidden the operator to say why.
        reason: own.then_some(row.reason),
        placed_by: if own {
            name(row.placer_name)
        } else {
            "The operator of this installation".to_owned()
        },
        placed_at: Timestamp::from_millis(row.placed_at),
        released: released.map(|at| {
            let by = if own {
                name(row.releaser_name)
            } else {
                "The operator".to_owned()
            };
            (by, at)
        }),
        by_operator,
        may_release: own && row.released_at.is_none(),
    })
}

/// Places a hold: from this moment on nothing goes that it is on.
///
/// # Errors
/// `Forbidden` without [`types::Permission::AuditManage`], or `AuditManageAll` for the operator,
/// who can place it on any organisation; `Invalid`.
pub async fn place(ctx: &Ctx, scope: LogScope, draft: &HoldDraft) -> Result<LegalHoldId> {
    let owner = managed(ctx, scope).await?;
    let Actor::User { id: user, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let zone = match owner.organisation {
        Some(_) => access::time_zone(ctx).await?,
        None => TimeZone::UTC,
    };
    let hold = checked(ctx, owner, draft, &zone).await?;
    let id = LegalHoldId::new(ctx.clock(), ctx.rng());
    let record = HoldRecord {
        id: id.to_string(),
        owner_id: owner.tenant(),
        organisation_id: hold.log.tenant(),
        user_id: hold.person.map(|id| id.to_string()),
        from_at: hold.from.map(Timestamp::as_millis),
        before_at: hold.before.map(Timestamp::as_millis),
        reason: draft.reason.trim().to_owned(),
        placed_by: user.to_string(),
        placed_at: ctx.now().as_millis(),
        released_at: None,
        organisation_name: None,
        user_name: None,
        placer_name: None,
        releaser_name: None,
    };
    let mut tx = ctx.begin().await?;
    store::insert_hold(&mut tx, &record).await?;
    let (event, own) = told(Action::HoldPlaced, owner, hold.log, &record)?;
    ctx.commit_all(tx, event, own).await?;
    Ok(id)
}

/// Releases a hold of one's own: what it was on can go from now on. Everybody who may decide
/// about the log is told.
///
/// # Errors
/// As [`place`]; `StepUp`; `NotFound`, also for a hold that another owner placed.
pub async fn release(ctx: &Ctx, scope: LogScope, id: LegalHoldId, reason: &str) -> Result<()> {
    let owner = managed(ctx, scope).await?;
    ctx.require_fresh(StepUp::Audit).await?;
    let Actor::User { id: user, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let mut problems = Problems::default();
    check_reason(&mut problems, reason);
    problems.settle()?;
    let mut tx = ctx.begin().await?;
    let all = store::holds_of(&mut tx, &owner.tenant()).await?;
    let record = all.into_iter().find(|row| row.id == id.to_string());
    let record = record.ok_or(Error::NotFound("The legal hold"))?;
    let done = store::release(&mut tx, &owner.tenant(), &record.id, &user.to_string(), ctx.now()).await?;
    if !done {
        return Err(Error::Conflict("This hold was released already."));
    }
    let log = log_of(&record)?;
    let record = HoldRecord {
        reason: reason.trim().to_owned(),
        ..record
    };
    let message = Message::new(
        "legal_hold.released",
        format!("legal_hold.released:{id}"),
        "A legal hold on your audit log was released",
    )
    .text(format!("It was on {}.", what(&record)?))
    .text("From now on its events go when their time is over. If that is not right, place it again at once.")
    .link("Open retention", path(owner));
    tell(ctx, &mut tx, owner.organisation, &message).await?;
    let (event, own) = told(Action::HoldReleased, owner, log, &record)?;
    ctx.commit_all(tx, event, own).await
}

/// The event stands in the log that is held. Where the operator placed the hold, the reason is
/// told in the installation's own log alone: an authority may have forbidden to say it.
fn told(action: Action, owner: Managed, log: Managed, record: &HoldRecord) -> Result<(Event, Vec<Event>)> {
    let what = what(record)?;
    let of = |log: Managed| {
        let mut event = log.tell(Event::new(action)).target(&record.id);
        if let Some(user) = &record.user_id {
            event = event.target(user);
        }
        event.detail("what", &what)
    };
    if owner == log {
        return Ok((of(log).detail("reason", &record.reason), Vec::new()));
    }
    let own = of(owner)
        .target(&record.organisation_id)
        .detail("reason", &record.reason);
    Ok((of(log).as_staff(), vec![own]))
}

fn log_of(record: &HoldRecord) -> Result<Managed> {
    Ok(Managed {
        organisation: match record.organisation_id.as_str() {
            "" => None,
            id => Some(id.parse()?),
        },
    })
}

/// What a hold is on, within a sentence.
fn what(record: &HoldRecord) -> Result<String> {
    let whom = record
        .user_id
        .as_ref()
        .map_or_else(|| "everything".to_owned(), |user| format!("what concerns {user}"));
    let moment = |at: i64| calendar::to_the_minute(Timestamp::from_millis(at));
    let from = record.from_at.map(moment).transpose()?;
    let before = record.before_at.map(moment).transpose()?;
    Ok(match (from, before) {
        (None, None) => whom,
        (Some(from), None) => format!("{whom} from {from} on"),
        (None, Some(before)) => format!("{whom} before {before}"),
        (Some(from), Some(before)) => format!("{whom} from {from} until {before}"),
    })
}

struct Checked {
    log: Managed,
    person: Option<UserId>,
    from: Option<Timestamp>,
    before: Option<Timestamp>,
}

fn check_reason(problems: &mut Problems, reason: &str) {
    if !REASON.contains(&reason.trim().chars().count()) {
        let text = format!("Say why in {} to {} characters.", REASON.start(), REASON.end());
        problems.add("reason", &text);
    }
}

async fn checked(ctx: &Ctx, owner: Managed, draft: &HoldDraft, zone: &TimeZone) -> Result<Checked> {
    let mut problems = Problems::default();
    let days = problems.days(Some(&draft.from), Some(&draft.to));
    check_reason(&mut problems, &draft.reason);
    let person = draft.person.trim();
    let person = if person.is_empty() {
        None
    } else {
        let id = person.parse::<UserId>().ok();
        if id.is_none() {
            problems.add(
                "person",
                "Give the id of an account, usr_ and what follows, or leave it empty.",
            );
        }
        id
    };
    let mut log = owner;
    let organisation = draft.organisation.trim();
    if owner.organisation.is_none() && !organisation.is_empty() {
        let mut read = ctx.read().await?;
        let known = store::organisation_name(&mut read, organisation).await?;
        match organisation.parse::<OrganisationId>() {
            Ok(id) if known.is_some() => log.organisation = Some(id),
            _ => problems.add(
                "organisation",
                "No organisation has this id. Copy it from Organisations.",
            ),
        }
    }
    problems.settle()?;
    let (from, before) = days.bounds(zone)?;
    Ok(Checked {
        log,
        person,
        from,
        before,
    })
}
