//! From what a page asks for to what an event must be.

use jiff::{
    civil::{Date, DateTime},
    tz::TimeZone,
};
use types::{
    AuditEventId, Timestamp,
    console::{AuditFilter, AuditResult},
};

use super::{Facts, terms::whole_words};
use crate::{
    Error, Result,
    audit::Action,
    calendar,
    search::{AFTER_ALL, Problems, given},
};

/// Kinds of actors.
pub(in crate::audit) const KINDS: [&str; 6] = ["user", "staff", "api_key", "person", "system", "anonymous"];
/// Characters of one value, words of one search.
const LONGEST: usize = 600;
const WORDS: usize = 8;
/// Words that tell nothing.
const SILENT: [&str; 18] = [
    "an", "and", "as", "at", "by", "for", "from", "has", "in", "is", "it", "of", "on", "or", "the", "to",
    "was", "with",
];

/// A word that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) word: String,
    /// The codes in whose sentence, or in which, it stands.
    pub(super) codes: Vec<&'static str>,
}

/// What an event must be. `None` and empty: anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::audit) struct Wanted {
    /// Ids are half-open; an event's id carries its time, so times are ids.
    pub(in crate::audit) from: Option<String>,
    pub(in crate::audit) before: String,
    /// Any of these codes.
    pub(super) actions: Option<Vec<&'static str>>,
    pub(super) actor: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) behalf: Option<String>,
    pub(super) target: Option<String>,
    pub(super) result: Option<String>,
    pub(super) reason: Vec<String>,
    pub(super) request: Option<String>,
    pub(super) session: Option<String>,
    pub(super) authentication: Option<String>,
    pub(super) region: Option<String>,
    pub(super) words: Vec<Word>,
    /// Ids that were typed among the words.
    pub(super) ids: Vec<String>,
    /// Personal fields: name and whole value. What is looked for here is found through the
    /// blind index; [`Wanted::holds`] passes over it.
    pub(in crate::audit) personal: Vec<(&'static str, String)>,
}

impl Wanted {
    /// # Errors
    /// `Invalid`, a field each, for what cannot be read: a filter that is passed over would find
    /// more than was asked for.
    pub(in crate::audit) fn of(filter: &AuditFilter, zone: &TimeZone) -> Result<Self> {
        let mut problems = Problems::default();
        for (name, value) in filter.set() {
            if value.chars().count() > LONGEST {
                problems.add(name, "This is too long. Give at most 600 characters.");
            }
        }
        let (from, end) = times(filter, zone, &mut problems)?;
        let after = problems.place::<AuditEventId>(filter.after.as_deref());
        let text = |part: &Option<String>| given(part.as_deref()).map(ToOwned::to_owned);
        let (mut actor, mut kind) = (text(&filter.actor), text(&filter.kind));
        if let Some(named) = actor.clone().filter(|actor| KINDS.contains(&actor.as_str())) {
            (actor, kind) = (None, Some(named));
        }
        if kind.as_deref().is_some_and(|kind| !KINDS.contains(&kind)) {
            problems.add(
                "kind",
                "Choose one of the kinds: user, staff, api_key, person, system, anonymous.",
            );
        }
        let result = text(&filter.result);
        if result
            .as_deref()
            .is_some_and(|result| result.parse::<AuditResult>().is_err())
        {
            problems.add("result", "Choose one of the results: success, denied, failed.");
        }
        let (words, ids) = typed(filter, &mut problems);
        let reason: Vec<String> = whole_words(filter.reason.as_deref().unwrap_or_default()).collect();
        if given(filter.reason.as_deref()).is_some() && reason.is_empty() {
            problems.add("reason", "Give a word of two letters or more.");
        }
        problems.settle()?;
        // Both bounds leave out the id itself.
        let before = [end.map(AuditEventId::first_at), after]
            .into_iter()
            .flatten()
            .min();
        let personal = [
            ("address", text(&filter.address)),
            ("userAgent", text(&filter.agent)),
        ];
        Ok(Self {
            from: from.map(|from| AuditEventId::first_at(from).to_string()),
            before: before.map_or_else(|| AFTER_ALL.to_owned(), |id| id.to_string()),
            actions: given(filter.action.as_deref()).map(codes),
            actor,
            kind,
            behalf: text(&filter.behalf),
            target: text(&filter.target),
            result,
            reason,
            request: text(&filter.request),
            session: text(&filter.session),
            authentication: text(&filter.authentication),
            region: text(&filter.region),
            words,
            ids,
            personal: personal
                .into_iter()
                .filter_map(|(field, value)| Some((field, value?)))
                .collect(),
        })
    }

