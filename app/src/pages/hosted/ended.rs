use leptos::prelude::*;

use super::HostedFrame;
use crate::{
    HostedOutcome,
    components::{Glyph, Icon},
};

/// The result, for the person.
#[component]
pub(super) fn Done(
    business: String,
    outcome: HostedOutcome,
    reason: Option<String>,
    return_url: Option<String>,
) -> impl IntoView {
    let (class, glyph, title, text) = match outcome {
        HostedOutcome::Approved => (
            "good",
            Glyph::CircleCheck,
            "You are verified",
            format!("{business} knows that every check has passed, and nothing more."),
        ),
        HostedOutcome::Denied => (
            "bad",
            Glyph::CircleX,
            "You were not verified",
            format!("{business} knows that a check did not pass, and nothing of what you typed."),
        ),
        HostedOutcome::Rejected => (
            "muted",
            Glyph::CircleSlash,
            "The verification has ended",
            format!("{business} knows only that it ended without a decision."),
        ),
    };
    let advice = match outcome {
        HostedOutcome::Approved => None,
        HostedOutcome::Denied => Some(
            "If you think that this is wrong, ask the business to start again, with another document if you have one.",
        ),
        HostedOutcome::Rejected => Some("If you change your mind, ask the business for a new link."),
    };
    view! {
        <HostedFrame title=title.to_owned() step=3>
            <p class="hosted-who">{business.clone()}</p>
            <div class=format!("hosted-result {class}")>
                <Icon of=glyph size=40 />
                <h1>{title}</h1>
            </div>
            {reason
                .and_then(|reason| in_words(&reason))
                .map(|reason| view! { <p class="font-medium">{reason}</p> })}
            <p>{text}</p>
            {advice.map(|advice| view! { <p>{advice}</p> })}
            <Return business return_url />
        </HostedFrame>
    }
}

/// Why it ended so, to the person.
fn in_words(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "document_expired" => "Your document has expired.",
        "underage" => "By your document you have not reached the age that is asked for.",
        "too_many_tries" => "The lines did not agree with each other, five times.",
        "declined" => "You declined.",
        "expired" => "The time for this link ran out.",
        _ => return None,
    })
}

/// The way back to the business, where it named one.
#[component]
pub(super) fn Return(business: String, return_url: Option<String>) -> impl IntoView {
    match return_url {
        Some(url) => view! {
            <a class="button primary hosted-button" href=url rel="noreferrer">
                {format!("Return to {business}")}
            </a>
        }
        .into_any(),
        None => view! { <p class="text-muted">"You can close this page."</p> }.into_any(),
    }
}

/// Where no verification can go on.
#[component]
pub(super) fn Ended(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// The way on, if there is one.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <HostedFrame title=title.clone()>
            <div class="hosted-result muted">
                <Icon of=Glyph::Info size=40 />
                <h1>{title}</h1>
            </div>
            <p>{text}</p>
            {children.map(|children| children())}
        </HostedFrame>
    }
}
