use leptos::prelude::*;
use types::{
    OrganisationId, Permission, StepUp,
    alerts::Currency,
    usage::{QuotaPage, UnitPrice},
};

use crate::{
    PageError,
    components::{
        Area, Card, Confirm, Console, ErrorPanel, Field, FormError, Id, KeyValue, KeyValues, Load, MomentOr,
        Only, PageHeader, Place, Select,
    },
    context::Typed,
    error::set_status,
    number::grouped,
    pages::{named, team::Back},
    server::staff,
};

const LIST: &str = "/staff/organisations";

#[component]
pub fn Quota() -> impl IntoView {
    let id: Option<OrganisationId> = named("id");
    view! {
        <Console here=Place::Organisations>
            <Only to=Permission::QuotasManage ask="an operator admin of this installation">
                {if let Some(id) = id {
                    view! {
                        <Load from=staff::quota(id) let:page>
                            <Content page />
                        </Load>
                    }
                        .into_any()
                } else {
                    set_status(404);
                    view! { <ErrorPanel error=PageError::not_found("This organisation") /> }.into_any()
                }}
            </Only>
        </Console>
    }
}

#[component]
fn Content(page: QuotaPage) -> impl IntoView {
    let typed = Typed::of_form("quota");
    let path = format!("{LIST}/{}/quota", page.organisation);
    let priced = path.clone();
    let limit = page.limit.map_or_else(
        || "No limit".to_owned(),
        |limit| format!("{} units a month", grouped(limit)),
    );
    view! {
        <Back href=LIST words="Organisations" />
        <PageHeader
            title=format!("Quota of {}", page.name)
            sentence="How many billable units it may start in a calendar month, UTC. One is a verification that a live key starts; test keys are free."
        />
        <div class="narrow stack">
            <Card>
                <KeyValues>
                    <KeyValue name="Organisation">
                        <Id id=page.organisation.to_string() />
                    </KeyValue>
                    <KeyValue name="Quota">{limit}</KeyValue>
                    <KeyValue name="Set">
                        <MomentOr at=page.set_at none="Never" />
                    </KeyValue>
                    <KeyValue name="Used this month">{grouped(page.used)}</KeyValue>
                    <KeyValue name="Price of a unit">
                        {page.price.map_or_else(|| "None".to_owned(), |price| price.currency.tell(price.minor))}
                    </KeyValue>
                </KeyValues>
            </Card>
            <Card title="Quota">
                <form method="post" action=path class="stack">
                    <FormError typed=typed.clone() />
                    <Field
                        name="units"
                        label="Billable units a month"
                        hint="A whole number; 0 refuses every live start. Empty: no limit. It holds from the next start on, for this month too."
                        typed=typed.clone()
                        value=page.limit.map(|limit| limit.to_string()).unwrap_or_default()
                        inputmode="numeric"
                        maxlength=12
                        optional=true
                    />
                    <Area
                        name="reason"
                        label="Why"
                        hint="10 to 500 characters. The organisation reads it in its audit log."
                        typed
                        maxlength=500
                    />
                    <Confirm action=StepUp::Staff />
                    <div class="form-actions">
                        <button type="submit" class="button primary" name="intent" value="quota">
                            "Set quota"
                        </button>
                        <a class="button" href=LIST>
                            "Cancel"
                        </a>
                    </div>
                </form>
            </Card>
            <Price path=priced price=page.price />
        </div>
    }
    .into_any()
}

/// What a unit costs. Both forms have a reason, and an id can stand on a page once.
#[component]
fn Price(path: String, price: Option<UnitPrice>) -> impl IntoView {
    let typed = Typed::of_form("price");
    let currencies = Currency::ALL.iter().map(|one| (one.to_string(), one.to_string()));
    let currency = price.map_or(Currency::Eur, |price| price.currency);
    view! {
        <Card title="Price" sentence="Nothing is billed by it: the organisation's alerts of spend go by it.">
            <form method="post" action=path class="stack">
                <FormError typed=typed.clone() />
                <Field
                    name="minor"
                    label="Price of a unit, in minor units"
                    hint="A whole number, such as 250 for 2.50 EUR. Empty: no price."
                    typed=typed.clone()
                    value=price.map(|price| price.minor.to_string()).unwrap_or_default()
                    inputmode="numeric"
                    maxlength=9
                    optional=true
                />
                <Select
                    name="currency"
                    label="Currency"
                    typed=typed.clone()
                    options=currencies.collect()
                    value=currency.to_string()
                />
                <Field
                    name="why"
                    label="Why"
                    hint="10 to 500 characters. The organisation reads it in its audit log."
                    typed
                    maxlength=500
                />
                <Confirm action=StepUp::Staff />
                <div class="form-actions">
                    <button type="submit" class="button" name="intent" value="price">
                        "Set price"
                    </button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}
