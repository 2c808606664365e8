//! What happened to a subject, joined from every source that knows of it.
//!
//! An id carries its time in its first digits, behind the prefix of its kind, so the digits alone
//! put the rows of all sources into one order: a place in a timeline is the digits of its last
//! row, and each source is asked for ids before them.

use db::Conn;
use types::{
    AuditEventId, Timestamp,
    console::Page,
    support::{Source, Subject, TimelineItem},
};

use super::{
    store::{find, sources},
    words,
};
use crate::{
    Error, Result, access,
    audit::{self, Concerned, Told},
    search::AFTER_ALL,
};

/// Rows a page.
const PAGE: usize = 50;

/// The sources that know of this kind of subject.
pub(super) const fn sources(subject: Subject) -> &'static [Source] {
    match subject {
        Subject::Person(_) => &[Source::Audit, Source::Mails, Source::Signals, Source::Sessions],
        Subject::Organisation(_) => &[Source::Audit, Source::Verifications, Source::Mails],
        Subject::ApiKey(_) => &[Source::Audit, Source::Verifications],
        Subject::Verification(_) | Subject::Request(_) => &[Source::Audit],
    }
}

/// A row, and the digits of its id.
struct Row {
    digits: String,
    item: TimelineItem,
}

/// The digits of an id.
fn digits(id: &str) -> String {
    id.split_once('_').map_or(id, |(_, digits)| digits).to_owned()
}

/// The rows of the present page are before these digits.
struct Place(String);

impl Place {
    fn read(after: Option<&str>) -> Result<Self> {
        let Some(after) = after else {
            return Ok(Self(AFTER_ALL.to_owned()));
        };
        match format!("evt_{after}").parse::<AuditEventId>() {
            Ok(_) => Ok(Self(after.to_owned())),
            Err(_) => Err(Error::invalid(
                "after",
                "This page link is not complete. Go back to the first page.",
            )),
        }
    }

    /// The same place among the ids of a kind.
    fn of(&self, prefix: &str) -> String {
        format!("{prefix}_{}", self.0)
    }
}

/// A page of the timeline, newest first; `source` leaves out the others.
///
/// # Errors
/// `Invalid` for a place that cannot be read, or a source that knows nothing of such a subject.
pub(super) async fn page(
    read: &mut Conn,
    subject: Subject,
    source: Option<Source>,
    after: Option<&str>,
) -> Result<Page<TimelineItem>> {
    let place = Place::read(after)?;
    let known = sources(subject);
    if source.is_some_and(|source| !known.contains(&source)) {
        return Err(Error::invalid(
            "source",
            "This source knows nothing of such a subject. Choose another one.",
        ));
    }
    let limit = i64::try_from(PAGE).unwrap_or_default().saturating_add(1);
    let mut rows = Vec::new();
    for one in known {
        if source.is_none_or(|source| source == *one) {
            rows.extend(rows_of(read, subject, *one, &place, limit).await?);
        }
    }
    rows.sort_by(|a, b| b.digits.cmp(&a.digits));
    rows.dedup_by(|a, b| a.digits == b.digits && a.item.source == b.item.source);
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.digits.clone());
    Ok(Page {
        rows: rows.into_iter().map(|row| row.item).collect(),
        next,
    })
}

async fn rows_of(
    read: &mut Conn,
    subject: Subject,
    source: Source,
    place: &Place,
    limit: i64,
) -> Result<Vec<Row>> {
    match source {
        Source::Audit => events(read, subject, place, limit).await,
        Source::Verifications => verifications(read, subject, place, limit).await,
        Source::Mails => mails(read, subject, place, limit).await,
        Source::Signals => signals(read, subject, place, limit).await,
        Source::Sessions => sessions(read, subject, place, limit).await,
    }
}

