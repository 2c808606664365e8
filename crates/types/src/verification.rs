//! The words of a verification, as the public contract spells them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Defines a fieldless enum with its text, which is the same in JSON, in the database and in
/// the audit log.
macro_rules! words {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $vdoc:literal])* $variant:ident = $text:literal,)+ }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[doc = $vdoc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The text of this value.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::openapi::words(concat!($($doc),*), &[$(($text, concat!($($vdoc),*)),)+])
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::verification::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
                    .ok_or($crate::verification::UnknownWord)
            }
        }
    };
}
pub(crate) use words;

/// The text is none of the words that are known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownWord;

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown word")
    }
}

impl std::error::Error for UnknownWord {}

words! {
    /// Which keys and people a call is about.
    Environment {
        /// Real people; billed.
        Live = "live",
        /// Free, and never reaches a paid provider.
        Test = "test",
    }
}

words! {
    /// Where a verification stands.
    VerificationStatus {
        /// Accepted, but not yet offered to the person.
        Pending = "pending",
        /// The person can open the session link.
        Started = "started",
        /// Evidence was given; the decision is still to come.
        Submitted = "submitted",
        /// Decided: every check passed.
        Approved = "approved",
        /// Decided: a check did not pass.
        Denied = "denied",
        /// What was given could not be used; another try is open.
        Resubmission = "resubmission",
        /// Ended without a decision: declined, expired, or too many tries.
        Rejected = "rejected",
    }
}

impl VerificationStatus {
    /// Whether nothing can change it any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Approved | Self::Denied | Self::Rejected)
    }
}

words! {
    /// How much the outcome rests on.
    Assurance {
        /// Typed lines or an unsigned barcode: consistent, which anyone can compute.
        SelfAsserted = "self_asserted",
        /// Read from an image of a document.
        Image = "image",
        /// A provider's own word.
        Provider = "provider",
        /// A signature of the issuer was checked.
        Cryptographic = "cryptographic",
    }
}

words! {
    /// What one check came to.
    CheckResult {
        /// The check was made and held.
        Passed = "passed",
        /// The check was made and did not hold.
        Failed = "failed",
    }
}

words! {
    /// What is checked. No value of the document is part of it.
    CheckKind {
        /// The document's own check digits agree.
        DocumentConsistent = "document_consistent",
        /// The document has not expired.
        DocumentCurrent = "document_current",
        /// The person has reached the age that was asked for.
        MinimumAge = "minimum_age",
    }
}

/// One check and what it came to; no personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked.
    pub check: CheckKind,
    /// What it came to.
    pub result: CheckResult,
}
