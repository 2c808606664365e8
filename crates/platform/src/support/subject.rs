//! What the desk knows of a subject, beside what happened to it.

use db::Conn;
use types::{
    OrganisationId, Permission, Timestamp, UserId, VerificationId,
    support::{Fact, Found, Source, Subject, SubjectHead, SubjectPage},
};

use super::{
    access::consent_row,
    me, note,
    store::{consents, find},
    timeline, words,
};
use crate::{
    Ctx, Error, Result, access,
    audit::{self, Action, Concerned, Event},
    identity,
    keyring::INSTALLATION,
    recovery,
    search::AFTER_ALL,
    staff,
};

/// Members of an organisation that are named.
const MEMBERS: i64 = 100;

/// The page of a subject: facts, notes, and what happened. That it was read is audited.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportDesk`]; `NotFound`; `Invalid` for a place that cannot
/// be read.
pub async fn subject(
    ctx: &Ctx,
    subject: Subject,
    source: Option<Source>,
    after: Option<&str>,
) -> Result<SubjectPage> {
    let after = after.map(str::trim).filter(|after| !after.is_empty());
    let head = facts(ctx, subject).await?;
    let mut read = ctx.read().await?;
    let sources = timeline::sources(subject).to_vec();
    let timeline = timeline::page(&mut read, subject, source, after).await?;
    let notes = note::of_subject(ctx, &mut read, subject).await?;
    drop(read);
    let sources_read = source.map_or("every source", Source::title);
    let shown = format!(
        "{sources_read}, {} items, {} notes",
        timeline.rows.len(),
        notes.len()
    );
    told(ctx, subject, &shown).await?;
    Ok(SubjectPage {
        head,
        notes,
        sources,
        timeline,
    })
}

/// The head of a subject, for the pages on which something is done about it. That it was read is
/// audited.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportDesk`]; `NotFound`.
pub async fn head(ctx: &Ctx, subject: Subject) -> Result<SubjectHead> {
    let head = facts(ctx, subject).await?;
    told(ctx, subject, "facts").await?;
    Ok(head)
}

async fn told(ctx: &Ctx, subject: Subject, shown: &str) -> Result<()> {
    let event = Event::new(Action::SupportSubjectRead)
        .as_staff()
        .in_installation()
        .target(subject)
        .detail("kind", words::noun_of(subject))
        .detail("shown", shown);
    ctx.record(event).await
}

async fn facts(ctx: &Ctx, subject: Subject) -> Result<SubjectHead> {
    ctx.require(Permission::SupportDesk).await?;
    let mut read = ctx.read().await?;
    let found = find(&mut read, subject).await?.ok_or(missing(subject))?;
    let mut head = SubjectHead {
        subject,
        name: found.name,
        facts: Vec::new(),
        related: Vec::new(),
        recovery: None,
        consent: None,
        colleagues: colleagues(ctx, &mut read).await?,
    };
    match subject {
        Subject::Person(id) => person(ctx, &mut read, id, &mut head).await?,
        Subject::Organisation(id) => organisation(ctx, &mut read, id, &mut head).await?,
        Subject::Verification(id) => verification(&mut read, id, &mut head).await?,
        Subject::ApiKey(id) => key(&mut read, &id.to_string(), &mut head).await?,
        Subject::Request(id) => request(&mut read, &id.to_string(), &mut head).await?,
    }
    Ok(head)
}

const fn missing(subject: Subject) -> Error {
    Error::NotFound(match subject {
        Subject::Person(_) => "The account",
        Subject::Organisation(_) => "The organisation",
        Subject::Verification(_) => "The verification",
        Subject::ApiKey(_) => "The API key",
        Subject::Request(_) => "A trace of the request, in the audit log or in the last 7 days of calls,",
    })
}

fn text(name: &str, value: impl Into<String>) -> (String, Fact) {
    (name.to_owned(), Fact::Text(value.into()))
}

fn moment(name: &str, millis: Option<i64>, none: &str) -> (String, Fact) {
    let at = millis.map(|at| Fact::Moment(Timestamp::from_millis(at)));
    (name.to_owned(), at.unwrap_or_else(|| Fact::Text(none.to_owned())))
}

