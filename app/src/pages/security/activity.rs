use leptos::prelude::*;
use types::{console::Page, security::ActivityRow};

use crate::{
    components::{
        AccountPage, AccountTabs, Card, Cell, Column, Console, DataTable, EmptyState, Glyph, Load, Moment,
        PageHeader, Pager, Place, ResultBadge, Row,
    },
    pages::asked,
    server::audit,
};

const PATH: &str = "/account/activity";

#[component]
pub fn Activity() -> impl IntoView {
    let after = StoredValue::new(asked("after"));
    view! {
        <Console here=Place::Elsewhere>
            <PageHeader
                title="Activity"
                sentence="What happened to your account: sign-ins and refusals, and changes to sessions and ways to sign in."
            />
            <AccountTabs here=AccountPage::Activity />
            <Load from=audit::own(after.get_value()) let:page>
                <Rows page later=after.get_value().is_some() />
            </Load>
        </Console>
    }
}

#[component]
fn Rows(page: Page<ActivityRow>, later: bool) -> impl IntoView {
    let count = page.rows.len();
    if count == 0 {
        return view! {
            <EmptyState
                glyph=Glyph::Scroll
                title="Nothing happened yet"
                text="Each sign-in, each refused one, and each change to your sessions and ways to sign in is listed here."
            />
        }
        .into_any();
    }
    let columns = vec![
        Column::new("When"),
        Column::new("What"),
        Column::new("Device"),
        Column::new("Address"),
        Column::new("Result"),
    ];
    let rows: Vec<_> = page.rows.into_iter().map(|row| view! { <Event row /> }).collect();
    view! {
        <Card flush=true>
            <DataTable caption="What happened to your account, newest first" columns>
                {rows}
            </DataTable>
        </Card>
        <Pager path=PATH query=Vec::new() next=page.next later count />
        <p class="text-muted">
            "Something here that was not you? " <a class="prose-link" href="/report?about=%2Faccount%2Factivity">
                "Report it"
            </a> ", and end the sessions that you do not know."
        </p>
    }
    .into_any()
}

#[component]
fn Event(row: ActivityRow) -> impl IntoView {
    view! {
        <Row>
            <Cell name="When" class="nowrap">
                <Moment at=row.occurred_at />
            </Cell>
            <Cell name="What" class="said">
                {row.sentence}
            </Cell>
            <Cell name="Device">{row.device.unwrap_or_else(|| "Not told".to_owned())}</Cell>
            <Cell name="Address">
                {match row.address {
                    Some(address) => view! { <code>{address}</code> }.into_any(),
                    None => "Not told".into_any(),
                }}
            </Cell>
            <Cell name="Result">
                <ResultBadge result=row.result />
            </Cell>
        </Row>
    }
    .into_any()
}
