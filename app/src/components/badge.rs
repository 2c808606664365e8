//! Small labels of state: always an icon and a word, never colour alone.

use leptos::prelude::*;
use types::{Assurance, Environment, VerificationStatus, console::AuditResult};

use super::{Glyph, Icon};

/// What a state means to the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Neutral,
    Accent,
    Good,
    Warn,
    Bad,
    Info,
}

impl Tone {
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Info => "info",
        }
    }
}

#[component]
pub fn Badge(tone: Tone, glyph: Glyph, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <span class=format!("badge {}", tone.class())>
            <Icon of=glyph size=12 />
            {text}
        </span>
    }
    .into_any()
}

/// The word for a status, as headings and filters spell it.
pub const fn status_word(status: VerificationStatus) -> &'static str {
    match status {
        VerificationStatus::Pending => "Pending",
        VerificationStatus::Started => "Started",
        VerificationStatus::Submitted => "In progress",
        VerificationStatus::Approved => "Approved",
        VerificationStatus::Denied => "Denied",
        VerificationStatus::Resubmission => "Resubmission",
        VerificationStatus::Rejected => "Rejected",
    }
}

#[component]
pub fn StatusBadge(status: VerificationStatus) -> impl IntoView {
    let (tone, glyph) = match status {
        VerificationStatus::Pending => (Tone::Neutral, Glyph::CircleDashed),
        VerificationStatus::Started => (Tone::Neutral, Glyph::CircleDot),
        VerificationStatus::Submitted => (Tone::Info, Glyph::Hourglass),
        VerificationStatus::Approved => (Tone::Good, Glyph::CircleCheck),
        VerificationStatus::Denied => (Tone::Bad, Glyph::CircleX),
        VerificationStatus::Resubmission => (Tone::Warn, Glyph::Undo),
        VerificationStatus::Rejected => (Tone::Neutral, Glyph::CircleSlash),
    };
    view! { <Badge tone glyph text=status_word(status) /> }
}

#[component]
pub fn EnvironmentBadge(environment: Environment) -> impl IntoView {
    match environment {
        Environment::Live => view! { <Badge tone=Tone::Accent glyph=Glyph::Activity text="Live" /> },
        Environment::Test => view! { <Badge tone=Tone::Warn glyph=Glyph::Terminal text="Test" /> },
    }
}

/// The status of an HTTP answer, and what class it is of.
#[component]
pub fn AnswerBadge(status: u16) -> impl IntoView {
    let (tone, glyph, word) = match status {
        429 => (Tone::Warn, Glyph::Hourglass, "Rate limited"),
        400..500 => (Tone::Warn, Glyph::CircleAlert, "Client error"),
        500.. => (Tone::Bad, Glyph::CircleX, "Server error"),
        _ => (Tone::Good, Glyph::CircleCheck, "Success"),
    };
    view! { <Badge tone glyph text=format!("{status} {word}") /> }
}

#[component]
pub fn ResultBadge(result: AuditResult) -> impl IntoView {
    match result {
        AuditResult::Success => {
            view! { <Badge tone=Tone::Good glyph=Glyph::CircleCheck text="Done" /> }
        }
        AuditResult::Denied => view! { <Badge tone=Tone::Warn glyph=Glyph::Ban text="Refused" /> },
        AuditResult::Failed => view! { <Badge tone=Tone::Bad glyph=Glyph::CircleX text="Failed" /> },
    }
}

/// How much an outcome rests on, in words.
#[component]
pub fn AssuranceLabel(assurance: Assurance) -> impl IntoView {
    match assurance {
        Assurance::SelfAsserted => "Self-asserted: typed lines that agree with themselves",
        Assurance::Image => "Read from an image of the document",
        Assurance::Provider => "A provider's word",
        Assurance::Cryptographic => "The issuer's signature was checked",
    }
}
