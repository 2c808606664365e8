//! How alerts are told on pages.

use types::{
    Environment,
    alerts::{AlertCause, AlertKind, AlertRow, AlertState, Amount, Currency, Worse},
};

/// A length of time in minutes.
pub(super) fn window(minutes: i64) -> String {
    match minutes {
        0 => String::new(),
        1..60 => format!("{minutes} minutes"),
        60 => "1 hour".to_owned(),
        61..1_440 => format!("{} hours", minutes / 60),
        1_440 => "1 day".to_owned(),
        _ => format!("{} days", minutes / 1_440),
    }
}

/// What is watched of what, such as `Error rate, 1 hour, live, /verify/start`.
pub(super) fn scope(row: &AlertRow) -> String {
    let environment = row.environment.map(|environment| {
        match environment {
            Environment::Live => "live",
            Environment::Test => "test",
        }
        .to_owned()
    });
    let key = row.key.as_ref().map(|(_, name)| format!("key “{name}”"));
    let webhook = row.webhook.as_ref().map(|(_, target)| target.clone());
    let parts = [
        Some(row.kind.title().to_owned()),
        Some(window(row.window)).filter(|text| !text.is_empty()),
        environment,
        key,
        row.endpoint.clone(),
        webhook,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// An amount of a kind.
pub(super) fn amount(kind: AlertKind, amount: Amount, currency: Option<Currency>) -> String {
    kind.unit().tell(amount, currency)
}

/// A threshold, with the side that is the bad one.
pub(super) fn threshold(kind: AlertKind, at: Amount, currency: Option<Currency>) -> String {
    let side = match kind.worse() {
        Worse::Higher => "from",
        Worse::Lower => "at or below",
    };
    format!("{side} {}", amount(kind, at, currency))
}

/// What happened, as a few words.
pub(super) const fn cause(cause: AlertCause, to: AlertState) -> &'static str {
    match (cause, to) {
        (AlertCause::Fired, AlertState::Critical) => "Became critical",
        (AlertCause::Fired, _) => "Became a warning",
        (AlertCause::Eased, _) => "Eased to a warning",
        (AlertCause::Cleared, _) => "Over",
        (AlertCause::Reminder, _) => "Reminder: still critical",
        (AlertCause::Unsilenced, _) => "Still fires after the silence",
        (AlertCause::Test, _) => "Test message",
    }
}

#[cfg(test)]
mod tests {
    use super::window;

    #[test]
    fn windows_are_told_in_one_unit() {
        let told = [5, 60, 360, 1_440, 10_080].map(window);
        assert_eq!(told, ["5 minutes", "1 hour", "6 hours", "1 day", "7 days"]);
    }
}
