use leptos::prelude::*;
use types::{Permission, alerts::ChannelRow};

use super::{SentBadge, channel_glyph, may_manage};
use crate::{
    components::{
        Blocked, Card, Cell, Column, Console, DataTable, EmptyState, Glyph, Icon, Load, MomentOr, Only,
        PageHeader, Place, Row,
    },
    number::grouped,
    pages::team::Back,
    server::alerts,
};

#[component]
pub fn AlertChannels() -> impl IntoView {
    view! {
        <Console here=Place::Alerts>
            <Back href="/alerts" words="Alerts" />
            <PageHeader
                title="Channels of alerts"
                sentence="Where people are told. Each alert says which channels hear of warnings, and which of what is critical."
            >
                <Blocked words="New channel" />
                {may_manage()
                    .then(|| {
                        view! {
                            <a class="button primary" href="/alerts/channels/new">
                                <Icon of=Glyph::Plus />
                                "New channel"
                            </a>
                        }
                    })}
            </PageHeader>
            <Only to=Permission::AlertsRead ask=super::ASK>
                <Load from=alerts::channels() let:page>
                    <Rows rows=page.rows />
                </Load>
            </Only>
        </Console>
    }
}

#[component]
fn Rows(rows: Vec<ChannelRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Bell
                title="No channel yet"
                text="Alerts are seen in the console only. A channel tells a member by mail, a program of yours by a signed webhook, or a chat that takes incoming webhooks as Slack does."
            >
                {may_manage()
                    .then(|| {
                        view! {
                            <a class="button" href="/alerts/channels/new">
                                "Make a channel"
                            </a>
                        }
                    })}
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Channel"),
        Column::new("Kind"),
        Column::new("To"),
        Column::figures("Alerts"),
        Column::new("Last message"),
        Column::new("Tested"),
    ];
    let lines: Vec<_> = rows.into_iter().map(|row| view! { <Line row /> }).collect();
    view! {
        <Card flush=true>
            <DataTable caption="Channels, by name" columns>
                {lines}
            </DataTable>
        </Card>
    }
    .into_any()
}

#[component]
fn Line(row: ChannelRow) -> impl IntoView {
    let last = match row.last {
        Some(state) => view! { <SentBadge state attempts=1 /> }.into_any(),
        None => view! { <span class="text-muted">"None yet"</span> }.into_any(),
    };
    view! {
        <Row>
            <Cell name="Channel">
                <a class="font-medium" href=format!("/alerts/channels/{}", row.id)>
                    {row.name}
                </a>
            </Cell>
            <Cell name="Kind">
                <Icon of=channel_glyph(row.kind) size=14 />
                " "
                {row.kind.title()}
            </Cell>
            <Cell name="To">{row.target}</Cell>
            <Cell name="Alerts" class="figures">
                {grouped(row.rules)}
            </Cell>
            <Cell name="Last message">{last}</Cell>
            <Cell name="Tested">
                <MomentOr at=row.tested_at none="Not yet" />
            </Cell>
        </Row>
    }
    .into_any()
}
