//! API keys: make, see once, list, change, let another take over, revoke.

mod edit;
mod form;
mod found;
mod limits;
mod list;
mod new;
mod one;
mod policy;
mod revoke;
mod rotate;
mod sources;

use leptos::prelude::*;
use types::{
    ApiKeyId,
    console::{ApiKeyRow, NewApiKey},
    keys::KeyPage,
};

pub use edit::EditKey;
pub use found::FoundKey;
pub use limits::{EditKeyLimit, KeyLimits, NewKeyLimit};
pub use list::Keys;
pub use new::NewKey;
pub use one::Key;
pub use policy::KeyPolicies;
pub use revoke::RevokeKey;
pub use rotate::RotateKey;

use crate::{
    FormOutcome, PageContext, PageError,
    components::{Badge, Card, CodeTabs, ErrorPanel, Glyph, Load, SecretReveal, Tone, start_samples},
    error::set_status,
    pages::named,
    server::api_key,
    time::Here,
};

/// The key of the path.
#[component]
fn Found<V: IntoView + 'static>(children: fn(KeyPage) -> V) -> impl IntoView {
    let Some(id) = named::<ApiKeyId>("id") else {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This API key") /> }.into_any();
    };
    view! {
        <Load from=api_key::page(id) let:page>
            {children(page)}
        </Load>
    }
    .into_any()
}

/// The name, with what tells keys of one name apart.
#[component]
fn KeyName(row: ApiKeyRow) -> impl IntoView {
    view! {
        <span class="font-medium">{row.name}</span>
        <code class="key-shape">{format!("{}…{}", row.prefix, row.last_four)}</code>
    }
}

/// Whether it works, and for how long.
#[component]
fn KeyState(row: ApiKeyRow) -> impl IntoView {
    const SOON: i64 = 14 * 86_400_000;
    let here = Here::current();
    let (tone, glyph, text) = if row.revoked_at.is_some() {
        (Tone::Bad, Glyph::Ban, "Revoked")
    } else if row.disabled_at.is_some() {
        (Tone::Bad, Glyph::CircleSlash, "Disabled")
    } else if !row.works(here.now) {
        (Tone::Neutral, Glyph::CircleSlash, "Ended")
    } else if row.ends_at.is_some() {
        (Tone::Warn, Glyph::Hourglass, "Rotated")
    } else if row
        .until()
        .is_some_and(|until| until.millis_since(here.now) < SOON)
    {
        (Tone::Warn, Glyph::Clock, "Expires soon")
    } else if row.is_due(here.now) {
        (Tone::Warn, Glyph::Hourglass, "Rotation due")
    } else {
        (Tone::Good, Glyph::CircleCheck, "Works")
    };
    view! { <Badge tone glyph text /> }
}

/// The key just made, this once.
#[component]
fn Fresh(fresh: NewApiKey) -> impl IntoView {
    let samples = start_samples(&PageContext::current().public_url, Some(&fresh.key));
    view! {
        <Card title=format!("“{}” is ready", fresh.row.name)>
            <SecretReveal what="API key" secret=fresh.key done="/keys" />
            <h3 class="mt-6 mb-2 font-medium">"Try it: start a verification"</h3>
            <CodeTabs samples group="fresh" />
        </Card>
    }
}

/// The key that the form just made.
fn made() -> Option<NewApiKey> {
    match PageContext::current().outcome {
        Some(FormOutcome::KeyCreated(key)) => Some(*key),
        _ => None,
    }
}