    /// Whether the event is what is looked for, its personal fields and its time apart.
    pub(in crate::audit) fn holds(&self, facts: &Facts) -> bool {
        let same = |wanted: &Option<String>, is: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| is == Some(wanted))
        };
        let behind = |wanted: &Option<String>, is: &Option<String>| same(wanted, is.as_deref());
        let action = facts.action.as_str();
        let target = self.target.as_ref();
        self.actions.as_ref().is_none_or(|codes| codes.contains(&action))
            && behind(&self.actor, &facts.actor)
            && same(&self.kind, Some(&facts.kind))
            && behind(&self.behalf, &facts.on_behalf_of)
            && target.is_none_or(|target| facts.targets.contains(target))
            && same(&self.result, Some(&facts.result))
            && behind(&self.request, &facts.request)
            && behind(&self.session, &facts.session)
            && behind(&self.authentication, &facts.authentication)
            && behind(&self.region, &facts.region)
            && self.ids.iter().all(|id| facts.names(id))
            && self.has_words(facts)
    }

    fn has_words(&self, facts: &Facts) -> bool {
        if !self.reason.is_empty() {
            let reason = facts.reason_words();
            if !self.reason.iter().all(|word| reason.contains(word)) {
                return false;
            }
        }
        if self.words.is_empty() {
            return true;
        }
        let words = facts.words();
        let stands = |word: &Word| word.codes.contains(&facts.action.as_str()) || words.contains(&word.word);
        self.words.iter().all(stands)
    }
}

/// The words and the ids that were typed.
fn typed(filter: &AuditFilter, problems: &mut Problems) -> (Vec<Word>, Vec<String>) {
    let text = filter.q.as_deref().unwrap_or_default();
    let (mut words, mut ids): (Vec<Word>, Vec<String>) = Default::default();
    for piece in text.split_whitespace() {
        if types::id::kind(piece) != "other" && piece.len() > 20 {
            ids.push(piece.to_owned());
            continue;
        }
        for word in whole_words(piece).filter(|word| !SILENT.contains(&word.as_str())) {
            let codes = saying(&word);
            words.push(Word { word, codes });
        }
    }
    if words.len() + ids.len() > WORDS {
        problems.add("q", "These are more than eight words. Leave out some.");
    }
    (words, ids)
}

/// The codes in which, or in whose sentence, this word stands.
fn saying(word: &str) -> Vec<&'static str> {
    let says = |action: &&Action| {
        let told = [action.predicate(), action.code()];
        told.into_iter()
            .any(|text| plain_words(text).any(|known| known == word))
    };
    Action::ALL
        .iter()
        .filter(says)
        .map(|action| action.code())
        .collect()
}

/// The words of a sentence, its `{places}` left out.
fn plain_words(text: &str) -> impl Iterator<Item = String> {
    text.split('{').enumerate().flat_map(|(index, part)| {
        let plain = if index == 0 {
            part
        } else {
            part.split_once('}').map_or("", |(_, rest)| rest)
        };
        super::terms::words(plain)
    })
}

/// The code that is asked for, or all that begin like it.
fn codes(asked: &str) -> Vec<&'static str> {
    if let Ok(action) = asked.parse::<Action>() {
        return vec![action.code()];
    }
    let codes = Action::ALL.iter().map(|action| action.code());
    codes.filter(|code| code.starts_with(asked)).collect()
}

/// Half-open bounds in time.
fn times(
    filter: &AuditFilter,
    own: &TimeZone,
    problems: &mut Problems,
) -> Result<(Option<Timestamp>, Option<Timestamp>)> {
    let named = given(filter.zone.as_deref()).map(TimeZone::get);
    let zone = match named {
        Some(Ok(zone)) => zone,
        Some(Err(_)) => {
            problems.add(
                "zone",
                "There is no such time zone. Give its name, such as Europe/London.",
            );
            TimeZone::UTC
        }
        None => own.clone(),
    };
    let mut read = |text: Option<&str>, field: &str| {
        let parsed = given(text).map(Moment::read)?;
        if parsed.is_none() {
            let message = "Give a day or a moment, such as 2026-11-23 or 2026-11-23T18:30.";
            problems.add(field, message);
        }
        parsed
    };
    let (from, to) = (
        read(filter.from.as_deref(), "from"),
        read(filter.to.as_deref(), "to"),
    );
    let from = from.map(|moment| moment.start(&zone)).transpose()?;
    let end = to.map(|moment| moment.end(&zone)).transpose()?;
    if let (Some(from), Some(end)) = (from, end)
        && from >= end
    {
        problems.add("from", "The beginning is after the end. Change one of them.");
    }
    Ok((from, end))
}

/// A day, a minute or a second of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    Day(Date),
    Minute(DateTime),
    Second(DateTime),
}

