//! What the pages of one's own account are given to show, and what staff see of suspicions.

use serde::{Deserialize, Serialize};

use crate::{ReportId, SessionId, SignInMethod, Timestamp, UserId, verification::words};

/// A session, as its user sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Its id, which is not its secret.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub here: bool,
    /// Such as `Firefox on Linux`.
    pub device: String,
    /// Where its last request came from, if that is known.
    pub address: Option<String>,
    /// How it began.
    pub method: SignInMethod,
    /// When it began.
    pub started_at: Timestamp,
    /// Its last request, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends if nothing more comes.
    pub idle_at: Timestamp,
    /// When it ends in any case.
    pub ends_at: Timestamp,
}

/// How long a session may last, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLimits {
    /// Without a request.
    pub idle: i64,
    /// In any case.
    pub absolute: i64,
}

/// The page of one's sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionsPage {
    /// The sessions that work, this one first, then the one that was used last.
    pub sessions: Vec<SessionView>,
    /// What holds for them.
    pub limits: SessionLimits,
}

/// What is open on the installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSessions {
    /// Sessions that work.
    pub sessions: i64,
    /// People who have one.
    pub people: i64,
}

/// Something that happened to the viewer's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRow {
    /// The audit event's id.
    pub id: String,
    /// When.
    pub occurred_at: Timestamp,
    /// Actor, action and target in words; the viewer is "You".
    pub sentence: String,
    /// How it ended.
    pub result: crate::console::AuditResult,
    /// Such as `Firefox on Linux`, if it was a browser that is told.
    pub device: Option<String>,
    /// Where the request came from, if that is told.
    pub address: Option<String>,
}

words! {
    /// What makes Loomwire suspicious, or what somebody told it.
    SignalKind {
        /// A sign-in from a device that the account had not used.
        NewDevice = "new_device",
        /// A sign-in from a country that the account had not been used in.
        NewCountry = "new_country",
        /// Two sign-ins too far apart for the time between them.
        ImpossibleTravel = "impossible_travel",
        /// Failed sign-ins to many accounts from one network.
        PasswordSpraying = "password_spraying",
        /// Failed sign-ins to one account from many networks.
        DistributedGuessing = "distributed_guessing",
        /// An account was opened again by recovery.
        RecoveryUsed = "recovery_used",
        /// Somebody said of a notice that it was not them.
        NotMe = "not_me",
        /// Somebody reported something.
        Report = "report",
    }
}

words! {
    /// Whether somebody has dealt with a signal.
    SignalState {
        /// Not yet.
        Open = "open",
        /// Yes.
        Handled = "handled",
    }
}

/// A signal, as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignalRow {
    /// Its id; of a report, the reference that its author has.
    pub id: ReportId,
    /// What it is.
    pub kind: SignalKind,
    /// The account that it is about, or that reported it.
    pub user_id: Option<UserId>,
    /// That account's e-mail address today.
    pub email: Option<String>,
    /// In words; `None` once it was erased.
    pub text: Option<String>,
    /// Whether somebody has dealt with it.
    pub state: SignalState,
    /// When it came.
    pub created_at: Timestamp,
    /// Who dealt with it, by name, and when.
    pub handled: Option<(String, Timestamp)>,
}

words! {
    /// What somebody can be reminded of.
    ReminderKind {
        /// A passkey that was not used for long.
        UnusedCredential = "unused_credential",
        /// There is one way in only.
        SinglePasskey = "single_passkey",
        /// An API key of theirs is older than a year.
        OldApiKey = "old_api_key",
        /// There are no recovery codes.
        NoRecoveryCodes = "no_recovery_codes",
    }
}

/// A reminder and whether the viewer wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReminderChoice {
    /// Which.
    pub kind: ReminderKind,
    /// Whether it is sent.
    pub wanted: bool,
}
