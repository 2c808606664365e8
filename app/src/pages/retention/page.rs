use leptos::prelude::*;
use types::retention::{Counted, HoldRow, LogScope, RetentionKind, RetentionPage, RetentionRow};

use super::{Log, editor::Editor};
use crate::{
    components::{
        Badge, Banner, Card, Cell, Column, Console, DataTable, EmptyState, Glyph, Icon, Load, LogPage,
        LogTabs, Moment, Only, PageHeader, Row, Tone, short_id,
    },
    number::grouped,
    server::retention,
};

#[component]
pub fn OrganisationRetention() -> impl IntoView {
    view! { <Retention log=Log::of(LogScope::Organisation) /> }
}

#[component]
pub fn InstallationRetention() -> impl IntoView {
    view! { <Retention log=Log::of(LogScope::Installation) /> }
}

#[component]
fn Retention(log: Log) -> impl IntoView {
    let sentence = match log.scope {
        LogScope::Organisation => {
            "How long this organisation keeps what, what goes next, and what must not go."
        }
        LogScope::Installation => {
            "How long the installation's own audit events are kept, what goes next, and legal holds of the operator."
        }
    };
    view! {
        <Console here=log.place>
            <PageHeader title="Retention" sentence />
            <LogTabs scope=log.scope here=LogPage::Retention />
            <Only to=log.permission ask=log.ask>
                <Load from=retention::page(log.scope) let:page>
                    <Content page log />
                </Load>
            </Only>
        </Console>
    }
}

/// A count, with a sign that there may be more.
pub(super) fn counted(counted: Counted) -> String {
    if counted.more {
        format!("more than {}", grouped(counted.count))
    } else {
        grouped(counted.count)
    }
}

#[component]
fn Content(page: RetentionPage, log: Log) -> impl IntoView {
    let RetentionPage {
        rows,
        next_run_at,
        waiting_for,
        holds,
    } = page;
    let editable = rows.clone();
    view! {
        <div class="stack">
            {(!waiting_for.is_empty())
                .then(|| view! { <Waiting names=waiting_for path=log.streams /> })}
            <Card flush=true title="Kept now">
                <Kept rows />
                <p class="card-note">
                    {match next_run_at {
                        Some(at) => {
                            view! {
                                "The next run is "
                                <Moment at />
                                ". What it removes is told in the audit log; the hashes of retired events stay, so that every proof still holds."
                            }
                                .into_any()
                        }
                        None => "The first run follows soon after the server has started.".into_any(),
                    }}
                </p>
            </Card>
            <Editor rows=editable log />
            <Holds holds log />
        </div>
    }
    .into_any()
}

#[component]
fn Waiting(names: Vec<String>, path: &'static str) -> impl IntoView {
    view! {
        <Banner tone=Tone::Warn glyph=Glyph::Hourglass title="Events wait for a stream">
            <p>
                {format!("These streams have yet to send events whose time is over: {}. ", names.join(", "))}
                "They go once they were sent, or once the stream is paused or deleted. "
                <a href=path>"Look at streams"</a>
            </p>
        </Banner>
    }
    .into_any()
}

#[component]
fn Kept(rows: Vec<RetentionRow>) -> impl IntoView {
    let columns = vec![
        Column::new("What"),
        Column::figures("Kept for"),
        Column::figures("The next run removes"),
        Column::new("Then"),
    ];
    let lines: Vec<_> = rows
        .into_iter()
        .map(|row| {
            view! {
                <Row>
                    <Cell name="What">
                        <span class="font-medium">{row.kind.title()}</span>
                        <br />
                        <span class="text-muted">{meaning(row.kind)}</span>
                    </Cell>
                    <Cell name="Kept for" class="figures">
                        {format!("{} days", grouped(row.days.unsigned_abs()))}
                    </Cell>
                    <Cell name="The next run removes" class="figures">
                        {counted(row.due)}
                        {row
                            .held
                            .then(|| {
                                view! {
                                    <br />
                                    <Badge tone=Tone::Info glyph=Glyph::Lock text="More are held" />
                                }
                            })}
                    </Cell>
                    <Cell name="Then">
                        {match row.coming {
                            Some((days, at)) => {
                                view! { {format!("{days} days, ")} <Moment at /> }.into_any()
                            }
                            None => view! { <span class="text-muted">"No change"</span> }.into_any(),
                        }}
                    </Cell>
                </Row>
            }
        })
        .collect();
    view! {
        <DataTable caption="What is kept, and for how long" columns>
            {lines}
        </DataTable>
    }
    .into_any()
}

