//! What pages show of alerts, and what their forms say.

use serde::{Deserialize, Serialize};

use super::{AlertFacts, AlertKind, AlertState, Amount, Currency};
use crate::{
    AlertChannelId, AlertEventId, AlertRuleId, ApiKeyId, Environment, Timestamp, UserId, WebhookId,
    console::Page, verification::words, webhooks::DeliveryState,
};

words! {
    /// Why there is an event.
    AlertCause {
        /// A value got past a threshold, or past the next one.
        Fired = "fired",
        /// It is past the milder threshold only.
        Eased = "eased",
        /// It is past none any more.
        Cleared = "cleared",
        /// It has been critical for another day, and nobody has acknowledged it.
        Reminder = "reminder",
        /// The silence has ended, and it still fires.
        Unsilenced = "unsilenced",
        /// Somebody wanted to see whether anything arrives.
        Test = "test",
    }
}

words! {
    /// How a channel reaches somebody.
    ChannelKind {
        /// A mail to a member.
        Email = "email",
        /// A signed POST.
        Webhook = "webhook",
        /// A POST as incoming webhooks of Slack take it.
        Slack = "slack",
    }
}

impl ChannelKind {
    /// How it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Email => "E-mail",
            Self::Webhook => "Webhook",
            Self::Slack => "Slack-compatible",
        }
    }
}

/// A rule, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRow {
    /// Its id.
    pub id: AlertRuleId,
    /// What is measured.
    pub kind: AlertKind,
    /// What it is called.
    pub name: String,
    /// Of which environment; all, if none.
    pub environment: Option<Environment>,
    /// Of which key, and what that is called.
    pub key: Option<(ApiKeyId, String)>,
    /// Of which route's template.
    pub endpoint: Option<String>,
    /// Of which webhook, and where that leads.
    pub webhook: Option<(WebhookId, String)>,
    /// Minutes; 0 if its kind has no window.
    pub window: i64,
    /// From where on it is a warning.
    pub warning: Option<Amount>,
    /// From where on it is critical.
    pub critical: Option<Amount>,
    /// Per cent by which a value must be better than a threshold before it is over.
    pub hysteresis: i64,
    /// In how many evaluations in a row.
    pub clear_after: i64,
    /// Whether it is evaluated.
    pub enabled: bool,
    /// Until when nobody is told.
    pub silenced_until: Option<Timestamp>,
    /// How it stands.
    pub state: AlertState,
    /// Since when.
    pub since: Timestamp,
    /// Who has taken note of what fires, and when.
    pub acknowledged: Option<(String, Timestamp)>,
    /// What was measured last.
    pub value: Option<Amount>,
    /// The numbers behind it.
    pub facts: AlertFacts,
    /// Why it cannot be measured, or stays as it is.
    pub problem: Option<String>,
    /// When it was measured last.
    pub evaluated_at: Option<Timestamp>,
    /// How many channels are told.
    pub channels: u64,
}

impl AlertRow {
    /// The threshold that it is past, or that comes first.
    pub const fn threshold(&self) -> Option<Amount> {
        match (self.state, self.warning, self.critical) {
            (AlertState::Critical, _, Some(critical)) => Some(critical),
            (_, Some(warning), _) => Some(warning),
            (_, None, critical) => critical,
        }
    }
}

/// The rules of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertsPage {
    /// What fires first, the worst first; then by name.
    pub rows: Vec<AlertRow>,
    /// How many channels there are.
    pub channels: u64,
}

/// What was measured at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertPoint {
    /// The hour that begins then.
    pub at: Timestamp,
    /// The worst value in it.
    pub value: Option<Amount>,
}

/// An edge, as it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertEventRow {
    /// Its id.
    pub id: AlertEventId,
    /// Why there is one.
    pub cause: AlertCause,
    /// How it stood before.
    pub from: AlertState,
    /// How it stood then.
    pub to: AlertState,
    /// What was measured.
    pub value: Option<Amount>,
    /// The threshold that was passed, or left.
    pub threshold: Option<Amount>,
    /// The numbers behind the value.
    pub facts: AlertFacts,
    /// Nobody was told, since it was silenced.
    pub silenced: bool,
    /// Who took note of it, and when.
    pub acknowledged: Option<(String, Timestamp)>,
    /// When it happened.
    pub at: Timestamp,
    /// What became of it on the channels.
    pub deliveries: Vec<AlertDelivery>,
}

/// An event on its way through a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertDelivery {
    /// Through which.
    pub channel: AlertChannelId,
    /// What that is called.
    pub channel_name: String,
    /// What it tells of, and why.
    pub name: String,
    /// Why there is an event.
    pub cause: AlertCause,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: u32,
    /// The HTTP status of the last answer.
    pub status: Option<u16>,
    /// Why the last attempt came to nothing.
    pub problem: Option<String>,
    /// When it is sent next.
    pub next_try_at: Option<Timestamp>,
    /// When it happened.
    pub at: Timestamp,
}

