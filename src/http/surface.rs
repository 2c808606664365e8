//! Which kind of caller a path is for: it decides the form of errors, and whether a request
//! may come from anywhere.

/// Which kind of caller a path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// Programs: authenticated by a header, never by a cookie. Errors are JSON.
    Api,
    /// Our own pages' scripts: authenticated by the cookie. Errors are JSON.
    Function,
    /// People at the console: authenticated by the cookie. Errors are pages.
    Page,
    /// The person who is verified: authenticated by the secret in the path. Errors are pages.
    Person,
}

const API: [&str; 11] = [
    "/verify/",
    "/tokens/",
    "/api-keys",
    "/rate-limits",
    "/leaks/",
    "/.well-known/",
    "/ledger/",
    "/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
];

impl Surface {
    /// Of a request's path, as it came.
    pub fn of(path: &str) -> Self {
        // The pages of usage stand below the call.
        if path == "/usage" || API.iter().any(|prefix| path.starts_with(prefix)) {
            Self::Api
        } else if path.starts_with("/fn/") {
            Self::Function
        } else if path.starts_with("/v/") {
            Self::Person
        } else {
            Self::Page
        }
    }

    /// Whether the browser authenticates such a request by itself, so that another site could
    /// make it do so.
    pub(crate) const fn is_ambient(self) -> bool {
        !matches!(self, Self::Api)
    }
}

#[cfg(test)]
mod tests {
    use super::Surface;

    #[test]
    fn the_public_calls_are_for_programs_and_the_rest_is_not() {
        for path in [
            "/verify/start",
            "/tokens/validate",
            "/.well-known/jwks.json",
            "/usage",
            "/healthz",
        ] {
            assert_eq!(Surface::of(path), Surface::Api, "{path}");
        }
        for path in [
            "/",
            "/verifications",
            "/verifications/ver_1",
            "/verify",
            "//verify/start",
            "/usage/report",
            "/usage/requests.csv",
        ] {
            assert_eq!(Surface::of(path), Surface::Page, "{path}");
        }
        assert_eq!(Surface::of("/fn/sign_in"), Surface::Function);
        assert_eq!(Surface::of("/v/secret"), Surface::Person);
    }
}
