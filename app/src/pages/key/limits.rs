//! Limits of an organisation's own: which there are, and the form of one.

use leptos::prelude::*;
use types::{
    Permission, StepUp,
    console::Viewer,
    limits::{Costs, LimitTerms, LimitedCall, NamedLimit},
};

use crate::{
    components::{
        Blocked, Card, Cell, Column, Confirm, Console, DataTable, EmptyState, Field, FormError, Glyph, Icon,
        Load, Only, PageHeader, Place, Row, RowLink, Segments, Select,
    },
    context::Typed,
    number::grouped,
    pages::{named, team::Back},
    server::api_key,
    time::span,
};

const ASK: &str = "an owner or admin of the organisation";

#[component]
pub fn KeyLimits() -> impl IntoView {
    view! {
        <Console here=Place::Keys>
            <All />
        </Console>
    }
}

#[component]
fn All() -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may_manage = viewer.is_some_and(|viewer| viewer.may(Permission::KeysManage));
    view! {
        <Back href="/keys" words="API keys" />
        <PageHeader
            title="Limits"
            sentence="So many units in so much time, of which each call takes what it costs. A key is held to those that you give it, beside what every key is held to."
        >
            <Blocked words="Create limit" />
            {may_manage
                .then(|| {
                    view! {
                        <a class="button primary" href="/keys/limits/new">
                            <Icon of=Glyph::Plus />
                            "Create limit"
                        </a>
                    }
                })}
        </PageHeader>
        <Load from=api_key::limits() let:limits>
            <Limits limits may_manage />
        </Load>
    }
}

#[component]
fn Limits(limits: Vec<NamedLimit>, may_manage: bool) -> impl IntoView {
    if limits.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Hourglass
                title="No limit yet"
                text="Give a batch job less than your checkout, or let a dear call count for ten: make a limit, then tick it on the keys that it holds."
            />
        }
        .into_any();
    }
    let mut columns = vec![
        Column::new("Limit"),
        Column::new("Allows"),
        Column::new("Whose"),
        Column::new("Costs"),
        Column::new("Working keys"),
    ];
    if may_manage {
        columns.push(Column::actions());
    }
    let lines = limits
        .into_iter()
        .map(|limit| view! { <Line limit may_manage /> })
        .collect_view();
    view! {
        <Card flush=true>
            <DataTable caption="Limits, by name" columns>
                {lines}
            </DataTable>
        </Card>
    }
    .into_any()
}

fn allows(terms: &LimitTerms) -> String {
    let (units, seconds) = (grouped(terms.units.into()), period(terms.seconds));
    format!("{units} in {seconds}")
}

/// The largest unit of which it is a whole number.
fn period(seconds: u32) -> String {
    if seconds >= 60 && ragged(seconds) {
        format!("{} seconds", grouped(seconds.into()))
    } else {
        span(seconds.into())
    }
}

/// Whether its largest unit leaves a rest.
const fn ragged(seconds: u32) -> bool {
    let unit = match seconds {
        ..3_600 => 60,
        3_600..86_400 => 3_600,
        _ => 86_400,
    };
    !seconds.is_multiple_of(unit)
}

fn costs(costs: &Costs) -> String {
    let other: Vec<String> = costs
        .each()
        .filter(|(_, cost)| *cost != 1)
        .map(|(call, cost)| format!("{} {cost}", call.spelled()))
        .collect();
    if other.is_empty() {
        "1 a call".to_owned()
    } else {
        format!("{}; others 1", other.join(", "))
    }
}

const fn whose(per_key: bool) -> &'static str {
    if per_key {
        "Each key for itself"
    } else {
        "All its keys together"
    }
}

#[component]
fn Line(limit: NamedLimit, may_manage: bool) -> impl IntoView {
    let NamedLimit { terms, keys, .. } = limit;
    let path = format!("/keys/limits/{}", terms.name);
    let label = format!("Change {}", terms.name);
    let (allows, whose, costs) = (allows(&terms), whose(terms.per_key), costs(&terms.costs));
    view! {
        <Row>
            <Cell name="Limit">
                <code>{terms.name}</code>
            </Cell>
            <Cell name="Allows">{allows}</Cell>
            <Cell name="Whose">{whose}</Cell>
            <Cell name="Costs">{costs}</Cell>
            <Cell name="Working keys">{grouped(keys)}</Cell>
            {may_manage.then(|| view! { <RowLink path label word="Change" /> })}
        </Row>
    }
    .into_any()
}

#[component]
pub fn NewKeyLimit() -> impl IntoView {
    view! {
        <Console here=Place::Keys>
            <Back href="/keys/limits" words="Limits" />
            <PageHeader title="Create limit" sentence="Then tick it on the keys that it is to hold." />
            <Only to=Permission::KeysManage ask=ASK>
                <div class="narrow stack">
                    <Form terms=usual() action="/keys/limits/new" new=true />
                </div>
            </Only>
        </Console>
    }
}

/// What the form begins with.
fn usual() -> LimitTerms {
    LimitTerms {
        name: String::new(),
        units: 1_000,
        seconds: 3_600,
        per_key: false,
        costs: Costs::default(),
    }
}

