//! What can be told without a database: when it is sent again, and what is signed.

use types::{Entropy, Timestamp};

use super::backoff::{TRIES, WINDOW, next};

/// Gives the same bytes again and again.
struct Always(u8);

impl Entropy for Always {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(self.0);
    }
}

const BEGAN: Timestamp = Timestamp::from_millis(1_795_435_200_000);

/// The moments of all attempts, in seconds from the first.
fn schedule(chance: &dyn Entropy) -> Vec<i64> {
    let (mut at, mut moments) = (BEGAN, vec![0]);
    for tries in 1.. {
        match next(at, BEGAN, tries, chance) {
            Some(later) => at = later,
            None => return moments,
        }
        moments.push(at.millis_since(BEGAN) / 1000);
    }
    moments
}

#[test]
fn ten_attempts_in_three_days_whatever_chance_says() {
    let seeds = [0x00, 0x01, 0x42, 0x7f, 0x80, 0xab, 0xfe, 0xff];
    for seed in seeds {
        let moments = schedule(&Always(seed));
        assert_eq!(moments.len(), usize::try_from(TRIES).unwrap(), "{moments:?}");
        assert!(*moments.last().unwrap() <= WINDOW, "{moments:?}");
        let pauses: Vec<_> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
        for (index, pause) in pauses.iter().enumerate() {
            let middle = 20 * 3_i64.pow(u32::try_from(index).unwrap());
            let allowed = middle * 79 / 100..=middle * 121 / 100 + 1;
            assert!(allowed.contains(pause), "{pauses:?}");
        }
    }
    assert_ne!(
        schedule(&Always(0x01)),
        schedule(&Always(0x42)),
        "chance says something"
    );
}

#[test]
fn a_round_that_was_held_up_ends_with_its_window() {
    assert_eq!(WINDOW, 3 * 86_400);
    let late = BEGAN.plus_seconds(WINDOW - 10);
    assert_eq!(next(late, BEGAN, 2, &Always(0)), None);
}
