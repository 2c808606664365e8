use leptos::prelude::*;
use types::{
    retention::LogScope,
    streams::{StreamRow, StreamsPage},
};

use super::{StateBadge, waiting};
use crate::{
    components::{
        Card, Cell, Column, Console, DataTable, EmptyState, Glyph, Icon, Load, LogPage, LogTabs, Moment,
        Only, PageHeader, Row,
    },
    pages::retention::Log,
    server::streams,
};

#[component]
pub fn OrganisationStreams() -> impl IntoView {
    view! { <Streams log=Log::of(LogScope::Organisation) /> }
}

#[component]
pub fn InstallationStreams() -> impl IntoView {
    view! { <Streams log=Log::of(LogScope::Installation) /> }
}

#[component]
fn Streams(log: Log) -> impl IntoView {
    let sentence = match log.scope {
        LogScope::Organisation => {
            "Audit events sent on to systems of your own as they happen. Each arrives at least once; none is passed over."
        }
        LogScope::Installation => {
            "The installation's own audit events sent on to the operator's systems. Each arrives at least once; none is passed over."
        }
    };
    view! {
        <Console here=log.place>
            <PageHeader title="Streams" sentence>
                <a class="button primary" href=format!("{}/new", log.streams)>
                    <Icon of=Glyph::Plus />
                    "New stream"
                </a>
            </PageHeader>
            <LogTabs scope=log.scope here=LogPage::Streams />
            <Only to=log.permission ask=log.ask>
                <Load from=streams::page(log.scope) let:page>
                    <Rows page log />
                </Load>
            </Only>
        </Console>
    }
}

#[component]
fn Rows(page: StreamsPage, log: Log) -> impl IntoView {
    if page.rows.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Activity
                title="No stream yet"
                text="A stream sends audit events to a webhook, a syslog server or an S3-compatible store, and goes on where it was after every interruption."
            >
                <a class="button" href=format!("{}/new", log.streams)>
                    "Make a stream"
                </a>
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Stream"),
        Column::new("State"),
        Column::new("Waiting"),
        Column::figures("Next place"),
        Column::new("Last taken"),
    ];
    let lines: Vec<_> = page
        .rows
        .into_iter()
        .map(|row| view! { <Line row log /> })
        .collect();
    view! {
        <Card flush=true>
            <DataTable caption="Streams, oldest first" columns>
                {lines}
            </DataTable>
        </Card>
    }
    .into_any()
}

#[component]
fn Line(row: StreamRow, log: Log) -> impl IntoView {
    let path = format!("{}/{}", log.streams, row.id);
    let state = row.clone();
    let StreamRow {
        name,
        kind,
        target,
        next_leaf,
        lag,
        oldest_waiting,
        delivered_at,
        problem,
        ..
    } = row;
    view! {
        <Row>
            <Cell name="Stream">
                <a class="font-medium" href=path>
                    {name}
                </a>
                <br />
                <span class="text-muted break-all">{format!("{}: {target}", kind.title())}</span>
            </Cell>
            <Cell name="State">
                <StateBadge row=state />
                {problem
                    .map(|problem| {
                        view! {
                            <br />
                            <span class="text-muted">{problem}</span>
                        }
                    })}
            </Cell>
            <Cell name="Waiting">
                {waiting(lag)}
                {oldest_waiting
                    .map(|at| {
                        view! {
                            <br />
                            <span class="text-muted">"the oldest is from " <Moment at /></span>
                        }
                    })}
            </Cell>
            <Cell name="Next place" class="figures">
                {next_leaf.to_string()}
            </Cell>
            <Cell name="Last taken">
                {match delivered_at {
                    Some(at) => view! { <Moment at /> }.into_any(),
                    None => view! { <span class="text-muted">"Never"</span> }.into_any(),
                }}
            </Cell>
        </Row>
    }
    .into_any()
}
