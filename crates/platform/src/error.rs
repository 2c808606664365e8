//! What a domain function can answer instead of a result.

use types::{MfaRequirement, Permission, StepUp, keys::Scope};

/// The answer of a domain function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done. The text states the fact and the next step, and is fit to be
/// shown; what only the operator may know is in the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was given cannot be taken: field name and what is wrong with it.
    #[error("{}", sentence(.fields))]
    Invalid {
        /// Field name as the caller spelled it, and the message.
        fields: Vec<(String, String)>,
    },
    /// Nobody is signed in, or the credential does not hold.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// Signed in, and not allowed.
    #[error("This needs the permission `{0}`. Ask {whom}.", whom = who_gives(*.0))]
    Forbidden(Permission),
    /// A key without the scope.
    #[error("This API key lacks the scope `{0}`. Give it the scope in the console, or use another key.")]
    ScopeMissing(Scope),
    /// A key that may not be used from there.
    #[error("This API key may not be used from this address. Its list of networks is in the console.")]
    AddressNotAllowed,
    /// Signed in, and a rule about who may do this to whom stands against it.
    #[error("{0}")]
    Refused(&'static str),
    /// Signed in and allowed, and the sign-in is weaker than what is asked for here.
    #[error("This needs a sign-in with {}, and this session began with less. Add one under Sign-in methods, then sign in with it.", .0.phrase())]
    Limited(MfaRequirement),
    /// Signed in and allowed, and the action is dangerous: it needs a fresh passkey or code.
    #[error("Confirm that it is you: this needs your passkey or a one-time code from the last five minutes.")]
    StepUp(StepUp),
    /// Too many tries; the next one is possible after so many seconds.
    #[error("Too many tries. Wait {} before the next one.", pause(*.seconds))]
    Throttled {
        /// Until the next try.
        seconds: i64,
    },
    /// There is no such thing, or it is another tenant's.
    #[error("{0} was not found. Check the id.")]
    NotFound(&'static str),
    /// It is not in a state in which this can be done.
    #[error("{0}")]
    Conflict(&'static str),
    /// The organisation has started as many billable units as it may in this month (`YYYY-MM`).
    #[error(
        "The quota of {limit} billable units for {month} (UTC) is used up, so nothing was started. Test keys go on working; for more, ask the operator of this installation."
    )]
    QuotaExceeded {
        /// Billable units a month.
        limit: u64,
        /// Which month.
        month: String,
    },
    /// The thing lives in another region.
    #[error("{0}")]
    WrongRegion(String),
    /// A dependency is full, slow or away; nothing was written.
    #[error("{0}")]
    Unavailable(String),
    /// The database does not finish the write. It may yet be made.
    #[error(
        "The database did not finish this in time, and may yet do it. Look whether it was done before you try again."
    )]
    Unfinished,
    /// A fault of ours; nothing was written.
    #[error("Loomwire could not do this, and nothing was changed. Tell your operator the request id.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn sentence(fields: &[(String, String)]) -> String {
    let texts: Vec<&str> = fields.iter().map(|(_, message)| message.as_str()).collect();
    texts.join(" ")
}

fn pause(seconds: i64) -> String {
    match seconds {
        ..=1 => "a second".to_owned(),
        2..=119 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.saturating_add(59) / 60),
    }
}

const fn who_gives(permission: Permission) -> &'static str {
    if permission.is_staff() {
        "the operator of this installation"
    } else {
        "an owner or admin of the organisation"
    }
}

impl Error {
    /// One field that cannot be taken.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid {
            fields: vec![(field.into(), message.into())],
        }
    }

    /// The same for another who waited for the same write.
    pub(crate) fn for_another(&self) -> Self {
        match self {
            Self::Unavailable(message) => Self::Unavailable(message.clone()),
            Self::Unfinished => Self::Unfinished,
            other => {
                let source = std::error::Error::source(other);
                Self::internal(source.map_or_else(|| other.to_string(), ToString::to_string))
            }
        }
    }

    /// A fault of ours.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }
}

impl From<db::DbError> for Error {
    fn from(error: db::DbError) -> Self {
        if error == db::DbError::Stuck {
            Self::Unfinished
        } else if error.is_unavailable() {
            Self::Unavailable(error.to_string())
        } else {
            Self::internal(error)
        }
    }
}

macro_rules! internal {
    ($($source:ty),+) => {
        $(impl From<$source> for Error {
            fn from(error: $source) -> Self { Self::internal(error) }
        })+
    };
}

internal!(
    vault::VaultError,
    serde_json::Error,
    types::ParseIdError,
    types::verification::UnknownWord,
    webauthn_rs::prelude::WebauthnError
);
