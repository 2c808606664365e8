//! How far two places are apart, and whether somebody can have travelled so far so fast.

/// The mean radius of the Earth, in kilometres (IUGG).
const RADIUS: f64 = 6_371.0;
/// Faster than an airliner, in kilometres an hour.
const FASTEST: f64 = 900.0;
/// What a database of addresses may be wrong by; nearer places are one, in kilometres.
const BLUR: f64 = 100.0;

/// Latitude and longitude in degrees.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Point {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

/// Along the great circle, in kilometres (haversine).
pub(super) fn kilometres(one: Point, two: Point) -> f64 {
    let (from, to) = (one.latitude.to_radians(), two.latitude.to_radians());
    let north = (to - from) / 2.0;
    let east = (two.longitude - one.longitude).to_radians() / 2.0;
    let half = north.sin().powi(2) + from.cos() * to.cos() * east.sin().powi(2);
    2.0 * RADIUS * half.sqrt().min(1.0).asin()
}

/// Whether nobody gets so far in so many milliseconds.
pub(super) fn is_impossible(kilometres: f64, millis: i64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of centuries are exact")]
    let hours = millis.max(0) as f64 / 3_600_000.0;
    kilometres > BLUR && kilometres > FASTEST * hours
}
