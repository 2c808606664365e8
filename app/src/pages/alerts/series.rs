//! Thirty days of a value: the line, the thresholds and the firings, or the same days as a table.

use leptos::prelude::*;
use types::{
    Timestamp,
    alerts::{AlertKind, AlertPoint, AlertState, Amount, Currency, Worse},
};

use super::words::{amount, threshold};
use crate::{
    components::{ValueChart, ValueDay},
    time::Here,
};

/// What is drawn.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) kind: AlertKind,
    pub(super) currency: Option<Currency>,
    pub(super) warning: Option<Amount>,
    pub(super) critical: Option<Amount>,
    pub(super) points: Vec<AlertPoint>,
    pub(super) firings: Vec<(Timestamp, AlertState)>,
}

fn worse(kind: AlertKind, one: Option<Amount>, other: Option<Amount>) -> Option<Amount> {
    match (one, other) {
        (Some(one), Some(other)) => Some(match kind.worse() {
            Worse::Higher => one.max(other),
            Worse::Lower => one.min(other),
        }),
        (one, other) => one.or(other),
    }
}

/// Points by the day in the organisation's time zone.
fn days(drawn: &Drawn, here: &Here) -> Vec<ValueDay> {
    let mut days: Vec<(String, Option<Amount>)> = Vec::new();
    for point in &drawn.points {
        let day = here.day(point.at);
        match days.last_mut().filter(|(last, _)| *last == day) {
            Some((_, worst)) => *worst = worse(drawn.kind, *worst, point.value),
            None => days.push((day, point.value)),
        }
    }
    let fired: Vec<(String, AlertState)> = drawn
        .firings
        .iter()
        .map(|(at, state)| (here.day(*at), *state))
        .collect();
    let count = |day: &str, state: AlertState| {
        let own = fired.iter().filter(|(on, to)| on == day && *to == state);
        own.count()
    };
    days.into_iter()
        .map(|(day, worst)| ValueDay {
            long: crate::time::long_day(&day),
            short: crate::time::short_day(&day),
            worst: worst.map(|worst| amount(drawn.kind, worst, drawn.currency)),
            warnings: count(&day, AlertState::Warning),
            critical_times: count(&day, AlertState::Critical),
            machine: day,
        })
        .collect()
}

#[component]
pub(super) fn Series(
    drawn: Drawn,
    /// The table instead of the line.
    as_table: bool,
    /// Where the line is, and where the table is; none, if there is no switch.
    paths: Option<(String, String)>,
) -> impl IntoView {
    let here = Here::current();
    let days = days(&drawn, &here);
    let Drawn {
        kind,
        currency,
        warning,
        critical,
        points,
        firings,
    } = drawn;
    let line = |at: Option<Amount>, word: &str, class: &'static str| {
        at.map(|at| {
            let words = format!("{word}: {}", threshold(kind, at, currency));
            (at.as_thousandths(), words, class)
        })
    };
    let thresholds = [
        line(warning, "Warning", "warning"),
        line(critical, "Critical", "critical"),
    ];
    let first = points.first().map_or(0, |point| point.at.as_millis());
    let place = move |at: Timestamp| {
        usize::try_from((at.as_millis() - first).div_euclid(3_600_000)).unwrap_or_default()
    };
    let marks = firings
        .into_iter()
        .map(|(at, state)| (place(at), state == AlertState::Critical))
        .collect();
    view! {
        <ValueChart
            name=kind.title()
            unit=kind.unit().name()
            values=points.iter().map(|point| point.value.map(Amount::as_thousandths)).collect()
            thresholds=thresholds.into_iter().flatten().collect()
            marks
            days
            as_table
            paths
        />
    }
    .into_any()
}
