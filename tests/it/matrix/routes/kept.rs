//! Forms about what is kept, held, streamed, watched, told and erased.

use super::{Route, event, form};

const REASON: (&str, &str) = ("reason", "A reason that is long enough");

/// Of the organisation.
pub(super) const ORGANISATION: &[Route] = &[
    form(
        "/audit/retention",
        "/audit/retention",
        &[("step", "save"), ("audit_events", "400")],
        event("retention.changed"),
    ),
    form(
        "/audit/holds/new",
        "/audit/holds/new",
        &[REASON],
        event("legal_hold.placed"),
    ),
    form(
        "/audit/holds/{id}/release",
        "/audit/holds/{hold}/release",
        &[REASON],
        event("legal_hold.released"),
    ),
    form(
        "/audit/streams/new",
        "/audit/streams/new",
        &[
            ("name", "Matrix"),
            ("kind", "webhook"),
            ("format", "json"),
            ("url", "https://siem.example.com/"),
        ],
        event("stream.created"),
    ),
    form(
        "/audit/streams/{id}",
        "/audit/streams/{stream}",
        &[("intent", "pause")],
        event("stream.paused"),
    ),
    form(
        "/alerts/new",
        "/alerts/new",
        &[("kind", "requests"), ("warning", "10"), ("intent", "save")],
        event("alert_rule.created"),
    ),
    form(
        "/alerts/{id}/edit",
        "/alerts/{rule}/edit",
        &[("warning", "20"), ("intent", "save")],
        event("alert_rule.changed"),
    ),
    form(
        "/alerts/{id}",
        "/alerts/{rule}",
        &[("intent", "silence"), ("silence", "3600")],
        event("alert_rule.silenced"),
    ),
    form(
        "/alerts/channels/new",
        "/alerts/channels/new",
        &[
            ("kind", "slack"),
            ("name", "Matrix"),
            ("url", "https://chat.example.com/in"),
        ],
        event("alert_channel.created"),
    ),
    form(
        "/alerts/channels/{id}",
        "/alerts/channels/{channel}",
        &[("intent", "delete")],
        event("alert_channel.removed"),
    ),
    form(
        "/webhooks/new",
        "/webhooks/new",
        &[
            ("url", "https://shop.example.com/"),
            ("environment", "test"),
            ("events", "verification.completed"),
        ],
        event("webhook.created"),
    ),
    // Before the other, after which nothing can be replayed
    form(
        "/webhooks/{id}/deliveries/{delivery}",
        "/webhooks/{webhook}/deliveries/{delivery}",
        &[("intent", "replay")],
        event("webhook.replayed"),
    ),
    form(
        "/webhooks/{id}",
        "/webhooks/{webhook}",
        &[("intent", "disable")],
        event("webhook.disabled"),
    ),
];

/// Of the installation.
pub(super) const STAFF: &[Route] = &[
    form(
        "/staff/retention",
        "/staff/retention",
        &[("step", "save"), ("audit_events", "400")],
        event("retention.changed"),
    ),
    form(
        "/staff/holds/new",
        "/staff/holds/new",
        &[REASON],
        event("legal_hold.placed"),
    ),
    form(
        "/staff/holds/{id}/release",
        "/staff/holds/{staff_hold}/release",
        &[REASON],
        event("legal_hold.released"),
    ),
    form(
        "/staff/streams/new",
        "/staff/streams/new",
        &[
            ("name", "Matrix"),
            ("kind", "syslog"),
            ("format", "json"),
            ("host", "logs.example.com"),
        ],
        event("stream.created"),
    ),
    form(
        "/staff/streams/{id}",
        "/staff/streams/{staff_stream}",
        &[("intent", "pause")],
        event("stream.paused"),
    ),
    form(
        "/staff/erasure",
        "/staff/erasure?user={newcomer}",
        &[("confirm", "Nia New"), REASON],
        event("user.personal_fields_erased"),
    ),
];
