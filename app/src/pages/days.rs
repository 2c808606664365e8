//! The days that a filter names.

use jiff::civil::Date;

/// What is wrong with a filter's days: field name and words.
pub(super) fn problems(from: Option<&str>, to: Option<&str>) -> Vec<(&'static str, String)> {
    let read = |text: Option<&str>| text.map(str::parse::<Date>);
    let (first, last) = (read(from), read(to));
    let mut found = Vec::new();
    for (name, day) in [("from", &first), ("to", &last)] {
        if matches!(day, Some(Err(_))) {
            found.push((name, "There is no such day. Write YYYY-MM-DD.".to_owned()));
        }
    }
    if let (Some(Ok(first)), Some(Ok(last))) = (first, last)
        && last < first
    {
        found.push((
            "to",
            "This is before the first day. Choose a later one.".to_owned(),
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::problems;

    #[test]
    fn days_are_days_in_their_order() {
        let fields = |from, to| -> Vec<_> { problems(from, to).into_iter().map(|(name, _)| name).collect() };
        assert!(fields(None, None).is_empty());
        assert!(fields(Some("2026-11-23"), Some("2026-11-23")).is_empty());
        assert_eq!(fields(Some("2026-11-31"), Some("soon")), ["from", "to"]);
        assert_eq!(fields(Some("2026-11-23"), Some("2026-11-22")), ["to"]);
    }
}
