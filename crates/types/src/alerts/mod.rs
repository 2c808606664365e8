//! Alerts: what an organisation wants to be told of, as pages show it and as forms describe it.

mod amount;
mod facts;
mod kind;
mod pages;

pub use amount::{Amount, Currency, NotAnAmount, grouped};
pub use facts::AlertFacts;
pub use kind::{AlertKind, AlertUnit, Worse};
pub use pages::{
    AlertCause, AlertChoices, AlertDelivery, AlertDraft, AlertEventRow, AlertPage, AlertPoint, AlertPreview,
    AlertRow, AlertsPage, ChannelChoice, ChannelDraft, ChannelKind, ChannelPage, ChannelRow, ChannelsPage,
    PreviewFiring, Routed, Unavailable,
};

use serde::{Deserialize, Serialize};

use crate::verification::words;

words! {
    /// How a rule stands, mildest first.
    AlertState {
        /// Nothing is past a threshold.
        Ok = "ok",
        /// The warning's threshold is passed.
        Warning = "warning",
        /// The critical one is.
        Critical = "critical",
    }
}

impl AlertState {
    /// As a word of a page.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "Warning",
            Self::Critical => "Critical",
        }
    }

    /// Whether something is past a threshold.
    pub const fn fires(self) -> bool {
        !matches!(self, Self::Ok)
    }
}
