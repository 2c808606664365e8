//! Backups of this installation, for its staff: whether there is a good one, whether one was
//! ever restored, and what to do where not.

mod standing;
mod table;

use leptos::prelude::*;
use types::backup::BackupsPage;

use crate::{
    components::{
        Banner, Card, CodeBlock, Console, EmptyState, Glyph, KeyValue, KeyValues, Load, Moment, PageHeader,
        Place, StatTile,
    },
    number::{bytes, grouped},
    server::backup,
    time::{Here, relative},
};
use standing::{Concern, concerns};
use table::Runs;

#[component]
pub fn Backups() -> impl IntoView {
    view! {
        <Console here=Place::Backups>
            <PageHeader
                title="Backups"
                sentence="Encrypted copies of the whole database, and the drills that prove they can be restored."
            />
            <Load from=backup::page() let:page>
                <Content page />
            </Load>
        </Console>
    }
}

#[component]
fn Content(page: BackupsPage) -> impl IntoView {
    let concerns: Vec<_> = concerns(&page, Here::current().now)
        .into_iter()
        .map(|concern| view! { <ConcernBanner concern /> })
        .collect();
    let rows = page.rows.clone();
    view! {
        {concerns}
        <Tiles page=page.clone() />
        <div class="columns">
            {if rows.is_empty() {
                view! { <Nothing recipients=page.recipients /> }.into_any()
            } else {
                view! {
                    <Card title="Backups and drills" flush=true>
                        <Runs rows />
                    </Card>
                }
                    .into_any()
            }}
            <Plan page />
        </div>
    }
    .into_any()
}

#[component]
fn Nothing(recipients: u32) -> impl IntoView {
    let (text, code) = if recipients == 0 {
        (
            "A backup is written while the server runs, and is readable only with a key that is kept elsewhere. Make that key first:",
            "loomwire backup keygen backup-identity.txt",
        )
    } else {
        (
            "A backup is written while the server runs, and is readable only with a recipient's key. Make the first one on the server:",
            "loomwire backup",
        )
    };
    view! {
        <EmptyState glyph=Glyph::Archive title="No backup yet" text>
            <CodeBlock code what="command" />
        </EmptyState>
    }
}

#[component]
fn ConcernBanner(concern: Concern) -> impl IntoView {
    let (tone, glyph, title, text, command) = concern.words();
    view! {
        <Banner tone glyph title>
            {text}
            " "
            <code>{command}</code>
        </Banner>
    }
}

#[component]
fn Tiles(page: BackupsPage) -> impl IntoView {
    let now = Here::current().now;
    let ago = |row: Option<&types::backup::BackupRow>| {
        row.map(|row| capitalised(&relative(row.finished_at.unwrap_or(row.started_at), now)))
    };
    let held: u64 = page
        .rows
        .iter()
        .filter(|row| table::is_kept(row))
        .filter_map(|row| row.bytes)
        .sum();
    let kept = page.rows.iter().filter(|row| table::is_kept(row)).count();
    let last = page.last_backup.as_ref();
    let drill = page.last_drill.as_ref();
    view! {
        <dl class="tiles" aria-label="Now">
            <StatTile
                name="Last good backup"
                value=ago(last).unwrap_or_else(|| "None".to_owned())
                note=last
                    .and_then(|row| row.bytes)
                    .map_or_else(|| "Nothing could be restored".to_owned(), bytes)
            />
            <StatTile
                name="Last restore drill"
                value=ago(drill).unwrap_or_else(|| "None".to_owned())
                note=drill
                    .and_then(|row| row.events)
                    .map_or_else(
                        || "No backup was proven yet".to_owned(),
                        |events| format!("{} audit events, same hashes", grouped(events)),
                    )
            />
            <StatTile
                name="Kept now"
                value=kept.to_string()
                note=if kept == 0 {
                    "No file in the folder".to_owned()
                } else {
                    format!("{} in the list below", bytes(held))
                }
            />
        </dl>
    }
}

/// What is arranged, and where it is changed.
#[component]
fn Plan(page: BackupsPage) -> impl IntoView {
    let recipients = match page.recipients {
        0 => "None: no backup can be made".to_owned(),
        1 => "1 age key can open a backup".to_owned(),
        many => format!("{many} age keys can open a backup"),
    };
    view! {
        <Card title="Plan">
            <KeyValues>
                <KeyValue name="Schedule">{standing::schedule(page.every_hours)}</KeyValue>
                <KeyValue name="Kept for">{days(page.keep_days)}</KeyValue>
                <KeyValue name="Recipients">{recipients}</KeyValue>
                <KeyValue name="Last backup">
                    {match page.last_backup {
                        Some(row) => view! { <Moment at=row.started_at exact=true /> }.into_any(),
                        None => "None yet".into_any(),
                    }}
                </KeyValue>
                <KeyValue name="Last drill">
                    {match page.last_drill {
                        Some(row) => view! { <Moment at=row.started_at exact=true /> }.into_any(),
                        None => "None yet".into_any(),
                    }}
                </KeyValue>
            </KeyValues>
            <p class="text-muted mt-4">
                "The master key is in no backup: keep a copy of it apart from them. The plan is in the server's configuration; docs/BACKUP.md tells how to change it, and how to restore."
            </p>
        </Card>
    }
}

/// As words that stand alone begin.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next();
    let first = first.into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn days(count: u32) -> String {
    if count == 1 {
        "1 day".to_owned()
    } else {
        format!("{count} days")
    }
}
