//! One search box: what a text is taken for, and what there is.
//!
//! **Invariant**: what was typed is never in an event: it can be an address, or a secret.

use db::Conn;
use types::{
    Permission,
    support::{Found, SearchResult, Subject, Understood},
};

use super::{store::find, subject, words};
use crate::{
    Ctx, Error, Result, api_keys,
    audit::{Action, Event},
    identity,
    search::AFTER_ALL,
};

/// At most so many are shown.
const SHOWN: usize = 20;
/// Names that are compared in one step.
const STEP: i64 = 1000;
/// Characters of a key's beginning, such as `lw_test_4fQk`.
const PREFIX: usize = 12;

/// A text as it was understood.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// An id of a kind that the desk knows.
    Id(Understood, Subject),
    /// The beginning of a key, of which perhaps all was given.
    Key(Understood, String),
    /// An address.
    Email(String),
    /// A name, or a part of one.
    Name(String),
}

impl Asked {
    /// # Errors
    /// `Invalid` for a text that is nothing, or not the whole of what it begins like.
    fn read(text: &str) -> Result<Self> {
        let text = text.trim();
        if let Ok(subject) = text.parse() {
            return Ok(Self::Id(understood(subject), subject));
        }
        if text.starts_with("lw_live_") || text.starts_with("lw_test_") {
            let prefix: String = text.chars().take(PREFIX).collect();
            return match api_keys::parse(text) {
                Ok(_) => Ok(Self::Key(Understood::WholeKey, prefix)),
                Err(_) if text.chars().count() == PREFIX => Ok(Self::Key(Understood::KeyPrefix, prefix)),
                Err(_) => Err(Error::invalid(
                    "q",
                    "This begins like an API key. Give its first 12 characters, such as lw_test_4fQk, as the list of keys shows them.",
                )),
            };
        }
        let kind = text
            .split_once('_')
            .map(|(prefix, rest)| (prefix, rest.chars().count()));
        if let Some(("req" | "ver" | "key" | "usr" | "org", 20..)) = kind {
            return Err(Error::invalid(
                "q",
                "This begins like an id and is none: a letter is wrong or missing. Copy it whole.",
            ));
        }
        match text.chars().count() {
            0 => Err(Error::invalid("q", "Write what you look for.")),
            255.. => Err(Error::invalid("q", "Write at most 254 characters.")),
            _ if text.contains('@') => Ok(Self::Email(text.to_lowercase())),
            1 => Err(Error::invalid("q", "Write at least two letters of a name.")),
            _ => Ok(Self::Name(text.to_owned())),
        }
    }

    const fn understood(&self) -> Understood {
        match self {
            Self::Id(understood, _) | Self::Key(understood, _) => *understood,
            Self::Email(_) => Understood::Email,
            Self::Name(_) => Understood::OrganisationName,
        }
    }
}

const fn understood(subject: Subject) -> Understood {
    match subject {
        Subject::Person(_) => Understood::PersonId,
        Subject::Organisation(_) => Understood::OrganisationId,
        Subject::Verification(_) => Understood::VerificationId,
        Subject::ApiKey(_) => Understood::KeyId,
        Subject::Request(_) => Understood::RequestId,
    }
}

/// Looks for what the text stands for. That somebody looked, for what kind of thing, and whether
/// it was found is in the audit log; the text is not.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportDesk`]; `Invalid` for a text that is nothing.
pub async fn search(ctx: &Ctx, text: &str) -> Result<SearchResult> {
    ctx.require(Permission::SupportDesk).await?;
    let asked = Asked::read(text)?;
    let mut read = ctx.read().await?;
    let (found, more) = find(&mut read, &asked).await?;
    drop(read);
    let understood = asked.understood();
    let event = Event::new(Action::SupportLookedUp)
        .as_staff()
        .in_installation()
        .detail("kind", understood)
        .detail("found", found.len());
    let event = match found.as_slice() {
        [] => event.failed(),
        some => some.iter().fold(event, |event, one| event.target(one.subject)),
    };
    ctx.record(event).await?;
    Ok(SearchResult {
        understood,
        found,
        more,
    })
}

async fn find(read: &mut Conn, asked: &Asked) -> Result<(Vec<Found>, bool)> {
    let found = match asked {
        Asked::Id(_, id) => subject::find(read, *id).await?.into_iter().collect(),
        Asked::Email(email) => match identity::user_by_email(read, email).await? {
            Some(row) => vec![Found {
                subject: Subject::Person(row.id.parse()?),
                name: row.name,
                about: words::noun(types::support::SubjectKind::Person).to_owned(),
            }],
            None => Vec::new(),
        },
        Asked::Key(_, prefix) => {
            let limit = i64::try_from(SHOWN).unwrap_or_default().saturating_add(1);
            let keys = find::keys(read, prefix, limit).await?;
            keys.iter().map(subject::found_key).collect::<Result<_>>()?
        }
        Asked::Name(name) => named(read, name).await?,
    };
    let more = found.len() > SHOWN;
    Ok((found.into_iter().take(SHOWN).collect(), more))
}

/// Organisations with this in their name, newest first: upper and lower case are one.
async fn named(read: &mut Conn, name: &str) -> Result<Vec<Found>> {
    let wanted = name.to_lowercase();
    let mut found = Vec::new();
    let mut before = AFTER_ALL.to_owned();
    loop {
        let rows = find::organisations(read, &before, STEP).await?;
        let Some(last) = rows.last() else {
            return Ok(found);
        };
        before.clone_from(&last.id);
        for row in &rows {
            if row.name.to_lowercase().contains(&wanted) {
                found.push(Found {
                    subject: Subject::Organisation(row.id.parse()?),
                    name: row.name.clone(),
                    about: "organisation".to_owned(),
                });
            }
        }
        if found.len() > SHOWN {
            return Ok(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use types::{OrganisationId, RequestId};

    use super::*;

    #[test]
    fn a_text_is_taken_for_what_it_looks_like() {
        let request = RequestId::from_u128(7);
        let organisation = OrganisationId::from_u128(7);
        for (text, expected) in [
            (
                format!(" {request} "),
                Asked::Id(Understood::RequestId, Subject::Request(request)),
            ),
            (
                organisation.to_string(),
                Asked::Id(Understood::OrganisationId, Subject::Organisation(organisation)),
            ),
            (
                "lw_test_4fQk".to_owned(),
                Asked::Key(Understood::KeyPrefix, "lw_test_4fQk".to_owned()),
            ),
            (
                "Ada@Example.com".to_owned(),
                Asked::Email("ada@example.com".to_owned()),
            ),
            ("Analytical".to_owned(), Asked::Name("Analytical".to_owned())),
            (
                "key_account services".to_owned(),
                Asked::Name("key_account services".to_owned()),
            ),
        ] {
            assert_eq!(Asked::read(&text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_whole_is_said_to_be_so() {
        for text in ["", "  ", "x", "lw_test_4f", "lw_live_4fQkx", &"a".repeat(255)] {
            assert!(matches!(Asked::read(text), Err(Error::Invalid { .. })), "{text}");
        }
        let id = RequestId::from_u128(7).to_string();
        let cut = id.get(..id.len() - 1).unwrap();
        assert!(matches!(Asked::read(cut), Err(Error::Invalid { .. })));
    }
}
