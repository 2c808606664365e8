//! Streams of audit events to other systems: of an organisation, and of the installation.

mod list;
mod new;
mod one;

pub use list::{InstallationStreams, OrganisationStreams};
pub use new::{InstallationNewStream, OrganisationNewStream};
pub use one::{InstallationStream, OrganisationStream};

use leptos::prelude::*;
use types::streams::{StreamRow, StreamState};

use crate::components::{Badge, Glyph, Tone};

/// How a stream stands.
#[component]
fn StateBadge(row: StreamRow) -> impl IntoView {
    let (tone, glyph, text) = match row.state {
        StreamState::Paused => (Tone::Neutral, Glyph::CircleSlash, "Paused"),
        StreamState::Failing => (Tone::Bad, Glyph::CircleX, "Failing"),
        StreamState::Active if row.lag > 0 => (Tone::Info, Glyph::Hourglass, "Sending"),
        StreamState::Active => (Tone::Good, Glyph::CircleCheck, "Up to date"),
    };
    view! { <Badge tone glyph text /> }
}

/// How many events wait, in words.
fn waiting(lag: u64) -> String {
    match lag {
        0 => "Nothing waits".to_owned(),
        1 => "1 event waits".to_owned(),
        100_000.. => "More than 100,000 events wait".to_owned(),
        lag => format!("{} events wait", crate::number::grouped(lag)),
    }
}
