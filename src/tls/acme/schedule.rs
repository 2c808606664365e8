//! When to order next.

use std::time::Duration;

use types::{Entropy, Timestamp, source::random};

use crate::tls::Certificate;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
/// The clock is looked at this often at least: a machine can sleep, and be set right.
const LONGEST_PAUSE: i64 = HOUR;
/// A failure is never left alone longer.
const LONGEST_BACK_OFF: i64 = 6 * HOUR;

/// After two thirds of the certificate's life, and up to a twenty-fourth of it later, so that not
/// all servers of the world come at once. Of 90 days that is the 60th to the 64th.
pub(super) fn renewal(certificate: &Certificate, entropy: &dyn Entropy) -> Timestamp {
    let life = certificate
        .not_after
        .millis_since(certificate.not_before)
        .div_euclid(1000);
    let start = life.saturating_mul(2).div_euclid(3);
    certificate
        .not_before
        .plus_seconds(start)
        .plus_seconds(some_of(life.div_euclid(24), entropy))
}

/// Seconds: a minute, two, four, and so on up to six hours, and up to a quarter more. Let's
/// Encrypt takes five failures an hour: that is the first half hour.
pub(super) fn back_off(failures: u32, entropy: &dyn Entropy) -> i64 {
    let doubled = MINUTE.saturating_mul(1_i64.checked_shl(failures.min(32)).unwrap_or(i64::MAX));
    let pause = doubled.min(LONGEST_BACK_OFF);
    pause.saturating_add(some_of(pause.div_euclid(4), entropy))
}

/// How long to wait, and then look again whether it is time.
pub(super) fn pause(now: Timestamp, next: Timestamp) -> Duration {
    let seconds = next.millis_since(now).div_euclid(1000).saturating_add(1);
    Duration::from_secs(u64::try_from(seconds.clamp(1, LONGEST_PAUSE)).unwrap_or(1))
}

/// From nothing to all of it.
fn some_of(whole: i64, entropy: &dyn Entropy) -> i64 {
    let dice = i64::from(u32::from_le_bytes(random(entropy)));
    whole.saturating_mul(dice).div_euclid(i64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Always the same byte.
    struct Loaded(u8);

    impl Entropy for Loaded {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    const LEAST: Loaded = Loaded(0);
    const MOST: Loaded = Loaded(255);
    const DAY: i64 = 24 * HOUR;

    #[test]
    fn a_certificate_is_renewed_after_two_thirds_of_its_life() {
        let start = Timestamp::from_millis(1_699_920_000_000);
        let certificate = crate::tls::tests::Pki::new().lasting(start, start.plus_seconds(90 * DAY));
        let day = |entropy| {
            renewal(&certificate, entropy)
                .millis_since(start)
                .div_euclid(DAY * 1000)
        };
        assert_eq!((day(&LEAST), day(&MOST)), (60, 63));
    }

    #[test]
    fn after_each_failure_the_pause_is_longer_up_to_six_hours() {
        let pauses: Vec<_> = (0..12).map(|failures| back_off(failures, &LEAST)).collect();
        assert_eq!(pauses[..4], [60, 120, 240, 480]);
        assert_eq!((pauses[11], back_off(u32::MAX, &LEAST)), (6 * HOUR, 6 * HOUR));
        assert_eq!(
            (back_off(0, &MOST), back_off(40, &MOST)),
            (75, 6 * HOUR + 90 * MINUTE)
        );
    }

    #[test]
    fn the_clock_is_looked_at_every_hour() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let seconds = |next| pause(now, now.plus_seconds(next)).as_secs();
        assert_eq!(
            (seconds(-5), seconds(0), seconds(59), seconds(90 * DAY)),
            (1, 1, 60, 3600)
        );
    }
}
