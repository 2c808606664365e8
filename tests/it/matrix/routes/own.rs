//! Forms about oneself: ways in, one's account, and ways out.

use super::{Leaves, Route, event, form};

/// Behind a link from a mail, or before one. Whoever has the link may, signed in or not.
pub(super) const WAYS_IN: &[Route] = &[
    form(
        "/sign-up",
        "/sign-up",
        &[
            ("name", "Sam Second"),
            ("email", "sam@example.com"),
            ("organisation", "Second"),
        ],
        Leaves::Event("account.sign_up_asked", "nobody"),
    ),
    form(
        "/sign-up/{secret}",
        "/sign-up/{sign_up}",
        &[
            ("password", "{password}"),
            ("totp_secret", "{app_key}"),
            ("totp_code", "{app_code}"),
        ],
        Leaves::Event("account.signed_up", "nobody"),
    ),
    form(
        "/invitations/{secret}",
        "/invitations/{invitation}",
        &[
            ("name", "Ida Invited"),
            ("password", "{password}"),
            ("totp_secret", "{app_key}"),
            ("totp_code", "{app_code}"),
        ],
        Leaves::Event("invitation.accepted", "nobody"),
    ),
    form(
        "/recover",
        "/recover",
        &[("email", "gil.guest@example.com")],
        Leaves::Event("recovery.asked", "nobody"),
    ),
    form(
        "/recover/{secret}",
        "/recover/{recovering}",
        &[("way", "recovery_code"), ("shown", "{second_way}")],
        Leaves::Event("recovery.confirmed", "nobody"),
    ),
    form(
        "/recover/cancel/{secret}",
        "/recover/cancel/{cancelling}",
        &[],
        Leaves::Event("recovery.cancelled", "nobody"),
    ),
    form(
        "/not-me/{secret}",
        "/not-me/{not_me}",
        &[],
        Leaves::Event("account.disowned", "nobody"),
    ),
];

/// About one's own account.
pub(super) const ACCOUNT: &[Route] = &[
    form(
        "/account",
        "/account",
        &[("do", "name"), ("name", "Renamed Person")],
        event("account.name_changed"),
    ),
    form(
        "/account/email/{secret}",
        "/account/email/{email_change}",
        &[],
        event("account.email_changed"),
    ),
    form(
        "/account/sessions",
        "/account/sessions",
        &[("session", "{session}")],
        event("session.revoked"),
    ),
    form(
        "/account/notifications",
        "/account/notifications",
        &[],
        event("reminder.chosen"),
    ),
    form(
        "/account/recovery",
        "/account/recovery",
        &[],
        Leaves::Event("recovery.cancelled", "member"),
    ),
    form(
        "/report",
        "/report",
        &[("about", "/keys"), ("text", "A key that nobody here made")],
        event("signal.reported"),
    ),
    form(
        "/session",
        "/session",
        &[],
        Leaves::Housekeeping("SessionSeen", "first"),
    ),
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
];

/// What ends the asker's own session or membership, and the way in again; and into a look, in
/// which nothing else can be done, and out of it.
pub(super) const WAYS_OUT: &[Route] = &[
    form(
        "/staff/support/{subject}/look",
        "/staff/support/{organisation}/look",
        &[("do", "enter"), ("reason", "They ask why a key fails")],
        event("support.look_began"),
    ),
    form(
        "/support/leave",
        "/support/leave",
        &[],
        Leaves::Event("support.look_ended", "looker"),
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
