//! Distances and the speed of travel.

use super::distance::{Point, is_impossible, kilometres};

const LONDON: Point = Point {
    latitude: 51.507_4,
    longitude: -0.127_8,
};
const SYDNEY: Point = Point {
    latitude: -33.868_8,
    longitude: 151.209_3,
};

/// The figures are those of the great-circle tables: 16,994 km.
#[test]
fn distances_are_along_the_great_circle() {
    assert!((kilometres(LONDON, SYDNEY) - 16_994.0).abs() < 10.0);
    assert!(kilometres(LONDON, LONDON) < 0.001);
    let (west, east) = (
        Point {
            latitude: 0.0,
            longitude: 179.5,
        },
        Point {
            latitude: 0.0,
            longitude: -179.5,
        },
    );
    assert!((kilometres(west, east) - 111.2).abs() < 0.5, "over the date line");
}

#[test]
fn nobody_travels_faster_than_900_kilometres_an_hour() {
    const HOUR: i64 = 3_600_000;
    assert!(!is_impossible(9_000.0, 10 * HOUR));
    assert!(is_impossible(9_000.1, 10 * HOUR));
    assert!(is_impossible(500.0, 0), "at the same moment");
    assert!(
        !is_impossible(100.0, 0),
        "one city, as far as a database of addresses knows"
    );
}
