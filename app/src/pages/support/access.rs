use leptos::prelude::*;
use types::{
    StepUp,
    support::{ConsentRow, ConsentState, LookRow, SupportAccess as Access},
};

use crate::{
    components::{
        Badge, Banner, Card, Cell, Column, Confirm, Console, DataTable, EmptyState, FormError, Glyph, Icon,
        Load, Moment, PageHeader, Place, Row, Segments, Tone, link,
    },
    context::Typed,
    number::grouped,
    server::support,
};

const PATH: &str = "/support-access";

#[component]
pub fn SupportAccess() -> impl IntoView {
    view! {
        <Console here=Place::SupportAccess>
            <PageHeader
                title="Support access"
                sentence="Whether the support of this installation may look into your organisation, and everything it has looked at."
            />
            <Load from=support::access() let:access>
                <Content access />
            </Load>
        </Console>
    }
}

#[component]
fn Content(access: Access) -> impl IntoView {
    let Access { open, past, looks } = access;
    view! {
        <div class="stack">
            <FormError typed=Typed::current() />
            <Standing open=open.clone() />
            <div class="narrow">
                <Give open />
            </div>
            <Looks rows=looks />
            <Past rows=past />
        </div>
    }
}

/// What is open: nothing, a request, or a consent.
#[component]
fn Standing(open: Option<ConsentRow>) -> impl IntoView {
    let Some(row) = open else {
        return view! {
            <Banner tone=Tone::Good glyph=Glyph::Lock title="Nobody of support may look in">
                "Support sees what happened, such as that a key was made, and nothing from inside."
            </Banner>
        }
        .into_any();
    };
    let asker = row.asked_by.clone().unwrap_or_else(|| "Support".to_owned());
    if row.state == ConsentState::Asked {
        return view! {
            <Banner
                tone=Tone::Warn
                glyph=Glyph::Hourglass
                title=format!("{asker} of support asks to look in")
            >
                <p class="said">{row.reason.unwrap_or_default()}</p>
                <p>"Asked " <Moment at=row.created_at /> ". Choose a time below, or refuse."</p>
                <form method="post" action=PATH>
                    <input type="hidden" name="do" value="refuse" />
                    <button type="submit" class="button small">
                        "Refuse request"
                    </button>
                </form>
            </Banner>
        }
        .into_any();
    }
    let until = row
        .ends_at
        .map(|at| view! { "Until " <Moment at exact=true /> ". " });
    let by = row.decided_by.map(|name| format!("{name} let support in. "));
    view! {
        <Banner tone=Tone::Warn glyph=Glyph::Eye title="Support may look in">
            <p>{by} {until} "It can read, and change nothing."</p>
            <form method="post" action=PATH>
                <input type="hidden" name="do" value="withdraw" />
                <button type="submit" class="button danger small">
                    "Withdraw consent"
                </button>
            </form>
        </Banner>
    }
    .into_any()
}

#[component]
fn Give(open: Option<ConsentRow>) -> impl IntoView {
    let granted = open.is_some_and(|row| row.state == ConsentState::Granted);
    let (title, button) = if granted {
        ("Let support look in for longer", "Set new time")
    } else {
        ("Let support look in", "Let support look in")
    };
    let options = vec![
        ("1", "1 hour", "For a question that is being looked at now."),
        ("4", "4 hours", "For this afternoon."),
        ("24", "1 day", "For a question that takes longer."),
        ("168", "7 days", "For something that has to be watched."),
    ];
    let chosen = Typed::current().value("hours", "4");
    view! {
        <Card
            title
            sentence="It counts from now, and can be taken back at any moment. Support reads what your auditors can read; secrets, exports and every change stay blocked."
        >
            <form method="post" action=PATH class="stack">
                <input type="hidden" name="do" value="give" />
                <Segments name="hours" label="For how long" options chosen />
                <Confirm action=StepUp::Support />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        {button}
                    </button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

#[component]
fn Looks(rows: Vec<LookRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Eye
                title="Support has never looked in"
                text="Each look stands here: who, when, why, and every page that was read."
            />
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Who"),
        Column::new("Why"),
        Column::new("From"),
        Column::new("To"),
        Column::figures("Pages read"),
        Column::actions(),
    ];
    let lines = rows.into_iter().map(|row| view! { <Look row /> }).collect_view();
    view! {
        <Card flush=true title="Looks">
            <DataTable caption="Looks of support into this organisation, newest first" columns>
                {lines}
            </DataTable>
        </Card>
    }
    .into_any()
}

#[component]
fn Look(row: LookRow) -> impl IntoView {
    let pages = link("/audit", &[("target", row.id.to_string())]);
    let label = format!("Events of the look by {}", row.by);
    let goes_on = row.ended.is_empty();
    view! {
        <Row id=row.id.to_string()>
            <Cell name="Who">
                <span class="font-medium">{row.by}</span>
            </Cell>
            <Cell name="Why" class="said">
                {row.reason.unwrap_or_else(|| "Erased".to_owned())}
            </Cell>
            <Cell name="From" class="nowrap">
                <Moment at=row.started_at />
            </Cell>
            <Cell name="To">
                {if goes_on {
                    view! { <Badge tone=Tone::Warn glyph=Glyph::Eye text="Goes on" /> }.into_any()
                } else {
                    view! {
                        {row.ended_at.map(|at| view! { <Moment at /> })}
                        <span class="block text-muted">{row.ended}</span>
                    }
                        .into_any()
                }}
            </Cell>
            <Cell name="Pages read" class="figures">
                {grouped(row.pages)}
            </Cell>
            <Cell name="" class="actions">
                <a class="button small" href=pages aria-label=label>
                    <Icon of=Glyph::Scroll size=14 />
                    "Events"
                </a>
            </Cell>
        </Row>
    }
    .into_any()
}

#[component]
fn Past(rows: Vec<ConsentRow>) -> impl IntoView {
    if rows.is_empty() {
        return ().into_any();
    }
    let columns = vec![
        Column::new("State"),
        Column::new("Asked by"),
        Column::new("Decided by"),
        Column::new("Begun"),
        Column::new("Ended"),
    ];
    let lines = rows
        .into_iter()
        .map(|row| {
            let (tone, glyph, text) = match row.state {
                ConsentState::Refused => (Tone::Bad, Glyph::CircleX, "Refused"),
                ConsentState::Withdrawn => (Tone::Neutral, Glyph::Undo, "Withdrawn"),
                _ => (Tone::Neutral, Glyph::CircleSlash, "Ended"),
            };
            view! {
                <Row>
                    <Cell name="State">
                        <Badge tone glyph text />
                    </Cell>
                    <Cell name="Asked by">{row.asked_by.unwrap_or_else(|| "Nobody: given unasked".to_owned())}</Cell>
                    <Cell name="Decided by">{row.decided_by.unwrap_or_else(|| "Nobody".to_owned())}</Cell>
                    <Cell name="Begun">
                        <Moment at=row.created_at />
                    </Cell>
                    <Cell name="Ended">
                        {row.ends_at.map(|at| view! { <Moment at /> })}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card flush=true title="Consents and requests before">
            <DataTable caption="Consents and requests before, newest first" columns>
                {lines}
            </DataTable>
        </Card>
    }
    .into_any()
}
