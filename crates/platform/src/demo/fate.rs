//! What becomes of one verification.

use types::{
    Environment, Timestamp, VerificationStatus as Status,
    verification::{
        Check, CheckKind,
        CheckResult::{self, Failed, Passed},
    },
};
use verify::decision::Reason;

use super::{
    cast::Life,
    dice::Dice,
    rhythm::{ratio, whole_number},
};
use crate::verification::MAX_ATTEMPTS;

/// Something that happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The person agreed.
    Consented,
    /// Lines whose check digits do not agree: the try's number.
    WrongDigit(i64),
    /// The person did not agree.
    Declined,
    /// Approved or denied.
    Decided,
    /// A try too many; in the same moment as the last of them.
    GivenUp,
    /// The link's time ran out.
    RanOut,
}

/// A verification's whole life, as far as it has passed.
pub(super) struct Fate {
    pub(super) environment: Environment,
    /// Answered by the business itself.
    pub(super) direct: bool,
    pub(super) minimum_age: Option<u8>,
    pub(super) started: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) steps: Vec<(Timestamp, Step)>,
    ending: Ending,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Approved,
    ExpiredDocument,
    Underage,
    Declined,
    RanOut,
    TooManyTries,
}

impl Fate {
    /// Of a verification that was started then, seen from now.
    pub(super) fn draw(life: &Life, started: Timestamp, ttl: i64, now: Timestamp, dice: &mut Dice) -> Self {
        let environment = if dice.chance(life.live) {
            Environment::Live
        } else {
            Environment::Test
        };
        let direct = dice.chance(life.direct);
        let ending = Ending::draw(life, direct, dice);
        let expires = started.plus_seconds(ttl);
        let mut steps = if direct {
            answered(ending, started, expires, dice)
        } else {
            on_the_page(life, ending, started, expires, dice)
        };
        steps.retain(|(at, step)| *at <= now && (*at < expires || *step == Step::RanOut));
        Self {
            environment,
            direct,
            minimum_age: (life.minimum_age > 0).then_some(life.minimum_age),
            started,
            expires,
            steps,
            ending,
        }
    }

    fn find(&self, wanted: impl Fn(Step) -> bool) -> Option<Timestamp> {
        let found = self.steps.iter().find(|(_, step)| wanted(*step));
        found.map(|(at, _)| *at)
    }

    pub(super) fn consented_at(&self) -> Option<Timestamp> {
        self.find(|step| step == Step::Consented)
    }

    pub(super) fn completed_at(&self) -> Option<Timestamp> {
        self.find(|step| !matches!(step, Step::Consented | Step::WrongDigit(_)))
    }

    /// Tries that could not be used.
    pub(super) fn attempts(&self) -> i64 {
        let wrong = |step: &(Timestamp, Step)| matches!(step.1, Step::WrongDigit(_));
        i64::try_from(self.steps.iter().filter(|step| wrong(step)).count()).unwrap_or_default()
    }

    pub(super) fn status(&self) -> Status {
        match (self.completed_at(), self.ending) {
            (None, _) if self.attempts() > 0 => Status::Resubmission,
            (None, _) => Status::Started,
            (Some(_), Ending::Approved) => Status::Approved,
            (Some(_), Ending::ExpiredDocument | Ending::Underage) => Status::Denied,
            (Some(_), _) => Status::Rejected,
        }
    }

    /// Why it ended, as it is stored.
    pub(super) fn reason(&self) -> Option<&'static str> {
        self.completed_at()?;
        match self.ending {
            Ending::Approved => None,
            Ending::ExpiredDocument => Some(Reason::Expired.as_str()),
            Ending::Underage => Some(Reason::Underage.as_str()),
            Ending::Declined => Some("declined"),
            Ending::RanOut => Some("expired"),
            Ending::TooManyTries => Some("too_many_tries"),
        }
    }

    /// Whether there was a decision, and what was checked for it.
    pub(super) fn checks(&self) -> Option<Vec<Check>> {
        self.find(|step| step == Step::Decided)?;
        let check = |check, result: CheckResult| Check { check, result };
        let current = if self.ending == Ending::ExpiredDocument {
            Failed
        } else {
            Passed
        };
        let mut checks = vec![
            check(CheckKind::DocumentConsistent, Passed),
            check(CheckKind::DocumentCurrent, current),
        ];
        if self.minimum_age.is_some() {
            let of_age = if self.ending == Ending::Underage {
                Failed
            } else {
                Passed
            };
            checks.push(check(CheckKind::MinimumAge, of_age));
        }
        Some(checks)
    }
}