/// Others who work at the desk and can sign in.
async fn colleagues(ctx: &Ctx, read: &mut Conn) -> Result<Vec<(UserId, String)>> {
    let me = me(ctx)?.to_string();
    let mut found = Vec::new();
    for record in staff::all(read).await? {
        let at_desk = record.role()?.permissions().contains(&Permission::SupportDesk);
        if record.id != me && record.has_passkey && at_desk {
            found.push((record.id.parse()?, record.name));
        }
    }
    Ok(found)
}

/// The subject's name and a line about it, if it is there.
pub(super) async fn find(read: &mut Conn, subject: Subject) -> Result<Option<Found>> {
    let id = subject.to_string();
    let about = words::noun_of(subject).to_owned();
    Ok(match subject {
        Subject::Person(_) => identity::user(read, &id).await?.map(|row| Found {
            subject,
            name: row.name,
            about,
        }),
        Subject::Organisation(_) => access::organisation(read, &id).await?.map(|row| Found {
            subject,
            name: row.name,
            about,
        }),
        Subject::Verification(_) => find::verification(read, &id).await?.map(|row| Found {
            subject,
            name: format!("Verification of {}", row.organisation),
            about: format!("{} verification, {}", row.environment, row.status),
        }),
        Subject::ApiKey(_) => {
            let row = find::key(read, &id).await?;
            row.as_ref().map(found_key).transpose()?
        }
        Subject::Request(_) => {
            let events = audit::told(read, Concerned::Request(&id), AFTER_ALL, 1).await?;
            let about = match events.into_iter().next() {
                Some(event) => Some(event.sentence),
                // A call that only read, or was refused, left no event.
                None => find::request(read, &id).await?.as_ref().map(words::request),
            };
            about.map(|about| Found {
                subject,
                name: "Request".to_owned(),
                about,
            })
        }
    })
}

/// A key, as it is told from others.
pub(super) fn found_key(row: &find::KeyRecord) -> Result<Found> {
    let state = if row.revoked_at.is_some() {
        "revoked"
    } else {
        "works"
    };
    Ok(Found {
        subject: Subject::ApiKey(row.id.parse()?),
        name: format!("{} of {}", row.name, row.organisation),
        about: format!(
            "{} key {}…{}, {state}",
            row.environment, row.prefix, row.last_four
        ),
    })
}

/// Whose key seals what is written about the subject: it goes with them.
pub(super) async fn owner(read: &mut Conn, subject: Subject) -> Result<String> {
    let id = subject.to_string();
    Ok(match subject {
        Subject::Person(_) | Subject::Organisation(_) => id,
        Subject::Verification(_) => {
            let row = find::verification(read, &id).await?;
            row.ok_or(missing(subject))?.organisation_id
        }
        Subject::ApiKey(_) => {
            find::key(read, &id)
                .await?
                .ok_or(missing(subject))?
                .organisation_id
        }
        Subject::Request(_) => {
            let events = audit::told(read, Concerned::Request(&id), AFTER_ALL, 1).await?;
            if let Some(event) = events.into_iter().next() {
                let organisation = event.organisation.map(|id| id.to_string());
                return Ok(organisation.unwrap_or_else(|| INSTALLATION.to_owned()));
            }
            let line = find::request(read, &id).await?;
            line.ok_or(missing(subject))?.organisation_id
        }
    })
}

async fn person(ctx: &Ctx, read: &mut Conn, id: UserId, head: &mut SubjectHead) -> Result<()> {
    let user = id.to_string();
    let row = identity::user(read, &user).await?.ok_or(missing(head.subject))?;
    let (passkey, app) = identity::means(read, &user).await?;
    let role = row
        .staff_role
        .as_deref()
        .map(str::parse::<types::StaffRole>)
        .transpose()?;
    let ways = match (passkey, app) {
        (true, true) => "A passkey, and an authenticator app",
        (true, false) => "A passkey",
        (false, true) => "An authenticator app",
        (false, false) => "None yet",
    };
    head.facts = vec![
        text("E-mail", row.email),
        text("Ways to sign in", ways),
        text("Staff", role.map_or("No", types::StaffRole::title)),
    ];
    for choice in access::organisations_of(read, &user).await? {
        let role = choice.role.parse::<types::Role>()?.title();
        head.related.push(Found {
            subject: Subject::Organisation(choice.id.parse()?),
            name: choice.name,
            about: format!("as {}", choice.custom.as_deref().unwrap_or(role)),
        });
    }
    head.recovery = recovery::state_of(ctx, read, id).await?;
    Ok(())
}

