//! What is there for everybody, for programs with a key, and for the person who is verified.

use super::{Body, Leaves, Route, form, get, json, page};

/// Without a session.
pub(super) const ALL: &[Route] = &[
    // For everybody
    page("/healthz"),
    page("/readyz"),
    get("/assets/{*file}", "/assets/nothing"),
    page("/.well-known/jwks.json"),
    page("/openapi.json"),
    page("/ledger/checkpoint"),
    page("/ledger/checkpoint/witnessed"),
    page("/ledger/key"),
    get("/ledger/tile/{*place}", "/ledger/tile/0/000.p/1"),
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
    get("/usage", "/usage"),
    page("/api-keys"),
    get("/api-keys/{id}", "/api-keys/{key}"),
    json(
        "/api-keys",
        r#"{"name":"By a key","scopes":["keys:read"]}"#,
        Leaves::Event("api_key.created", "key"),
    ),
    Route {
        method: "PATCH",
        template: "/api-keys/{id}",
        path: "/api-keys/{key}",
        body: Body::Json(r#"{"note":"By a key"}"#),
        leaves: Leaves::Event("api_key.changed", "key"),
    },
    Route {
        method: "POST",
        template: "/api-keys/{id}/rotate",
        path: "/api-keys/{handed}/rotate",
        body: Body::Json(r#"{"overlapSeconds":60}"#),
        leaves: Leaves::Event("api_key.rotated", "key"),
    },
    Route {
        method: "POST",
        template: "/api-keys/{id}/revoke",
        path: "/api-keys/{gone}/revoke",
        body: Body::Json("{}"),
        leaves: Leaves::Event("api_key.revoked", "key"),
    },
    page("/rate-limits"),
    Route {
        method: "PUT",
        template: "/rate-limits/{name}",
        path: "/rate-limits/nightly",
        body: Body::Json(r#"{"units":5,"seconds":60}"#),
        leaves: Leaves::Event("rate_limit.set", "key"),
    },
    Route {
        method: "DELETE",
        template: "/rate-limits/{name}",
        path: "/rate-limits/daily",
        body: Body::Json("{}"),
        leaves: Leaves::Event("rate_limit.removed", "key"),
    },
    // Keys that somebody found
    form(
        "/leaks",
        "/leaks",
        &[("text", "nothing"), ("place", "https://shop.example")],
        Leaves::Housekeeping("LeakNoted", "nobody"),
    ),
    json("/leaks/github", "[]", Leaves::Ceremony("api_key.leaked")),
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
