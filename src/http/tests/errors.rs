//! What goes wrong has the form of its surface.

use super::*;

#[tokio::test]
async fn whatever_goes_wrong_for_a_program_has_the_contracts_form() {
    for (request, status, code) in [
        (request(Method::GET, "/verify/nothing"), 404, "NOT_FOUND"),
        (request(Method::GET, "/verify/start"), 405, "METHOD_NOT_ALLOWED"),
        (request(Method::GET, "/verify/refused"), 400, "INVALID_REQUEST"),
        (request(Method::GET, "/verify/broken"), 500, "INTERNAL"),
        (request(Method::GET, "/verify/internal"), 500, "INTERNAL"),
        (body("/verify/start", "{"), 400, "INVALID_REQUEST"),
        (body("/verify/start", r#"{"colour":1}"#), 400, "INVALID_REQUEST"),
        (body("/verify/plain", "{"), 400, "INVALID_REQUEST"),
        (body("/verify/plain", "{}"), 422, "INVALID_REQUEST"),
        (body("/verify/start", vec![b' '; 70_000]), 413, "TOO_LARGE"),
    ] {
        let uri = request.uri().clone();
        let (got, headers, body) = send(router(&[]), request).await;
        assert_eq!(got.as_u16(), status, "{uri}");
        assert_eq!(contract(&headers, &body).0, code, "{uri}");
        assert_eq!(headers["content-security-policy"], csp::STRICT, "{uri}");
    }
}

#[tokio::test]
async fn a_wrong_method_says_which_are_right() {
    let (_, headers, _) = get_("/verify/start").await;
    assert_eq!(headers[header::ALLOW], "POST");
}

#[tokio::test]
async fn fields_are_named_and_all_their_messages_kept() {
    let (_, headers, body) = get_("/verify/refused").await;
    let (_, value) = contract(&headers, &body);
    assert_eq!(
        value["error"]["fields"],
        json!({ "lines": "Line 1 is <short>. So is line 2." })
    );
}

#[tokio::test]
async fn a_wrong_type_of_body_is_refused() {
    let mut request = body("/verify/start", "count=1");
    request.headers_mut().insert(
        header::CONTENT_TYPE,
        "application/x-www-form-urlencoded".parse().unwrap(),
    );
    let (status, headers, body) = send(router(&[]), request).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(contract(&headers, &body).0, "UNSUPPORTED_MEDIA_TYPE");
}

#[tokio::test]
async fn what_goes_wrong_for_a_person_is_a_page() {
    for (path, status, title) in [
        ("/nothing", 404, "There is no such page"),
        ("/v/secret", 400, "This request cannot be used"),
        ("/broken", 500, "Loomwire could not do this"),
    ] {
        let (got, headers, body) = get_(path).await;
        assert_eq!(got.as_u16(), status, "{path}");
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(body.contains(&format!("<h1>{title}</h1>")), "{body}");
        assert!(body.contains(headers["x-request-id"].to_str().unwrap()), "{body}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("style-src 'sha256-"), "{policy}");
    }
    let (_, _, body) = get_("/v/secret").await;
    assert!(body.contains("<li>Line 1 is &lt;short&gt;.</li>"), "{body}");
}

#[tokio::test]
async fn a_page_that_says_no_itself_is_left_as_it_is() {
    let (status, headers, body) = get_("/own").await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_FOUND, "own page"));
    assert_eq!(headers["content-security-policy"], csp::csp("abc"));
}

#[test]
fn every_code_is_spelled_as_the_contract_has_it() {
    assert_eq!(Code::AuthInvalidKey.as_str(), "AUTH_INVALID_KEY");
    assert_eq!(Code::IpNotAllowed.as_str(), "IP_NOT_ALLOWED");
    assert_eq!(Code::SubscriptionInactive.as_str(), "SUBSCRIPTION_INACTIVE");
    assert_eq!(Code::WrongRegion.status().as_u16(), 421);
}
