//! Why a page or a ceremony could not do what was asked, fit to be shown and to be sent.

use leptos::{
    prelude::*,
    server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// A failure as the viewer sees it: never an internal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageError {
    /// The HTTP status that says the same.
    pub status: u16,
    /// What happened and what to do.
    pub message: String,
    /// Field name and what is wrong with it, if a form was sent.
    pub fields: Vec<(String, String)>,
    /// `req_..`, for the operator.
    pub request_id: String,
}

impl PageError {
    /// A failure without fields.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            fields: Vec::new(),
            request_id: crate::PageContext::current().request_id,
        }
    }

    /// There is no such thing, or it is another organisation's.
    pub fn not_found(thing: &str) -> Self {
        Self::new(
            404,
            format!(
                "{thing} was not found. It may belong to another organisation, or the link is incomplete."
            ),
        )
    }

    /// What is wrong with this field.
    pub fn field(&self, name: &str) -> Option<String> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, message)| message.clone())
    }

    /// In two or three words.
    pub const fn title(&self) -> &'static str {
        match self.status {
            401 => "Sign in to continue",
            403 => "You may not open this",
            404 => "Not found",
            409 => "This cannot be done now",
            429 => "Too many tries",
            422 => "Something is missing or not as expected",
            503 => "Not available at the moment",
            _ => "This could not be done",
        }
    }
}

impl FromServerFnError for PageError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let message = match error {
            ServerFnErrorErr::Request(_) => {
                "Loomwire could not be reached. Check your connection and try again."
            }
            _ => "The answer could not be read. Reload the page and try again.",
        };
        Self::new(500, message)
    }
}

/// Gives the answer this HTTP status.
pub fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

#[cfg(feature = "ssr")]
impl From<platform::Error> for PageError {
    fn from(error: platform::Error) -> Self {
        use platform::Error as E;
        let status = match &error {
            E::Invalid { .. } => 422,
            E::Unauthenticated(_) => 401,
            E::Forbidden(_)
            | E::ScopeMissing(_)
            | E::AddressNotAllowed
            | E::QuotaExceeded { .. }
            | E::Limited(_)
            | E::Refused(_)
            | E::StepUp(_) => 403,
            E::Throttled { .. } => 429,
            E::NotFound(_) => 404,
            E::Conflict(_) => 409,
            E::WrongRegion(_) => 421,
            E::Unavailable(_) | E::Unfinished => 503,
            E::Internal(_) => 500,
        };
        let mut page = Self::new(status, error.to_string());
        if let E::Invalid { fields } = error {
            page.fields = fields;
        }
        page
    }
}
