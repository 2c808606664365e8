//! The growing of delays, and what counts as one network.

use super::{delay::Scope, network};

#[test]
fn delays_on_an_account_double_from_ten_seconds_to_a_quarter_of_an_hour() {
    let delays: Vec<i64> = (1..=14).map(|tries| Scope::Account.delay(tries)).collect();
    assert_eq!(delays, [0, 0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
    assert_eq!(Scope::Account.delay(i64::MAX), 900);
}

#[test]
fn delays_of_a_network_grow_in_steps_to_a_day() {
    let steps = [19, 20, 29, 30, 59, 60, 99, 100, i64::MAX].map(|tries| Scope::Network.delay(tries));
    assert_eq!(steps, [0, 60, 60, 600, 600, 3_600, 3_600, 86_400, 86_400]);
}

#[test]
fn an_ipv6_network_is_its_first_64_bits() {
    let of = |text: &str| network(text.parse().unwrap());
    assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
    assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
}
