//! Boxes: a card, and the card of what failed.

use leptos::prelude::*;

use super::{CopyButton, Glyph, Icon, Title};
use crate::PageError;

/// A titled part of a page.
#[component]
pub fn Card(
    #[prop(optional, into)] title: String,
    /// One sentence under the title.
    #[prop(optional, into)]
    sentence: String,
    /// Without padding, for tables.
    #[prop(optional)]
    flush: bool,
    /// Path and words of the way to all of it.
    #[prop(optional)]
    more: Option<(&'static str, &'static str)>,
    children: Children,
) -> impl IntoView {
    let head = (!title.is_empty()).then(|| {
        view! {
            <header class="card-head">
                <div>
                    <h2>{title}</h2>
                    {(!sentence.is_empty()).then(|| view! { <p>{sentence}</p> })}
                </div>
                {more
                    .map(|(path, words)| {
                        view! {
                            <a class="card-more" href=path>
                                {words}
                                <Icon of=Glyph::ArrowRight size=14 />
                            </a>
                        }
                    })}
            </header>
        }
    });
    view! {
        <section class="card">
            {head}
            <div class=if flush { "card-flush" } else { "card-body" }>{children()}</div>
        </section>
    }
    .into_any()
}

/// What happened, what to do, and the request id for whoever is asked.
#[component]
pub fn ErrorPanel(error: PageError) -> impl IntoView {
    let request_id = error.request_id.clone();
    view! {
        <Title text=error.title() />
        <section class="error-panel" role="alert">
            <span class="empty-icon">
                <Icon of=Glyph::CircleAlert size=20 />
            </span>
            <h1>{error.title()}</h1>
            <p class="text-muted max-w-prose">{with_code(&error.message)}</p>
            <p class="flex flex-wrap gap-2 justify-center mt-3">
                <a class="button" href="/">
                    "Go to the overview"
                </a>
            </p>
            {(!request_id.is_empty())
                .then(|| {
                    view! {
                        <p class="error-request">
                            "Request "
                            <code>{request_id.clone()}</code>
                            <CopyButton text=request_id.clone() what="request id" />
                        </p>
                    }
                })}
        </section>
    }
    .into_any()
}

/// A message in which commands stand between backticks.
fn with_code(message: &str) -> Vec<AnyView> {
    message
        .split('`')
        .enumerate()
        .map(|(index, part)| {
            let part = part.to_owned();
            if index % 2 == 1 {
                view! { <code>{part}</code> }.into_any()
            } else {
                part.into_any()
            }
        })
        .collect()
}
