//! Pages and files go out compressed (decision 0052).
//!
//! **Invariant**: the length of what another site can make a browser ask for is that of the plain
//! text. Compressed, it would tell of a guess in the query whether the page repeats it (BREACH).
//! For the same reason no answer to a form is compressed: it shows a new key, or what was typed.

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use http::{Extensions, HeaderMap, Method, StatusCode, Version, header};
use tower_http::{
    CompressionLevel,
    compression::{CompressionLayer, Predicate, predicate::SizeAbove},
};

use super::{Surface, csrf};

/// What is shorter goes into one packet either way.
const LEAST_BYTES: u16 = 1024;

/// Of both kinds of compression: on a page as small as slower levels to a tenth, in a fraction of
/// their time.
const LEVEL: CompressionLevel = CompressionLevel::Precise(4);

/// On an answer that may be compressed.
#[derive(Clone, Copy)]
struct Compressible;

/// These routes, which compress what they may.
pub(super) fn around<S>(routes: Router<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let layer = CompressionLayer::new()
        .quality(LEVEL)
        .compress_when(is_marked.and(SizeAbove::new(LEAST_BYTES)));
    routes.layer(middleware::from_fn(mark)).layer(layer)
}

async fn mark(request: Request, next: Next) -> Response {
    let surface = Surface::of(request.uri().path());
    let may = may(surface, request.method(), request.headers());
    let mut response = next.run(request).await;
    if may && is_text(response.headers()) {
        response.extensions_mut().insert(Compressible);
    }
    response
}

fn is_marked(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<Compressible>().is_some()
}

/// Whether nobody but who reads the answer can have chosen what was asked. A person's page is
/// asked for by its secret, which other sites do not have; the console's by a cookie, which a
/// browser adds also to a link from elsewhere.
fn may(surface: Surface, method: &Method, headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all(csrf::FETCH_SITE).iter();
    let site = sites.next().filter(|_| sites.next().is_none());
    let own = || site.is_some_and(|site| site == "same-origin" || site == "none");
    method == Method::GET
        && match surface {
            Surface::Page => own(),
            Surface::Person => true,
            Surface::Api | Surface::Function => false,
        }
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or_default();
    ["text/html", "text/csv"]
        .iter()
        .any(|known| kind.starts_with(known))
}

#[cfg(test)]
mod tests {
    use axum::{
        body::{Body, Bytes},
        response::IntoResponse,
        routing::get,
    };
    use futures::{StreamExt, stream};
    use http::HeaderValue;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    const PIECE: &[u8] = &[b'a'; 100_000];

    fn sites(values: &[&'static str]) -> HeaderMap {
        let pair = |value: &&'static str| {
            let name = http::HeaderName::from_static(csrf::FETCH_SITE);
            (name, HeaderValue::from_static(value))
        };
        let mut headers = HeaderMap::new();
        headers.extend(values.iter().map(pair));
        for (name, value) in values.iter().skip(1).map(pair) {
            headers.append(name, value);
        }
        headers
    }

    #[test]
    fn a_console_page_is_compressed_if_no_other_site_asked_for_it() {
        let page = |values| may(Surface::Page, &Method::GET, &sites(values));
        assert!(page(&["same-origin"]) && page(&["none"]));
        for other in [
            &["cross-site"] as &[_],
            &["same-site"],
            &[""],
            &[],
            &["none", "cross-site"],
        ] {
            assert!(!page(other), "{other:?}");
        }
    }

    #[test]
    fn a_person_s_page_is_asked_for_by_its_secret() {
        for from in [&["cross-site"] as &[_], &["none"], &[]] {
            assert!(may(Surface::Person, &Method::GET, &sites(from)), "{from:?}");
        }
    }

    #[test]
    fn forms_and_programs_get_the_plain_text() {
        let own = sites(&["same-origin"]);
        for method in [Method::POST, Method::HEAD, Method::PUT] {
            assert!(!may(Surface::Page, &method, &own), "{method}");
            assert!(!may(Surface::Person, &method, &own), "{method}");
        }
        assert!(!may(Surface::Api, &Method::GET, &own));
        assert!(!may(Surface::Function, &Method::GET, &own));
    }

    /// An answer that goes wrong after so many pieces, or not.
    fn answer(pieces: usize, broken: bool) -> Router {
        let respond = move || async move {
            let end = broken.then(|| Err(std::io::Error::other("the database went away")));
            let pieces = (0..pieces).map(|_| Ok(Bytes::from_static(PIECE)));
            let kind = [(header::CONTENT_TYPE, "text/csv; charset=utf-8")];
            let body = stream::iter(pieces.chain(end));
            (kind, Body::from_stream(body)).into_response()
        };
        around(Router::new().route("/", get(respond)))
    }

    async fn asked(router: Router, accept: &str) -> Response {
        let request = Request::builder()
            .uri("/")
            .header(csrf::FETCH_SITE, "none")
            .header(header::ACCEPT_ENCODING, accept)
            .body(Body::empty());
        router.oneshot(request.unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn the_form_is_one_that_the_client_takes() {
        for (accept, expected) in [
            ("gzip, deflate, br, zstd", Some("zstd")),
            ("gzip, deflate, br", Some("gzip")),
            ("zstd;q=0, gzip", Some("gzip")),
            ("br", None),
            ("identity", None),
        ] {
            let response = asked(answer(1, false), accept).await;
            let headers = response.headers();
            let encoding = headers.get(header::CONTENT_ENCODING);
            assert_eq!(encoding.map(HeaderValue::as_bytes), expected.map(str::as_bytes));
            assert_eq!(headers.get(header::VARY).unwrap(), "accept-encoding", "{accept}");
        }
    }

    #[tokio::test]
    async fn a_file_that_breaks_off_is_not_taken_for_a_whole_one() {
        for accept in ["zstd", "gzip"] {
            let whole = asked(answer(3, false), accept).await.into_body();
            assert!(whole.collect().await.is_ok(), "{accept}");
            let part = asked(answer(3, true), accept).await.into_body();
            assert!(part.collect().await.is_err(), "{accept}");
        }
    }

    #[tokio::test]
    async fn a_file_without_end_is_sent_as_it_is_made() {
        for accept in ["zstd", "gzip"] {
            let body = asked(answer(usize::MAX, false), accept).await.into_body();
            let first = body.into_data_stream().take(1).collect::<Vec<_>>().await;
            assert!(first.iter().all(Result::is_ok) && first.len() == 1, "{accept}");
        }
    }
}
