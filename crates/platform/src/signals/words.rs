//! What is told of a sign-in, in plain words.

use types::{SignInMethod, Timestamp};

use super::{
    distance,
    sign_in::{Known, Place},
};
use crate::{Result, calendar, sessions::device};

/// Such as `28 Nov 2026, 20:44 UTC`.
fn moment(at: Timestamp) -> Result<String> {
    calendar::to_the_minute(at)
}

const fn way(method: SignInMethod) -> &'static str {
    match method {
        SignInMethod::PasswordTotp => "with password and code",
        SignInMethod::Passkey | SignInMethod::DeviceBoundPasskey => "with a passkey",
    }
}

/// A sign-in as one sentence: time, way, device, address, place.
pub(super) fn sign_in(label: &str, known: &Known) -> Result<String> {
    let Place { address, agent, spot } = &known.place;
    let address = address.as_deref().unwrap_or("an unknown address");
    let place = match (&spot.city, &spot.country_name) {
        (Some(city), Some(country)) => format!(" in {city}, {country}"),
        (None, Some(country)) => format!(" in {country}"),
        _ => String::new(),
    };
    Ok(format!(
        "{label}: {}, {}, from {} at {address}{place}.",
        moment(known.at)?,
        way(known.method),
        device(agent.as_deref()),
    ))
}

/// How far apart two sign-ins were, in place and time.
pub(super) fn travel(kilometres: f64, millis: i64) -> String {
    let minutes = millis.max(0) / 60_000;
    let time = match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    };
    format!(
        "The two places are about {} km apart, with {time} between the sign-ins: nobody travels that fast.",
        grouped(kilometres)
    )
}

/// To ten kilometres, since the places are guesses; with commas.
fn grouped(kilometres: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no way on Earth is longer than 20,040 km"
    )]
    let tens = (kilometres / 10.0).round() as i64 * 10;
    match (tens / 1000, tens % 1000) {
        (0, rest) => rest.to_string(),
        (thousands, rest) => format!("{thousands},{rest:03}"),
    }
}

/// The distance of two sign-ins whose places are known.
pub(super) fn apart(before: &Known, now: &Known) -> Option<f64> {
    let points = before.place.spot.point.zip(now.place.spot.point);
    points.map(|(from, to)| distance::kilometres(from, to))
}
