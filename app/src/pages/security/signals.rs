use leptos::prelude::*;
use types::{
    Permission,
    console::{Page, Viewer},
    security::{SignalKind, SignalRow, SignalState},
};

use crate::{
    components::{
        Badge, Card, Cell, Column, Console, DataTable, EmptyState, FormError, Glyph, Icon, Id, Load, Moment,
        PageHeader, Pager, Place, Row, Tone,
    },
    context::Typed,
    pages::asked,
    server::signal,
};

const PATH: &str = "/staff/signals";

#[component]
pub fn Signals() -> impl IntoView {
    let state = asked("state").and_then(|word| word.parse().ok());
    let state = state.unwrap_or(SignalState::Open);
    let after = StoredValue::new(asked("after"));
    view! {
        <Console here=Place::Signals>
            <Head />
            <FormError typed=Typed::current() />
            <nav class="page-tabs" aria-label="Signals by state">
                <ul>
                    <li>
                        <a href=PATH aria-current=(state == SignalState::Open).then_some("page")>
                            "Open"
                        </a>
                    </li>
                    <li>
                        <a
                            href="/staff/signals?state=handled"
                            aria-current=(state == SignalState::Handled).then_some("page")
                        >
                            "Handled"
                        </a>
                    </li>
                </ul>
            </nav>
            <Load from=signal::list(state, after.get_value()) let:page>
                <Rows page state later=after.get_value().is_some() />
            </Load>
        </Console>
    }
}

/// With the way to the last resort, for whoever may take it.
#[component]
fn Head() -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may_end = viewer.is_some_and(|viewer| viewer.may(Permission::SessionsEnd));
    view! {
        <PageHeader
            title="Signals"
            sentence="Suspicious sign-ins, and what people report. Each person was told of their own."
        >
            {may_end
                .then(|| {
                    view! {
                        <a class="button" href="/staff/sessions">
                            <Icon of=Glyph::LogOut />
                            "End everybody's sessions"
                        </a>
                    }
                })}
        </PageHeader>
    }
}

/// Its name, and how pressing it looks.
const fn words(kind: SignalKind) -> (&'static str, Tone, Glyph) {
    match kind {
        SignalKind::NewDevice => ("New device", Tone::Info, Glyph::Monitor),
        SignalKind::NewCountry => ("New country", Tone::Info, Glyph::Info),
        SignalKind::ImpossibleTravel => ("Impossible travel", Tone::Bad, Glyph::Alert),
        SignalKind::PasswordSpraying => ("Password spraying", Tone::Bad, Glyph::Alert),
        SignalKind::DistributedGuessing => ("Guessing from many places", Tone::Bad, Glyph::Alert),
        SignalKind::RecoveryUsed => ("Recovery used", Tone::Warn, Glyph::Undo),
        SignalKind::NotMe => ("This wasn't me", Tone::Bad, Glyph::CircleX),
        SignalKind::Report => ("Report", Tone::Warn, Glyph::CircleAlert),
    }
}

#[component]
fn Rows(page: Page<SignalRow>, state: SignalState, later: bool) -> impl IntoView {
    let count = page.rows.len();
    if count == 0 {
        let (title, text) = match state {
            SignalState::Open => (
                "No open signals",
                "Sign-ins from new devices and countries, impossible travel, guessing, recoveries and what people report come here.",
            ),
            SignalState::Handled => (
                "No handled signals",
                "A signal that somebody has dealt with is kept here.",
            ),
        };
        return view! { <EmptyState glyph=Glyph::CircleCheck title text /> }.into_any();
    }
    let columns = vec![
        Column::new("Signal"),
        Column::new("What"),
        Column::new("Account"),
        Column::new("When"),
        Column::actions(),
    ];
    let rows: Vec<_> = page
        .rows
        .into_iter()
        .map(|row| view! { <Signal row /> })
        .collect();
    let query = match state {
        SignalState::Open => Vec::new(),
        SignalState::Handled => vec![("state", "handled".to_owned())],
    };
    view! {
        <Card flush=true>
            <DataTable caption="Signals, newest first" columns>
                {rows}
            </DataTable>
        </Card>
        <Pager path=PATH query next=page.next later count />
    }
    .into_any()
}

#[component]
fn Signal(row: SignalRow) -> impl IntoView {
    let (name, tone, glyph) = words(row.kind);
    let path = format!("{PATH}/{}/handle", row.id);
    let label = format!("Mark handled: {name} {}", row.id);
    let action = match row.handled {
        Some((by, at)) => view! {
            <span class="text-muted">
                {format!("{by}, ")}
                <Moment at />
            </span>
        }
        .into_any(),
        None => view! {
            <form method="post" action=path>
                <button type="submit" class="button small" aria-label=label>
                    <Icon of=Glyph::Check size=14 />
                    "Mark handled"
                </button>
            </form>
        }
        .into_any(),
    };
    view! {
        <Row id=row.id.to_string()>
            <Cell name="Signal" class="nowrap">
                <Badge tone glyph text=name />
                " "
                <Id id=row.id.to_string() />
            </Cell>
            <Cell name="What" class="said">
                {row.text.unwrap_or_else(|| "The words were erased with the account.".to_owned())}
            </Cell>
            <Cell name="Account">
                {row.email
                    .unwrap_or_else(|| match (row.user_id, row.kind) {
                        (None, SignalKind::Report) => "None: nobody was signed in".to_owned(),
                        _ => "None, or none any more".to_owned(),
                    })}
            </Cell>
            <Cell name="When" class="nowrap">
                <Moment at=row.created_at />
            </Cell>
            <Cell name="" class="actions">
                {action}
            </Cell>
        </Row>
    }
    .into_any()
}
