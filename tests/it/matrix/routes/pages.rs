//! The pages of the console.

use super::{Route, get, page};

/// Each is only read.
pub(super) const ALL: &[Route] = &[
    // Of the organisation
    page("/"),
    page("/verifications"),
    page("/verifications/export"),
    get("/verifications/{id}", "/verifications/{verification}"),
    page("/keys"),
    get("/keys/{id}/revoke", "/keys/{key}/revoke"),
    page("/audit"),
    page("/team"),
    get("/team/members/{id}", "/team/members/{member}"),
    get("/team/members/{id}/remove", "/team/members/{member}/remove"),
    page("/team/invite"),
    page("/team/leave"),
    page("/team/roles"),
    page("/team/roles/new"),
    get("/team/roles/{id}", "/team/roles/{role}"),
    get("/team/roles/{id}/delete", "/team/roles/{role}/delete"),
    page("/settings"),
    page("/settings/security"),
    page("/organisations/new"),
    // Of staff
    page("/staff/organisations"),
    page("/staff/access"),
    page("/staff/access/give"),
    get("/staff/access/people/{id}", "/staff/access/people/{clerk}"),
    page("/staff/access/elevate"),
    get(
        "/staff/access/elevations/{id}",
        "/staff/access/elevations/{elevation}",
    ),
    page("/staff/jobs"),
    page("/staff/backups"),
    page("/staff/accounts"),
    page("/staff/signals"),
    // Of the account
    page("/account"),
    get("/account/email/{secret}", "/account/email/{email_change}"),
    page("/account/sign-in-methods"),
    get(
        "/account/sign-in-methods/passkeys/{id}",
        "/account/sign-in-methods/passkeys/{passkey}",
    ),
    page("/account/sign-in-methods/password"),
    page("/account/sessions"),
    page("/account/activity"),
    page("/account/notifications"),
    page("/account/recovery"),
    page("/report"),
    // What an open page asks: how long its session has left
    page("/session"),
    // Ways in
    page("/sign-in"),
    get("/setup/{token}", "/setup/{setup}"),
    page("/sign-up"),
    get("/sign-up/{secret}", "/sign-up/{sign_up}"),
    get("/invitations/{secret}", "/invitations/{invitation}"),
    page("/recover"),
    get("/recover/{secret}", "/recover/{recovering}"),
    get("/recover/cancel/{secret}", "/recover/cancel/{cancelling}"),
    get("/not-me/{secret}", "/not-me/{not_me}"),
    // Mails that are sent nowhere, on an installation of one's own machine
    page("/dev/outbox"),
];
