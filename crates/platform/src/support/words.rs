//! What the timelines say, beside the audit log's own sentences.

use types::{
    Environment, VerificationStatus,
    security::SignalKind,
    support::{Subject, SubjectKind},
};

use super::store::find::RequestRecord;

/// What a subject is called within a sentence.
pub(super) const fn noun(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Person => "person",
        SubjectKind::Organisation => "organisation",
        SubjectKind::Verification => "verification",
        SubjectKind::ApiKey => "API key",
        SubjectKind::Request => "request",
    }
}

/// The same of a subject.
pub(super) const fn noun_of(subject: Subject) -> &'static str {
    noun(subject.kind())
}

/// A verification, and where it stands.
pub(super) fn verification(environment: Environment, status: VerificationStatus) -> String {
    let state = match status {
        VerificationStatus::Pending => "nobody has opened it yet",
        VerificationStatus::Started => "the person has opened it",
        VerificationStatus::Submitted => "evidence is being checked",
        VerificationStatus::Approved => "it was approved",
        VerificationStatus::Denied => "it was denied",
        VerificationStatus::Resubmission => "another try is open",
        VerificationStatus::Rejected => "it ended without a decision",
    };
    format!("A {environment} verification was started; {state}.")
}

/// A call of the API, and how it ended.
pub(super) fn request(line: &RequestRecord) -> String {
    let code = line
        .code
        .as_deref()
        .map_or_else(String::new, |code| format!(" {code}"));
    format!(
        "{} {} was answered {}{code}.",
        line.method, line.endpoint, line.status
    )
}

/// A mail, and what became of it.
pub(super) fn mail(kind: &str, state: &str) -> String {
    let about: String = kind
        .chars()
        .map(|letter| if matches!(letter, '.' | '_') { ' ' } else { letter })
        .collect();
    let became = match state {
        "queued" => "waits to be sent",
        "sent" => "was sent",
        "kept" => "stays here, since no mail server is set up",
        _ => "could not be sent",
    };
    format!("A mail ({about}) {became}.")
}

/// A signal, without its words: those are for who watches signals.
pub(super) fn signal(kind: SignalKind, state: &str) -> String {
    let what = match kind {
        SignalKind::NewDevice => "Somebody signed in from a new device",
        SignalKind::NewCountry => "Somebody signed in from a new country",
        SignalKind::ImpossibleTravel => "Two sign-ins were too far apart to travel between",
        SignalKind::PasswordSpraying => "Passwords were tried at many accounts",
        SignalKind::DistributedGuessing => "Somebody guessed from many places",
        SignalKind::RecoveryUsed => "The account was opened by recovery",
        SignalKind::NotMe => "The person said of a notice that it was not them",
        SignalKind::Report => "The person reported something suspicious",
    };
    format!("{what} ({state}).")
}
