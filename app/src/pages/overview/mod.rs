//! The overview: how verifications go, and what somebody should see to.

mod attention;
mod first_steps;
mod remembered;
mod tiles;

use leptos::prelude::*;
use types::{
    Permission,
    console::{Overview as Figures, Viewer},
};

use super::{asked, verification::VerificationTable};
use crate::{
    PageContext,
    components::{Card, Console, DayChart, Load, PageHeader, Place},
    server::verification,
    time::Here,
};
use attention::Attention;
use first_steps::FirstSteps;
use remembered::{Inputs, Remembered};
use tiles::Tiles;

#[component]
pub fn Overview() -> impl IntoView {
    let as_table = asked("view").is_some_and(|view| view == "table");
    view! {
        <Console here=Place::Overview>
            <PageHeader
                title="Overview"
                sentence="What happened in the last 30 days, live and test together."
            >
                <a class="button" href="/verifications">
                    "View verifications"
                </a>
            </PageHeader>
            <Load from=verification::overview() let:figures>
                <Inside figures as_table />
            </Load>
        </Console>
    }
}

#[component]
fn Inside(figures: Figures, as_table: bool) -> impl IntoView {
    let here = Here::current();
    let viewer: Option<Viewer> = use_context();
    let mut figures = figures;
    // Whoever may set no alert is not asked to.
    let may_alert = viewer
        .as_ref()
        .is_some_and(|viewer| viewer.may(Permission::AlertsManage));
    figures.checklist.alert_set |= !may_alert;
    let inputs = Inputs {
        figures,
        as_table,
        manages_keys: viewer.is_some_and(|viewer| viewer.may(Permission::KeysManage)),
        public_url: PageContext::current().public_url,
        zone: here.zone_name(),
        second: here.now.as_millis().div_euclid(1000),
    };
    view! { <Remembered inputs /> }
}

#[component]
fn Content(figures: Figures, as_table: bool, manages_keys: bool, public_url: String) -> impl IntoView {
    let checklist = figures.checklist;
    let used = checklist.key_made && checklist.verification_started && checklist.verification_decided;
    let done = used && checklist.alert_set;
    let recent = figures.recent.clone();
    view! {
        {(!done).then(|| view! { <FirstSteps checklist public_url /> })}
        <Tiles figures=figures.clone() />
        <Trend figures as_table manages_keys />
        {(!recent.is_empty())
            .then(|| {
                view! {
                    <Card title="Most recent" flush=true more=("/verifications", "All verifications")>
                        <VerificationTable caption="Most recent verifications" rows=recent />
                    </Card>
                }
            })}
    }
}

/// The days, and beside them the keys that need a look.
#[component]
fn Trend(figures: Figures, as_table: bool, manages_keys: bool) -> impl IntoView {
    let quiet = figures.recent.is_empty();
    let calm = figures.attention.is_empty();
    let chart = (!quiet).then(|| {
        view! {
            <Card title="Verifications by day and outcome">
                <DayChart days=figures.days as_table path="/" />
            </Card>
        }
    });
    let attention = (!calm).then(|| view! { <Attention keys=figures.attention manages_keys /> });
    let class = if quiet || calm { "stack" } else { "columns" };
    (!(quiet && calm)).then(|| view! { <div class=class>{chart} {attention}</div> })
}
