//! What an alert would have told in the last thirty days.

use leptos::prelude::*;
use types::alerts::{AlertPreview, PreviewFiring};

use super::{
    LevelBadge,
    series::{Drawn, Series},
    words::amount,
};
use crate::components::{Card, Cell, Column, DataTable, Moment, Row};

/// Firings that are listed; the others are in the chart.
const LISTED: usize = 10;

/// How often it would have fired, as a sentence.
fn verdict(preview: &AlertPreview) -> String {
    let all = preview.warnings + preview.critical_times;
    let times = |count: u64| match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    match all {
        0 => "It would not have fired in the last 30 days.".to_owned(),
        all => format!(
            "Would have fired {} in the last 30 days: warning {}, critical {}.",
            times(all),
            preview.warnings,
            preview.critical_times
        ),
    }
}

#[component]
pub(super) fn Preview(preview: AlertPreview) -> impl IntoView {
    let says = verdict(&preview);
    let AlertPreview {
        kind,
        warning,
        critical,
        points,
        firings,
        problem,
        currency,
        ..
    } = preview;
    let drawn = Drawn {
        kind,
        currency,
        warning,
        critical,
        points,
        firings: firings.iter().map(|firing| (firing.at, firing.to)).collect(),
    };
    let problem = problem.map(|problem| {
        let words = format!("Not all of it could be measured, and what was not is left out. {problem}");
        view! { <p class="text-muted">{words}</p> }
    });
    let some = firings.len();
    let lines: Vec<_> = firings
        .into_iter()
        .rev()
        .take(LISTED)
        .map(|firing| view! { <Line firing kind currency /> })
        .collect();
    let columns = vec![
        Column::new("When"),
        Column::new("State"),
        Column::figures("Value"),
        Column::new("Why"),
    ];
    view! {
        <section id="preview" aria-live="polite">
            <Card title="The last 30 days" sentence="Nothing is saved yet.">
                <div class="stack">
                    <p class="alert-verdict">{says}</p>
                    {problem}
                    <Series drawn as_table=false paths=None />
                    {(some > 0)
                        .then(|| {
                            view! {
                                <DataTable caption="The last firings, newest first" columns>
                                    {lines}
                                </DataTable>
                            }
                        })}
                </div>
            </Card>
        </section>
    }
    .into_any()
}

#[component]
fn Line(
    firing: PreviewFiring,
    kind: types::alerts::AlertKind,
    #[prop(optional_no_strip)] currency: Option<types::alerts::Currency>,
) -> impl IntoView {
    let why = firing.facts.sentence().unwrap_or_else(|| "–".to_owned());
    view! {
        <Row>
            <Cell name="When">
                <Moment at=firing.at exact=true />
            </Cell>
            <Cell name="State">
                <LevelBadge state=firing.to />
            </Cell>
            <Cell name="Value" class="figures">
                {amount(kind, firing.value, currency)}
            </Cell>
            <Cell name="Why">{why}</Cell>
        </Row>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use types::alerts::{AlertKind, AlertPreview};

    use super::verdict;

    #[test]
    fn it_says_how_often() {
        let preview = |warnings, critical_times| AlertPreview {
            kind: AlertKind::Requests,
            warning: None,
            critical: None,
            points: Vec::new(),
            firings: Vec::new(),
            warnings,
            critical_times,
            problem: None,
            currency: None,
        };
        assert_eq!(
            verdict(&preview(2, 1)),
            "Would have fired 3 times in the last 30 days: warning 2, critical 1."
        );
        assert_eq!(
            verdict(&preview(1, 0)),
            "Would have fired once in the last 30 days: warning 1, critical 0."
        );
        assert!(verdict(&preview(0, 0)).contains("would not have fired"));
    }
}
