//! The overview: how verifications go, and what somebody should see to.

mod attention;
mod first_steps;
mod tiles;

use leptos::prelude::*;
use types::console::Overview as Figures;

use super::{asked, verification::VerificationTable};
use crate::{
    components::{Card, Console, DayChart, Load, PageHeader, Place},
    server::verification,
};
use attention::Attention;
use first_steps::FirstSteps;
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
                <Content figures as_table />
            </Load>
        </Console>
    }
}

#[component]
fn Content(figures: Figures, as_table: bool) -> impl IntoView {
    let checklist = figures.checklist;
    let done = checklist.key_made && checklist.verification_started && checklist.verification_decided;
    let recent = figures.recent.clone();
    view! {
        {(!done).then(|| view! { <FirstSteps checklist /> })}
        <Tiles figures=figures.clone() />
        <Trend figures as_table />
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
fn Trend(figures: Figures, as_table: bool) -> impl IntoView {
    let quiet = figures.recent.is_empty();
    let calm = figures.attention.is_empty();
    let chart = (!quiet).then(|| {
        view! {
            <Card title="Verifications by day and outcome">
                <DayChart days=figures.days as_table path="/" />
            </Card>
        }
    });
    let attention = (!calm).then(|| view! { <Attention keys=figures.attention /> });
    let class = if quiet || calm { "stack" } else { "columns" };
    (!(quiet && calm)).then(|| view! { <div class=class>{chart} {attention}</div> })
}
