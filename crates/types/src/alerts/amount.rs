//! What is measured, and held against thresholds: thousandths of a unit, as whole numbers, so that
//! what is compared is exactly what is shown.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::verification::words;

/// Thousandths of a kind's unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(i64);

/// The text is no number from 0 to 1,000,000,000,000 with at most three digits behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAmount;

impl fmt::Display for NotAnAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no number from 0 to 1,000,000,000,000")
    }
}

impl std::error::Error for NotAnAmount {}

/// The largest that can be typed, in whole units.
const LARGEST: i64 = 1_000_000_000_000;

impl Amount {
    /// Whole units.
    pub const fn whole(units: i64) -> Self {
        Self(units.saturating_mul(1_000))
    }

    /// Thousandths of a unit.
    pub const fn thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// As thousandths of a unit.
    pub const fn as_thousandths(self) -> i64 {
        self.0
    }

    /// `part` of `of`, per cent; nothing if there is nothing to be a part of.
    pub fn percent(part: i64, of: i64) -> Option<Self> {
        if of <= 0 {
            return None;
        }
        let thousandths = i128::from(part) * 100_000 / i128::from(of);
        Some(Self(i64::try_from(thousandths).unwrap_or(i64::MAX)))
    }

    /// So many per cent of it.
    #[must_use]
    pub fn times_percent(self, percent: i64) -> Self {
        let thousandths = i128::from(self.0) * i128::from(percent) / 100;
        Self(i64::try_from(thousandths).unwrap_or(i64::MAX))
    }

    /// Rounded to a digit behind the point, for people.
    #[must_use]
    pub const fn rounded(self) -> Self {
        Self(self.0.saturating_add(50).div_euclid(100).saturating_mul(100))
    }
}

/// As it is typed: no grouping, no zeros at the end.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0.unsigned_abs() / 1_000, self.0.unsigned_abs() % 1_000);
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write!(f, "{whole}")?;
        if rest == 0 {
            return Ok(());
        }
        let digits = format!("{rest:03}");
        write!(f, ".{}", digits.trim_end_matches('0'))
    }
}

impl FromStr for Amount {
    type Err = NotAnAmount;

    fn from_str(text: &str) -> Result<Self, NotAnAmount> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 3 {
            return Err(NotAnAmount);
        }
        let whole: i64 = whole.parse().map_err(|_| NotAnAmount)?;
        let part: i64 = format!("{part:0<3}").parse().map_err(|_| NotAnAmount)?;
        if whole > LARGEST {
            return Err(NotAnAmount);
        }
        Ok(Self(whole * 1_000 + part))
    }
}

/// A number for people: a comma between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

words! {
    /// A currency that a price can be in (ISO 4217).
    Currency {
        /// Euro.
        Eur = "EUR",
        /// Dollar of the United States.
        Usd = "USD",
        /// Pound sterling.
        Gbp = "GBP",
        /// Swiss franc.
        Chf = "CHF",
        /// Swedish krona.
        Sek = "SEK",
        /// Norwegian krone.
        Nok = "NOK",
        /// Danish krone.
        Dkk = "DKK",
        /// Zloty.
        Pln = "PLN",
        /// Czech koruna.
        Czk = "CZK",
        /// Canadian dollar.
        Cad = "CAD",
        /// Australian dollar.
        Aud = "AUD",
        /// Yen, which has no minor unit.
        Jpy = "JPY",
        /// Indian rupee.
        Inr = "INR",
        /// Brazilian real.
        Brl = "BRL",
    }
}

impl Currency {
    /// Minor units of one major one.
    pub const fn minor(self) -> u64 {
        match self {
            Self::Jpy => 1,
            _ => 100,
        }
    }

    /// So many minor units, with the currency.
    pub fn tell(self, minor: u64) -> String {
        let (whole, part) = (minor / self.minor(), minor % self.minor());
        if self.minor() == 1 {
            return format!("{} {self}", grouped(whole));
        }
        format!("{}.{part:02} {self}", grouped(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, Currency, grouped};

    #[test]
    fn what_is_typed_is_what_is_shown() {
        for text in ["0", "80", "12.5", "0.001", "1000000000000"] {
            assert_eq!(text.parse::<Amount>().unwrap().to_string(), text);
        }
        assert_eq!("12.50".parse::<Amount>().unwrap(), Amount::thousandths(12_500));
        assert_eq!(Amount::thousandths(-1_500).to_string(), "-1.5");
        for text in [
            "",
            ".",
            "-1",
            "+1",
            "NaN",
            "inf",
            "1e3",
            "1.",
            ".5",
            "1.2345",
            "1 000",
            "١",
            "1000000000001",
            "99999999999999999999",
        ] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }

    #[test]
    fn shares_are_exact_and_never_of_nothing() {
        assert_eq!(Amount::percent(1, 8), Some(Amount::thousandths(12_500)));
        assert_eq!(Amount::percent(14, 10), Some(Amount::whole(140)));
        assert_eq!(Amount::percent(1, 0), None);
        assert_eq!(Amount::whole(80).times_percent(90), Amount::whole(72));
        assert_eq!(Amount::thousandths(12_349).rounded().to_string(), "12.3");
    }

    #[test]
    fn money_has_its_currency() {
        assert_eq!(Currency::Eur.tell(123_456), "1,234.56 EUR");
        assert_eq!(Currency::Jpy.tell(1_234), "1,234 JPY");
        assert_eq!(grouped(1_000_000), "1,000,000");
        assert_eq!(grouped(999), "999");
    }
}
