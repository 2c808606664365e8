//! What the calendar month comes to, and against what.

use leptos::prelude::*;
use types::usage::{UsageForecast, UsageQuota};

use crate::{
    components::{Banner, Card, Glyph, ShareBar, Tone},
    number::{grouped, per_mille, percent},
};

/// `YYYY-MM` as `November 2026`.
fn month_word(month: &str) -> String {
    format!("{month}-01")
        .parse::<jiff::civil::Date>()
        .map_or_else(|_| month.to_owned(), |day| day.strftime("%B %Y").to_string())
}

/// What there is to say of this month, in words.
fn told(forecast: Option<&UsageForecast>, quota: Option<UsageQuota>) -> String {
    let so_far = forecast.map_or(0, |forecast| forecast.so_far);
    let used = match quota {
        Some(quota) => format!(
            "{} of the quota of {} billable units are used{}.",
            grouped(quota.used),
            grouped(quota.limit),
            share(quota.used, quota.limit)
        ),
        None => format!("{} billable units so far. There is no quota.", grouped(so_far)),
    };
    let Some(forecast) = forecast else {
        return used;
    };
    let of_quota = quota.map_or_else(String::new, |quota| {
        let share = per_mille(forecast.expected, quota.limit).map(percent);
        share.map_or_else(String::new, |share| format!(", {share} of the quota"))
    });
    format!(
        "{used} At the pace of the last 7 days it will be {} at the end of the month{of_quota}.",
        grouped(forecast.expected)
    )
}

fn share(part: u64, of: u64) -> String {
    per_mille(part, of).map_or_else(String::new, |share| format!(" ({})", percent(share)))
}

/// The month so far, its forecast and its quota; nothing while there is nothing to say.
#[component]
pub(super) fn Month(forecast: Option<UsageForecast>, quota: Option<UsageQuota>) -> impl IntoView {
    if forecast.is_none() && quota.is_none() {
        return ().into_any();
    }
    let title = forecast
        .as_ref()
        .map_or_else(|| "This month".to_owned(), |forecast| month_word(&forecast.month));
    let words = told(forecast.as_ref(), quota);
    let expected = forecast.as_ref().map_or(0, |forecast| forecast.expected);
    let warning = quota.and_then(|quota| {
        if quota.used >= quota.limit {
            Some((
                Tone::Bad,
                "The quota is used up",
                "Live starts are refused with QUOTA_EXCEEDED until the first of the month, UTC. Test keys go on working. For more, ask the operator of this installation.",
            ))
        } else if expected > quota.limit {
            Some((
                Tone::Warn,
                "On course for more than the quota",
                "Once it is used up, live starts are refused with QUOTA_EXCEEDED. Ask the operator of this installation for more in time.",
            ))
        } else {
            None
        }
    });
    view! {
        <Card title=title sentence="The calendar month of today, UTC, whatever period is shown above.">
            <div class="stack">
                {warning
                    .map(|(tone, title, text)| {
                        view! {
                            <Banner tone glyph=Glyph::Alert title>
                                {text}
                            </Banner>
                        }
                    })}
                {quota.map(|quota| view! { <ShareBar part=quota.used of=quota.limit /> })}
                <p>{words}</p>
            </div>
        </Card>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_told_with_its_forecast_and_its_quota() {
        let forecast = UsageForecast {
            month: "2026-11".into(),
            so_far: 800,
            expected: 1_240,
        };
        let quota = UsageQuota {
            limit: 1_000,
            used: 800,
        };
        assert_eq!(month_word(&forecast.month), "November 2026");
        assert_eq!(
            told(Some(&forecast), Some(quota)),
            "800 of the quota of 1,000 billable units are used (80%). At the pace of the last 7 days it will be 1,240 at the end of the month, 124% of the quota."
        );
        let none = UsageQuota { limit: 0, used: 0 };
        assert_eq!(
            told(None, Some(none)),
            "0 of the quota of 0 billable units are used."
        );
    }
}
