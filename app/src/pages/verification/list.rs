use leptos::prelude::*;
use types::{
    Permission,
    console::{ApiKeyRow, Page, VerificationRow, Viewer},
};

use super::{
    VerificationTable,
    filter::{Asked, Filters, PATH},
};
use crate::{
    PageContext, PageError,
    components::{
        Blocked, Card, CodeTabs, Console, EmptyState, Glyph, Load, PageHeader, Pager, Place, is_looking,
        link, start_samples,
    },
    pages::asked,
    server::{api_key, verification},
};

/// The way to the same rows as a file.
const FILE: &str = "/verifications/export";

#[component]
pub fn Verifications() -> impl IntoView {
    let stored = StoredValue::new(Asked::read(asked));
    view! {
        <Console here=Place::Verifications>
            <Content asked=stored.get_value() />
        </Console>
    }
}

#[component]
fn Content(asked: Asked) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may_see_keys = viewer.is_some_and(|viewer| viewer.may(Permission::KeysRead));
    let for_filters = asked.clone();
    let sound = asked.is_sound();
    let file = link(FILE, &asked.query());
    view! {
        <PageHeader
            title="Verifications"
            sentence="Outcomes and their timing. Nothing that a person typed is kept, so nothing of it is here."
        >
            <Blocked words="Export CSV" />
            {(sound && !is_looking())
                .then(|| {
                    view! {
                        <a class="button" href=file>
                            "Export CSV"
                        </a>
                    }
                })}
        </PageHeader>
        <Load from=keys(may_see_keys) let:keys>
            <Filters asked=for_filters keys />
        </Load>
        {if sound {
            view! {
                <Load from=verification::list(asked.filter.clone()) let:page>
                    <Rows page asked />
                </Load>
            }
                .into_any()
        } else {
            view! {
                <EmptyState
                    glyph=Glyph::CircleAlert
                    title="Nothing was searched"
                    text="A filter has a value that it cannot have. Correct the marked one, or clear all filters."
                />
            }
                .into_any()
        }}
    }
}

/// The keys to choose from.
async fn keys(may_see: bool) -> Result<Vec<ApiKeyRow>, PageError> {
    if may_see {
        api_key::list().await
    } else {
        Ok(Vec::new())
    }
}

#[component]
fn Rows(page: Page<VerificationRow>, asked: Asked) -> impl IntoView {
    let later = asked.filter.after.is_some();
    if page.rows.is_empty() {
        return view! { <Nothing filtered=later || asked.is_set() /> }.into_any();
    }
    let count = page.rows.len();
    view! {
        <Card flush=true>
            <VerificationTable caption="Verifications, newest first" rows=page.rows />
        </Card>
        <Pager path=PATH query=asked.query() next=page.next later count />
    }
    .into_any()
}

#[component]
fn Nothing(filtered: bool) -> impl IntoView {
    if filtered {
        return view! {
            <EmptyState
                glyph=Glyph::Search
                title="No verification matches"
                text="None has all of this. Take a filter off to see more; a reference is found only as it was sent, capitals included."
            >
                <a class="button" href=PATH>
                    "Clear filters"
                </a>
            </EmptyState>
        }
        .into_any();
    }
    let samples = start_samples(&PageContext::current().public_url, None);
    view! {
        <EmptyState
            glyph=Glyph::Verified
            title="No verification yet"
            text="A verification is one person's way from a link to an outcome. Your program starts it with an API key:"
        >
            <CodeTabs samples />
        </EmptyState>
    }
    .into_any()
}
