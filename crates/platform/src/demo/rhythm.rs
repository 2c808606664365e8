//! When verifications are started: by the hour, the weekday, the season and the growth of
//! their organisation, in its own time zone.

use jiff::{civil::Weekday, tz::TimeZone};
use types::Timestamp;

use super::{
    cast::{Company, Rhythm},
    dice::Dice,
    plan::Plan,
};
use crate::{Result, access, calendar};

const HOUR: i64 = 3_600_000;
/// People at home: evenings and lunch.
const CONSUMER: [f64; 24] = [
    0.30, 0.18, 0.10, 0.07, 0.06, 0.08, 0.18, 0.40, 0.62, 0.78, 0.86, 0.94, 1.00, 0.96, 0.88, 0.86, 0.90,
    1.00, 1.12, 1.22, 1.24, 1.10, 0.82, 0.52,
];
/// People at work.
const OFFICE: [f64; 24] = [
    0.05, 0.03, 0.02, 0.02, 0.02, 0.04, 0.10, 0.35, 0.80, 1.15, 1.25, 1.20, 0.80, 1.05, 1.20, 1.15, 1.00,
    0.75, 0.45, 0.30, 0.25, 0.20, 0.14, 0.08,
];
/// Days on which little happens: month and day.
const HOLIDAYS: [(i8, i8); 8] = [
    (1, 1),
    (5, 1),
    (8, 31),
    (10, 3),
    (11, 1),
    (12, 24),
    (12, 25),
    (12, 26),
];
/// A company that stopped did so this many days ago.
pub(super) const STOPPED: i64 = 31;

/// An hour, and how many verifications were started in it.
pub(super) struct Slot {
    pub(super) from: Timestamp,
    pub(super) before: Timestamp,
    pub(super) verifications: u64,
}

/// The hours of the plan's days up to now, with exactly `total` verifications among them.
pub(super) fn slots(
    plan: &Plan,
    company: &Company,
    total: u64,
    now: Timestamp,
    dice: &mut Dice,
) -> Result<Vec<Slot>> {
    let zone = access::zone(company.zone)?;
    let today = calendar::day_of(now, &zone)?;
    let back = i64::from(plan.days.clamp(1, 3650).min(company.age.max(1))) - 1;
    let first = today
        .checked_sub(jiff::Span::new().days(back))
        .map_err(crate::Error::internal)?;
    let start = calendar::start_of(first, &zone)?.as_millis();
    let length = now.as_millis().saturating_sub(start).max(1);
    let mut hours = Vec::new();
    let mut sum = 0.0;
    let mut begin = start;
    while begin < now.as_millis() {
        let end = begin.saturating_add(HOUR).min(now.as_millis());
        let through = ratio(begin - start, length);
        let ago = ratio(now.as_millis() - begin, 24 * HOUR);
        let whole = ratio(end - begin, HOUR);
        sum += whole * weight(company.rhythm, begin, &zone, through, ago)? * noise(dice);
        hours.push((begin, end, sum));
        begin = end;
    }
    // Rounded where the running sum is, so that the parts make up the whole.
    let total = ratio(i64::try_from(total).unwrap_or(i64::MAX), 1);
    let mut given = 0.0;
    let mut slots = Vec::with_capacity(hours.len());
    for (begin, end, sum_so_far) in hours {
        let up_to = if sum > 0.0 {
            (total * sum_so_far / sum).round()
        } else {
            0.0
        };
        slots.push(Slot {
            from: Timestamp::from_millis(begin),
            before: Timestamp::from_millis(end),
            verifications: whole_number(up_to - given),
        });
        given = up_to;
    }
    Ok(slots)
}

fn weight(rhythm: Rhythm, at: i64, zone: &TimeZone, through: f64, ago: f64) -> Result<f64> {
    let moment = jiff::Timestamp::from_millisecond(at).map_err(crate::Error::internal)?;
    let local = zone.to_datetime(moment);
    let office = matches!(rhythm, Rhythm::Growing | Rhythm::Trying);
    let hours = if office { &OFFICE } else { &CONSUMER };
    let hour = usize::try_from(local.hour()).unwrap_or_default();
    let day = match (local.date().weekday(), office) {
        (Weekday::Saturday | Weekday::Sunday, true) => 0.22,
        (Weekday::Saturday, false) => 1.12,
        (Weekday::Sunday, false) => 0.78,
        (Weekday::Friday, false) => 1.08,
        _ => 1.0,
    };
    let holiday = HOLIDAYS.contains(&(local.month(), local.day()));
    let season = if holiday { 0.4 } else { 1.0 };
    let growth = match rhythm {
        Rhythm::Steady => 0.85 + 0.3 * through,
        Rhythm::Growing => (2.9 * through).exp(),
        Rhythm::Trying => 1.0,
        Rhythm::Stopped if ago < ratio(STOPPED, 1) => 0.0,
        Rhythm::Stopped => 1.1 - 0.5 * through,
    };
    Ok(hours.get(hour).copied().unwrap_or_default() * day * season * growth)
}

/// No hour is like another.
fn noise(dice: &mut Dice) -> f64 {
    dice.log_normal(1.0, 0.22)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers far below 2^53, and it is for a curve"
)]
pub(super) fn ratio(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounded, and not below zero"
)]
pub(super) fn whole_number(value: f64) -> u64 {
    value.round().max(0.0) as u64
}
