//! Cookies: `HttpOnly`, `SameSite=Lax`, for the whole site, and on https `Secure` with the
//! `__Host-` prefix, so that no other host can set them (RFC 6265bis, section 4.1.3.2).
//!
//! On loopback http they have no prefix and are not `Secure`: Safari would drop them.

use http::{HeaderMap, HeaderValue, header};

/// How this installation's cookies are named and marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cookies {
    https: bool,
}

/// The console session.
pub const SESSION: &str = "lw_session";
/// What a browser is known again by.
pub const DEVICE: &str = "lw_device";
/// Light, dark, or as the system says.
pub const THEME: &str = "lw_theme";

impl Cookies {
    /// Of an installation that is reached over https, or over http on this machine.
    pub const fn new(https: bool) -> Self {
        Self { https }
    }

    fn full_name(self, name: &str) -> String {
        if self.https {
            format!("__Host-{name}")
        } else {
            name.to_owned()
        }
    }

    /// A `Set-Cookie` header; without `max_age` (in seconds) the cookie ends with the browser.
    /// `None` if the value has other characters than letters, digits, `-`, `_` and `.`.
    pub fn set(self, name: &str, value: &str, max_age: Option<i64>) -> Option<HeaderValue> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if !value.bytes().all(fits) {
            return None;
        }
        let mut text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", self.full_name(name));
        if let Some(seconds) = max_age {
            text.push_str("; Max-Age=");
            text.push_str(&seconds.to_string());
        }
        if self.https {
            text.push_str("; Secure");
        }
        HeaderValue::try_from(text).ok()
    }

    /// A `Set-Cookie` header that removes the cookie.
    pub fn clear(self, name: &str) -> Option<HeaderValue> {
        self.set(name, "", Some(0))
    }

    /// The value that the browser sent. Two of the same name are none: one of them was planted.
    pub fn read<'h>(self, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
        let name = self.full_name(name);
        let all = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let mut values = all
            .flat_map(|text| text.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(key, _)| *key == name)
            .map(|(_, value)| value);
        let first = values.next()?;
        values.next().is_none().then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(cookies: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, HeaderValue::from_static(cookie));
        }
        headers
    }

    #[test]
    fn on_https_the_cookie_is_bound_to_this_host() {
        let cookies = Cookies::new(true);
        assert_eq!(
            cookies.set(SESSION, "abc", Some(60)).unwrap(),
            "__Host-lw_session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
        );
        assert_eq!(
            cookies.read(&sent(&["__Host-lw_session=abc"]), SESSION),
            Some("abc")
        );
        assert_eq!(cookies.read(&sent(&["lw_session=abc"]), SESSION), None);
    }

    #[test]
    fn on_loopback_http_it_has_no_prefix() {
        let cookies = Cookies::new(false);
        let set = cookies.set(SESSION, "abc", None).unwrap();
        assert_eq!(set, "lw_session=abc; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(
            cookies.clear(SESSION).unwrap(),
            "lw_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
        );
    }

    #[test]
    fn a_cookie_is_found_among_others_and_refused_if_doubled() {
        let cookies = Cookies::new(false);
        let headers = sent(&["a=b; lw_session=abc; lw_theme=dark"]);
        assert_eq!(cookies.read(&headers, SESSION), Some("abc"));
        assert_eq!(cookies.read(&headers, THEME), Some("dark"));
        assert_eq!(cookies.read(&headers, "lw"), None);
        assert_eq!(
            cookies.read(&sent(&["lw_session=a; lw_session=b"]), SESSION),
            None
        );
        assert_eq!(
            cookies.read(&sent(&["lw_session=a", "lw_session=a"]), SESSION),
            None
        );
        assert_eq!(cookies.read(&sent(&[]), SESSION), None);
    }

    #[test]
    fn a_value_cannot_add_an_attribute() {
        for bad in ["a;b", "a b", "a\r\nSet-Cookie: b", "\u{e9}", "a,b"] {
            assert_eq!(Cookies::new(true).set(SESSION, bad, None), None, "{bad:?}");
        }
    }
}
