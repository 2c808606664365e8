//! What the server tells a page before it is rendered.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    ReportId, accounts::StaffAccount, alerts::AlertPreview, console::NewApiKey, keys::KeyPolicyPage,
    support::SearchResult, team::Review,
};

/// The request, as far as a page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageContext {
    /// From the `lw_theme` cookie.
    pub theme: Theme,
    /// `req_..`, shown where something failed.
    pub request_id: String,
    /// Where this installation is reached, without a slash at the end.
    pub public_url: String,
    /// Whether whoever asks is signed in.
    pub signed_in: bool,
    /// The path that was asked for, without the query.
    pub path: String,
    /// The hashed files of this build.
    pub assets: Assets,
    /// What the form that was just sent came to.
    pub outcome: Option<FormOutcome>,
    /// Whether a staff member looks into the organisation: each page that is fetched is then in
    /// its log.
    pub looking: bool,
}

impl PageContext {
    /// The context of this request; an empty one while routes are only listed.
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }
}

/// File names under `/assets/`, hashes included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// Inter, as woff2.
    pub font: String,
    /// The script that checks an event's proof.
    pub verify: String,
    /// What it loads: the checker, and its WebAssembly.
    pub verifier: String,
    pub verifier_module: String,
    /// What `LeptosOptions::output_name` is: the script is this and `.js`.
    pub js_output_name: String,
}

/// Which colours the viewer asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the device says.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in the cookie and in the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// From the word; anything unknown is `System`.
    pub fn from_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|theme| theme.as_str() == word)
            .unwrap_or_default()
    }
}

/// What a sent form came to, where the same page answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormOutcome {
    /// Not done; the page is shown again with what was typed.
    Errors {
        /// What concerns no single field; may be empty.
        message: String,
        /// Field name and what is wrong with it.
        fields: Vec<(String, String)>,
        /// Field name and what was typed.
        values: Vec<(String, String)>,
    },
    /// Not done, since it is dangerous and was not confirmed; nothing is wrong with what was
    /// typed.
    Unconfirmed {
        /// Field name and what was typed.
        values: Vec<(String, String)>,
    },
    /// Not done yet: what it will come to, to be looked at and saved.
    Review {
        review: Review,
        /// 200, or why it could not be saved.
        status: u16,
        /// What concerns no single field; may be empty.
        message: String,
        /// Field name and what is wrong with it.
        fields: Vec<(String, String)>,
    },
    /// Done, and this is the one time that the key is shown.
    KeyCreated(Box<NewApiKey>),
    /// Done, and this is the reference of the report.
    Reported(ReportId),
    /// The account that staff looked for.
    AccountFound(StaffAccount),
    /// Done, and this is the one time that the recovery codes are shown.
    RecoveryCodes(Vec<String>),
    /// What the support desk found.
    SupportFound(SearchResult),
    /// Done, and this is the one time that the secret of a stream is shown.
    StreamSecret { name: String, secret: String },
    /// Not saved: whom a policy of API keys would hit.
    KeyPolicyPreview(KeyPolicyPage),
    /// Not saved: what an alert would have told, and what was typed.
    AlertPreview {
        preview: Box<AlertPreview>,
        values: Vec<(String, String)>,
    },
    /// Done, and this is the one time that the secret of a webhook is shown.
    WebhookSecret(String),
    /// Done: what was done, as a sentence.
    Saved(String),
}

pub const UNCONFIRMED: &str = "Nothing was done yet: confirm that it is you, with your passkey or a code of your authenticator app, and send the form again.";

/// A form's errors and typed values, empty at the first visit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub message: String,
    fields: Vec<(String, String)>,
    values: Vec<(String, String)>,
}

impl Typed {
    /// Those of the form that was just sent; sets the status that belongs to them.
    pub fn current() -> Self {
        match PageContext::current().outcome {
            Some(FormOutcome::Errors {
                message,
                fields,
                values,
            }) => {
                crate::error::set_status(422);
                Self {
                    message,
                    fields,
                    values,
                }
            }
            Some(FormOutcome::Review {
                status,
                message,
                fields,
                ..
            }) => {
                crate::error::set_status(status);
                Self {
                    message,
                    fields,
                    ..Self::default()
                }
            }
            Some(FormOutcome::Unconfirmed { values }) => {
                crate::error::set_status(403);
                Self {
                    message: UNCONFIRMED.to_owned(),
                    fields: Vec::new(),
                    values,
                }
            }
            Some(FormOutcome::AlertPreview { values, .. }) => Self {
                values,
                ..Self::default()
            },
            _ => Self::default(),
        }
    }

    /// Those of one of several forms on a page, which tell themselves apart by `intent`.
    pub fn of_form(intent: &str) -> Self {
        let typed = Self::current();
        if typed.value("intent", "") == intent {
            typed
        } else {
            Self::default()
        }
    }

    /// Whether the form was refused.
    pub fn is_refused(&self) -> bool {
        !self.message.is_empty() || !self.fields.is_empty()
    }

    /// Whether a box of this name and value is ticked: as it was sent, or as it stood before.
    pub fn ticked(&self, name: &str, value: &str, before: bool) -> bool {
        if self.values.is_empty() {
            return before;
        }
        self.values.iter().any(|(key, sent)| key == name && sent == value)
    }

    /// What is wrong with this field.
    pub fn error(&self, name: &str) -> Option<String> {
        find(&self.fields, name)
    }

    /// What was typed, or what stood there before.
    pub fn value(&self, name: &str, before: &str) -> String {
        find(&self.values, name).unwrap_or_else(|| {
            if self.is_refused() {
                String::new()
            } else {
                before.to_owned()
            }
        })
    }
}

fn find(pairs: &[(String, String)], name: &str) -> Option<String> {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.clone())
}

/// Makes the `Set-Cookie` header of a session that a passkey has just begun. The server
/// provides it, since it alone knows the cookie's name and flags.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct SessionCookie(pub std::sync::Arc<dyn Fn(&platform::identity::NewSession) -> String + Send + Sync>);
