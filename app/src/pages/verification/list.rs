use leptos::prelude::*;
use types::{
    Environment, VerificationStatus,
    console::{Page, VerificationFilter, VerificationRow},
};

use super::VerificationTable;
use crate::{
    PageContext,
    components::{
        Card, CodeTabs, Console, EmptyState, FilterBar, FilterSelect, Glyph, Load, PageHeader, Pager, Place,
        start_samples, status_word,
    },
    pages::asked,
    server::verification,
};

#[component]
pub fn Verifications() -> impl IntoView {
    let filter = VerificationFilter {
        status: asked("status").and_then(|word| word.parse().ok()),
        environment: asked("environment").and_then(|word| word.parse().ok()),
        after: asked("after"),
        ..VerificationFilter::default()
    };
    let asked_for = StoredValue::new(filter);
    view! {
        <Console here=Place::Verifications>
            <PageHeader
                title="Verifications"
                sentence="Outcomes and their timing. Nothing that a person typed is kept, so nothing of it is here."
            />
            <Filters filter=asked_for.get_value() />
            <Load from=verification::list(asked_for.get_value()) let:page>
                <Rows page filter=asked_for.get_value() />
            </Load>
        </Console>
    }
}

#[component]
fn Filters(filter: VerificationFilter) -> impl IntoView {
    let statuses = VerificationStatus::ALL
        .iter()
        .map(|status| (status.as_str(), status_word(*status)))
        .collect();
    let environments = vec![
        (Environment::Live.as_str(), "Live"),
        (Environment::Test.as_str(), "Test"),
    ];
    let active = filter.status.is_some() || filter.environment.is_some();
    view! {
        <FilterBar path="/verifications" active>
            <FilterSelect
                name="status"
                label="Status"
                all="All statuses"
                options=statuses
                chosen=filter.status.map(VerificationStatus::as_str)
            />
            <FilterSelect
                name="environment"
                label="Environment"
                all="Live and test"
                options=environments
                chosen=filter.environment.map(Environment::as_str)
            />
        </FilterBar>
    }
}

#[component]
fn Rows(page: Page<VerificationRow>, filter: VerificationFilter) -> impl IntoView {
    let later = filter.after.is_some();
    let filtered = filter.status.is_some() || filter.environment.is_some() || later;
    if page.rows.is_empty() {
        return view! { <Nothing filtered /> }.into_any();
    }
    let query = vec![
        ("status", filter.status.map(|s| s.to_string()).unwrap_or_default()),
        (
            "environment",
            filter.environment.map(|e| e.to_string()).unwrap_or_default(),
        ),
    ];
    let count = page.rows.len();
    view! {
        <Card flush=true>
            <VerificationTable caption="Verifications, newest first" rows=page.rows />
        </Card>
        <Pager path="/verifications" query next=page.next later count />
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
                text="None has this status in this environment. Widen the filters to see the others."
            >
                <a class="button" href="/verifications">
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
