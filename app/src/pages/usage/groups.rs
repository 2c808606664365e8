use leptos::prelude::*;
use types::{
    Permission,
    usage::{UsageGroup, UsageGrouping},
};

use super::{
    asked::{Asked, grouping_word},
    may, report, requests,
};
use crate::{
    components::{Card, Cell, Column, DataTable, Row, ShareBar, link, short_id},
    number::{grouped, micros, per_mille, percent},
};

/// Groups of a report at most.
const MOST: usize = 100;

/// Where more is told of a group: the report of it alone; of a status, its requests.
fn narrowed(asked: &Asked, by: UsageGrouping, group: &str) -> String {
    let to = |name, other: UsageGrouping| {
        let changes = [(name, group.to_owned()), ("groupBy", other.to_string())];
        link(report::PATH, &asked.with(&changes))
    };
    match by {
        UsageGrouping::Key => to("key", UsageGrouping::Endpoint),
        UsageGrouping::Endpoint => to("endpoint", UsageGrouping::Key),
        UsageGrouping::Environment => to("environment", UsageGrouping::Key),
        UsageGrouping::Status => link(requests::PATH, &[("status", group.to_owned())]),
    }
}

/// What the calls are of, those with the most first.
#[component]
pub(super) fn Groups(
    by: UsageGrouping,
    groups: Vec<UsageGroup>,
    /// All calls of the period.
    all: u64,
    asked: Asked,
) -> impl IntoView {
    let full = groups.len() >= MOST;
    let columns = vec![
        Column::new(grouping_word(by)),
        Column::new("Share"),
        Column::figures("Requests"),
        Column::figures("4xx"),
        Column::figures("429"),
        Column::figures("5xx"),
        Column::figures("p50"),
        Column::figures("p95"),
    ];
    let title = match by {
        UsageGrouping::Key => "By API key",
        UsageGrouping::Endpoint => "By endpoint",
        UsageGrouping::Status => "By status",
        UsageGrouping::Environment => "By environment",
    };
    if groups.is_empty() {
        return view! {
            <Card title>
                <p class="text-muted">"Nobody called in this period."</p>
            </Card>
        }
        .into_any();
    }
    let lines: Vec<_> = groups
        .into_iter()
        .map(|group| {
            let path = narrowed(&asked, by, &group.group);
            view! { <Line group by all path /> }
        })
        .collect();
    view! {
        <Card title flush=true>
            <DataTable caption=format!("Calls {}", title.to_lowercase()) columns>
                {lines}
            </DataTable>
            {full
                .then(|| {
                    view! {
                        <p class="table-note">
                            {format!("The {MOST} with the most calls. Choose one key, endpoint or environment to see the others.")}
                        </p>
                    }
                })}
        </Card>
    }
    .into_any()
}

#[component]
fn Line(group: UsageGroup, by: UsageGrouping, all: u64, path: String) -> impl IntoView {
    let calls = group.calls;
    let share = per_mille(calls.requests, all).map(percent).unwrap_or_default();
    let quantile = |of: Option<u64>| of.map_or_else(|| "–".to_owned(), micros);
    let (p50, p95) = (
        quantile(group.latency.map(|latency| latency.p50)),
        quantile(group.latency.map(|latency| latency.p95)),
    );
    view! {
        <Row>
            <Cell name=grouping_word(by) class="clip">
                <Name group by path />
            </Cell>
            <Cell name="Share" class="share-cell">
                <ShareBar part=calls.requests of=all />
                <span>{share}</span>
            </Cell>
            <Cell name="Requests" class="figures">
                {grouped(calls.requests)}
            </Cell>
            <Cell name="4xx" class="figures">
                {grouped(calls.client_errors)}
            </Cell>
            <Cell name="429" class="figures">
                {grouped(calls.rate_limited)}
            </Cell>
            <Cell name="5xx" class="figures">
                {grouped(calls.server_errors)}
            </Cell>
            <Cell name="p50" class="figures">
                {p50}
            </Cell>
            <Cell name="p95" class="figures">
                {p95}
            </Cell>
        </Row>
    }
    .into_any()
}

/// A name leads to more of it; a key has its page too, if it is still there.
#[component]
fn Name(group: UsageGroup, by: UsageGrouping, path: String) -> impl IntoView {
    let UsageGroup { group, name, .. } = group;
    let gone = by == UsageGrouping::Key && name == group;
    if gone {
        return view! {
            <a class="row-link" href=path title=group.clone()>
                <code>{short_id(&group)}</code>
            </a>
            <span class="block text-muted">"This key is not there any more"</span>
        }
        .into_any();
    }
    let key = (by == UsageGrouping::Key && may(Permission::KeysRead)).then(|| {
        let label = format!("Open the API key {name}");
        view! {
            " "
            <a class="quiet-link above" href=format!("/keys#{group}") aria-label=label>
                "Key"
            </a>
        }
    });
    view! {
        <a class="row-link" href=path title=name.clone()>
            {name.clone()}
        </a>
        {key}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_leads_to_more_of_it() {
        let asked = Asked::read(super::super::filter::REPORT, |name| {
            (name == "from").then(|| "2026-11-01".to_owned())
        });
        assert_eq!(
            narrowed(&asked, UsageGrouping::Endpoint, "/verify/start"),
            "/usage/report?from=2026-11-01&endpoint=%2Fverify%2Fstart&groupBy=key"
        );
        assert_eq!(
            narrowed(&asked, UsageGrouping::Status, "429"),
            "/usage/requests?status=429"
        );
    }
}