#[component]
pub fn EditKeyLimit() -> impl IntoView {
    view! {
        <Console here=Place::Keys>
            <Back href="/keys/limits" words="Limits" />
            <Only to=Permission::KeysManage ask=ASK>
                <Load from=api_key::limit(named("name").unwrap_or_default()) let:limit>
                    <Content limit />
                </Load>
            </Only>
        </Console>
    }
}

#[component]
fn Content(limit: NamedLimit) -> impl IntoView {
    let NamedLimit { terms, keys, .. } = limit;
    let path = format!("/keys/limits/{}", terms.name);
    let held = match keys {
        0 => "No working key is held to it.".to_owned(),
        1 => "One working key is held to it: what you change holds from its next call on.".to_owned(),
        keys => format!(
            "{} working keys are held to it: what you change holds from their next calls on.",
            grouped(keys)
        ),
    };
    view! {
        <PageHeader title=format!("Limit “{}”", terms.name) sentence=held />
        <div class="narrow stack">
            <Form terms action=path.clone() new=false />
            <Card title="Remove" sentence="It is taken from every key that has it. Nothing else of those keys changes.">
                <form method="post" action=path class="stack">
                    <Confirm action=StepUp::Keys />
                    <div class="form-actions">
                        <button type="submit" class="button danger" name="intent" value="remove">
                            "Remove limit"
                        </button>
                    </div>
                </form>
            </Card>
        </div>
    }
    .into_any()
}

#[component]
fn Form(terms: LimitTerms, #[prop(into)] action: String, new: bool) -> impl IntoView {
    let typed = Typed::current();
    let mut periods = vec![
        ("1".to_owned(), "A second".to_owned()),
        ("60".to_owned(), "A minute".to_owned()),
        ("3600".to_owned(), "An hour".to_owned()),
        ("86400".to_owned(), "A day".to_owned()),
        ("604800".to_owned(), "7 days".to_owned()),
        ("2592000".to_owned(), "30 days".to_owned()),
    ];
    let seconds = terms.seconds.to_string();
    if !periods.iter().any(|(value, _)| *value == seconds) {
        periods.insert(
            0,
            (seconds.clone(), format!("As it is: {}", period(terms.seconds))),
        );
    }
    let whose = vec![
        ("together", whose(false), "They share the units."),
        (
            "each",
            whose(true),
            "Keys that took over one from another are one.",
        ),
    ];
    let chosen = typed.value("whose", if terms.per_key { "each" } else { "together" });
    let prices: Vec<_> = terms
        .costs
        .each()
        .map(|(call, cost)| view! { <Price call cost typed=typed.clone() /> })
        .collect();
    view! {
        <Card>
            <form method="post" action=action class="stack">
                <FormError typed=typed.clone() />
                {if new {
                    view! {
                        <Field
                            name="name"
                            label="Name"
                            hint="Small letters, digits and hyphens. It stands in the answer to a call that is one too many."
                            typed=typed.clone()
                            maxlength=40
                            autofocus=true
                        />
                    }
                        .into_any()
                } else {
                    ().into_any()
                }}
                <div class="field-row">
                    <Field
                        name="units"
                        label="Units"
                        typed=typed.clone()
                        value=terms.units.to_string()
                        inputmode="numeric"
                        maxlength=7
                    />
                    <Select name="seconds" label="In" typed=typed.clone() options=periods value=seconds />
                </div>
                <Segments name="whose" label="Whose" options=whose chosen />
                <fieldset class="field">
                    <legend>"What a call takes"</legend>
                    <p class="field-hint">"In units; 0: nothing. At most all units that there are."</p>
                    <div class="field-row">{prices}</div>
                    {typed
                        .error("costs")
                        .map(|text| {
                            view! {
                                <p class="field-error">
                                    <Icon of=Glyph::CircleAlert size=14 />
                                    {text}
                                </p>
                            }
                        })}
                </fieldset>
                <Confirm action=StepUp::Keys />
                <div class="form-actions">
                    <button type="submit" class="button primary" name="intent" value="save">
                        {if new { "Create limit" } else { "Save limit" }}
                    </button>
                    <a class="button" href="/keys/limits">
                        "Cancel"
                    </a>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

#[component]
fn Price(call: LimitedCall, cost: u32, typed: Typed) -> impl IntoView {
    view! {
        <Field
            name=call.field()
            label=call.spelled()
            typed
            value=cost.to_string()
            inputmode="numeric"
            maxlength=7
        />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use types::limits::{Costs, LimitedCall};

    use super::{costs, period};

    #[test]
    fn a_period_is_told_in_its_largest_whole_unit() {
        for (seconds, words) in [
            (1, "1 second"),
            (60, "1 minute"),
            (90, "90 seconds"),
            (7_200, "2 hours"),
            (5_400, "5,400 seconds"),
            (2_592_000, "30 days"),
        ] {
            assert_eq!(period(seconds), words);
        }
    }

    #[test]
    fn what_costs_more_or_nothing_is_named() {
        assert_eq!(costs(&Costs::default()), "1 a call");
        let dear = Costs::default()
            .with(LimitedCall::Start, 10)
            .with(LimitedCall::Status, 0);
        assert_eq!(
            costs(&dear),
            "POST /verify/start 10, GET /verify/status 0; others 1"
        );
    }
}
