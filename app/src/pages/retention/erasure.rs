//! Erasing a person's fields from every audit event.

use leptos::prelude::*;
use types::{
    StepUp, UserId,
    retention::{ErasurePage, LogScope},
};

use super::Log;
use crate::{
    FormOutcome, PageContext,
    components::{
        Area, Badge, Card, Cell, Column, Confirm, Console, DataTable, EmptyState, Field, FormError, Glyph,
        Icon, Load, LogPage, LogTabs, Only, PageHeader, Row, Toast, Tone,
    },
    context::Typed,
    number::grouped,
    pages::asked,
    server::retention,
};

const PATH: &str = "/staff/erasure";

#[component]
pub fn Erasure() -> impl IntoView {
    let log = Log::of(LogScope::Installation);
    view! {
        <Console here=log.place>
            <PageHeader
                title="Erase a person's fields"
                sentence="Addresses and devices that audit events have from one person. The events stay, and every proof with them."
            />
            <LogTabs scope=log.scope here=LogPage::Erasure />
            <Only to=log.permission ask=log.ask>
                <Content />
            </Only>
        </Console>
    }
}

#[component]
fn Content() -> impl IntoView {
    let done = match PageContext::current().outcome {
        Some(FormOutcome::Saved(text)) => Some(text),
        _ => None,
    };
    let user = asked("user");
    let known: Option<UserId> = user.as_deref().and_then(|user| user.trim().parse().ok());
    let unknown = user.is_some() && known.is_none();
    view! {
        {done.map(|text| view! { <Toast text /> })}
        <div class="stack">
            <div class="narrow">
                <Card title="Whom">
                    <form method="get" action=PATH class="stack">
                        <Field
                            name="user"
                            label="Account"
                            hint="Its id, usr_ and what follows: Accounts finds it by e-mail address."
                            typed=Typed::default()
                            value=user.unwrap_or_default()
                            maxlength=40
                        />
                        {unknown
                            .then(|| {
                                view! {
                                    <p class="field-error">
                                        <Icon of=Glyph::CircleAlert size=14 />
                                        "This is no account's id."
                                    </p>
                                }
                            })}
                        <div class="form-actions">
                            <button type="submit" class="button">
                                "Look what there is"
                            </button>
                        </div>
                    </form>
                </Card>
            </div>
            {known
                .map(|user| {
                    view! {
                        <Load from=retention::erasable(user) let:page>
                            <Found page />
                        </Load>
                    }
                })}
        </div>
    }
    .into_any()
}

#[component]
fn Found(page: ErasurePage) -> impl IntoView {
    let ErasurePage { user, name, places } = page;
    if places.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::CircleCheck
                title=format!("Nothing of {name}")
                text="No audit event has a field that this person's key seals. It was erased before, or retired, or there was none."
            />
        }
        .into_any();
    }
    let held = places.iter().any(|place| place.is_held);
    let columns = vec![
        Column::new("Log"),
        Column::figures("Fields"),
        Column::new("State"),
    ];
    let lines: Vec<_> = places
        .into_iter()
        .map(|place| {
            view! {
                <Row>
                    <Cell name="Log">{place.log}</Cell>
                    <Cell name="Fields" class="figures">
                        {grouped(place.fields)}
                    </Cell>
                    <Cell name="State">
                        {if place.is_held {
                            view! { <Badge tone=Tone::Info glyph=Glyph::Lock text="Held" /> }.into_any()
                        } else {
                            view! { <Badge tone=Tone::Neutral glyph=Glyph::CircleDashed text="Can be erased" /> }
                                .into_any()
                        }}
                    </Cell>
                </Row>
            }
        })
        .collect();
    view! {
        <Card flush=true title=format!("Of {name}")>
            <DataTable caption="Fields of this person, by log" columns>
                {lines}
            </DataTable>
        </Card>
        {if held {
            view! {
                <EmptyState
                    glyph=Glyph::Lock
                    title="A legal hold keeps some of them"
                    text="Nothing is erased while it holds. Whoever placed it releases it under Retention."
                />
            }
                .into_any()
        } else {
            view! { <Ask user name /> }.into_any()
        }}
    }
    .into_any()
}

#[component]
fn Ask(user: UserId, name: String) -> impl IntoView {
    let typed = Typed::current();
    view! {
        <div class="narrow">
            <form method="post" action=format!("{PATH}?user={user}") class="stack">
                <FormError typed=typed.clone() />
                <div class="banner bad">
                    <Icon of=Glyph::Alert />
                    <p>
                        "It cannot be undone. Values, salts and search keys go, and the key that sealed them; a backup from before has them until its time is over. The person can go on signing in, and is told by e-mail."
                    </p>
                </div>
                <Field
                    name="confirm"
                    label=format!("Type “{name}” to confirm")
                    typed=typed.clone()
                    maxlength=200
                />
                <Area name="reason" label="Why" hint="10 to 500 characters: the request, and where it is filed." typed maxlength=500 />
                <Confirm action=StepUp::Erasure />
                <div class="form-actions">
                    <button type="submit" class="button danger">
                        "Erase personal fields"
                    </button>
                    <a class="button" href=PATH>
                        "Cancel"
                    </a>
                </div>
            </form>
        </div>
    }
    .into_any()
}
