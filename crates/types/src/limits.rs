//! Limits of an organisation's own: so many units in so much time, of which each call takes what it
//! costs.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    LimitId,
    verification::{UnknownWord, words},
};

words! {
    /// What a call asks for, as limits tell calls apart.
    LimitedCall {
        /// `POST /verify/start`.
        Start = "verify.start",
        /// `POST /verify/complete`.
        Complete = "verify.complete",
        /// `GET /verify/status`.
        Status = "verify.status",
        /// `POST /tokens/validate`.
        Validate = "tokens.validate",
        /// `GET /usage`.
        Usage = "usage",
        /// Whatever keys do to keys and to limits.
        Keys = "api-keys",
    }
}

impl LimitedCall {
    /// Which call it is, as it is written.
    pub const fn spelled(self) -> &'static str {
        match self {
            Self::Start => "POST /verify/start",
            Self::Complete => "POST /verify/complete",
            Self::Status => "GET /verify/status",
            Self::Validate => "POST /tokens/validate",
            Self::Usage => "GET /usage",
            Self::Keys => "/api-keys, /rate-limits",
        }
    }

    /// That of a route's template.
    pub fn of(endpoint: &str) -> Option<Self> {
        match endpoint {
            "/verify/start" => Some(Self::Start),
            "/verify/complete" => Some(Self::Complete),
            "/verify/status" => Some(Self::Status),
            "/tokens/validate" => Some(Self::Validate),
            "/usage" => Some(Self::Usage),
            other => {
                (other.starts_with("/api-keys") || other.starts_with("/rate-limits")).then_some(Self::Keys)
            }
        }
    }

    /// The field of a form that says what it takes.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Start => "cost_start",
            Self::Complete => "cost_complete",
            Self::Status => "cost_status",
            Self::Validate => "cost_validate",
            Self::Usage => "cost_usage",
            Self::Keys => "cost_keys",
        }
    }

    /// Whether it is one of `/verify/*`, of which every key has so many.
    pub const fn is_verify(self) -> bool {
        matches!(self, Self::Start | Self::Complete | Self::Status)
    }
}

const CALLS: usize = LimitedCall::ALL.len();

/// What each call takes, in units. As text only what is not 1 is written: `verify.start=10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Costs([u32; CALLS]);

impl Default for Costs {
    fn default() -> Self {
        Self([1; CALLS])
    }
}

impl Costs {
    /// Each call and what it takes.
    pub fn each(&self) -> impl Iterator<Item = (LimitedCall, u32)> {
        LimitedCall::ALL.iter().copied().zip(self.0)
    }

    /// What a call takes; 0: nothing.
    pub fn of(&self, call: LimitedCall) -> u32 {
        self.each()
            .find_map(|(one, cost)| (one == call).then_some(cost))
            .unwrap_or(1)
    }

    /// The same, but for one call.
    #[must_use]
    pub fn with(mut self, call: LimitedCall, cost: u32) -> Self {
        let place = LimitedCall::ALL.iter().position(|one| *one == call);
        if let Some(held) = place.and_then(|place| self.0.get_mut(place)) {
            *held = cost;
        }
        self
    }
}

impl fmt::Display for Costs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let other = self.each().filter(|(_, cost)| *cost != 1);
        let words: Vec<String> = other.map(|(call, cost)| format!("{call}={cost}")).collect();
        f.write_str(&words.join(" "))
    }
}

impl FromStr for Costs {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let mut costs = Self::default();
        for word in text.split_whitespace() {
            let (call, cost) = word.split_once('=').ok_or(UnknownWord)?;
            costs = costs.with(call.parse()?, cost.parse().map_err(|_| UnknownWord)?);
        }
        Ok(costs)
    }
}

/// A limit, as it is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitTerms {
    /// Small letters, digits and hyphens, 1 to 40, a letter or digit first.
    pub name: String,
    /// So many units: 1 to 1,000,000.
    pub units: u32,
    /// In so many seconds: 1 to 2,678,400 (31 days).
    pub seconds: u32,
    /// Whether each key has them for itself; otherwise all keys with the limit have them together.
    /// Keys that took over one from another are one.
    pub per_key: bool,
    /// What calls take: 0 to `units` each.
    pub costs: Costs,
}

/// A limit that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedLimit {
    /// Its id.
    pub id: LimitId,
    /// What it is.
    pub terms: LimitTerms,
    /// Working keys that are held to it.
    pub keys: u64,
}

mod calls;

pub use calls::{LimitAnswer, LimitBody, LimitsAnswer, Units};

#[cfg(test)]
mod tests {
    use super::{Costs, LimitedCall};

    #[test]
    fn costs_read_as_they_are_written() {
        let costs = Costs::default()
            .with(LimitedCall::Start, 10)
            .with(LimitedCall::Status, 0);
        assert_eq!(costs.to_string(), "verify.start=10 verify.status=0");
        assert_eq!(costs.to_string().parse(), Ok(costs));
        assert_eq!("".parse(), Ok(Costs::default()));
        assert_eq!(
            (costs.of(LimitedCall::Start), costs.of(LimitedCall::Usage)),
            (10, 1)
        );
        for wrong in ["verify.start", "verify.start=", "verify.start=-1", "other=1"] {
            assert!(wrong.parse::<Costs>().is_err(), "{wrong}");
        }
    }
}
