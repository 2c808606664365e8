use leptos::prelude::*;
use types::console::VerificationRow;

use crate::{
    components::{Cell, Column, DataTable, EnvironmentBadge, Moment, Row, StatusBadge, short_id},
    time::took,
};

#[component]
pub(crate) fn VerificationTable(#[prop(into)] caption: String, rows: Vec<VerificationRow>) -> impl IntoView {
    let columns = vec![
        Column::new("Verification"),
        Column::new("Status"),
        Column::new("Environment"),
        Column::new("Reference"),
        Column::new("Started"),
        Column::figures("Took"),
    ];
    let rows = rows
        .into_iter()
        .map(|row| view! { <VerificationLine row /> })
        .collect_view();
    view! {
        <DataTable caption columns>
            {rows}
        </DataTable>
    }
}

#[component]
fn VerificationLine(row: VerificationRow) -> impl IntoView {
    let id = row.id.to_string();
    let length = row
        .completed_at
        .map(|at| took(u64::try_from(at.millis_since(row.created_at)).unwrap_or_default()));
    view! {
        <Row>
            <Cell name="Verification">
                <a class="row-link" href=format!("/verifications/{id}")>
                    <code title=id.clone()>{short_id(&id)}</code>
                </a>
            </Cell>
            <Cell name="Status">
                <StatusBadge status=row.status />
            </Cell>
            <Cell name="Environment">
                <EnvironmentBadge environment=row.environment />
            </Cell>
            <Cell name="Reference" class=if row.reference.is_some() { "clip" } else { "absent" }>
                {row.reference.unwrap_or_else(|| "–".to_owned())}
            </Cell>
            <Cell name="Started">
                <Moment at=row.created_at />
            </Cell>
            <Cell name="Took" class=if length.is_some() { "figures" } else { "figures absent" }>
                {length.unwrap_or_else(|| "–".to_owned())}
            </Cell>
        </Row>
    }
}
