//! How long to wait after so many tries.

/// Whose tries are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Those on one account, from anywhere.
    Account,
    /// Those from one network, on any account.
    Network,
}

/// A count is forgotten this long after its last try, in seconds.
pub(super) const REMEMBERED: i64 = 86_400;
/// Tries on one account before the first delay. A slip or two cost nothing.
const FREE: i64 = 5;
/// The first delay on an account, doubled with each further try, in seconds.
const FIRST: i64 = 10;
/// The longest: longer would hurt the owner more than the guesser (OWASP ASVS 5.0.0, 6.1.1).
const LONGEST: i64 = 900;
/// From so many tries of one network on, each is followed by so many seconds. More of them than
/// on an account are free, since an office or a school may share one address.
const NETWORK: [(i64, i64); 4] = [(100, 86_400), (60, 3_600), (30, 600), (20, 60)];

impl Scope {
    /// Seconds to wait after the try that was the `tries`-th.
    pub(super) fn delay(self, tries: i64) -> i64 {
        match self {
            Self::Account if tries < FREE => 0,
            Self::Account => {
                let doublings = u32::try_from(tries - FREE).unwrap_or(u32::MAX).min(16);
                (FIRST << doublings).min(LONGEST)
            }
            Self::Network => NETWORK
                .iter()
                .find(|(from, _)| tries >= *from)
                .map_or(0, |(_, seconds)| *seconds),
        }
    }
}
