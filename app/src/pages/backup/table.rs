use leptos::prelude::*;
use types::backup::{BackupKind, BackupRow, BackupState};

use crate::{
    components::{Badge, Cell, Column, DataTable, Glyph, Moment, Row, Tone},
    number::{bytes, grouped},
    time::took,
};

/// Whether the file of this row can still be restored.
pub(super) fn is_kept(row: &BackupRow) -> bool {
    row.kind == BackupKind::Backup && row.state == BackupState::Done && row.removed_at.is_none()
}

/// Backups and drills, newest first.
#[component]
pub(super) fn Runs(rows: Vec<BackupRow>) -> impl IntoView {
    let columns = vec![
        Column::new("Run"),
        Column::new("State"),
        Column::new("Began"),
        Column::figures("Took"),
        Column::figures("Events"),
        Column::figures("Size"),
    ];
    let lines = rows.into_iter().map(|row| view! { <Run row /> }).collect_view();
    view! {
        <DataTable caption="Backups and restore drills, newest first" columns>
            {lines}
        </DataTable>
    }
}

#[component]
fn Run(row: BackupRow) -> impl IntoView {
    let name = match row.kind {
        BackupKind::Backup => "Backup",
        BackupKind::Drill => "Restore drill",
    };
    let length = row
        .finished_at
        .map(|at| took(u64::try_from(at.millis_since(row.started_at)).unwrap_or_default()));
    let figures = |present: bool| if present { "figures" } else { "figures absent" };
    let none = || "–".to_owned();
    let badge = state(&row);
    let BackupRow {
        file,
        bytes: length_in_bytes,
        events,
        problem,
        started_at,
        ..
    } = row;
    view! {
        <Row>
            <Cell name="Run" class="key-cell">
                <span class="font-medium">{name}</span>
                {file.map(|file| view! { <code class="key-shape">{file}</code> })}
                {problem.map(|problem| view! { <span class="text-muted">{problem}</span> })}
            </Cell>
            <Cell name="State">
                {badge}
            </Cell>
            <Cell name="Began" class="nowrap">
                <Moment at=started_at />
            </Cell>
            <Cell name="Took" class=figures(length.is_some())>
                {length.unwrap_or_else(none)}
            </Cell>
            <Cell name="Events" class=figures(events.is_some())>
                {events.map_or_else(none, grouped)}
            </Cell>
            <Cell name="Size" class=figures(length_in_bytes.is_some())>
                {length_in_bytes.map_or_else(none, bytes)}
            </Cell>
        </Row>
    }
}

fn state(row: &BackupRow) -> impl IntoView + use<> {
    let (tone, glyph, text) = match row.state {
        BackupState::Running => (Tone::Info, Glyph::Hourglass, "Running"),
        BackupState::Failed => (Tone::Bad, Glyph::CircleX, "Failed"),
        BackupState::Done if row.removed_at.is_some() => (Tone::Neutral, Glyph::CircleSlash, "Removed"),
        BackupState::Done if row.kind == BackupKind::Drill => (Tone::Good, Glyph::CircleCheck, "Restored"),
        BackupState::Done => (Tone::Good, Glyph::CircleCheck, "Good"),
    };
    view! { <Badge tone glyph text /> }
}