/// A channel to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelChoice {
    /// Which.
    pub id: AlertChannelId,
    /// What it is called.
    pub name: String,
    /// What kind it is.
    pub kind: ChannelKind,
}

/// Which edges of a rule a channel is told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routed {
    /// The channel.
    pub channel: ChannelChoice,
    /// Of warnings.
    pub warning: bool,
    /// Of what is critical.
    pub critical: bool,
}

/// One rule: how it stands, what was measured, what was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertPage {
    /// The rule.
    pub row: AlertRow,
    /// The last 30 days by the hour, oldest first.
    pub points: Vec<AlertPoint>,
    /// When it fired in them, and how badly; the newest 100.
    pub fired: Vec<(Timestamp, AlertState)>,
    /// Who is told of what.
    pub routes: Vec<Routed>,
    /// What was told, newest first.
    pub events: Page<AlertEventRow>,
}

/// A rule as a form describes it: everything as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertDraft {
    /// A word of [`AlertKind`].
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// A word of [`Environment`]; empty for both.
    pub environment: String,
    /// The id of a key; empty for all.
    pub key: String,
    /// A route's template; empty for all.
    pub endpoint: String,
    /// The id of a webhook; empty for all.
    pub webhook: String,
    /// Minutes.
    pub window: String,
    /// A number; empty for no warning.
    pub warning: String,
    /// A number; empty if nothing is critical.
    pub critical: String,
    /// Per cent, 0 to 90.
    pub hysteresis: String,
    /// Evaluations in a row, 1 to 100.
    pub clear_after: String,
    /// Ids of channels that are told of warnings.
    pub warning_channels: Vec<String>,
    /// Ids of channels that are told of what is critical.
    pub critical_channels: Vec<String>,
}

/// A kind that cannot be measured at present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unavailable {
    /// Which.
    pub kind: AlertKind,
    /// Why, and what to do.
    pub why: String,
}

/// What there is to choose from in a rule's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertChoices {
    /// Working keys, by name.
    pub keys: Vec<(ApiKeyId, String, Environment)>,
    /// Webhooks, and where they lead.
    pub webhooks: Vec<(WebhookId, String)>,
    /// Channels, by name.
    pub channels: Vec<ChannelChoice>,
    /// Kinds that cannot be measured at present.
    pub unavailable: Vec<Unavailable>,
    /// The currency of the price, if there is one.
    pub currency: Option<Currency>,
    /// The rule as it is, if there is one.
    pub draft: Option<AlertDraft>,
}

/// A firing that would have been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewFiring {
    /// When.
    pub at: Timestamp,
    /// How bad.
    pub to: AlertState,
    /// What was measured.
    pub value: Amount,
    /// The numbers behind it.
    pub facts: AlertFacts,
}

/// What a rule would have told in the last 30 days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertPreview {
    /// What is measured.
    pub kind: AlertKind,
    /// From where on it is a warning.
    pub warning: Option<Amount>,
    /// From where on it is critical.
    pub critical: Option<Amount>,
    /// By the hour, oldest first.
    pub points: Vec<AlertPoint>,
    /// Firings, oldest first; at most 100 of them.
    pub firings: Vec<PreviewFiring>,
    /// How many were warnings.
    pub warnings: u64,
    /// How many were critical.
    pub critical_times: u64,
    /// Why nothing, or not all, could be measured.
    pub problem: Option<String>,
    /// The currency of the values.
    pub currency: Option<Currency>,
}

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelRow {
    /// Its id.
    pub id: AlertChannelId,
    /// What kind it is.
    pub kind: ChannelKind,
    /// What it is called.
    pub name: String,
    /// Whom or where to: a member's name, or a host.
    pub target: String,
    /// When a test message was taken.
    pub tested_at: Option<Timestamp>,
    /// How many rules tell it.
    pub rules: u64,
    /// How the last message stands.
    pub last: Option<DeliveryState>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The channels of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelsPage {
    /// By name.
    pub rows: Vec<ChannelRow>,
    /// Members, for mails: id and name.
    pub members: Vec<(UserId, String)>,
}

/// One channel and what was sent through it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelPage {
    /// The channel.
    pub row: ChannelRow,
    /// Rules that tell it: id and name.
    pub rules: Vec<(AlertRuleId, String)>,
    /// What was sent, newest first; the newest 50.
    pub deliveries: Vec<AlertDelivery>,
}

/// A channel as a form describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelDraft {
    /// A word of [`ChannelKind`].
    pub kind: String,
    /// What to call it.
    pub name: String,
    /// The id of a member, for mails.
    pub member: String,
    /// The address, for the others.
    pub url: String,
}
