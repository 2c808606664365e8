//! Errors at the edge: one type, in the contract's form for programs and as a page for people.
//!
//! An [`ApiError`] is answered as status and extension; the frame around all routes writes the
//! body, since it alone knows the request id. What a library answered in plain text (a missing
//! route, a method that is not allowed, a body that does not parse) gets the same form there.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use types::RequestId;

use super::{Surface, page};

/// The contract's codes, and ours beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// 400: the request cannot be understood; `fields` says where.
    InvalidRequest,
    /// 401: no key, or one that does not hold.
    AuthInvalidKey,
    /// 403: the organisation has no active subscription.
    SubscriptionInactive,
    /// 403: the quota is used up.
    QuotaExceeded,
    /// 403: the caller may not do this.
    ScopeMissing,
    /// 403: the key may not be used from this address.
    IpNotAllowed,
    /// 403: the action needs a fresh confirmation (ours).
    StepUpRequired,
    /// 403: the request comes from another site (ours).
    CrossSite,
    /// 404: there is no such thing, or it is another organisation's.
    NotFound,
    /// 405: not with this method (ours).
    MethodNotAllowed,
    /// 408: it took too long (ours).
    Timeout,
    /// 409: not in this state.
    Conflict,
    /// 413: the body is too long.
    TooLarge,
    /// 415: the body is not of the right type (ours).
    UnsupportedMediaType,
    /// 421: the organisation lives in another region.
    WrongRegion,
    /// 429: too many requests.
    RateLimited,
    /// 500: a fault of ours; no detail.
    Internal,
    /// 503: for the moment it cannot be done (ours).
    Unavailable,
}

impl Code {
    /// Every code, in order.
    pub const ALL: [Self; 18] = [
        Self::InvalidRequest,
        Self::AuthInvalidKey,
        Self::SubscriptionInactive,
        Self::QuotaExceeded,
        Self::ScopeMissing,
        Self::IpNotAllowed,
        Self::StepUpRequired,
        Self::CrossSite,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Timeout,
        Self::Conflict,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::WrongRegion,
        Self::RateLimited,
        Self::Internal,
        Self::Unavailable,
    ];

    /// As the contract spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::AuthInvalidKey => "AUTH_INVALID_KEY",
            Self::SubscriptionInactive => "SUBSCRIPTION_INACTIVE",
            Self::QuotaExceeded => "QUOTA_EXCEEDED",
            Self::ScopeMissing => "SCOPE_MISSING",
            Self::IpNotAllowed => "IP_NOT_ALLOWED",
            Self::StepUpRequired => "STEP_UP_REQUIRED",
            Self::CrossSite => "CROSS_SITE",
            Self::NotFound => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::Timeout => "TIMEOUT",
            Self::Conflict => "CONFLICT",
            Self::TooLarge => "TOO_LARGE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::WrongRegion => "WRONG_REGION",
            Self::RateLimited => "RATE_LIMITED",
            Self::Internal => "INTERNAL",
            Self::Unavailable => "UNAVAILABLE",
        }
    }

    /// The status that goes with it.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::InvalidRequest => StatusCode::BAD_REQUEST,
            Self::AuthInvalidKey => StatusCode::UNAUTHORIZED,
            Self::SubscriptionInactive
            | Self::QuotaExceeded
            | Self::ScopeMissing
            | Self::IpNotAllowed
            | Self::StepUpRequired
            | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::WrongRegion => StatusCode::MISDIRECTED_REQUEST,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// An error as a caller sees it: the fact and the next step, and never an internal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// Which.
    pub code: Code,
    /// In words.
    pub message: String,
    /// Field name and what is wrong with it, in the order in which they were found.
    pub fields: Vec<(String, String)>,
    /// After how many seconds the next try is taken, where that is known.
    pub retry_after: Option<i64>,
}