impl Ending {
    fn draw(life: &Life, direct: bool, dice: &mut Dice) -> Self {
        let mut left = dice.unit();
        for (part, ending) in [
            (life.expired_document, Self::ExpiredDocument),
            (life.underage, Self::Underage),
            (life.declined, Self::Declined),
            (life.ran_out, Self::RanOut),
            (life.too_many_tries, Self::TooManyTries),
        ] {
            if left < part {
                return match ending {
                    // Nobody is asked, so nobody can decline.
                    Self::Declined if direct => Self::Approved,
                    // Without an age asked for there is none to miss.
                    Self::Underage if life.minimum_age == 0 => Self::ExpiredDocument,
                    other => other,
                };
            }
            left -= part;
        }
        Self::Approved
    }
}

/// The business hands evidence over.
fn answered(
    ending: Ending,
    started: Timestamp,
    expires: Timestamp,
    dice: &mut Dice,
) -> Vec<(Timestamp, Step)> {
    let after = millis(dice.log_normal(2.6, 0.5), 0.4, 60.0);
    match ending {
        Ending::RanOut | Ending::Declined => ran_out(expires, dice),
        Ending::TooManyTries => tries(started, after, MAX_ATTEMPTS, 1.0),
        _ => decision(started, after),
    }
}

/// The person reads, agrees, types.
fn on_the_page(
    life: &Life,
    ending: Ending,
    started: Timestamp,
    expires: Timestamp,
    dice: &mut Dice,
) -> Vec<(Timestamp, Step)> {
    let whole = millis(dice.log_normal(life.seconds, 0.75), 6.0, 10_800.0);
    let read = later(started, whole, 0.12 + 0.25 * dice.unit());
    let mut steps = vec![(read, Step::Consented)];
    match ending {
        Ending::Declined => return vec![(read, Step::Declined)],
        Ending::RanOut => {
            if dice.chance(0.5) {
                steps.clear();
            }
            steps.extend(ran_out(expires, dice));
        }
        Ending::TooManyTries => steps.extend(tries(read, whole, MAX_ATTEMPTS, 0.4)),
        _ => {
            let roll = dice.unit();
            let wrong = i64::from(roll < 0.14) + i64::from(roll < 0.03) + i64::from(roll < 0.005);
            let tried = tries(read, whole, wrong, 0.3);
            let last = tried.last().map_or(read, |(at, _)| *at);
            steps.extend(tried);
            steps.extend(decision(last, whole));
        }
    }
    steps
}

fn decision(from: Timestamp, after: i64) -> Vec<(Timestamp, Step)> {
    vec![(plus(from, after), Step::Decided)]
}

fn ran_out(expires: Timestamp, dice: &mut Dice) -> Vec<(Timestamp, Step)> {
    // The job looks every few seconds.
    vec![(plus(expires, dice.below(4800)), Step::RanOut)]
}

fn tries(from: Timestamp, whole: i64, count: i64, pace: f64) -> Vec<(Timestamp, Step)> {
    let mut steps: Vec<(Timestamp, Step)> = (1..=count)
        .map(|number| {
            let at = later(from, whole, pace * ratio(number, 1));
            (at, Step::WrongDigit(number))
        })
        .collect();
    if let (MAX_ATTEMPTS, Some((at, _))) = (count, steps.last().copied()) {
        steps.push((at, Step::GivenUp));
    }
    steps
}

fn later(from: Timestamp, whole: i64, part: f64) -> Timestamp {
    plus(
        from,
        i64::try_from(whole_number(ratio(whole, 1) * part)).unwrap_or_default(),
    )
}

fn plus(from: Timestamp, millis: i64) -> Timestamp {
    Timestamp::from_millis(from.as_millis().saturating_add(millis))
}

fn millis(seconds: f64, least: f64, most: f64) -> i64 {
    i64::try_from(whole_number(seconds.clamp(least, most) * 1000.0)).unwrap_or_default()
}
