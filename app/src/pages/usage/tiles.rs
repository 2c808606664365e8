use leptos::prelude::*;
use types::usage::{CallFigures, Latency, UsageReport, VerificationFigures};

use crate::{
    components::{Change, StatTile},
    number::{grouped, micros, per_mille, percent},
};

/// Answers that are errors, refusals over a rate limit among them.
const fn errors(calls: CallFigures) -> u64 {
    calls.client_errors + calls.rate_limited + calls.server_errors
}

/// The share of approvals among decisions, in tenths of a percent.
fn approved(figures: VerificationFigures) -> Option<u64> {
    per_mille(figures.approved, figures.approved + figures.denied)
}

/// The figures of the period, each against the period before.
#[component]
pub(super) fn Tiles(report: UsageReport, days: usize) -> impl IntoView {
    let (now, before) = (report.totals, report.before);
    let change = move |now, before| Change::between(now, before).map(|change| change.of_days(days));
    let points = move |now: Option<u64>, before: Option<u64>| {
        let pair = now.zip(before);
        pair.map(|(now, before)| Change::points(now, before).of_days(days))
    };
    let trend: Vec<u64> = if now.calls.requests == 0 {
        Vec::new()
    } else {
        report.points.iter().map(|point| point.calls.requests).collect()
    };
    let share = |calls: CallFigures| per_mille(errors(calls), calls.requests);
    let started = now.verifications;
    view! {
        <dl class="tiles" aria-label="Figures of the period">
            <StatTile
                name="Requests"
                value=grouped(now.calls.requests)
                note=format!("{} succeeded", grouped(now.calls.succeeded))
                change=change(now.calls.requests, before.calls.requests)
                trend
            />
            <StatTile
                name="Verifications"
                value=grouped(started.started)
                note=format!("{} still open, {} rejected", grouped(started.open), grouped(started.rejected))
                change=change(started.started, before.verifications.started)
            />
            <StatTile
                name="Approved"
                value=approved(started).map_or_else(|| "–".to_owned(), percent)
                note=format!(
                    "{} approved, {} denied",
                    grouped(started.approved),
                    grouped(started.denied),
                )
                change=points(approved(started), approved(before.verifications))
            />
            <StatTile
                name="Billable units"
                value=grouped(now.billable)
                note="One a verification that a live key started"
                change=change(now.billable, before.billable)
            />
            <StatTile
                name="Error rate"
                value=share(now.calls).map_or_else(|| "–".to_owned(), percent)
                note=told(now.calls)
                change=points(share(now.calls), share(before.calls))
            />
            {latency(now.latency, before.latency, days)}
        </dl>
    }
    .into_any()
}

fn told(calls: CallFigures) -> String {
    format!(
        "{} 4xx, {} 429, {} 5xx",
        grouped(calls.client_errors),
        grouped(calls.rate_limited),
        grouped(calls.server_errors)
    )
}

/// A quantile: its name, what it says, and where it stands.
type Quantile = (&'static str, &'static str, fn(Latency) -> u64);

fn latency(now: Option<Latency>, before: Option<Latency>, days: usize) -> Vec<AnyView> {
    const QUANTILES: [Quantile; 3] = [
        ("Latency, p50", "Half of the calls took no longer", |latency| {
            latency.p50
        }),
        ("Latency, p95", "95 of 100 took no longer", |latency| latency.p95),
        ("Latency, p99", "99 of 100 took no longer", |latency| latency.p99),
    ];
    QUANTILES
        .into_iter()
        .map(|(name, note, of)| {
            let change = now
                .zip(before)
                .and_then(|(now, before)| Change::between(of(now), of(before)))
                .map(|change| change.of_days(days));
            let value = now.map_or_else(|| "–".to_owned(), |latency| micros(of(latency)));
            view! { <StatTile name value note change /> }.into_any()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_every_answer_that_is_none() {
        let calls = CallFigures {
            requests: 10,
            succeeded: 4,
            client_errors: 3,
            server_errors: 2,
            rate_limited: 1,
        };
        assert_eq!(errors(calls), calls.requests - calls.succeeded);
        assert_eq!(told(calls), "3 4xx, 1 429, 2 5xx");
    }

    #[test]
    fn the_share_of_approvals_counts_decisions_only() {
        let figures = VerificationFigures {
            started: 9,
            approved: 2,
            denied: 1,
            rejected: 5,
            open: 1,
        };
        assert_eq!(approved(figures), Some(667));
        assert_eq!(approved(VerificationFigures::default()), None);
    }
}
