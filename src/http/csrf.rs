//! Requests that another site makes a browser send (OWASP ASVS 5.0, requirement 3.5.1).
//!
//! Whatever a browser authenticates by itself, by cookie or by the secret in the path, changes
//! something only if the request comes from one of our own pages. The browser says so in
//! `Sec-Fetch-Site` and `Origin`, which no script can set; `SameSite=Lax` stands behind.
//! API keys are sent on purpose, so calls with them may come from anywhere.

use http::{HeaderMap, Method, header};
use url::Url;

use super::{ApiError, Code, Surface};

/// Where a browser says what made it send a request (Fetch Metadata).
pub(super) const FETCH_SITE: &str = "sec-fetch-site";

/// Refuses a request that changes something and was made by another site.
pub(super) fn check(
    surface: Surface,
    method: &Method,
    headers: &HeaderMap,
    public_origin: &str,
) -> Result<(), ApiError> {
    if method.is_safe() || !surface.is_ambient() || is_own(surface, headers, public_origin) {
        return Ok(());
    }
    let message = format!(
        "This came from another site or address, so nothing was done. \
         Open {public_origin} and do it there."
    );
    Err(ApiError::new(Code::CrossSite, message))
}

fn is_own(surface: Surface, headers: &HeaderMap, public_origin: &str) -> bool {
    let text = |name: &str| {
        let mut values = headers.get_all(name).iter();
        // Two of them: no browser sent this.
        match (values.next(), values.next()) {
            (Some(value), None) => Some(value.to_str().unwrap_or("-")),
            (None, _) => None,
            (Some(_), Some(_)) => Some("-"),
        }
    };
    let site = text(FETCH_SITE);
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    match text(header::ORIGIN.as_str()) {
        // Also for `same-origin`: under a name that merely resolves to us (DNS rebinding) a
        // page is of the same origin as itself, but it is not ours.
        Some(origin) => origin == public_origin,
        None if site.is_some() => true,
        // A browser older than both headers, or no browser.
        None => match text(header::REFERER.as_str()) {
            Some(from) => {
                Url::parse(from).is_ok_and(|from| from.origin().ascii_serialization() == public_origin)
            }
            // No browser. Another site cannot know the secret of a person's link, so such a
            // request is whose the link is; a cookie would come from whoever has the browser.
            None => surface == Surface::Person,
        },
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    const OWN: &str = "https://verify.example";

    fn allowed(surface: Surface, method: &Method, pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        check(surface, method, &headers, OWN).is_ok()
    }

    fn post(pairs: &[(&'static str, &'static str)]) -> bool {
        let page = allowed(Surface::Page, &Method::POST, pairs);
        assert_eq!(page, allowed(Surface::Function, &Method::POST, pairs));
        assert_eq!(page, allowed(Surface::Page, &Method::DELETE, pairs));
        page
    }

    #[test]
    fn only_the_person_s_link_may_be_used_without_a_browser() {
        for (surface, expected) in [
            (Surface::Person, true),
            (Surface::Page, false),
            (Surface::Function, false),
        ] {
            assert_eq!(allowed(surface, &Method::POST, &[]), expected, "{surface:?}");
        }
        let evil = [
            ("referer", "https://evil.example/"),
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
        ];
        for pair in evil {
            assert!(!allowed(Surface::Person, &Method::POST, &[pair]), "{pair:?}");
        }
    }

    #[test]
    fn our_own_pages_may() {
        assert!(post(&[("sec-fetch-site", "same-origin"), ("origin", OWN)]));
        assert!(post(&[("sec-fetch-site", "same-origin")]));
        assert!(post(&[("sec-fetch-site", "none")]));
        assert!(post(&[("origin", OWN)]));
        assert!(post(&[("referer", "https://verify.example/keys?a=b")]));
    }

    #[test]
    fn others_may_not() {
        for site in ["cross-site", "same-site", "", "Same-Origin"] {
            assert!(!post(&[("sec-fetch-site", site), ("origin", OWN)]), "{site}");
        }
        for origin in [
            "https://evil.example",
            "http://verify.example",
            "https://verify.example:8443",
            "https://verify.example.evil.example",
            "null",
            "",
        ] {
            assert!(!post(&[("origin", origin)]), "{origin}");
            assert!(
                !post(&[("sec-fetch-site", "same-origin"), ("origin", origin)]),
                "{origin}"
            );
        }
        assert!(!post(&[]));
        assert!(!post(&[(
            "referer",
            "https://evil.example/https://verify.example/"
        )]));
        assert!(!post(&[("referer", "nonsense")]));
        assert!(!post(&[("origin", OWN), ("origin", "https://evil.example")]));
    }

    #[test]
    fn reading_and_programs_are_free_of_it() {
        let cross = [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.example"),
        ];
        assert!(allowed(Surface::Page, &Method::GET, &cross));
        assert!(allowed(Surface::Page, &Method::HEAD, &cross));
        assert!(allowed(Surface::Api, &Method::POST, &cross));
    }
}
