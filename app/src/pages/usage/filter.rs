//! The filters of both pages.

use leptos::prelude::*;
use types::{
    Environment,
    console::ApiKeyRow,
    usage::{ENDPOINTS, UsageGrouping},
};

use super::{
    asked::{Asked, Name, environment_word, grouping_word, key_word},
    report, requests,
};
use crate::components::{ActiveFilters, FilterBar, FilterDays, FilterInput, FilterSelect};

pub(super) const REPORT: &[Name] = &[
    ("from", "From"),
    ("to", "To"),
    ("environment", "Environment"),
    ("key", "API key"),
    ("endpoint", "Endpoint"),
    ("groupBy", "Grouped by"),
];

pub(super) const REQUESTS: &[Name] = &[
    ("id", "Request"),
    ("key", "API key"),
    ("endpoint", "Endpoint"),
    ("status", "Status"),
];

/// What is not a route of the API, and was asked for with a key.
const OTHER: &str = "other";

#[component]
pub(super) fn ReportFilters(
    asked: Asked,
    /// To choose from; empty if the viewer may not see them.
    keys: Vec<ApiKeyRow>,
) -> impl IntoView {
    let environments = Environment::ALL
        .iter()
        .map(|word| (word.to_string(), environment_word(*word).to_owned()))
        .collect();
    // The first is what is shown if nothing is chosen.
    let groupings = UsageGrouping::ALL
        .iter()
        .skip(1)
        .map(|by| (by.to_string(), grouping_word(*by).to_owned()))
        .collect();
    let by = asked
        .value("groupBy")
        .filter(|by| by != UsageGrouping::Key.as_str());
    let active = asked.active(&keys);
    view! {
        <FilterBar path=report::PATH>
            <FilterDays
                from=asked.value("from")
                to=asked.value("to")
                from_error=asked.error("from")
                to_error=asked.error("to")
                zone="UTC, whoever looks"
            />
            <FilterSelect
                name="environment"
                label="Environment"
                all="Live and test"
                options=environments
                chosen=asked.value("environment")
                error=asked.error("environment")
            />
            <KeyFilter asked=asked.clone() keys />
            <EndpointFilter asked=asked.clone() />
            <FilterSelect
                name="groupBy"
                label="Group by"
                all="API key"
                options=groupings
                chosen=by
                error=asked.error("groupBy")
            />
        </FilterBar>
        <ActiveFilters path=report::PATH filters=active />
    }
    .into_any()
}

#[component]
pub(super) fn RequestFilters(asked: Asked, keys: Vec<ApiKeyRow>) -> impl IntoView {
    let statuses: Vec<_> = [
        ("success", "2xx and 3xx"),
        ("client", "4xx"),
        ("server", "5xx"),
        ("201", ""),
        ("400", ""),
        ("401", ""),
        ("403", ""),
        ("404", ""),
        ("409", ""),
        ("429", ""),
        ("500", ""),
    ]
    .into_iter()
    .map(|(value, word)| view! { <option value=value>{word}</option> })
    .collect();
    let active = asked.active(&keys);
    view! {
        <FilterBar path=requests::PATH>
            <FilterInput
                name="id"
                label="Request"
                value=asked.value("id")
                placeholder="req_…"
                error=asked.error("id")
            />
            <KeyFilter asked=asked.clone() keys />
            <EndpointFilter asked=asked.clone() />
            <FilterInput
                name="status"
                label="Status"
                value=asked.value("status")
                placeholder="client, or 429"
                error=asked.error("status")
                list="statuses"
            />
            <datalist id="statuses">{statuses}</datalist>
        </FilterBar>
        <ActiveFilters path=requests::PATH filters=active />
    }
    .into_any()
}

#[component]
fn KeyFilter(asked: Asked, keys: Vec<ApiKeyRow>) -> impl IntoView {
    let options: Vec<_> = keys
        .iter()
        .map(|key| (key.id.to_string(), key_word(key)))
        .collect();
    let chosen = asked.value("key");
    (!options.is_empty() || chosen.is_some()).then(|| {
        view! {
            <FilterSelect
                name="key"
                label="API key"
                all="All keys"
                options
                chosen
                error=asked.error("key")
            />
        }
    })
}

#[component]
fn EndpointFilter(asked: Asked) -> impl IntoView {
    let options = ENDPOINTS
        .into_iter()
        .chain([OTHER])
        .map(|endpoint| (endpoint.to_owned(), endpoint.to_owned()))
        .collect();
    view! {
        <FilterSelect
            name="endpoint"
            label="Endpoint"
            all="All endpoints"
            options
            chosen=asked.value("endpoint")
            error=asked.error("endpoint")
        />
    }
}
