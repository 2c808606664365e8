use leptos::prelude::*;
use types::{
    Permission,
    console::{Page, Viewer},
    team::{OrganisationRow, OrganisationState},
};

use crate::{
    components::{
        Badge, Card, Cell, Column, Console, DataTable, Glyph, Id, Load, Moment, PageHeader, Pager, Place,
        Row, RowLink, Tone,
    },
    number::grouped,
    pages::asked,
    server::staff,
};

#[component]
pub fn Organisations() -> impl IntoView {
    let after = asked("after");
    let later = after.is_some();
    view! {
        <Console here=Place::Organisations>
            <PageHeader
                title="Organisations"
                sentence="The tenants of this installation: names and counts, nothing from inside."
            />
            <Load from=staff::organisations(after.clone()) let:page>
                <Rows page later />
            </Load>
        </Console>
    }
}

#[component]
fn State(state: OrganisationState) -> impl IntoView {
    let (tone, glyph, text) = match state {
        OrganisationState::Active => (Tone::Good, Glyph::CircleCheck, "Active"),
        OrganisationState::Quiet => (Tone::Neutral, Glyph::Moon, "Quiet"),
        OrganisationState::New => (Tone::Info, Glyph::CircleDashed, "No key"),
    };
    view! { <Badge tone glyph text /> }
}

#[component]
fn Rows(page: Page<OrganisationRow>, later: bool) -> impl IntoView {
    let columns = vec![
        Column::new("Organisation"),
        Column::new("State"),
        Column::figures("Members"),
        Column::figures("Keys"),
        Column::figures("Verifications, 30 days"),
        Column::figures("Quota, a month"),
        Column::new("Created"),
        Column::actions(),
    ];
    let viewer: Option<Viewer> = use_context();
    let may_set = viewer.is_some_and(|viewer| viewer.may(Permission::QuotasManage));
    let count = page.rows.len();
    let rows = page
        .rows
        .into_iter()
        .map(|row| {
            let path = format!("/staff/organisations/{}/quota", row.id);
            let label = format!("Set quota of {}", row.name);
            view! {
                <Row>
                    <Cell name="Organisation">
                        <span class="font-medium">{row.name}</span>
                        " "
                        <Id id=row.id.to_string() />
                    </Cell>
                    <Cell name="State">
                        <State state=row.state />
                    </Cell>
                    <Cell name="Members" class="figures">
                        {grouped(row.members)}
                    </Cell>
                    <Cell name="Keys" class="figures">
                        {grouped(row.keys)}
                    </Cell>
                    <Cell name="Verifications, 30 days" class="figures">
                        {grouped(row.verifications)}
                    </Cell>
                    <Cell name="Quota, a month" class=if row.quota.is_some() { "figures" } else { "figures absent" }>
                        {row.quota.map_or_else(|| "–".to_owned(), grouped)}
                    </Cell>
                    <Cell name="Created">
                        <Moment at=row.created_at />
                    </Cell>
                    <RowLink path label word="Set quota" open=may_set />
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card flush=true>
            <DataTable caption="Organisations, newest first" columns>
                {rows}
            </DataTable>
        </Card>
        <Pager path="/staff/organisations" query=Vec::new() next=page.next later count />
    }
}
