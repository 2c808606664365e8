//! The ledger of this installation, for its staff: whether every audit event has its place in the
//! tree, whether witnesses have signed, and with which key others check it.

mod standing;
mod table;

use leptos::prelude::*;
use types::ledger::LedgerPage;

use crate::{
    components::{
        Banner, Card, CodeBlock, Console, EmptyState, Glyph, KeyValue, KeyValues, Load, Moment, PageHeader,
        Place, StatTile,
    },
    number::grouped,
    server::ledger,
    time::{Here, relative},
};
use standing::{Concern, concerns};
use table::{Checkpoints, Witnesses};

#[component]
pub fn Ledger() -> impl IntoView {
    view! {
        <Console here=Place::Ledger>
            <PageHeader
                title="Ledger"
                sentence="Every audit event has a place in a tree whose signed head nobody can change unseen, the operator included."
            />
            <Load from=ledger::page() let:page>
                <Content page />
            </Load>
        </Console>
    }
}

#[component]
fn Content(page: LedgerPage) -> impl IntoView {
    let banners: Vec<_> = concerns(&page, Here::current().now)
        .into_iter()
        .map(|concern| view! { <ConcernBanner concern /> })
        .collect();
    let (checkpoints, witnesses) = (page.checkpoints.clone(), page.witnesses.clone());
    view! {
        {banners}
        <Tiles page=page.clone() />
        <div class="columns">
            <div class="stack">
                {if checkpoints.is_empty() {
                    view! {
                        <EmptyState
                            glyph=Glyph::Shield
                            title="No checkpoint yet"
                            text="The first one is signed as soon as the server gives the first events their places: within a second of its start. If this stays, look at the server's log."
                        />
                    }
                        .into_any()
                } else {
                    view! {
                        <Card title="Last checkpoints" flush=true>
                            <Checkpoints rows=checkpoints />
                        </Card>
                    }
                        .into_any()
                }}
                <Card title="Witnesses" flush=!witnesses.is_empty()>
                    {if witnesses.is_empty() {
                        view! { <NoWitness /> }.into_any()
                    } else {
                        view! { <Witnesses rows=witnesses /> }.into_any()
                    }}
                </Card>
            </div>
            <Checking page />
        </div>
    }
    .into_any()
}

#[component]
fn ConcernBanner(concern: Concern) -> impl IntoView {
    let (tone, glyph, title, text) = concern.words();
    view! {
        <Banner tone glyph title>
            {text}
        </Banner>
    }
}

#[component]
fn Tiles(page: LedgerPage) -> impl IntoView {
    let now = Here::current().now;
    let more = if page.waiting_is_more { "+" } else { "" };
    let last = page.checkpoints.first();
    let signed = page
        .witnesses
        .iter()
        .filter(|witness| witness.failing_since.is_none())
        .count();
    view! {
        <dl class="tiles" aria-label="Now">
            <StatTile name="Events in the tree" value=grouped(page.tree_size) note="Each can be proven" />
            <StatTile
                name="Waiting for a place"
                value=format!("{}{more}", grouped(page.waiting))
                note=page
                    .waiting_since
                    .map_or_else(
                        || "None".to_owned(),
                        |at| format!("The first one was written {}", relative(at, now)),
                    )
            />
            <StatTile
                name="Last checkpoint"
                value=last.map_or_else(|| "None".to_owned(), |row| capitalised(&relative(row.published_at, now)))
                note="A new one follows each new event"
            />
            <StatTile
                name="Witnesses that sign"
                value=if page.witnesses.is_empty() {
                    "None".to_owned()
                } else {
                    format!("{signed} of {}", page.witnesses.len())
                }
                note=if page.witnesses.is_empty() { "How to add one stands below" } else { "Asked after each checkpoint" }
            />
        </dl>
    }
}

#[component]
fn NoWitness() -> impl IntoView {
    view! {
        <p>
            "A witness is a small program that somebody else runs. It signs each checkpoint, and refuses one that does not continue what it signed before: so that not even the operator can show different people different histories. A customer or an auditor runs:"
        </p>
        <div class="mt-4"></div>
        <CodeBlock
            code="loomwire witness keygen witness.key --name witness.example.com\nloomwire witness --key witness.key --state witness.json --log 'VERIFIER KEY'"
            what="commands"
        />
        <p class="text-muted mt-4">
            "Then name it in the server's configuration under [[ledger.witness]], with its url and the key that keygen printed."
        </p>
    }
}

/// What others need to check the log.
#[component]
fn Checking(page: LedgerPage) -> impl IntoView {
    let mut keys = page.verifier_keys.into_iter();
    let present = keys.next().unwrap_or_default();
    let older: Vec<_> = keys
        .map(|key| view! { <CodeBlock code=key what="older verifier key" /> })
        .collect();
    let root = page
        .checkpoints
        .first()
        .map(|row| (row.root.clone(), row.size, row.published_at));
    view! {
        <Card title="Checking it">
            <h3 class="font-medium">"Verifier key"</h3>
            <p class="text-muted">
                "Whoever checks a proof or runs a witness needs it. Give it to them by a way that does not lead through this server."
            </p>
            <div class="mt-4">
                <CodeBlock code=present what="verifier key" />
            </div>
            {(!older.is_empty())
                .then(|| {
                    view! {
                        <h3 class="font-medium mt-4">"Older keys"</h3>
                        <p class="text-muted">
                            "The database was restored from a backup, and goes on under another key since then. Checkpoints from before are checked with these."
                        </p>
                        {older}
                    }
                })}
            <div class="mt-4"></div>
            <KeyValues>
                {root
                    .map(|(root, size, at)| {
                        view! {
                            <KeyValue name="Newest root">
                                <code class="key-shape">{root}</code>
                            </KeyValue>
                            <KeyValue name="It covers">{format!("{} events", grouped(size))}</KeyValue>
                            <KeyValue name="Signed">
                                <Moment at exact=true />
                            </KeyValue>
                        }
                    })}
                <KeyValue name="Public">
                    {if page.public {
                        "Yes: /ledger/checkpoint, /ledger/tile and /ledger/key tell sizes, times and hashes, and nothing of what events say"
                    } else {
                        "No: ledger.public is false, so others see checkpoints only with their exports"
                    }}
                </KeyValue>
            </KeyValues>
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
