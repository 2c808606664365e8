//! Forms of the organisation and of staff.

use super::{Leaves, Route, event, form};

/// What members do to their organisation.
pub(super) const ORGANISATION: &[Route] = &[
    form(
        "/verifications/export",
        "/verifications/export",
        &[],
        event("verification.exported"),
    ),
    form(
        "/keys",
        "/keys",
        &[("name", "Matrix"), ("environment", "test")],
        event("api_key.created"),
    ),
    form(
        "/keys/{id}/revoke",
        "/keys/{key}/revoke",
        &[("confirm", "Test")],
        event("api_key.revoked"),
    ),
    form(
        "/settings",
        "/settings",
        &[("name", "Analytical Engines"), ("time_zone", "Asia/Tokyo")],
        event("organisation.updated"),
    ),
    form(
        "/team/members/{id}",
        "/team/members/{member}",
        &[("role", "billing")],
        event("member.role_changed"),
    ),
    form(
        "/team/members/{id}/remove",
        "/team/members/{member}/remove",
        &[],
        event("member.removed"),
    ),
    form(
        "/team/invite",
        "/team/invite",
        &[("email", "ned@example.com"), ("role", "developer")],
        event("invitation.sent"),
    ),
    form(
        "/team/roles/new",
        "/team/roles/new",
        &[
            ("step", "save"),
            ("name", "Reader"),
            ("permissions", "organisation:read"),
        ],
        event("custom_role.created"),
    ),
    form(
        "/team/roles/{id}",
        "/team/roles/{role}",
        &[
            ("step", "save"),
            ("name", "Renamed"),
            ("permissions", "organisation:read"),
        ],
        event("custom_role.changed"),
    ),
    form(
        "/team/roles/{id}/delete",
        "/team/roles/{role}/delete",
        &[],
        event("custom_role.deleted"),
    ),
    form(
        "/settings/security",
        "/settings/security",
        &[("step", "save"), ("requirement", "any"), ("idle_minutes", "30")],
        event("security.policy_changed"),
    ),
];

/// What staff do.
pub(super) const STAFF: &[Route] = &[
    form(
        "/organisations/new",
        "/organisations/new",
        &[("name", "Further"), ("time_zone", "UTC")],
        event("organisation.created"),
    ),
    form(
        "/staff/access/give",
        "/staff/access/give",
        &[("email", "gil.guest@example.com"), ("role", "staff_billing")],
        event("staff.role_changed"),
    ),
    form(
        "/staff/access/elevate",
        "/staff/access/elevate",
        &[
            ("role", "operator_admin"),
            ("reason", "Looking into a failed job"),
            ("minutes", "15"),
        ],
        Leaves::Event("elevation.requested", "guard"),
    ),
    form(
        "/staff/access/elevations/{id}",
        "/staff/access/elevations/{elevation}",
        &[("decision", "approve")],
        event("elevation.approved"),
    ),
    form(
        "/staff/access/people/{id}",
        "/staff/access/people/{clerk}",
        &[("role", "none")],
        event("staff.role_changed"),
    ),
    form(
        "/staff/jobs/{id}/retry",
        "/staff/jobs/{job}/retry",
        &[],
        event("job.retried"),
    ),
    form(
        "/staff/accounts",
        "/staff/accounts",
        &[("do", "start"), ("user", "{guest}")],
        event("recovery.started"),
    ),
    form(
        "/staff/signals/{id}/handle",
        "/staff/signals/{signal}/handle",
        &[],
        event("signal.handled"),
    ),
];
