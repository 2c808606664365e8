//! The API's reference: what the OpenAPI document says, for people. It is everybody's, needs no script,
//! and loads nothing from elsewhere.

mod call;
mod parts;
mod prose;

use leptos::prelude::*;

use self::{call::Call, parts::Shapes, prose::Prose};
use super::asked;
use crate::{
    PageContext, Reference,
    components::{CodeBlock, Console, Glyph, Icon, PageHeader, Place, Plain},
    islands::Conductor,
    reference::Group,
};

const TITLE: &str = "API reference";
const SENTENCE: &str = "Every call of the verification API, with examples that run as they stand.";

#[component]
pub fn ApiReference() -> impl IntoView {
    if PageContext::current().signed_in {
        return view! {
            <Console here=Place::Elsewhere>
                <Content />
            </Console>
        }
        .into_any();
    }
    view! {
        <Plain>
            <Content />
            <Conductor />
        </Plain>
    }
    .into_any()
}

#[component]
fn Content() -> impl IntoView {
    let reference: Reference = use_context().unwrap_or_default();
    let search = asked("q").unwrap_or_default();
    let groups = reference.groups(&search);
    let found: usize = groups.iter().map(|group| group.calls.len()).sum();
    let whole = search.is_empty();
    let shapes = whole.then(|| view! { <Shapes shapes=reference.shapes().to_vec() /> });
    let parts: Vec<_> = groups
        .iter()
        .map(|group| view! { <Part group=group.clone() /> })
        .collect();
    view! {
        <div class="reference">
            <PageHeader title=TITLE sentence=SENTENCE>
                <a class="button" href="/openapi.json" download="openapi.json">
                    <Icon of=Glyph::External />
                    "OpenAPI document"
                </a>
            </PageHeader>
            <Search search=search.clone() />
            {(!whole)
                .then(|| {
                    let told = match found {
                        0 => "No call has all of these words.".to_owned(),
                        1 => "1 call has all of these words.".to_owned(),
                        many => format!("{many} calls have all of these words."),
                    };
                    view! {
                        <p role="status" class="text-muted">
                            {told}
                            " "
                            <a href="/reference">
                                "Show every call"
                            </a>
                        </p>
                    }
                })} <Contents groups whole />
            {whole.then(|| view! { <Begin about=reference.about().to_owned() /> })} {parts} {shapes}
        </div>
    }
    .into_any()
}

#[component]
fn Search(search: String) -> impl IntoView {
    view! {
        <form class="reference-search" method="get" action="/reference" role="search">
            <label for="q" class="sr-only">
                "Search the reference"
            </label>
            <div class="filter">
                <input
                    type="search"
                    id="q"
                    name="q"
                    value=search
                    maxlength=100
                    placeholder="Calls, fields, scopes"
                />
            </div>
            <button type="submit" class="button">
                "Search"
            </button>
        </form>
    }
}

/// The way to each call.
#[component]
fn Contents(groups: Vec<Group>, whole: bool) -> impl IntoView {
    let columns: Vec<_> = groups
        .into_iter()
        .map(|group| {
            let links: Vec<_> = group
                .calls
                .into_iter()
                .map(|call| {
                    view! {
                        <li>
                            <a href=format!("#{}", call.id)>{call.summary}</a>
                        </li>
                    }
                })
                .collect();
            view! {
                <div>
                    <h2>{group.name}</h2>
                    <ul>{links}</ul>
                </div>
            }
        })
        .collect();
    let more = whole.then(|| {
        view! {
            <div>
                <h2>"More"</h2>
                <ul>
                    <li>
                        <a href="#begin">"Before you begin"</a>
                    </li>
                    <li>
                        <a href="#shapes">"Shapes"</a>
                    </li>
                </ul>
            </div>
        }
    });
    view! {
        <nav class="reference-contents" aria-label="Calls">
            {columns}
            {more}
        </nav>
    }
}

/// What holds for every call.
#[component]
fn Begin(about: String) -> impl IntoView {
    let url = PageContext::current().public_url;
    let code = format!("export LOOMWIRE_URL={url}\nexport LOOMWIRE_KEY=lw_test_...");
    view! {
        <section class="card reference-begin" id="begin" aria-labelledby="begin-title">
            <div class="card-body stack">
                <h2 id="begin-title">"Before you begin"</h2>
                {about
                    .split("\n\n")
                    .map(|paragraph| {
                        view! {
                            <p>
                                <Prose text=paragraph.to_owned() />
                            </p>
                        }
                    })
                    .collect::<Vec<_>>()}
                <p>
                    "The examples read the address and the key from the environment. Make a test key under "
                    <a href="/keys">
                        "API keys"
                    </a>
                    ": it is free, and everything works with it. The examples in Rust use the crates "
                    <code>"ureq"</code>
                    " (with "
                    <code>"json"</code>
                    ") and "
                    <code>"serde_json"</code>
                    "; the others need nothing that does not come with the language."
                </p>
                <CodeBlock code what="environment" />
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Part(group: Group) -> impl IntoView {
    let calls: Vec<_> = group
        .calls
        .into_iter()
        .map(|call| view! { <Call call /> })
        .collect();
    view! {
        <section class="reference-part">
            <header>
                <h2>{group.name}</h2>
                <p>{group.description}</p>
            </header>
            {calls}
        </section>
    }
    .into_any()
}
