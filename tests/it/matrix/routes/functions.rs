//! Server functions: what pages load, and islands ask for.

use super::{Leaves, Route, event, form, json, reads};

/// Those that read, then the ceremonies.
pub(super) const ALL: &[Route] = &[
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
    reads("/fn/account/profile", &[]),
    reads("/fn/account/email_change", &[("secret", "{email_change}")]),
    reads("/fn/account/sign_up_offered", &[]),
    reads("/fn/account/sign_up_offer", &[("secret", "{sign_up}")]),
    reads("/fn/audit/own", &[]),
    reads("/fn/session/page", &[]),
    reads("/fn/reminder/choices", &[]),
    reads("/fn/invitation/page", &[]),
    reads("/fn/invitation/view", &[("secret", "{invitation}")]),
    reads("/fn/recovery/own", &[]),
    reads("/fn/recovery/view", &[("secret", "{recovering}")]),
    reads("/fn/recovery/cancel_view", &[("secret", "{cancelling}")]),
    reads("/fn/recovery/waiting", &[]),
    reads("/fn/signal/not_me", &[("secret", "{not_me}")]),
    reads("/fn/mail/outbox", &[]),
    reads(
        "/fn/set_up/app_key",
        &[("email", "sue@example.com"), ("offered", "")],
    ),
    // That somebody read what is told to staff is told in its turn
    form(
        "/fn/signal/list",
        "/fn/signal/list",
        &[("state", "open")],
        event("signal.read"),
    ),
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
];
