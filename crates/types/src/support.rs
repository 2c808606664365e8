//! What the support desk shows, and what an organisation sees of support. Metadata only: nothing
//! here comes from a verified person.

use serde::{Deserialize, Serialize};

use crate::{
    ApiKeyId, ConsentId, LookId, OrganisationId, RequestId, SupportNoteId, Timestamp, UserId, VerificationId,
    console::{AuditResult, Page},
    verification::words,
};

/// Hours for which an organisation can let support in.
pub const CONSENT_HOURS: [i64; 4] = [1, 4, 24, 168];

words! {
    /// What the desk knows how to look for.
    SubjectKind {
        /// Somebody with an account.
        Person = "person",
        /// A tenant.
        Organisation = "organisation",
        /// One verification.
        Verification = "verification",
        /// An API key (not the key itself).
        ApiKey = "api_key",
        /// One HTTP request.
        Request = "request",
    }
}

/// What a timeline is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Subject {
    /// Somebody with an account.
    Person(UserId),
    /// A tenant.
    Organisation(OrganisationId),
    /// One verification.
    Verification(VerificationId),
    /// An API key.
    ApiKey(ApiKeyId),
    /// One HTTP request.
    Request(RequestId),
}

impl Subject {
    /// Which kind it is.
    pub const fn kind(self) -> SubjectKind {
        match self {
            Self::Person(_) => SubjectKind::Person,
            Self::Organisation(_) => SubjectKind::Organisation,
            Self::Verification(_) => SubjectKind::Verification,
            Self::ApiKey(_) => SubjectKind::ApiKey,
            Self::Request(_) => SubjectKind::Request,
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(id) => id.fmt(f),
            Self::Organisation(id) => id.fmt(f),
            Self::Verification(id) => id.fmt(f),
            Self::ApiKey(id) => id.fmt(f),
            Self::Request(id) => id.fmt(f),
        }
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}

/// The text is no id of anything that the desk knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSubject;

impl std::fmt::Display for NoSubject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("expected the id of a person, an organisation, a verification, an API key or a request")
    }
}

impl std::str::FromStr for Subject {
    type Err = NoSubject;

    fn from_str(text: &str) -> Result<Self, NoSubject> {
        let person = text.parse().map(Self::Person);
        person
            .or_else(|_| text.parse().map(Self::Organisation))
            .or_else(|_| text.parse().map(Self::Verification))
            .or_else(|_| text.parse().map(Self::ApiKey))
            .or_else(|_| text.parse().map(Self::Request))
            .map_err(|_| NoSubject)
    }
}

impl TryFrom<String> for Subject {
    type Error = NoSubject;

    fn try_from(text: String) -> Result<Self, NoSubject> {
        text.parse()
    }
}

words! {
    /// What a search box's text was taken for.
    Understood {
        /// The id of a request.
        RequestId = "request id",
        /// The id of a verification.
        VerificationId = "verification id",
        /// The id of an API key.
        KeyId = "API key id",
        /// The beginning of an API key.
        KeyPrefix = "key prefix",
        /// A whole API key, of which only the beginning was used.
        WholeKey = "whole API key",
        /// The id of a person's account.
        PersonId = "account id",
        /// An e-mail address.
        Email = "e-mail address",
        /// The id of an organisation.
        OrganisationId = "organisation id",
        /// The name of an organisation, or a part of it.
        OrganisationName = "organisation name",
    }
}

/// Something that was found, or that a subject has to do with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What.
    pub subject: Subject,
    /// Its name, or what else tells it apart.
    pub name: String,
    /// One more line about it.
    pub about: String,
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchResult {
    /// What the text was taken for.
    pub understood: Understood,
    /// What there is, newest first.
    pub found: Vec<Found>,
    /// Whether there is more than is shown.
    pub more: bool,
}

words! {
    /// Where the items of a timeline come from. Usage, deliveries and incidents are to join.
    Source {
        /// The audit log.
        Audit = "audit",
        /// Verifications, by when they were started.
        Verifications = "verifications",
        /// Mails and notices.
        Mails = "mails",
        /// Suspicious sign-ins, and what people report.
        Signals = "signals",
        /// Sessions that are not over, by when they began.
        Sessions = "sessions",
    }
}

impl Source {
    /// How it reads.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Audit => "Audit log",
            Self::Verifications => "Verifications",
            Self::Mails => "Mails and notices",
            Self::Signals => "Sign-in signals",
            Self::Sessions => "Sessions",
        }
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineItem {
    /// When.
    pub at: Timestamp,
    /// Where it comes from.
    pub source: Source,
    /// What, as a sentence.
    pub sentence: String,
    /// The audit event's code, or what else the source calls it.
    pub code: String,
    /// How it ended, where that is known.
    pub result: Option<AuditResult>,
    /// Other subjects that it names.
    pub related: Vec<Subject>,
}

