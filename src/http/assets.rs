//! The files that a browser gets: built by `cargo xtask`, embedded in a release, read from
//! `target/site` in a debug build.
//!
//! `assets/` has a hash of the content in every name and may be kept for ever; `public/` has
//! not, and may be kept for an hour.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use rust_embed::RustEmbed;

use super::{ApiError, Code};

#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

/// Which hashed file stands for which name, such as `app.css`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest(Arc<BTreeMap<String, String>>);

impl Manifest {
    /// Of this build; empty if the site was not built. A debug build reads it anew each time,
    /// so that a change of the site shows without a restart.
    pub fn load() -> Self {
        static ONCE: OnceLock<Manifest> = OnceLock::new();
        if cfg!(debug_assertions) {
            Self::read()
        } else {
            ONCE.get_or_init(Self::read).clone()
        }
    }

    fn read() -> Self {
        let file = Site::get("manifest.json");
        let names = file.and_then(|file| serde_json::from_slice(&file.data).ok());
        Self(Arc::new(names.unwrap_or_default()))
    }

    /// The hashed name; the name itself if there is none, which answers 404.
    pub fn hashed<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, String::as_str)
    }

    /// Whether the site was built.
    pub fn is_built(&self) -> bool {
        !self.0.is_empty()
    }
}

/// `/assets/*`, and the files of `public/` where no other route takes the path.
pub fn routes() -> Router {
    Router::new()
        .route("/assets/{*file}", get(asset))
        .fallback(public)
}

async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
    // The compressed twins are answers to negotiation, and no addresses of their own.
    if matches!(ending(&file), "br" | "gz") {
        return missing();
    }
    serve(embedded, &format!("assets/{file}"), &headers, kept).unwrap_or_else(missing)
}

/// What no route takes: a file of `public/`, or nothing.
async fn public(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let kept = HeaderValue::from_static("public, max-age=3600");
    let file = uri.path().trim_start_matches('/');
    let readable = matches!(method, Method::GET | Method::HEAD) && !file.is_empty();
    let found = if readable {
        serve(embedded, &format!("public/{file}"), &headers, kept)
    } else {
        None
    };
    found.unwrap_or_else(missing)
}

fn missing() -> Response {
    ApiError::new(
        Code::NotFound,
        "There is nothing at this address. Check the link.",
    )
    .into_response()
}

/// A file's content by its path.
type Files = fn(&str) -> Option<Bytes>;

fn embedded(path: &str) -> Option<Bytes> {
    Some(match Site::get(path)?.data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    })
}

fn serve(files: Files, path: &str, headers: &HeaderMap, kept: HeaderValue) -> Option<Response> {
    if !is_sound(path) {
        return None;
    }
    let (data, encoding) = negotiated(files, path, headers)?;
    let mut response = (StatusCode::OK, Body::from(data)).into_response();
    let own = response.headers_mut();
    own.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    own.insert(header::CACHE_CONTROL, kept);
    own.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        own.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// Whether a path stays where it begins, however a file system reads it.
fn is_sound(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    path.bytes().all(plain)
        && path
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.'))
}

fn negotiated(files: Files, path: &str, headers: &HeaderMap) -> Option<(Bytes, Option<&'static str>)> {
    let plain = files(path)?;
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(headers, encoding)
            && let Some(packed) = files(&format!("{path}.{ending}"))
        {
            return Some((packed, Some(encoding)));
        }
    }
    Some((plain, None))
}

/// Whether the client named this encoding and did not weigh it 0 (RFC 9110, section 12.5.3).
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut entries = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','));
    entries.any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        named && weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0))
    })
}

fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// By the ending; `application/octet-stream` keeps what is unknown from being shown.
fn content_type(path: &str) -> &'static str {
    match ending(path) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
    }

    #[test]
    fn an_encoding_is_used_if_it_is_named_and_not_refused() {
        for yes in ["br", "gzip, br", "gzip;q=0.5, BR;q=0.9", "br; q=1"] {
            assert!(accepts(&accepting(yes), "br"), "{yes}");
        }
        for no in ["", "gzip", "br;q=0", "br;q=0.0", "brotli", "*", "br;q=x"] {
            assert!(!accepts(&accepting(no), "br"), "{no}");
        }
        assert!(!accepts(&HeaderMap::new(), "br"));
    }

    #[test]
    fn a_path_cannot_leave_its_folder() {
        for good in ["assets/app.12ab.css", "assets/snippets.12ab/a-1/inline0.js"] {
            assert!(is_sound(good), "{good}");
        }
        for bad in [
            "assets/../manifest.json",
            "assets/..",
            "assets//etc/passwd",
            "assets/.hidden",
            "assets/a\\..\\b",
            "assets/a\0b",
            "assets/",
            "assets/%2e%2e/manifest.json",
        ] {
            assert!(!is_sound(bad), "{bad}");
        }
    }

    fn files(path: &str) -> Option<Bytes> {
        let text = match path {
            "assets/app.1.css" => "plain",
            "assets/app.1.css.br" => "brotli",
            "assets/app.1.css.gz" => "gzip",
            "assets/inter.1.woff2" => "font",
            _ => return None,
        };
        Some(Bytes::from_static(text.as_bytes()))
    }

    async fn served(path: &str, accept: &'static str) -> (String, Option<String>, String) {
        let kept = HeaderValue::from_static("kept");
        let response = serve(files, path, &accepting(accept), kept).unwrap();
        let header = |name| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(header(header::VARY).as_deref(), Some("accept-encoding"));
        assert_eq!(header(header::CACHE_CONTROL).as_deref(), Some("kept"));
        let (kind, encoding) = (
            header(header::CONTENT_TYPE).unwrap(),
            header(header::CONTENT_ENCODING),
        );
        let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
        (kind, encoding, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_smallest_form_that_the_client_takes_is_sent() {
        let css = "text/css; charset=utf-8".to_owned();
        for (accept, encoding, body) in [
            ("gzip, br", Some("br"), "brotli"),
            ("gzip", Some("gzip"), "gzip"),
            ("br;q=0, gzip", Some("gzip"), "gzip"),
            ("identity", None, "plain"),
        ] {
            let expected = (css.clone(), encoding.map(str::to_owned), body.to_owned());
            assert_eq!(served("assets/app.1.css", accept).await, expected);
        }
        let font = served("assets/inter.1.woff2", "br").await;
        assert_eq!(font, ("font/woff2".to_owned(), None, "font".to_owned()));
        let kept = HeaderValue::from_static("kept");
        assert!(serve(files, "assets/other.css", &accepting("br"), kept).is_none());
    }

    #[test]
    fn a_name_without_a_file_stays_itself() {
        let names = BTreeMap::from([("app.css".to_owned(), "app.1.css".to_owned())]);
        let manifest = Manifest(Arc::new(names));
        assert_eq!(manifest.hashed("app.css"), "app.1.css");
        assert_eq!(manifest.hashed("other.css"), "other.css");
        assert!(manifest.is_built() && !Manifest::default().is_built());
    }

    #[test]
    fn scripts_and_modules_have_the_type_that_browsers_insist_on() {
        assert_eq!(content_type("assets/app.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("assets/app_bg.wasm"), "application/wasm");
        assert_eq!(content_type("assets/app"), "application/octet-stream");
    }
}