impl Moment {
    fn read(text: &str) -> Option<Self> {
        if let Ok(day) = text.parse::<Date>()
            && !text.contains(['T', 't', ' '])
        {
            return Some(Self::Day(day));
        }
        let colons = text.bytes().filter(|byte| *byte == b':').count();
        let moment = text.parse::<DateTime>().ok()?;
        Some(if colons > 1 {
            Self::Second(moment)
        } else {
            Self::Minute(moment)
        })
    }

    fn start(self, zone: &TimeZone) -> Result<Timestamp> {
        match self {
            Self::Day(day) => calendar::start_of(day, zone),
            Self::Minute(moment) | Self::Second(moment) => instant(moment, zone),
        }
    }

    /// The first moment after it.
    fn end(self, zone: &TimeZone) -> Result<Timestamp> {
        match self {
            Self::Day(day) => match day.tomorrow() {
                Ok(next) => calendar::start_of(next, zone),
                Err(_) => Ok(Timestamp::from_millis(i64::MAX)),
            },
            Self::Minute(moment) => Ok(instant(moment, zone)?.plus_seconds(60)),
            Self::Second(moment) => Ok(instant(moment, zone)?.plus_seconds(1)),
        }
    }
}

/// Where the clock shows a time twice it is the first, and where it skips one the time after.
fn instant(moment: DateTime, zone: &TimeZone) -> Result<Timestamp> {
    let instant = zone.to_zoned_datetime(moment).map_err(Error::internal)?;
    Ok(Timestamp::from_millis(instant.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(change: impl FnOnce(&mut AuditFilter)) -> Result<Wanted> {
        let mut filter = AuditFilter::default();
        change(&mut filter);
        Wanted::of(&filter, &TimeZone::get("Europe/London").unwrap())
    }

    fn id_at(rfc3339: &str) -> String {
        let at: jiff::Timestamp = rfc3339.parse().unwrap();
        AuditEventId::first_at(Timestamp::from_millis(at.as_millisecond())).to_string()
    }

    #[test]
    fn a_time_is_in_its_zone_and_the_end_is_included() {
        let day =
            wanted(|f| (f.from, f.to) = (Some("2026-06-01".into()), Some("2026-06-01".into()))).unwrap();
        assert_eq!(day.from, Some(id_at("2026-05-31T23:00:00Z")));
        assert_eq!(day.before, id_at("2026-06-01T23:00:00Z"));
        let minute = wanted(|f| {
            f.from = Some("2026-06-01T09:30".into());
            f.to = Some("2026-06-01T09:30".into());
            f.zone = Some("Asia/Tokyo".into());
        })
        .unwrap();
        assert_eq!(minute.from, Some(id_at("2026-06-01T00:30:00Z")));
        assert_eq!(minute.before, id_at("2026-06-01T00:31:00Z"));
        let second = wanted(|f| f.to = Some("2026-01-01T00:00:05".into())).unwrap();
        assert_eq!(second.before, id_at("2026-01-01T00:00:06Z"));
    }

    #[test]
    fn what_cannot_be_read_names_its_field() {
        let wrong = wanted(|f| {
            f.from = Some("soon".into());
            f.zone = Some("Mars/Olympus".into());
            f.kind = Some("robot".into());
            f.result = Some("perhaps".into());
            f.after = Some("x".into());
            f.reason = Some("?".into());
            f.q = Some("alpha beta gamma delta epsilon zeta eta theta iota".into());
        });
        let Err(Error::Invalid { mut fields }) = wrong else {
            panic!("taken")
        };
        fields.sort();
        let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["after", "from", "kind", "q", "reason", "result", "zone"]);
        let backwards = wanted(|f| (f.from, f.to) = (Some("2026-06-02".into()), Some("2026-06-01".into())));
        assert!(backwards.is_err());
    }

    #[test]
    fn a_word_is_looked_for_in_sentences_too() {
        let wanted = wanted(|f| f.q = Some("the Passkeys passkey signed_in".into())).unwrap();
        let words: Vec<_> = wanted.words.iter().map(|word| word.word.as_str()).collect();
        assert_eq!(words, ["passkeys", "passkey", "signed_in"]);
        let [plural, passkey, code] = wanted.words.as_slice() else {
            panic!()
        };
        assert!(plural.codes.is_empty());
        assert!(
            passkey.codes.contains(&"session.signed_in") && passkey.codes.contains(&"user.passkey_added")
        );
        assert!(code.codes.contains(&"session.signed_in"));
        assert!(saying("organisation").contains(&"organisation.created"));
        assert!(
            !saying("lastfour").contains(&"api_key.created"),
            "a place is no word"
        );
    }
}
