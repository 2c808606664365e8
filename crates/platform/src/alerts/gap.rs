//! Why something could not be measured. A rule then stays as it is, and says so: what cannot be
//! measured is never taken for good.

use types::verification::UnknownWord;

/// Calls without which a share or a percentile says nothing.
pub(super) const LEAST_CALLS: i64 = 20;

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Too few calls.
    FewCalls,
    /// Too few weeks.
    NoHistory,
    /// There is no quota.
    NoQuota,
    /// There is no price.
    NoPrice,
    /// There was never a call.
    NoCall,
    /// More than is looked through.
    TooMuch,
}

impl Gap {
    const ALL: [Self; 6] = [
        Self::FewCalls,
        Self::NoHistory,
        Self::NoQuota,
        Self::NoPrice,
        Self::NoCall,
        Self::TooMuch,
    ];

    /// As it is stored.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::FewCalls => "few_calls",
            Self::NoHistory => "no_history",
            Self::NoQuota => "no_quota",
            Self::NoPrice => "no_price",
            Self::NoCall => "no_call",
            Self::TooMuch => "too_much",
        }
    }

    /// The reason, as a sentence.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::FewCalls => "There were fewer than 20 calls in the window, which say too little.",
            Self::NoHistory => "Fewer than four weeks of calls are there, too few to know what is usual.",
            Self::NoQuota => "There is no quota any more. Ask your operator, or delete this alert.",
            Self::NoPrice => "There is no price of a unit any more. Ask your operator, or delete this alert.",
            Self::NoCall => "No call has ever come that this alert is about.",
            Self::TooMuch => "There is more to look through than can be looked through here.",
        }
    }
}

impl std::str::FromStr for Gap {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let mut all = Self::ALL.into_iter();
        all.find(|gap| gap.as_str() == word).ok_or(UnknownWord)
    }
}