const fn meaning(kind: RetentionKind) -> &'static str {
    match kind {
        RetentionKind::AuditEvents => "Who did what, from where",
        RetentionKind::Verifications => "States, times and outcomes; figures stay",
        RetentionKind::Calls => "Counts by key, minute, route and status",
    }
}

#[component]
fn Holds(holds: Vec<HoldRow>, log: Log) -> impl IntoView {
    let new = format!("{}/new", log.holds);
    if holds.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Lock
                title="Nothing is held"
                text="A legal hold keeps events however old they are: all of them, those of a time, or those that concern one person."
            >
                <a class="button" href=new>
                    "Place a legal hold"
                </a>
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Held"),
        Column::new("Why"),
        Column::new("Placed"),
        Column::new("State"),
        Column::actions(),
    ];
    let lines: Vec<_> = holds.into_iter().map(|row| view! { <Hold row log /> }).collect();
    view! {
        <section class="stack">
            <Card flush=true title="Legal holds">
                <DataTable caption="Legal holds, those that hold first" columns>
                    {lines}
                </DataTable>
            </Card>
            <div>
                <a class="button" href=new>
                    <Icon of=Glyph::Plus size=14 />
                    "Place a legal hold"
                </a>
            </div>
        </section>
    }
    .into_any()
}

/// What a hold is on, as a phrase.
pub(super) fn what(row: &HoldRow) -> String {
    match &row.person {
        None => "Everything".to_owned(),
        Some((id, name)) if name.is_empty() => format!("What concerns {}", short_id(&id.to_string())),
        Some((_, name)) => format!("What concerns {name}"),
    }
}

#[component]
pub(super) fn When(row: HoldRow) -> impl IntoView {
    match (row.from, row.before) {
        (None, None) => "At any time".into_any(),
        (Some(at), None) => view! { "From " <Moment at exact=true /> }.into_any(),
        (None, Some(at)) => view! { "Before " <Moment at exact=true /> }.into_any(),
        (Some(from), Some(before)) => {
            view! { "From " <Moment at=from exact=true /> " until " <Moment at=before exact=true /> }
                .into_any()
        }
    }
}

#[component]
fn Hold(row: HoldRow, log: Log) -> impl IntoView {
    let path = format!("{}/{}/release", log.holds, row.id);
    let words = what(&row);
    let label = format!("Release the hold on: {words}");
    let of = match (&row.organisation, log.scope) {
        (Some((_, name)), LogScope::Installation) => format!(" in the log of {name}"),
        _ => String::new(),
    };
    let timed = row.clone();
    let HoldRow {
        reason,
        placed_by,
        placed_at,
        released,
        may_release,
        ..
    } = row;
    view! {
        <Row>
            <Cell name="Held">
                {words} {of} <br /> <span class="text-muted">
                    <When row=timed />
                </span>
            </Cell>
            <Cell name="Why" class="said">
                {reason.unwrap_or_else(|| "Not told".to_owned())}
            </Cell>
            <Cell name="Placed">
                <Moment at=placed_at />
                <br />
                <span class="text-muted">{placed_by}</span>
            </Cell>
            <Cell name="State">
                {match released {
                    None => view! { <Badge tone=Tone::Info glyph=Glyph::Lock text="Holds" /> }.into_any(),
                    Some((by, at)) => {
                        view! {
                            <Badge tone=Tone::Neutral glyph=Glyph::Undo text="Released" />
                            <br />
                            <span class="text-muted">{by} ", " <Moment at /></span>
                        }
                            .into_any()
                    }
                }}
            </Cell>
            <Cell name="" class="actions">
                {may_release
                    .then(|| {
                        view! {
                            <a class="button small" href=path aria-label=label>
                                "Release"
                            </a>
                        }
                    })}
            </Cell>
        </Row>
    }
    .into_any()
}
