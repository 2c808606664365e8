use leptos::prelude::*;
use types::{
    Permission,
    console::ApiKeyRow,
    usage::{EXPORTED_REQUESTS, LOG_DAYS, RequestPage as Found, RequestRow},
};

use super::{
    Tab, Tabs,
    asked::Asked,
    at_fields,
    filter::{REQUESTS, RequestFilters},
    keys, may,
};
use crate::{
    PageError,
    components::{
        AnswerBadge, Blocked, Card, Cell, Column, Console, DataTable, EmptyState, EnvironmentBadge, Glyph,
        Icon, Load, Moment, PageHeader, Pager, Place, Row, is_looking, link, short_id,
    },
    number::{grouped, micros},
    pages::asked,
    server::usage,
};

pub(super) const PATH: &str = "/usage/requests";
const FILE: &str = "/usage/requests.csv";

#[component]
pub fn RequestsPage() -> impl IntoView {
    let stored = StoredValue::new((Asked::read(REQUESTS, asked), asked("after")));
    view! {
        <Console here=Place::Usage>
            <Load from=both(stored.get_value(), may(Permission::KeysRead)) let:page>
                <Content page />
            </Load>
        </Console>
    }
}

struct Page {
    asked: Asked,
    later: bool,
    keys: Vec<ApiKeyRow>,
    found: Option<Found>,
}

async fn both((mut asked, after): (Asked, Option<String>), may_see_keys: bool) -> Result<Page, PageError> {
    let later = after.is_some();
    let filter = asked.requests(after);
    let found = at_fields(usage::requests(filter).await)?;
    if let Err(error) = &found {
        asked.refuse(error);
    }
    Ok(Page {
        found: found.ok().filter(|_| asked.is_sound()),
        asked,
        later,
        keys: keys(may_see_keys).await?,
    })
}

#[component]
fn Content(page: Page) -> impl IntoView {
    let Page {
        asked,
        later,
        keys,
        found,
    } = page;
    let file = link(FILE, &asked.query());
    let offered = found.is_some() && !is_looking();
    let title = format!(
        "The file has the newest {} lines at most",
        grouped(EXPORTED_REQUESTS)
    );
    let rows = match found {
        Some(found) => view! { <Rows found asked=asked.clone() later /> }.into_any(),
        None => view! {
            <EmptyState
                glyph=Glyph::CircleAlert
                title="Nothing was searched"
                text="A filter has a value that it cannot have. Correct the marked one, or clear all filters."
            />
        }
        .into_any(),
    };
    view! {
        <PageHeader
            title="Requests"
            sentence=format!(
                "Each call of the API of the last {LOG_DAYS} days, a line: what was asked, and how it ended. No address, no body.",
            )
        >
            <Blocked words="Export CSV" />
            {offered
                .then(|| {
                    view! {
                        <a class="button" href=file download title=title>
                            <Icon of=Glyph::Archive />
                            "Export CSV"
                        </a>
                    }
                })}
        </PageHeader>
        <Tabs here=Tab::Requests />
        <RequestFilters asked keys />
        {rows}
    }
    .into_any()
}

#[component]
fn Rows(found: Found, asked: Asked, later: bool) -> impl IntoView {
    if found.rows.is_empty() {
        let filtered = later || !asked.query().is_empty();
        return view! { <Nothing filtered /> }.into_any();
    }
    let columns = vec![
        Column::new("Request"),
        Column::new("Status"),
        Column::new("Endpoint"),
        Column::new("API key"),
        Column::new("Error"),
        Column::figures("Took"),
        Column::new("When"),
    ];
    let count = found.rows.len();
    let lines: Vec<_> = found.rows.into_iter().map(|row| view! { <Line row /> }).collect();
    view! {
        <Card flush=true>
            <DataTable caption="Requests, newest first" columns>
                {lines}
            </DataTable>
        </Card>
        <Pager path=PATH query=asked.query() next=found.next later count />
    }
    .into_any()
}

#[component]
fn Line(row: RequestRow) -> impl IntoView {
    let id = row.id.to_string();
    let key = row.key_name.unwrap_or_else(|| short_id(&row.key.to_string()));
    let test = row.environment == types::Environment::Test;
    view! {
        <Row>
            <Cell name="Request">
                <a class="row-link" href=format!("{PATH}/{id}")>
                    <code title=id.clone()>{short_id(&id)}</code>
                </a>
            </Cell>
            <Cell name="Status">
                <AnswerBadge status=row.status />
            </Cell>
            <Cell name="Endpoint">
                <code class="nowrap">{format!("{} {}", row.method, row.endpoint)}</code>
            </Cell>
            <Cell name="API key" class="clip">
                <span title=key.clone()>{key.clone()}</span>
                {test.then(|| view! { " " <EnvironmentBadge environment=row.environment /> })}
            </Cell>
            <Cell name="Error" class=if row.code.is_some() { "" } else { "absent" }>
                {match row.code {
                    Some(code) => view! { <code class="nowrap">{code}</code> }.into_any(),
                    None => "–".into_any(),
                }}
            </Cell>
            <Cell name="Took" class="figures">
                {micros(row.duration)}
            </Cell>
            <Cell name="When">
                <Moment at=row.at />
            </Cell>
        </Row>
    }
    .into_any()
}

#[component]
fn Nothing(filtered: bool) -> impl IntoView {
    if filtered {
        return view! {
            <EmptyState
                glyph=Glyph::Search
                title="No request matches"
                text=format!(
                    "Lines are kept for {LOG_DAYS} days, and take up to five seconds to appear. Calls without a valid key have none: the request's id is in the header x-request-id of every answer.",
                )
            >
                <a class="button" href=PATH>
                    "Clear filters"
                </a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState
            glyph=Glyph::Terminal
            title="No request yet"
            text=format!(
                "Each call with one of your API keys appears here up to five seconds after it was answered, and stays for {LOG_DAYS} days.",
            )
        >
            <a class="button primary" href="/keys">
                <Icon of=Glyph::Key />
                "API keys"
            </a>
        </EmptyState>
    }
    .into_any()
}
