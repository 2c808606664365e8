//! What is there for everybody, for programs with a key, and for the person who is verified.

use super::{Leaves, Route, form, get, json, page};

/// Without a session.
pub(super) const ALL: &[Route] = &[
    // For everybody
    page("/healthz"),
    page("/readyz"),
    get("/assets/{*file}", "/assets/nothing"),
    page("/.well-known/jwks.json"),
    // The API
    json(
        "/verify/start",
        "{}",
        Leaves::Event("verification.started", "key"),
    ),
    get("/verify/status", "/verify/status?verificationId={verification}"),
    json(
        "/verify/complete",
        r#"{"verificationId":"{verification}","evidence":{"mrz":["{line1}","{line2}"]}}"#,
        Leaves::Event("verification.decided", "key"),
    ),
    json("/tokens/validate", r#"{"token":"a.b.c"}"#, Leaves::Nothing),
    // The person's page
    get("/v/{secret}", "/v/{consenting}"),
    get("/v/{secret}/consent", "/v/{consenting}/consent"),
    get("/v/{secret}/decline", "/v/{consenting}/decline"),
    get("/v/{secret}/lines", "/v/{consenting}/lines"),
    form(
        "/v/{secret}/consent",
        "/v/{consenting}/consent",
        &[],
        Leaves::Event("verification.consented", "nobody"),
    ),
    form(
        "/v/{secret}/decline",
        "/v/{declining}/decline",
        &[],
        Leaves::Event("verification.declined", "nobody"),
    ),
    form(
        "/v/{secret}/lines",
        "/v/{consenting}/lines",
        &[("line1", "{line1}"), ("line2", "{line2}")],
        Leaves::Event("verification.decided", "nobody"),
    ),
];
