//! Webhooks: the addresses that are told of events, and what was sent to them.

mod change;
mod delivery;
mod list;
mod new;
mod one;

pub use delivery::Delivery;
pub use list::Webhooks;
pub use new::NewWebhook;
pub use one::Webhook;

use leptos::prelude::*;
use types::{
    Permission,
    console::Viewer,
    webhooks::{DeliveryRow, DeliveryState, WebhookEvent, WebhookRow, WebhookState, WebhookStop},
};

use crate::{
    components::{Badge, Glyph, Icon, Tone},
    context::Typed,
};

/// Whom to ask for the permission to manage webhooks.
const ASK: &str = "an owner or admin of the organisation";

fn may_manage() -> bool {
    let viewer: Option<Viewer> = use_context();
    viewer.is_some_and(|viewer| viewer.may(Permission::WebhooksManage))
}

/// How an endpoint stands.
#[component]
fn StateBadge(row: WebhookRow) -> impl IntoView {
    let (tone, glyph, text) = match (row.state, row.stopped) {
        (WebhookState::Enabled, _) => (Tone::Good, Glyph::CircleCheck, "Enabled"),
        (WebhookState::Failing, _) => (Tone::Bad, Glyph::CircleX, "Failing"),
        (WebhookState::Disabled, Some(WebhookStop::Gone)) => {
            (Tone::Bad, Glyph::CircleSlash, "Disabled: gone")
        }
        (WebhookState::Disabled, Some(WebhookStop::Failing)) => {
            (Tone::Bad, Glyph::CircleSlash, "Disabled: failed for days")
        }
        (WebhookState::Disabled, _) => (Tone::Neutral, Glyph::CircleSlash, "Disabled"),
    };
    view! { <Badge tone glyph text /> }
}

/// How a delivery stands.
#[component]
fn DeliveryBadge(row: DeliveryRow) -> impl IntoView {
    let (tone, glyph, text) = match row.state {
        DeliveryState::Delivered => (Tone::Good, Glyph::CircleCheck, "Delivered"),
        DeliveryState::Failed => (Tone::Bad, Glyph::CircleX, "Given up"),
        DeliveryState::Pending if row.attempts > 0 => (Tone::Warn, Glyph::Retry, "Will be sent again"),
        DeliveryState::Pending => (Tone::Info, Glyph::Hourglass, "Waits to be sent"),
    };
    view! { <Badge tone glyph text /> }
}

/// What the endpoint is told of, as boxes to tick.
#[component]
fn Events(typed: Typed, chosen: Vec<WebhookEvent>) -> impl IntoView {
    let error = typed.error("events");
    let invalid = error.is_some().then_some("events-error");
    let boxes: Vec<_> = WebhookEvent::CHOICE
        .iter()
        .map(|event| {
            let checked = typed.ticked("events", event.as_str(), chosen.contains(event));
            view! {
                <label class="choice">
                    <input type="checkbox" name="events" value=event.as_str() checked=checked />
                    <span>
                        <span class="choice-word">
                            <code>{event.as_str()}</code>
                        </span>
                        <span class="choice-meaning">{event.meaning()}</span>
                    </span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="field" aria-describedby=invalid>
            <legend>"Events"</legend>
            <div class="choices">{boxes}</div>
            {error
                .map(|text| {
                    view! {
                        <p class="field-error" id="events-error">
                            <Icon of=Glyph::CircleAlert size=14 />
                            {text}
                        </p>
                    }
                })}
        </fieldset>
    }
    .into_any()
}