async fn events(read: &mut Conn, subject: Subject, place: &Place, limit: i64) -> Result<Vec<Row>> {
    let id = subject.to_string();
    let before = place.of(AuditEventId::PREFIX);
    let mut found = Vec::new();
    match subject {
        Subject::Organisation(_) => {
            found.extend(audit::told(read, Concerned::Tenant(&id), &before, limit).await?);
        }
        Subject::Request(_) => {
            found.extend(audit::told(read, Concerned::Request(&id), &before, limit).await?);
        }
        Subject::Person(_) => {
            found.extend(audit::told(read, Concerned::Target(&id), &before, limit).await?);
            let own = access::organisations_of(read, &id).await?;
            let tenants = own.iter().map(|choice| choice.id.as_str());
            for tenant in tenants.chain([""]) {
                found.extend(audit::told(read, Concerned::ActorIn(tenant, &id), &before, limit).await?);
            }
        }
        Subject::Verification(_) => {
            let tenant = find::verification(read, &id)
                .await?
                .map(|row| row.organisation_id);
            let tenant = tenant.unwrap_or_default();
            found.extend(audit::told(read, Concerned::TargetIn(&tenant, &id), &before, limit).await?);
        }
        Subject::ApiKey(_) => {
            let tenant = find::key(read, &id).await?.map(|row| row.organisation_id);
            let tenant = tenant.unwrap_or_default();
            found.extend(audit::told(read, Concerned::TargetIn(&tenant, &id), &before, limit).await?);
            found.extend(audit::told(read, Concerned::ActorIn(&tenant, &id), &before, limit).await?);
        }
    }
    Ok(found.into_iter().map(|told| event(subject, told)).collect())
}

/// An event, with the other subjects that it names.
fn event(subject: Subject, told: Told) -> Row {
    let named = told.names.iter().filter_map(|id| id.parse().ok());
    let organisation = told.organisation.map(Subject::Organisation);
    let mut related: Vec<Subject> = Vec::new();
    for other in named.chain(organisation) {
        if other != subject && !related.contains(&other) {
            related.push(other);
        }
    }
    Row {
        digits: digits(&told.id.to_string()),
        item: TimelineItem {
            at: told.at,
            source: Source::Audit,
            sentence: told.sentence,
            code: told.action,
            result: Some(told.result),
            related,
        },
    }
}

/// A row of another source.
fn row(source: Source, id: &str, at: i64, sentence: String, code: String, related: Vec<Subject>) -> Row {
    Row {
        digits: digits(id),
        item: TimelineItem {
            at: Timestamp::from_millis(at),
            source,
            sentence,
            code,
            result: None,
            related,
        },
    }
}

async fn verifications(read: &mut Conn, subject: Subject, place: &Place, limit: i64) -> Result<Vec<Row>> {
    let id = subject.to_string();
    let before = place.of("ver");
    let records = match subject {
        Subject::Organisation(_) => sources::verifications(read, &id, None, &before, limit).await?,
        Subject::ApiKey(_) => match find::key(read, &id).await? {
            Some(key) => {
                let tenant = key.organisation_id;
                sources::verifications(read, &tenant, Some(&id), &before, limit).await?
            }
            None => Vec::new(),
        },
        _ => Vec::new(),
    };
    let rows = records.into_iter().map(|record| {
        let sentence = words::verification(record.environment.parse()?, record.status.parse()?);
        let related = vec![Subject::Verification(record.id.parse()?)];
        Ok(row(
            Source::Verifications,
            &record.id,
            record.created_at,
            sentence,
            record.status,
            related,
        ))
    });
    rows.collect()
}

async fn mails(read: &mut Conn, subject: Subject, place: &Place, limit: i64) -> Result<Vec<Row>> {
    let (id, before) = (subject.to_string(), place.of("mai"));
    let records = match subject {
        Subject::Organisation(_) => sources::mails_to_members(read, &id, &before, limit).await?,
        _ => sources::mails(read, &id, &before, limit).await?,
    };
    let rows = records.into_iter().map(|record| {
        let sentence = words::mail(&record.kind, &record.state);
        let (id, at) = (record.id, record.created_at);
        row(Source::Mails, &id, at, sentence, record.kind, Vec::new())
    });
    Ok(rows.collect())
}

async fn signals(read: &mut Conn, subject: Subject, place: &Place, limit: i64) -> Result<Vec<Row>> {
    let records = sources::signals(read, &subject.to_string(), &place.of("rpt"), limit).await?;
    let rows = records.into_iter().map(|record| {
        let sentence = words::signal(record.kind.parse()?, &record.state);
        let (id, at) = (record.id, record.created_at);
        Ok(row(Source::Signals, &id, at, sentence, record.kind, Vec::new()))
    });
    rows.collect()
}

async fn sessions(read: &mut Conn, subject: Subject, place: &Place, limit: i64) -> Result<Vec<Row>> {
    let records = sources::sessions(read, &subject.to_string(), &place.of("ses"), limit).await?;
    let rows = records.into_iter().map(|record| {
        let sentence = format!("A session began ({}).", record.method.replace('_', " "));
        let related = vec![Subject::Organisation(record.organisation_id.parse()?)];
        let (id, at) = (record.id, record.created_at);
        Ok(row(Source::Sessions, &id, at, sentence, record.method, related))
    });
    rows.collect()
}
