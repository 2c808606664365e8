use leptos::prelude::*;

use super::Sparkline;
use crate::number::percent;

/// How a figure moved against the period before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Such as `+12%`.
    pub text: String,
    /// Against what, such as `vs the 30 days before`.
    pub against: String,
}

impl Change {
    /// Between two counts; `None` if there was nothing before.
    pub fn between(now: u64, before: u64) -> Option<Self> {
        if before == 0 {
            return None;
        }
        let hundredths = (i128::from(now) - i128::from(before)) * 100;
        let percent = hundredths / i128::from(before);
        Some(Self::of(percent, format!("{}%", percent.unsigned_abs())))
    }

    /// Between two shares in tenths of a percent.
    pub fn points(now: u64, before: u64) -> Self {
        let size = percent(now.abs_diff(before));
        let amount = i128::from(now) - i128::from(before);
        Self::of(amount, size.replace('%', " points"))
    }

    /// The same, against another period than 30 days.
    #[must_use]
    pub fn of_days(mut self, days: usize) -> Self {
        self.against = match days {
            1 => "vs the day before".to_owned(),
            days => format!("vs the {days} days before"),
        };
        self
    }

    fn of(amount: i128, size: String) -> Self {
        let sign = match amount {
            1.. => "+",
            0 => "±",
            _ => "−",
        };
        Self {
            text: format!("{sign}{size}"),
            against: "vs the 30 days before".to_owned(),
        }
    }
}

/// One figure.
#[component]
pub fn StatTile(
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    /// What the figure is of, or what stands beside it.
    #[prop(into)]
    note: String,
    #[prop(optional_no_strip)] change: Option<Change>,
    /// The figure day by day.
    #[prop(optional)]
    trend: Vec<u64>,
) -> impl IntoView {
    view! {
        <div class="tile">
            <dt>{name}</dt>
            <dd>
                <span class="tile-value">{value}</span>
                <span class="tile-note">{note}</span>
                {change
                    .map(|change| {
                        view! {
                            <span class="tile-note">
                                <strong>{change.text}</strong>
                                " "
                                {change.against}
                            </span>
                        }
                    })}
            </dd>
            {(!trend.is_empty()).then(|| view! { <Sparkline values=trend /> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::Change;

    #[test]
    fn changes_carry_their_sign() {
        let text = |now, before| Change::between(now, before).map(|change| change.text);
        assert_eq!(text(112, 100).as_deref(), Some("+12%"));
        assert_eq!(text(50, 100).as_deref(), Some("−50%"));
        assert_eq!(text(7, 7).as_deref(), Some("±0%"));
        assert_eq!(text(7, 0), None);
        assert_eq!(Change::points(903, 940).text, "−3.7 points");
        assert_eq!(Change::points(940, 940).text, "±0 points");
        assert_eq!(Change::points(1, 1).of_days(7).against, "vs the 7 days before");
    }
}
