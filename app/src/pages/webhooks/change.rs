//! What can be done to an endpoint, for whoever may.

use leptos::prelude::*;
use types::{
    StepUp, Timestamp,
    webhooks::{WebhookRow, WebhookState},
};

use super::Events;
use crate::{
    components::{Card, Confirm, Field},
    context::Typed,
    time::Here,
};

/// The test event, and the replay of everything that was given up.
#[component]
pub(super) fn Replays(row: WebhookRow) -> impl IntoView {
    let path = format!("/webhooks/{}", row.id);
    let replay = path.clone();
    let here = Here::current();
    let day_ago = here.local_minute(here.now.plus_seconds(-86_400));
    view! {
        <div class="stack">
            <form method="post" action=path>
                <button type="submit" class="button primary" name="intent" value="test">
                    "Send a test event"
                </button>
            </form>
            {(row.state != WebhookState::Disabled)
                .then(|| {
                    view! {
                        <form method="post" action=replay class="stack">
                            <Field
                                name="since"
                                label="Given up since"
                                hint=format!("In {}. Whatever was given up and happened then or later is sent again.", here.zone_name())
                                typed=Typed::of_form("replay_since")
                                value=day_ago
                                kind="datetime-local"
                            />
                            <div class="form-actions">
                                <button type="submit" class="button" name="intent" value="replay_since">
                                    "Replay what was given up"
                                </button>
                            </div>
                        </form>
                    }
                })}
        </div>
    }
    .into_any()
}

#[component]
pub(super) fn Settings(row: WebhookRow, url: String, old_secret_until: Option<Timestamp>) -> impl IntoView {
    let path = format!("/webhooks/{}", row.id);
    let (save, secret, delete) = (path.clone(), path.clone(), path);
    let typed = Typed::of_form("save");
    let disabled = row.state == WebhookState::Disabled;
    view! {
        <div class="narrow stack">
            <Card title="Change">
                <form method="post" action=save class="stack">
                    <Field
                        name="url"
                        label="Address"
                        hint="It begins with https://, and leads to the public internet."
                        typed=typed.clone()
                        value=url
                        kind="url"
                        maxlength=500
                    />
                    <Field
                        name="description"
                        label="Description"
                        typed=typed.clone()
                        value=row.description
                        optional=true
                        maxlength=200
                    />
                    <Events typed chosen=row.events />
                    <Confirm action=StepUp::Webhooks />
                    <div class="form-actions">
                        <button type="submit" class="button" name="intent" value="save">
                            "Save changes"
                        </button>
                        <Switch disabled />
                    </div>
                </form>
            </Card>
            <Secret path=secret old_secret_until />
            <Card
                title="Delete"
                sentence="Its secret and the log of what was sent are gone for good, and nothing more is sent."
            >
                <form method="post" action=delete class="stack">
                    <Confirm action=StepUp::Webhooks />
                    <div class="form-actions">
                        <button type="submit" class="button danger" name="intent" value="delete">
                            "Delete webhook"
                        </button>
                    </div>
                </form>
            </Card>
        </div>
    }
    .into_any()
}

/// Whether anything is sent there at all. What stands in the form's fields is not looked at.
#[component]
fn Switch(disabled: bool) -> impl IntoView {
    let (intent, words) = if disabled {
        ("enable", "Enable webhook")
    } else {
        ("disable", "Disable webhook")
    };
    view! {
        <button type="submit" class="button" name="intent" value=intent formnovalidate>
            {words}
        </button>
    }
}

#[component]
fn Secret(path: String, old_secret_until: Option<Timestamp>) -> impl IntoView {
    let (sentence, intent, words) = if old_secret_until.is_some() {
        (
            "Two secrets sign at the moment. Stop the old one before its time if somebody else may know it: x-webhook-signature is then made with the new one.",
            "end_old_secret",
            "Stop signing with the old secret",
        )
    } else {
        (
            "A new secret signs from then on, and for 24 hours the old one too: webhook-signature then has both, x-webhook-signature has the old one's.",
            "rotate",
            "Rotate secret",
        )
    };
    view! {
        <Card title="Signing secret" sentence>
            <form method="post" action=path class="stack">
                <Confirm action=StepUp::Webhooks />
                <div class="form-actions">
                    <button type="submit" class="button" name="intent" value=intent>
                        {words}
                    </button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}
