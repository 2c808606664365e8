//! Whole numbers in JSON. It knows one kind of number: `30.0` is 30 (JSON Schema 2020-12, 6.1.1), and
//! some languages write it so.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserializer,
    de::{Error, Unexpected, Visitor},
};

/// Below it, every whole number has a float of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A whole number.
pub(crate) fn whole<'de, T: TryFrom<i64>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    from.deserialize_any(Whole(PhantomData))
}

/// The same, or null.
pub(crate) fn optional<'de, T: TryFrom<i64>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    from.deserialize_option(OrNull(PhantomData))
}

/// The same, where a null is told from what is left out.
#[expect(clippy::option_option, reason = "that is what it tells apart")]
pub(crate) fn present<'de, T: TryFrom<i64>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    optional(from).map(Some)
}

struct Whole<T>(PhantomData<T>);

impl<T: TryFrom<i64>> Visitor<'_> for Whole<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number that is not too large")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        T::try_from(number).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        let small = i64::try_from(number)
            .ok()
            .and_then(|number| T::try_from(number).ok());
        small.ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        if number.fract() == 0.0 && number.abs() < EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and below 2^53")]
            return self.visit_i64(number as i64);
        }
        Err(E::invalid_value(Unexpected::Float(number), &self))
    }
}

struct OrNull<T>(PhantomData<T>);

impl<'de, T: TryFrom<i64>> Visitor<'de> for OrNull<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number that is not too large, or null")
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Option<T>, D::Error> {
        whole(from).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use crate::{api::StartBody, keys::RotateKeyBody};

    fn age(text: &str) -> Result<Option<i64>, String> {
        let body = serde_json::from_str::<StartBody>(&format!("{{\"minimumAge\":{text}}}"));
        body.map(|body| body.minimum_age)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_number_is_whole_however_it_is_written() {
        for (text, number) in [
            ("18", Some(18)),
            ("18.0", Some(18)),
            ("1.8e1", Some(18)),
            ("-0.0", Some(0)),
            ("null", None),
        ] {
            assert_eq!(age(text), Ok(number), "{text}");
        }
        for text in [
            "18.5",
            "\"18\"",
            "1e300",
            "18446744073709551615",
            "[18]",
            "true",
            "NaN",
        ] {
            let refused = age(text).unwrap_err();
            assert!(
                refused.contains("whole number") || text == "NaN",
                "{text}: {refused}"
            );
        }
    }

    #[test]
    fn it_has_to_fit() {
        let overlap = |text: &str| {
            let body = serde_json::from_str::<RotateKeyBody>(&format!("{{\"overlapSeconds\":{text}}}"));
            body.map(|body| body.overlap_seconds).ok()
        };
        assert_eq!(overlap("86400.0"), Some(86_400));
        for text in ["-1", "4294967296", "null"] {
            assert_eq!(overlap(text), None, "{text}");
        }
    }
}