/// A note, or a hand-over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteRow {
    /// Its id.
    pub id: SupportNoteId,
    /// What it is about.
    pub subject: Subject,
    /// Who wrote it: the display name.
    pub author: String,
    /// What it says; `None` once the key of whom it is about was destroyed.
    pub text: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// Whom it hands the subject over to, if it does.
    pub handed_to: Option<String>,
    /// Whether the viewer may close it.
    pub may_close: bool,
    /// Whether it is a hand-over that nobody has closed.
    pub open: bool,
}

/// A recovery that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryState {
    /// When it was begun.
    pub started_at: Timestamp,
    /// When a new way to sign in can be made; `None` until a second way was shown.
    pub ready_at: Option<Timestamp>,
}

/// What is known of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// In words.
    Text(String),
    /// When.
    Moment(Timestamp),
}

/// The head of a subject's page: facts and what can be done, without the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectHead {
    /// What it is about.
    pub subject: Subject,
    /// Its name, or what else tells it apart.
    pub name: String,
    /// Name and value of what is known.
    pub facts: Vec<(String, Fact)>,
    /// What it has to do with.
    pub related: Vec<Found>,
    /// Of a person: the open recovery.
    pub recovery: Option<RecoveryState>,
    /// Of an organisation: whether support may look into it.
    pub consent: Option<ConsentRow>,
    /// Colleagues who can be handed something: id and name.
    pub colleagues: Vec<(UserId, String)>,
}

/// The desk itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskPage {
    /// What was handed over to the viewer and is not closed, newest first, at most 50.
    pub inbox: Vec<NoteRow>,
}

/// A subject's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectPage {
    /// Facts.
    pub head: SubjectHead,
    /// Notes and hand-overs, newest first.
    pub notes: Vec<NoteRow>,
    /// Sources that there are for this kind of subject.
    pub sources: Vec<Source>,
    /// What happened, newest first.
    pub timeline: Page<TimelineItem>,
}

words! {
    /// Where a consent stands.
    ConsentState {
        /// Support asked for it.
        Asked = "asked",
        /// The organisation gave it.
        Granted = "granted",
        /// The organisation refused.
        Refused = "refused",
        /// The organisation took it back.
        Withdrawn = "withdrawn",
        /// Its time was over.
        Ended = "ended",
    }
}

/// An organisation's consent that support looks into it, or a request for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRow {
    /// Its id.
    pub id: ConsentId,
    /// Where it stands now.
    pub state: ConsentState,
    /// The staff member who asked, if one did.
    pub asked_by: Option<String>,
    /// Why, as the staff member wrote it.
    pub reason: Option<String>,
    /// When it was asked for, or given unasked.
    pub created_at: Timestamp,
    /// Who in the organisation decided.
    pub decided_by: Option<String>,
    /// When it ends, or ended.
    pub ends_at: Option<Timestamp>,
}

/// One look into the organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookRow {
    /// Its id.
    pub id: LookId,
    /// The staff member.
    pub by: String,
    /// Why, as the staff member wrote it.
    pub reason: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended, where that was noted.
    pub ended_at: Option<Timestamp>,
    /// How it ended, in words; empty while it goes on.
    pub ended: String,
    /// Pages that were read.
    pub pages: u64,
}

/// What an organisation sees of support.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportAccess {
    /// What is open: a request, or a consent.
    pub open: Option<ConsentRow>,
    /// Consents and requests before it, newest first, at most 20.
    pub past: Vec<ConsentRow>,
    /// Looks, newest first, at most 50.
    pub looks: Vec<LookRow>,
}

/// A staff member looks into an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looking {
    /// The look.
    pub look: LookId,
    /// The organisation's name.
    pub organisation: String,
    /// When it ends at the latest: with the consent, or with the session.
    pub until: Timestamp,
    /// It gives nothing any more, and was not left yet.
    pub over: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_what_its_prefix_says() {
        let subjects = [
            Subject::Person(UserId::from_u128(1)),
            Subject::Organisation(OrganisationId::from_u128(1)),
            Subject::Verification(VerificationId::from_u128(1)),
            Subject::ApiKey(ApiKeyId::from_u128(1)),
            Subject::Request(RequestId::from_u128(1)),
        ];
        for subject in subjects {
            assert_eq!(subject.to_string().parse(), Ok(subject));
        }
        for text in ["", "usr_", "evt_0000000000000000000000000", "lw_test_4fQk"] {
            assert_eq!(text.parse::<Subject>(), Err(NoSubject), "{text}");
        }
    }
}
