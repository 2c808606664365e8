//! The page that says what went wrong where no page of the console can: small, without script,
//! and complete in itself.

use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};
use types::RequestId;

use super::{ApiError, Code, csp};

/// The sheet of the page. `csp::ERROR_PAGE` allows exactly these bytes, by their digest.
pub(super) const STYLE: &str = ":root{color-scheme:light dark}\
body{margin:0;font:16px/24px Inter,system-ui,sans-serif;background:Canvas;color:CanvasText}\
main{max-width:420px;margin:15vh auto 0;padding:0 16px}\
h1{font-size:24px;line-height:32px;font-weight:600;margin:0 0 8px}\
p{margin:0 0 16px}\
ul{margin:0 0 16px;padding-left:20px}\
code{font:14px/20px ui-monospace,monospace;user-select:all;overflow-wrap:anywhere}\
small{font-size:14px;line-height:20px}";

pub(super) fn error(status: StatusCode, error: &ApiError, id: RequestId) -> Response {
    let title = title(error.code);
    let mut fields = String::new();
    for (_, message) in &error.fields {
        fields.push_str("<li>");
        fields.push_str(&escape(message));
        fields.push_str("</li>");
    }
    let fields = if fields.is_empty() {
        fields
    } else {
        format!("<ul>{fields}</ul>")
    };
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} · Loomwire</title><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1><p>{}</p>{fields}\
         <p><small>Request id: <code>{id}</code></small></p></main></body></html>",
        escape(&error.message)
    );
    let policy = [(header::CONTENT_SECURITY_POLICY, csp::ERROR_PAGE)];
    (status, policy, Html(body)).into_response()
}

const fn title(code: Code) -> &'static str {
    match code {
        Code::InvalidRequest | Code::UnsupportedMediaType => "This request cannot be used",
        Code::AuthInvalidKey => "You are not signed in",
        Code::SubscriptionInactive
        | Code::QuotaExceeded
        | Code::ScopeMissing
        | Code::IpNotAllowed
        | Code::CrossSite => "This is not allowed",
        Code::StepUpRequired => "Confirm that it is you",
        Code::NotFound => "There is no such page",
        Code::MethodNotAllowed => "This cannot be opened like that",
        Code::Timeout => "This took too long",
        Code::Conflict => "This cannot be done now",
        Code::TooLarge => "This is too long",
        Code::WrongRegion => "This is in another region",
        Code::RateLimited => "Too many requests",
        Code::Internal => "Loomwire could not do this",
        Code::Unavailable => "Not available at the moment",
    }
}

/// Text as HTML text.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