async fn organisation(ctx: &Ctx, read: &mut Conn, id: OrganisationId, head: &mut SubjectHead) -> Result<()> {
    let tenant = id.to_string();
    let row = access::organisation(read, &tenant)
        .await?
        .ok_or(missing(head.subject))?;
    head.facts = vec![
        moment("Made", Some(row.created_at), ""),
        text("Time zone", row.time_zone),
    ];
    for member in find::members(read, &tenant, MEMBERS).await? {
        let role = member.role.parse::<types::Role>()?.title();
        head.related.push(Found {
            subject: Subject::Person(member.id.parse()?),
            name: member.name,
            about: format!("as {}", member.custom.as_deref().unwrap_or(role)),
        });
    }
    for record in consents::open(read, &tenant).await? {
        let row = consent_row(ctx, read, record).await?;
        if row.state != types::support::ConsentState::Ended {
            head.consent = Some(row);
        }
    }
    Ok(())
}

async fn verification(read: &mut Conn, id: VerificationId, head: &mut SubjectHead) -> Result<()> {
    let row = find::verification(read, &id.to_string()).await?;
    let row = row.ok_or(missing(head.subject))?;
    head.facts = vec![
        text("Environment", row.environment),
        text("Status", row.status),
        text("Tries", row.attempts.to_string()),
        moment("Started", Some(row.created_at), ""),
        moment("Ended", row.completed_at, "Not yet"),
    ];
    head.related = vec![
        Found {
            subject: Subject::Organisation(row.organisation_id.parse()?),
            name: row.organisation,
            about: "whose it is".to_owned(),
        },
        Found {
            subject: Subject::ApiKey(row.api_key_id.parse()?),
            name: row.key_name,
            about: "the API key that started it".to_owned(),
        },
    ];
    Ok(())
}

async fn key(read: &mut Conn, id: &str, head: &mut SubjectHead) -> Result<()> {
    let row = find::key(read, id).await?.ok_or(missing(head.subject))?;
    head.facts = vec![
        text("Environment", row.environment),
        text("Key", format!("{}…{}", row.prefix, row.last_four)),
        moment("Made", Some(row.created_at), ""),
        moment("Last used", row.last_used_at, "Never"),
        moment("Revoked", row.revoked_at, "No"),
    ];
    head.related = vec![
        Found {
            subject: Subject::Organisation(row.organisation_id.parse()?),
            name: row.organisation,
            about: "whose it is".to_owned(),
        },
        Found {
            subject: Subject::Person(row.created_by.parse()?),
            name: row.maker,
            about: "who made it".to_owned(),
        },
    ];
    Ok(())
}

async fn request(read: &mut Conn, id: &str, head: &mut SubjectHead) -> Result<()> {
    let events = audit::told(read, Concerned::Request(id), AFTER_ALL, 100).await?;
    let first = events.last().map(|event| event.at.as_millis());
    head.facts = vec![
        text("Audit events", events.len().to_string()),
        moment("First event", first, "None"),
    ];
    if let Some(line) = find::request(read, id).await? {
        head.facts.push(text("Call", words::request(&line)));
        head.facts.push(moment("Answered", Some(line.occurred_at), ""));
        head.related = vec![
            Found {
                subject: Subject::Organisation(line.organisation_id.parse()?),
                name: line.organisation,
                about: "whose key called".to_owned(),
            },
            Found {
                subject: Subject::ApiKey(line.api_key_id.parse()?),
                name: "API key".to_owned(),
                about: "which called".to_owned(),
            },
        ];
    }
    for event in events {
        let Some(organisation) = event.organisation else {
            continue;
        };
        let subject = Subject::Organisation(organisation);
        if head.related.iter().any(|known| known.subject == subject) {
            continue;
        }
        let row = access::organisation(read, &organisation.to_string()).await?;
        head.related.push(Found {
            subject,
            name: row.map_or_else(|| "An organisation that is gone".to_owned(), |row| row.name),
            about: "in whose log it stands".to_owned(),
        });
    }
    Ok(())
}
