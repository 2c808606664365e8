//! The table: a line for each route, with a request that succeeds for whoever may.
//!
//! A route that is in the router and not here fails a test that says so; so does a line for a
//! route that is gone. `{name}` in a path or a field stands for what [`World`](super::world::World)
//! has made under that name.

/// What a request that succeeds leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaves {
    /// It only reads.
    Nothing,
    /// An audit event with this code, asked for by whom (a name of the world's people).
    Event(&'static str, &'static str),
    /// A write that needs no event: a reason from `platform::audit::Housekeeping`, by whom.
    Housekeeping(&'static str, &'static str),
    /// Only a cookie, or nothing that a database knows.
    Cookie,
    /// What a passkey has to answer: `audit::ceremonies` drives it to its event.
    Ceremony(&'static str),
}

/// How the body is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    None,
    Form(&'static [(&'static str, &'static str)]),
    Json(&'static str),
}

/// One route, with a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    /// As the router has it.
    pub(crate) template: &'static str,
    /// As it is asked for.
    pub(crate) path: &'static str,
    pub(crate) body: Body,
    pub(crate) leaves: Leaves,
}

const fn get(template: &'static str, path: &'static str) -> Route {
    Route {
        method: "GET",
        template,
        path,
        body: Body::None,
        leaves: Leaves::Nothing,
    }
}

/// A page without a parameter.
const fn page(path: &'static str) -> Route {
    get(path, path)
}

const fn form(
    template: &'static str,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    leaves: Leaves,
) -> Route {
    Route {
        method: "POST",
        template,
        path,
        body: Body::Form(fields),
        leaves,
    }
}

const fn json(path: &'static str, body: &'static str, leaves: Leaves) -> Route {
    Route {
        method: "POST",
        template: path,
        path,
        body: Body::Json(body),
        leaves,
    }
}

/// A server function that reads.
const fn reads(path: &'static str, fields: &'static [(&'static str, &'static str)]) -> Route {
    form(path, path, fields, Leaves::Nothing)
}

/// By the first person, who is owner and operator admin.
const fn event(code: &'static str) -> Leaves {
    Leaves::Event(code, "first")
}

/// Every route, in the order in which a column asks: what takes something away comes after
/// what needs it, and what ends the asker's own session or membership last.
pub(crate) const ROUTES: &[Route] = &[
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
    // Pages of the organisation
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
    page("/team/leave"),
    page("/team/roles"),
    page("/team/roles/new"),
    get("/team/roles/{id}", "/team/roles/{role}"),
    get("/team/roles/{id}/delete", "/team/roles/{role}/delete"),
    page("/settings"),
    page("/settings/security"),
    page("/organisations/new"),
    // Pages of staff
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
    // Pages of the account
    page("/account/sign-in-methods"),
    get(
        "/account/sign-in-methods/passkeys/{id}",
        "/account/sign-in-methods/passkeys/{passkey}",
    ),
    page("/account/sign-in-methods/password"),
    // Ways in
    page("/sign-in"),
    get("/setup/{token}", "/setup/{setup}"),
    // What pages load, and islands ask for
    reads("/fn/console/load", &[]),
    reads("/fn/verification/overview", &[]),
    reads("/fn/verification/list", &[("filter[reference]", "x")]),
    reads("/fn/verification/detail", &[("id", "{verification}")]),
    reads("/fn/api_key/list", &[]),
    reads("/fn/audit/list", &[("filter[action]", "session")]),
    reads("/fn/organisation/settings", &[]),
    reads("/fn/team/list", &[]),
    reads("/fn/team/member", &[("id", "{member}")]),
    reads("/fn/role/list", &[]),
    reads("/fn/role/get", &[("id", "{role}")]),
    reads("/fn/security/page", &[]),
    reads("/fn/staff/access", &[]),
    reads("/fn/staff/person", &[("id", "{clerk}")]),
    reads("/fn/staff/organisations", &[]),
    reads("/fn/job/page", &[]),
    reads("/fn/backup/page", &[]),
    reads("/fn/credential/methods", &[]),
    reads("/fn/credential/app", &[("offered", "")]),
    json(
        "/fn/credential/add_begin",
        r#"{"code":""}"#,
        Leaves::Housekeeping("CeremonyBegun", "first"),
    ),
    json(
        "/fn/credential/add_finish",
        r#"{"ceremony":"x","credential":"{}","name":"Phone"}"#,
        Leaves::Ceremony("user.passkey_added"),
    ),
    json("/fn/set_up/open", "token={setup}", Leaves::Nothing),
    json(
        "/fn/set_up/begin",
        r#"{"token":"{setup}","name":"","email":"","organisation":"","time_zone":""}"#,
        Leaves::Housekeeping("CeremonyBegun", "nobody"),
    ),
    json(
        "/fn/set_up/finish",
        r#"{"ceremony":"x","credential":"{}"}"#,
        Leaves::Ceremony("user.passkey_enrolled"),
    ),
    json(
        "/fn/sign_in/begin",
        "{}",
        Leaves::Housekeeping("CeremonyBegun", "nobody"),
    ),
    json(
        "/fn/sign_in/finish",
        r#"{"ceremony":"x","credential":"{}"}"#,
        Leaves::Ceremony("session.signed_in"),
    ),
    json(
        "/fn/step_up/begin",
        r#"{"action":"keys"}"#,
        Leaves::Housekeeping("CeremonyBegun", "first"),
    ),
    json(
        "/fn/step_up/finish",
        r#"{"ceremony":"x","credential":"{}"}"#,
        Leaves::Ceremony("session.confirmed"),
    ),
    // Forms of the organisation
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
    // Forms of staff
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
    // About oneself
    form(
        "/account/sign-in-methods/passkeys/{id}",
        "/account/sign-in-methods/passkeys/{passkey}",
        &[("intent", "rename"), ("name", "Key ring")],
        event("user.passkey_renamed"),
    ),
    form(
        "/account/sign-in-methods",
        "/account/sign-in-methods",
        &[],
        Leaves::Event("user.recovery_codes_made", "member"),
    ),
    form(
        "/account/sign-in-methods/password",
        "/account/sign-in-methods/password",
        &[("intent", "remove")],
        Leaves::Event("user.password_totp_removed", "member"),
    ),
    form("/theme", "/theme", &[("theme", "dark")], Leaves::Cookie),
    form(
        "/organisations/switch",
        "/organisations/switch",
        &[("organisation", "{organisation}")],
        event("session.organisation_switched"),
    ),
    form(
        "/team/leave",
        "/team/leave",
        &[],
        Leaves::Event("member.left", "guard"),
    ),
    form(
        "/sign-in",
        "/sign-in",
        &[
            ("account", "gil.guest@example.com"),
            ("password", "{password}"),
            ("code", "{recovery}"),
        ],
        Leaves::Event("session.signed_in_with_password", "nobody"),
    ),
    form("/sign-out", "/sign-out", &[], event("session.signed_out")),
];
