use leptos::prelude::*;
use types::{
    audit::{Found, LogDesk},
    console::AuditFilter,
    retention::LogScope,
};

use super::{
    Log,
    filter::{Filters, Saved, query},
    row::Line,
};
use crate::{
    PageError,
    components::{
        Banner, Card, Column, Console, DataTable, EmptyState, Glyph, Icon, Load, LogPage, LogTabs, Moment,
        PageHeader, Pager, Tone, link,
    },
    pages::asked,
    server::audit,
};

#[component]
pub fn Audit() -> impl IntoView {
    view! { <Whole log=Log::Own /> }
}

#[component]
pub fn StaffAudit() -> impl IntoView {
    view! { <Whole log=Log::Staff /> }
}

#[component]
fn Whole(log: Log) -> impl IntoView {
    let filter = StoredValue::new(AuditFilter::read(asked));
    let live = asked("live").is_some() && !log.is_staff();
    let (title, sentence) = match log {
        Log::Own => (
            "Audit log",
            "Every change and every refusal: who, what, to what, when. No page can change it.",
        ),
        Log::Staff => (
            "Audit log of everybody",
            "Of the installation and of every organisation. That you read it stands in the log that you read.",
        ),
    };
    view! {
        <Console here=log.place()>
            <PageHeader title sentence>
                <a class="button" href=link(log.exports(), &query(&filter.get_value()))>
                    <Icon of=Glyph::Archive />
                    "Export"
                </a>
            </PageHeader>
            {(!log.is_staff())
                .then(|| view! { <LogTabs scope=LogScope::Organisation here=LogPage::Events /> })}
            <Load from=both(log, filter.get_value()) let:pair>
                <Content log desk=pair.0 found=pair.1 filter=filter.get_value() live />
            </Load>
        </Console>
    }
    .into_any()
}

/// What the page needs: a filter with a fault is shown with it, and finds nothing.
async fn both(log: Log, filter: AuditFilter) -> Result<(LogDesk, Result<Found, PageError>), PageError> {
    let desk = audit::desk(log.is_staff()).await?;
    let found = match log {
        Log::Own => audit::list(filter).await,
        Log::Staff => audit::all(filter).await,
    };
    match found {
        Err(error) if error.fields.is_empty() => Err(error),
        found => Ok((desk, found)),
    }
}

#[component]
fn Content(
    log: Log,
    desk: LogDesk,
    found: Result<Found, PageError>,
    filter: AuditFilter,
    live: bool,
) -> impl IntoView {
    let wrong = found
        .as_ref()
        .err()
        .map(|error| error.fields.clone())
        .unwrap_or_default();
    let searches = desk.searches.clone();
    let rows = match found {
        Ok(found) => view! { <Rows log found filter=filter.clone() live /> }.into_any(),
        Err(_) => view! {
            <EmptyState
                glyph=Glyph::CircleAlert
                title="Nothing was searched"
                text="A filter has a value that it cannot have. Correct the marked one, or clear all filters."
            />
        }
        .into_any(),
    };
    view! {
        <Filters log filter=filter.clone() desk wrong />
        <Saved log searches filter />
        {rows}
    }
    .into_any()
}

#[component]
fn Rows(log: Log, found: Found, filter: AuditFilter, live: bool) -> impl IntoView {
    let later = filter.after.is_some();
    let filtered = later || !filter.set().is_empty();
    let Found {
        rows,
        next,
        searched_to,
        behind,
    } = found;
    let behind = behind.then(|| {
        view! {
            <Banner tone=Tone::Info glyph=Glyph::Hourglass title="The index is catching up">
                "Events of the last moments are still being put into the index and may be missing here. Reload in a moment."
            </Banner>
        }
    });
    let here = query(&filter);
    let onward = searched_to.map(|at| {
        let mut query = here.clone();
        query.push(("after", next.clone().unwrap_or_default()));
        let href = link(log.path(), &query);
        view! {
            <p class="searched-to" role="status">
                "Searched back to "
                <Moment at exact=true />
                ". Older events are yet to be searched. "
                <a class="button small" href=href rel="next">
                    "Search further back"
                </a>
            </p>
        }
    });
    let stopped = onward.is_some();
    if rows.is_empty() {
        let nothing = if stopped {
            ().into_any()
        } else {
            view! { <Nothing log filtered /> }.into_any()
        };
        return view! {
            {behind}
            {(!log.is_staff()).then(|| view! { <Live log query=here.clone() live later /> })}
            <div id="audit-rows">{nothing}</div>
            {onward}
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Event"),
        Column::new("Actor"),
        Column::new("Target"),
        Column::new("Result"),
        Column::new("When"),
    ];
    let count = rows.len();
    let lines: Vec<_> = rows.into_iter().map(|row| view! { <Line log row /> }).collect();
    view! {
        {behind}
        {(!log.is_staff()).then(|| view! { <Live log query=here.clone() live later /> })}
        <div id="audit-rows">
            <Card flush=true>
                <DataTable caption="Audit events, newest first" columns>
                    {lines}
                </DataTable>
            </Card>
        </div>
        {onward}
        <Pager path=log.path() query=here next=next.filter(|_| !stopped) later count />
    }
    .into_any()
}

/// Following the log: a link that loads the page again, which a script follows by itself.
#[component]
fn Live(log: Log, query: Vec<(&'static str, String)>, live: bool, later: bool) -> impl IntoView {
    if later {
        return ().into_any();
    }
    let mut followed = query.clone();
    followed.push(("live", "1".to_owned()));
    let (follow, stop) = (link(log.path(), &followed), link(log.path(), &query));
    if live {
        view! {
            <p class="live" data-live="">
                <span class="live-mark" aria-hidden="true"></span>
                <span role="status" data-live-said="">
                    "Following the log."
                </span>
                <a class="quiet-link" href=follow>
                    "Refresh"
                </a>
                <a class="quiet-link" href=stop>
                    "Stop following"
                </a>
                <script type="module" src="/live.js"></script>
            </p>
        }
        .into_any()
    } else {
        view! {
            <p class="live">
                <a class="quiet-link" href=follow>
                    <Icon of=Glyph::Activity size=14 />
                    " Follow the log live"
                </a>
            </p>
        }
        .into_any()
    }
}

#[component]
fn Nothing(log: Log, filtered: bool) -> impl IntoView {
    if filtered {
        view! {
            <EmptyState
                glyph=Glyph::Search
                title="No event matches"
                text="Words are found whole, in the sentence, the facts or the reason; an action by its code or its beginning, such as api_key; ids, addresses and user agents whole."
            >
                <a class="button" href=log.path()>
                    "Clear filters"
                </a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <EmptyState
                glyph=Glyph::Scroll
                title="Nothing has happened yet"
                text="Whatever somebody changes or is refused in this organisation appears here in the same moment."
            />
        }
        .into_any()
    }
}
