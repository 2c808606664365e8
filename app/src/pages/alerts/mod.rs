//! Alerts: what is watched, what fires, who is told, and what was told.

mod act;
mod channel;
mod channels;
mod fields;
mod form;
mod history;
mod list;
mod new_channel;
mod one;
mod preview;
mod series;
mod words;

pub use channel::AlertChannel;
pub use channels::AlertChannels;
pub use form::{EditAlert, NewAlert};
pub use list::Alerts;
pub use new_channel::NewAlertChannel;
pub use one::Alert;

use leptos::prelude::*;
use types::{
    Permission,
    alerts::{AlertDelivery, AlertRow, AlertState, ChannelKind},
    console::Viewer,
    webhooks::DeliveryState,
};

use crate::components::{Badge, Glyph, Tone};

/// Whom to ask for the permission to manage alerts.
const ASK: &str = "an owner or admin of the organisation";

fn may_manage() -> bool {
    let viewer: Option<Viewer> = use_context();
    viewer.is_some_and(|viewer| viewer.may(Permission::AlertsManage))
}

/// How a rule stands.
#[component]
fn StateBadge(row: AlertRow) -> impl IntoView {
    if !row.enabled {
        return view! { <Badge tone=Tone::Neutral glyph=Glyph::CircleSlash text="Off" /> }.into_any();
    }
    view! { <LevelBadge state=row.state /> }.into_any()
}

/// A state by itself.
#[component]
fn LevelBadge(state: AlertState) -> impl IntoView {
    let (tone, glyph) = match state {
        AlertState::Ok => (Tone::Good, Glyph::CircleCheck),
        AlertState::Warning => (Tone::Warn, Glyph::Alert),
        AlertState::Critical => (Tone::Bad, Glyph::CircleAlert),
    };
    view! { <Badge tone glyph text=state.title() /> }
}

/// How a message stands.
#[component]
fn SentBadge(state: DeliveryState, attempts: u32) -> impl IntoView {
    let (tone, glyph, text) = match state {
        DeliveryState::Delivered => (Tone::Good, Glyph::CircleCheck, "Sent"),
        DeliveryState::Failed => (Tone::Bad, Glyph::CircleX, "Given up"),
        DeliveryState::Pending if attempts > 0 => (Tone::Warn, Glyph::Retry, "Will be sent again"),
        DeliveryState::Pending => (Tone::Info, Glyph::Hourglass, "Waits to be sent"),
    };
    view! { <Badge tone glyph text /> }
}

/// What came of a message, for people.
fn outcome(delivery: &AlertDelivery) -> String {
    match (&delivery.problem, delivery.status) {
        (Some(problem), _) => problem.clone(),
        (None, Some(status)) => status.to_string(),
        (None, None) => "–".to_owned(),
    }
}

const fn channel_glyph(kind: ChannelKind) -> Glyph {
    match kind {
        ChannelKind::Email => Glyph::Mail,
        ChannelKind::Webhook => Glyph::Webhook,
        ChannelKind::Slack => Glyph::Terminal,
    }
}
