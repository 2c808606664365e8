//! Forms of the organisation and of staff.

use super::{Leaves, Route, event, file, form, get};

/// What members do to their organisation.
pub(super) const ORGANISATION: &[Route] = &[
    form(
        "/audit/searches",
        "/audit/searches?action=session",
        &[("name", "Sessions")],
        event("audit.search_saved"),
    ),
    form(
        "/audit/searches/{id}/remove",
        "/audit/searches/{search}/remove",
        &[],
        event("audit.search_removed"),
    ),
    form(
        "/audit/exports",
        "/audit/exports?action=session",
        &[("format", "jsonl")],
        event("audit.export_asked"),
    ),
    get("/audit/exports/{id}/file", "/audit/exports/{export}/file"),
    form(
        "/verifications/export",
        "/verifications/export",
        &[],
        event("verification.exported"),
    ),
    file("/usage/report.csv", "usage.exported"),
    file("/usage/requests.csv", "usage.exported"),
    form(
        "/keys/new",
        "/keys/new",
        &[
            ("name", "Matrix"),
            ("environment", "test"),
            ("scopes", "usage:read"),
        ],
        event("api_key.created"),
    ),
    form(
        "/keys/{id}/edit",
        "/keys/{key}/edit",
        &[("name", "Test"), ("scopes", "usage:read")],
        event("api_key.changed"),
    ),
    form(
        "/keys/{id}/rotate",
        "/keys/{spare}/rotate",
        &[("overlap", "24h")],
        event("api_key.rotated"),
    ),
    form(
        "/keys/{id}",
        "/keys/{old}",
        &[("overlap", "7d")],
        event("api_key.overlap_changed"),
    ),
    form(
        "/keys/policy",
        "/keys/policy",
        &[
            ("leaked_live", "tell"),
            ("leaked_test", "revoke"),
            ("intent", "save"),
        ],
        event("api_key.policy_changed"),
    ),
    form(
        "/keys/limits/new",
        "/keys/limits/new",
        &[("name", "dear"), ("units", "5"), ("seconds", "60")],
        event("rate_limit.set"),
    ),
    form(
        "/keys/limits/{name}",
        "/keys/limits/batch",
        &[("intent", "remove")],
        event("rate_limit.removed"),
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
    form(
        "/support-access",
        "/support-access",
        &[("do", "give"), ("hours", "4")],
        event("support.consent_given"),
    ),
];

/// What staff do.
pub(super) const STAFF: &[Route] = &[
    get("/staff/audit", "/staff/audit"),
    get("/staff/audit/{id}", "/staff/audit/{event}"),
    get("/staff/audit/searches", "/staff/audit/searches"),
    get("/staff/audit/exports", "/staff/audit/exports"),
    form(
        "/staff/audit/searches",
        "/staff/audit/searches?action=session",
        &[("name", "Sessions")],
        event("audit.search_saved"),
    ),
    form(
        "/staff/audit/searches/{id}/remove",
        "/staff/audit/searches/{staff_search}/remove",
        &[],
        event("audit.search_removed"),
    ),
    form(
        "/staff/audit/exports",
        "/staff/audit/exports?action=session",
        &[("format", "csv")],
        event("audit.export_asked"),
    ),
    get(
        "/staff/audit/exports/{id}/file",
        "/staff/audit/exports/{export}/file",
    ),
    form(
        "/organisations/new",
        "/organisations/new",
        &[("name", "Further"), ("time_zone", "UTC")],
        event("organisation.created"),
    ),
    form(
        "/staff/organisations/{id}/quota",
        "/staff/organisations/{organisation}/quota",
        &[("units", "1000"), ("reason", "As agreed on the telephone")],
        event("quota.set"),
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
    form(
        "/staff/sessions",
        "/staff/sessions",
        &[("confirm", "everybody")],
        event("session.everybodys_ended"),
    ),
    form(
        "/staff/support",
        "/staff/support",
        &[("q", "gil.guest@example.com")],
        event("support.looked_up"),
    ),
    form(
        "/staff/support/{subject}",
        "/staff/support/{guest}",
        &[("text", "Asked for help by telephone")],
        event("support.note_added"),
    ),
    form(
        "/staff/support/{subject}/hand-over",
        "/staff/support/{verification}/hand-over",
        &[("to", "{guard}"), ("reason", "Knows more of such documents")],
        event("support.handed_over"),
    ),
    form(
        "/staff/support/{subject}/recovery",
        "/staff/support/{locked}/recovery",
        &[],
        event("recovery.started"),
    ),
    form(
        "/staff/support/handovers/{id}/close",
        "/staff/support/handovers/{handover}/close",
        &[],
        event("support.handover_closed"),
    ),
];
