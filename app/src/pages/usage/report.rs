use leptos::prelude::*;
use types::{
    Permission,
    console::ApiKeyRow,
    usage::{UsageReport, UsageTotals},
};

use super::{
    Tab, Tabs,
    asked::Asked,
    at_fields,
    filter::{REPORT, ReportFilters},
    groups::Groups,
    keys, may,
    month::Month,
    periods::Periods,
    tiles::Tiles,
};
use crate::{
    PageContext, PageError,
    components::{
        Blocked, CallChart, Card, CodeTabs, Console, EmptyState, Glyph, Icon, Load, PageHeader, Place,
        is_looking, link, start_samples,
    },
    pages::asked,
    server::usage,
};

pub(super) const PATH: &str = "/usage/report";
const FILE: &str = "/usage/report.csv";

#[component]
pub fn UsageReportPage() -> impl IntoView {
    let stored = StoredValue::new(Asked::read(REPORT, asked));
    let as_table = asked("view").is_some_and(|view| view == "table");
    view! {
        <Console here=Place::Usage>
            <Load from=both(stored.get_value(), may(Permission::KeysRead)) let:page>
                <Content page as_table />
            </Load>
        </Console>
    }
}

/// What the page shows: a filter with a fault is shown with it, and no figures.
struct Page {
    asked: Asked,
    keys: Vec<ApiKeyRow>,
    report: Option<UsageReport>,
}

async fn both(mut asked: Asked, may_see_keys: bool) -> Result<Page, PageError> {
    let query = asked.report();
    let found = at_fields(usage::report(query).await)?;
    if let Err(error) = &found {
        asked.refuse(error);
    }
    Ok(Page {
        report: found.ok().filter(|_| asked.is_sound()),
        asked,
        keys: keys(may_see_keys).await?,
    })
}

#[component]
fn Content(page: Page, as_table: bool) -> impl IntoView {
    let Page { asked, keys, report } = page;
    let file = link(FILE, &asked.query());
    let offered = report.is_some() && !is_looking();
    let shown = match report {
        Some(report) => view! { <Figures report asked=asked.clone() as_table /> }.into_any(),
        None => view! {
            <EmptyState
                glyph=Glyph::CircleAlert
                title="Nothing was added up"
                text="A filter has a value that it cannot have. Correct the marked one, or clear all filters."
            />
        }
        .into_any(),
    };
    view! {
        <PageHeader
            title="Usage"
            sentence="Calls of the API, verifications and billable units. Days are UTC: what is billed does not depend on who looks."
        >
            <Blocked words="Export CSV" />
            {offered
                .then(|| {
                    view! {
                        <a class="button" href=file download>
                            <Icon of=Glyph::Archive />
                            "Export CSV"
                        </a>
                    }
                })}
        </PageHeader>
        <Tabs here=Tab::Report />
        <ReportFilters asked keys />
        {shown}
    }
    .into_any()
}

/// Whether there is nothing to show of these days.
fn is_nothing(totals: &UsageTotals) -> bool {
    totals.calls.requests == 0 && totals.verifications.started == 0 && totals.billable == 0
}

#[component]
fn Figures(report: UsageReport, asked: Asked, as_table: bool) -> impl IntoView {
    let periods = view! { <Periods asked=asked.clone() from=report.from.clone() to=report.to.clone() /> };
    let month = view! { <Month forecast=report.forecast.clone() quota=report.quota /> };
    if is_nothing(&report.totals) && is_nothing(&report.before) {
        let narrowed = asked.has_any(&["environment", "key", "endpoint"]);
        let whole = asked.has_any(&["from", "to"]);
        return view! {
            {periods}
            <Nothing narrowed other_days=whole />
            {month}
        }
        .into_any();
    }
    let hourly = report.resolution == "hour";
    let days = if hourly {
        report.points.len().div_ceil(24)
    } else {
        report.points.len()
    };
    let paths = (
        link(PATH, &asked.query()),
        link(PATH, &asked.with(&[("view", "table".to_owned())])),
    );
    let title = if hourly { "Calls by hour" } else { "Calls by day" };
    let points = report.points.clone();
    let (by, groups, all) = (
        report.grouped_by,
        report.groups.clone(),
        report.totals.calls.requests,
    );
    view! {
        {periods}
        <Tiles report days />
        {month}
        <Card title>
            <CallChart points hourly as_table paths />
        </Card>
        <Groups by groups all asked />
    }
    .into_any()
}

#[component]
fn Nothing(narrowed: bool, other_days: bool) -> impl IntoView {
    if narrowed || other_days {
        let text = if narrowed {
            "No call matches these filters, nor in the period before. A key that is not there any more has its calls still; check the days first."
        } else {
            "Nobody called in these days, nor in the period before. Choose other days."
        };
        return view! {
            <EmptyState glyph=Glyph::Search title="No call in this period" text>
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
            glyph=Glyph::Chart
            title="No call yet"
            text="Every call with one of your API keys is counted here, at the latest five seconds after it was answered. Make a test key, which is free, and start a verification:"
        >
            <CodeTabs samples />
        </EmptyState>
    }
    .into_any()
}
