use leptos::prelude::*;
use types::keys::KeySource;

use crate::components::{Cell, Column, DataTable, Moment, Row};

/// From where a key is used, and by what.
#[component]
pub(super) fn SourceTable(#[prop(into)] caption: String, sources: Vec<KeySource>) -> impl IntoView {
    let columns = vec![
        Column::new("Address"),
        Column::new("Program"),
        Column::figures("Calls"),
        Column::new("First"),
        Column::new("Last"),
    ];
    let lines = sources
        .into_iter()
        .map(|source| view! { <Line source /> })
        .collect_view();
    view! {
        <DataTable caption columns>
            {lines}
        </DataTable>
    }
    .into_any()
}

#[component]
fn Line(source: KeySource) -> impl IntoView {
    let or = |text: String, none: &str| if text.is_empty() { none.to_owned() } else { text };
    view! {
        <Row>
            <Cell name="Address">
                <code>{or(source.address, "Not known")}</code>
            </Cell>
            <Cell name="Program">
                <span class="truncate">{or(source.user_agent, "Not named")}</span>
            </Cell>
            <Cell name="Calls" class="figures">
                {crate::number::grouped(source.calls)}
            </Cell>
            <Cell name="First">
                <Moment at=source.first_at />
            </Cell>
            <Cell name="Last">
                <Moment at=source.last_at />
            </Cell>
        </Row>
    }
    .into_any()
}
