//! What a browser may load and run on our pages (Content Security Policy Level 3).

use http::HeaderValue;

/// For answers that are no page: nothing may be loaded, run or framed.
pub const STRICT: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// For the page that the server writes itself: its one sheet, by digest, and nothing else.
pub(super) const ERROR_PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'sha256-EAKgHkCEzVH7VyxEtlj+KP3FeVZwlN5uGkikRKDmh30='; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// For a Leptos page. `nonce` is fresh for each answer, and what Leptos put on its own scripts.
///
/// `'wasm-unsafe-eval'` lets the browser compile our WebAssembly; it does not allow `eval`.
/// A nonce that is no header text gives the strict policy.
pub fn csp(nonce: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    let sound = !nonce.is_empty()
        && nonce
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte));
    HeaderValue::try_from(policy)
        .ok()
        .filter(|_| sound)
        .unwrap_or(STRICT)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_error_page_may_use_its_own_sheet() {
        let digest = STANDARD.encode(Sha256::digest(crate::http::page::STYLE));
        let policy = ERROR_PAGE;
        assert!(
            policy.to_str().unwrap().contains(&format!("'sha256-{digest}'")),
            "{digest}"
        );
    }

    #[test]
    fn a_page_runs_what_has_its_nonce_and_no_other_inline_script() {
        let policy = csp("AbC123==");
        let policy = policy.to_str().unwrap();
        assert!(policy.contains("script-src 'self' 'nonce-AbC123==' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }

    #[test]
    fn a_nonce_cannot_add_a_directive() {
        for bad in ["", "a'; script-src *", "a\r\nx: y", "a b"] {
            assert_eq!(csp(bad), STRICT, "{bad:?}");
        }
    }
}
