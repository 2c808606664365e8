//! Figures as people read them.

/// `1234567` as `1,234,567`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share in tenths of a percent, rounded; `None` of nothing.
pub fn per_mille(part: u64, of: u64) -> Option<u64> {
    // Half of the divisor, so that the division rounds.
    part.saturating_mul(1000).saturating_add(of / 2).checked_div(of)
}

/// Tenths of a percent as `94.3%`.
pub fn percent(per_mille: u64) -> String {
    match (per_mille / 10, per_mille % 10) {
        (whole, 0) => format!("{whole}%"),
        (whole, tenths) => format!("{whole}.{tenths}%"),
    }
}

/// A file's length, such as `1.4 MB`, in powers of a thousand.
pub fn bytes(length: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "KB", "MB", "GB", "TB"];
    let mut step: u64 = 1;
    for (index, unit) in UNITS.iter().enumerate() {
        if length < step.saturating_mul(1000) || index + 1 == UNITS.len() {
            let tenths = length.saturating_mul(10) / step;
            return if index == 0 || tenths >= 1000 {
                format!("{} {unit}", grouped(length / step))
            } else {
                format!("{}.{} {unit}", tenths / 10, tenths % 10)
            };
        }
        step = step.saturating_mul(1000);
    }
    grouped(length)
}

/// A short length of time in microseconds, such as `3.1 ms`.
pub fn micros(micros: u64) -> String {
    let tenths = |unit: u64, name: &str| {
        let tenths = (micros.saturating_mul(10) + unit / 2) / unit;
        if tenths < 1000 {
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        } else {
            format!("{} {name}", grouped((tenths + 5) / 10))
        }
    };
    match micros {
        ..1_000 => format!("{micros} µs"),
        1_000..1_000_000 => tenths(1_000, "ms"),
        _ => tenths(1_000_000, "s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, grouped, micros, per_mille, percent};

    #[test]
    fn thousands_stand_apart() {
        let text = [0, 999, 1_000, 12_345, 1_234_567].map(grouped);
        assert_eq!(text, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn shares_are_rounded_to_a_tenth_of_a_percent() {
        assert_eq!(per_mille(0, 0), None);
        let text = [(2, 3), (5, 5), (1, 1_000), (943, 1_000)]
            .map(|(part, of)| per_mille(part, of).map(percent).unwrap_or_default());
        assert_eq!(text, ["66.7%", "100%", "0.1%", "94.3%"]);
    }

    #[test]
    fn lengths_have_the_unit_that_fits() {
        let text = [12, 1_400, 123_456, 1_500_000, 2_000_000_000].map(bytes);
        assert_eq!(text, ["12 bytes", "1.4 KB", "123 KB", "1.5 MB", "2.0 GB"]);
    }

    #[test]
    fn short_times_have_three_digits_at_most() {
        let text = [0, 850, 3_072, 45_678, 345_678, 1_250_000, 600_000_000].map(micros);
        assert_eq!(
            text,
            ["0 µs", "850 µs", "3.1 ms", "45.7 ms", "346 ms", "1.3 s", "600 s"]
        );
    }
}
