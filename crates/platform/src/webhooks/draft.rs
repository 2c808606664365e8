//! From what a form says to an endpoint.

use types::{
    Environment,
    webhooks::{WebhookDraft, WebhookEvent},
};

use crate::{Ctx, Result, outward, search::Problems};

/// Characters of a description.
const DESCRIPTION: usize = 200;

pub(super) struct Checked {
    pub(super) url: String,
    pub(super) description: String,
    /// Names, a space between.
    pub(super) events: String,
}

/// # Errors
/// `Invalid`, a field each.
pub(super) fn checked(ctx: &Ctx, draft: &WebhookDraft) -> Result<Checked> {
    let mut problems = Problems::default();
    let checked = read(ctx, &mut problems, draft);
    problems.settle()?;
    Ok(checked)
}

/// The same, for one that is made: it has an environment, which never changes.
///
/// # Errors
/// As [`checked`].
pub(super) fn checked_new(ctx: &Ctx, draft: &WebhookDraft) -> Result<(Checked, Environment)> {
    let mut problems = Problems::default();
    let checked = read(ctx, &mut problems, draft);
    let environment = draft.environment.parse().unwrap_or_else(|_| {
        problems.add("environment", "Choose test or live.");
        Environment::Test
    });
    problems.settle()?;
    Ok((checked, environment))
}

fn read(ctx: &Ctx, problems: &mut Problems, draft: &WebhookDraft) -> Checked {
    let example = "https://shop.example.com/webhooks";
    let url = outward::address(ctx, problems, "url", &draft.url, example);
    let description = draft.description.trim();
    if description.chars().count() > DESCRIPTION {
        problems.add("description", "Use at most 200 characters.");
    }
    let mut events: Vec<WebhookEvent> = Vec::new();
    for word in &draft.events {
        match word.parse() {
            Ok(event) if WebhookEvent::CHOICE.contains(&event) => events.push(event),
            _ => problems.add("events", "One of these events is not known here."),
        }
    }
    events.sort_unstable();
    events.dedup();
    if events.is_empty() {
        problems.add("events", "Choose at least one event.");
    }
    Checked {
        url: url.map(|url| url.to_string()).unwrap_or_default(),
        description: description.to_owned(),
        events: words(&events),
    }
}

fn words(events: &[WebhookEvent]) -> String {
    let words: Vec<_> = events.iter().map(|event| event.as_str()).collect();
    words.join(" ")
}

/// The events of a row. One that this version does not know is passed over.
pub(super) fn events(words: &str) -> Vec<WebhookEvent> {
    words
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect()
}
