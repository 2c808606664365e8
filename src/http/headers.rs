//! The headers that every answer has.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use types::RequestId;

use super::csp;

/// The request id's header.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const fn name(text: &'static str) -> HeaderName {
    HeaderName::from_static(text)
}

/// Those that a route may set otherwise. Whatever is not known to be public is not stored.
fn defaults() -> [(HeaderName, HeaderValue); 10] {
    let value = HeaderValue::from_static;
    [
        (header::CACHE_CONTROL, value("no-store")),
        (header::CONTENT_SECURITY_POLICY, csp::STRICT),
        (header::X_CONTENT_TYPE_OPTIONS, value("nosniff")),
        (header::X_FRAME_OPTIONS, value("DENY")),
        // `no-referrer` would make forms send `Origin: null`.
        (header::REFERRER_POLICY, value("same-origin")),
        (name("cross-origin-opener-policy"), value("same-origin")),
        (name("cross-origin-resource-policy"), value("same-origin")),
        (name("origin-agent-cluster"), value("?1")),
        (name("x-permitted-cross-domain-policies"), value("none")),
        (
            name("permissions-policy"),
            value(
                "publickey-credentials-create=(self), publickey-credentials-get=(self), \
                 camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
            ),
        ),
    ]
}

/// What browsers are told about https: two years (RFC 6797), longer than any visitor stays away,
/// and what the preload list asks for. Sub-domains may not be ours to decide about, so they are
/// the operator's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hsts {
    /// Nothing: this is http on the same machine.
    Off,
    /// For this host.
    Host,
    /// For this host and what is below it.
    Subdomains,
}

impl Hsts {
    fn value(self) -> Option<HeaderValue> {
        match self {
            Self::Off => None,
            Self::Host => Some(HeaderValue::from_static("max-age=63072000")),
            Self::Subdomains => Some(HeaderValue::from_static("max-age=63072000; includeSubDomains")),
        }
    }
}

pub(super) fn apply(headers: &mut HeaderMap, id: RequestId, hsts: Hsts) {
    for (name, value) in defaults() {
        headers.entry(name).or_insert(value);
    }
    if let Some(value) = hsts.value() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    if let Ok(id) = HeaderValue::try_from(id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
}
