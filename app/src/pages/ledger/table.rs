use leptos::prelude::*;
use types::ledger::{LedgerCheckpoint, LedgerWitness};

use crate::{
    components::{Badge, Cell, Column, DataTable, Glyph, Moment, Row, Tone},
    number::grouped,
};

/// Checkpoints, newest first.
#[component]
pub(super) fn Checkpoints(rows: Vec<LedgerCheckpoint>) -> impl IntoView {
    let columns = vec![
        Column::figures("Events"),
        Column::new("Root"),
        Column::new("Signed"),
        Column::new("Witnessed by"),
    ];
    let lines = rows
        .into_iter()
        .map(|row| view! { <Checkpoint row /> })
        .collect_view();
    view! {
        <DataTable caption="Checkpoints, newest first" columns>
            {lines}
        </DataTable>
    }
}

#[component]
fn Checkpoint(row: LedgerCheckpoint) -> impl IntoView {
    let witnesses = if row.witnesses.is_empty() {
        "–".to_owned()
    } else {
        row.witnesses.join(", ")
    };
    view! {
        <Row>
            <Cell name="Events" class="figures">
                {grouped(row.size)}
            </Cell>
            <Cell name="Root">
                <code class="key-shape">{row.root}</code>
            </Cell>
            <Cell name="Signed" class="nowrap">
                <Moment at=row.published_at />
            </Cell>
            <Cell name="Witnessed by">{witnesses}</Cell>
        </Row>
    }
}

/// Witnesses as they are configured.
#[component]
pub(super) fn Witnesses(rows: Vec<LedgerWitness>) -> impl IntoView {
    let columns = vec![
        Column::new("Witness"),
        Column::new("State"),
        Column::figures("Has signed"),
        Column::new("Last"),
    ];
    let lines = rows
        .into_iter()
        .map(|row| view! { <Witness row /> })
        .collect_view();
    view! {
        <DataTable caption="Witnesses" columns>
            {lines}
        </DataTable>
    }
}

#[component]
fn Witness(row: LedgerWitness) -> impl IntoView {
    let badge = match (row.failing_since, row.answered_at) {
        (Some(_), _) => view! { <Badge tone=Tone::Bad glyph=Glyph::CircleX text="Does not sign" /> },
        (None, Some(_)) => view! { <Badge tone=Tone::Good glyph=Glyph::CircleCheck text="Signs" /> },
        (None, None) => view! { <Badge tone=Tone::Neutral glyph=Glyph::CircleDashed text="Not asked yet" /> },
    };
    let last = match row.answered_at {
        Some(at) => view! { <Moment at /> }.into_any(),
        None => "Never".into_any(),
    };
    view! {
        <Row>
            <Cell name="Witness" class="key-cell">
                <span class="font-medium">{row.name}</span>
                <code class="key-shape">{row.url}</code>
                {row.problem.map(|problem| view! { <span class="text-muted">{problem}</span> })}
            </Cell>
            <Cell name="State">{badge}</Cell>
            <Cell name="Has signed" class="figures">
                {format!("{} events", grouped(row.signed))}
            </Cell>
            <Cell name="Last" class="nowrap">
                {last}
            </Cell>
        </Row>
    }
}