impl ApiError {
    /// An error that concerns no single field.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Vec::new(),
            retry_after: None,
        }
    }

    /// A request that cannot be understood, field by field.
    pub fn invalid(fields: Vec<(String, String)>) -> Self {
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        let message = format!("The request cannot be used; correct: {}.", names.join(", "));
        Self {
            fields,
            ..Self::new(Code::InvalidRequest, message)
        }
    }

    /// A fault of ours. The cause belongs in the log.
    pub fn internal() -> Self {
        let message = "Loomwire could not do this, and nothing was changed. Try again; \
                       if it stays, tell your operator the request id.";
        Self::new(Code::Internal, message)
    }

    /// What a bare status means.
    fn of_status(status: StatusCode) -> Self {
        let (code, message) = match status {
            StatusCode::NOT_FOUND => (
                Code::NotFound,
                "There is nothing at this address. Check the link.",
            ),
            StatusCode::METHOD_NOT_ALLOWED => (
                Code::MethodNotAllowed,
                "This address does not take this method. See the Allow header.",
            ),
            StatusCode::REQUEST_TIMEOUT => (
                Code::Timeout,
                "The request took too long. Send it again, faster or smaller.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => (
                Code::TooLarge,
                "The request's body is too long. Send less at once.",
            ),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                Code::UnsupportedMediaType,
                "The body is not of the type that is taken here.",
            ),
            StatusCode::UNAUTHORIZED => (Code::AuthInvalidKey, "Sign in, or send a valid key."),
            StatusCode::FORBIDDEN => (Code::ScopeMissing, "This is not allowed."),
            StatusCode::CONFLICT => (Code::Conflict, "This cannot be done in the present state."),
            StatusCode::TOO_MANY_REQUESTS => {
                (Code::RateLimited, "Too many requests. Wait before the next one.")
            }
            StatusCode::SERVICE_UNAVAILABLE => (
                Code::Unavailable,
                "This cannot be done at the moment. Try again in a minute.",
            ),
            status if status.is_client_error() => (
                Code::InvalidRequest,
                "The request cannot be understood. Check its form.",
            ),
            _ => return Self::internal(),
        };
        Self::new(code, message)
    }

    fn json(&self, id: RequestId) -> Response {
        #[derive(Serialize)]
        struct Outer<'a> {
            request_id: RequestId,
            error: Inner<'a>,
        }
        #[derive(Serialize)]
        struct Inner<'a> {
            code: &'static str,
            message: &'a str,
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            fields: BTreeMap<&'a str, String>,
        }
        let mut fields = BTreeMap::<&str, String>::new();
        for (name, text) in &self.fields {
            let all = fields.entry(name).or_default();
            if !all.is_empty() {
                all.push(' ');
            }
            all.push_str(text);
        }
        let error = Inner {
            code: self.code.as_str(),
            message: &self.message,
            fields,
        };
        Json(Outer {
            request_id: id,
            error,
        })
        .into_response()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives an error its body; anything else stays as it is.
pub(crate) fn shape(mut response: Response, surface: Surface, id: RequestId) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let error = match response.extensions_mut().remove::<ApiError>() {
        Some(error) => error,
        None if is_plain(&response) => ApiError::of_status(status),
        None => return response,
    };
    let written = match surface {
        Surface::Page | Surface::Person => page::error(status, &error, id),
        Surface::Api | Surface::Function => error.json(id),
    };
    let (own, body) = written.into_parts();
    let headers = response.headers_mut();
    for name in [
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
        header::TRANSFER_ENCODING,
    ] {
        headers.remove(name);
    }
    for name in [header::CONTENT_TYPE, header::CONTENT_SECURITY_POLICY] {
        if let Some(value) = own.headers.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    *response.body_mut() = Body::new(body);
    response
}

/// Whether a library wrote this and not a route: it has no type, or is plain text.
fn is_plain(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_none_or(|kind: &HeaderValue| kind.as_bytes().starts_with(b"text/plain"))
}

impl From<platform::Error> for ApiError {
    fn from(error: platform::Error) -> Self {
        use platform::Error;
        let text = error.to_string();
        match error {
            Error::Invalid { fields } => Self::invalid(fields),
            Error::Unauthenticated(_) => Self::new(Code::AuthInvalidKey, text),
            Error::Forbidden(_) | Error::ScopeMissing(_) | Error::Limited(_) | Error::Refused(_) => {
                Self::new(Code::ScopeMissing, text)
            }
            Error::AddressNotAllowed => Self::new(Code::IpNotAllowed, text),
            Error::StepUp(_) => Self::new(Code::StepUpRequired, text),
            Error::Throttled { seconds } => Self {
                retry_after: Some(seconds.max(1)),
                ..Self::new(Code::RateLimited, text)
            },
            Error::NotFound(_) => Self::new(Code::NotFound, text),
            Error::Conflict(_) => Self::new(Code::Conflict, text),
            Error::QuotaExceeded { .. } => Self::new(Code::QuotaExceeded, text),
            Error::WrongRegion(_) => Self::new(Code::WrongRegion, text),
            Error::Unfinished => Self::new(Code::Unavailable, text),
            Error::Unavailable(cause) => {
                tracing::error!(cause, "unavailable");
                Self::of_status(StatusCode::SERVICE_UNAVAILABLE)
            }
            Error::Internal(source) => {
                tracing::error!(cause = %source, "internal error");
                Self::internal()
            }
        }
    }
}
