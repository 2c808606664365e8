//! From values to edges: when somebody is told that a value got worse, and when that it is better.
//!
//! It gets worse at once, at the threshold. It gets better once a value was better than the
//! threshold by the hysteresis, so many times in a row. A pure function: no clock, no database.

use types::alerts::{AlertState, Amount, Worse};

/// Where the edges of a rule are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Band {
    /// Which side is the bad one.
    pub(super) worse: Worse,
    pub(super) warning: Option<Amount>,
    pub(super) critical: Option<Amount>,
    /// Per cent, 0 to 90.
    pub(super) hysteresis: i64,
    /// Values in a row, at least 1.
    pub(super) clear_after: i64,
}

/// Where a rule stands between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) state: AlertState,
    /// Values in a row that were better than the state.
    pub(super) calm: i64,
}

impl Standing {
    /// Nothing was measured yet.
    pub(super) const NEW: Self = Self {
        state: AlertState::Ok,
        calm: 0,
    };
}

impl Band {
    fn is_past(&self, value: Amount, threshold: Amount) -> bool {
        match self.worse {
            Worse::Higher => value >= threshold,
            Worse::Lower => value <= threshold,
        }
    }

    fn is_clear(&self, value: Amount, threshold: Amount) -> bool {
        match self.worse {
            Worse::Higher => value < threshold.times_percent(100 - self.hysteresis),
            Worse::Lower => value > threshold.times_percent(100 + self.hysteresis),
        }
    }

    /// The worst threshold that the value is past.
    pub(super) fn level(&self, value: Amount) -> AlertState {
        let past = |threshold: Option<Amount>| threshold.is_some_and(|at| self.is_past(value, at));
        if past(self.critical) {
            AlertState::Critical
        } else if past(self.warning) {
            AlertState::Warning
        } else {
            AlertState::Ok
        }
    }

    /// The worst state, up to this one, that the value is not clear of.
    fn kept(&self, state: AlertState, value: Amount) -> AlertState {
        let stays = |threshold: Option<Amount>| threshold.is_some_and(|at| !self.is_clear(value, at));
        if state >= AlertState::Critical && stays(self.critical) {
            AlertState::Critical
        } else if state >= AlertState::Warning && stays(self.warning) {
            AlertState::Warning
        } else {
            AlertState::Ok
        }
    }

    /// Where it stands after this value; none is a value that is clear of everything.
    pub(super) fn step(&self, standing: Standing, value: Option<Amount>) -> Standing {
        let state = standing.state;
        let level = value.map_or(AlertState::Ok, |value| self.level(value));
        if level > state {
            return Standing {
                state: level,
                calm: 0,
            };
        }
        let kept = value.map_or(AlertState::Ok, |value| self.kept(state, value));
        if kept >= state {
            return Standing { state, calm: 0 };
        }
        let calm = standing.calm.saturating_add(1);
        if calm < self.clear_after {
            return Standing { state, calm };
        }
        Standing { state: kept, calm: 0 }
    }

    /// The threshold that stands for a state: the one that is passed in it.
    pub(super) fn threshold(&self, state: AlertState) -> Option<Amount> {
        match state {
            AlertState::Critical => self.critical,
            AlertState::Warning | AlertState::Ok => self.warning.or(self.critical),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use types::alerts::{AlertState, Amount, Worse};

    use super::{Band, Standing};

    fn band(worse: Worse) -> Band {
        let (warning, critical) = match worse {
            Worse::Higher => (80, 95),
            Worse::Lower => (14, 3),
        };
        Band {
            worse,
            warning: Some(Amount::whole(warning)),
            critical: Some(Amount::whole(critical)),
            hysteresis: 10,
            clear_after: 2,
        }
    }

    /// The states after each value.
    fn states(band: &Band, values: &[i64]) -> Vec<AlertState> {
        let mut standing = Standing::NEW;
        let mut states = Vec::new();
        for value in values {
            standing = band.step(standing, Some(Amount::whole(*value)));
            states.push(standing.state);
        }
        states
    }

    #[test]
    fn it_rises_at_the_threshold_and_falls_behind_the_band() {
        use AlertState::{Critical, Ok, Warning};
        let rises = states(&band(Worse::Higher), &[79, 80, 94, 95, 86, 86, 85, 84, 71, 71]);
        assert_eq!(
            rises,
            [
                Ok, Warning, Warning, Critical, Critical, Critical, Critical, Warning, Warning, Ok
            ],
            "critical is left below 85.5, the warning below 72, each the second time"
        );
        let falls = states(&band(Worse::Lower), &[15, 14, 3, 4, 4, 15, 15, 16, 16]);
        assert_eq!(
            falls,
            [
                Ok, Warning, Critical, Critical, Warning, Warning, Warning, Warning, Ok
            ],
            "fewer are worse: critical is left above 3.3, the warning above 15.4"
        );
    }

    #[test]
    fn one_good_value_between_bad_ones_clears_nothing() {
        use AlertState::Warning;
        let values = [80, 10, 75, 10, 75, 10, 75];
        assert_eq!(states(&band(Worse::Higher), &values), [Warning; 7]);
    }

    #[test]
    fn with_one_threshold_only_that_one_counts() {
        use AlertState::{Critical, Ok};
        let only = Band {
            warning: None,
            clear_after: 1,
            ..band(Worse::Higher)
        };
        assert_eq!(states(&only, &[94, 95, 86, 85]), [Ok, Critical, Critical, Ok]);
        let cleared = only.step(
            Standing {
                state: Critical,
                calm: 0,
            },
            None,
        );
        assert_eq!(cleared.state, Ok, "nothing that could be bad is good");
    }

    proptest! {
        /// A value that swings between the threshold and where the band ends changes nothing.
        #[test]
        fn within_the_band_nothing_flaps(values in prop::collection::vec(72_000_i64..94_999, 1..60)) {
            let band = band(Worse::Higher);
            let mut standing = Standing { state: AlertState::Warning, calm: 0 };
            for value in values {
                standing = band.step(standing, Some(Amount::thousandths(value)));
                prop_assert_eq!(standing.state, AlertState::Warning);
            }
        }

        /// Between two firings of a state lies that it was left, and that took as many values as
        /// it should; and whatever is past a threshold is never below its state.
        #[test]
        fn no_second_firing_without_an_end(
            values in prop::collection::vec(0_i64..120_000, 1..200),
            clear_after in 1_i64..5,
        ) {
            let band = Band { clear_after, ..band(Worse::Higher) };
            let mut standing = Standing::NEW;
            let mut calm = 0;
            for value in values {
                let value = Amount::thousandths(value);
                let after = band.step(standing, Some(value));
                prop_assert!(after.state >= band.level(value));
                if after.state > standing.state {
                    prop_assert_eq!(after.state, band.level(value));
                }
                let better = band.kept(standing.state, value) < standing.state;
                calm = if better { calm + 1 } else { 0 };
                if after.state < standing.state {
                    prop_assert_eq!(calm, clear_after);
                    calm = 0;
                }
                standing = after;
            }
        }

        /// Where it ends depends on the values alone: the same ones, the same end.
        #[test]
        fn it_knows_no_clock(values in prop::collection::vec(0_i64..120, 1..80)) {
            let band = band(Worse::Higher);
            prop_assert_eq!(states(&band, &values), states(&band, &values));
        }
    }
}
