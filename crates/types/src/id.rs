//! Ids: a prefix that names the kind, an underscore, and 128 bits in Crockford's base32.
//!
//! The bits are a version 7 UUID (RFC 9562, section 5.7), so ids made later sort later, as
//! text too. An id is not a secret.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::source::{Clock, Entropy, Timestamp, random};

/// Crockford's alphabet in lower case: no `i`, `l`, `o`, `u`. Its order is ASCII's.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 26 digits of 5 bits hold 128 bits; the first digit is at most 7.
const DIGITS: usize = 26;

/// The text is not an id of the kind asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseIdError {
    expected: &'static str,
}

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected an id that starts with {}_", self.expected)
    }
}

impl std::error::Error for ParseIdError {}

fn encode(value: u128) -> [u8; DIGITS] {
    let mut digits = [b'0'; DIGITS];
    let mut rest = value;
    for slot in digits.iter_mut().rev() {
        let index = (rest & 31) as usize;
        *slot = ALPHABET.get(index).copied().unwrap_or(b'0');
        rest >>= 5;
    }
    digits
}

fn decode(text: &str) -> Option<u128> {
    if text.len() != DIGITS {
        return None;
    }
    let mut value: u128 = 0;
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|&b| b == byte)?;
        value = value.checked_mul(32)?.checked_add(digit as u128)?;
    }
    Some(value)
}

/// A version 7 UUID: milliseconds, 12 bits that are random or count up within one millisecond
/// (RFC 9562, section 6.2, method 1), and 62 random bits.
fn uuid_v7(moment: Timestamp, sequence: Option<u16>, entropy: &dyn Entropy) -> u128 {
    let millis = u128::try_from(moment.as_millis()).unwrap_or_default() & ((1 << 48) - 1);
    let noise = u128::from_be_bytes(random::<16>(entropy));
    let rand_a = sequence.map_or(noise >> 64, u128::from) & 0xfff;
    let rand_b = noise & ((1 << 62) - 1);
    (millis << 80) | (7 << 76) | (rand_a << 64) | (0b10 << 62) | rand_b
}

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// What stands before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A fresh id, later in order than those made in earlier milliseconds.
            pub fn new(clock: &dyn Clock, entropy: &dyn Entropy) -> Self {
                Self(uuid_v7(clock.now(), None, entropy))
            }

            /// An id of this moment; `sequence` (0 to 4,095) orders the ids of one millisecond.
            pub fn at(moment: Timestamp, sequence: u16, entropy: &dyn Entropy) -> Self {
                Self(uuid_v7(moment, Some(sequence), entropy))
            }

            /// The smallest id of this moment: ids made from then on are not before it.
            pub fn first_at(moment: Timestamp) -> Self {
                let millis = u128::try_from(moment.as_millis()).unwrap_or_default();
                Self((millis & ((1 << 48) - 1)) << 80)
            }

            /// The moment that the id carries.
            pub fn moment(self) -> Timestamp {
                Timestamp::from_millis(i64::try_from(self.0 >> 80).unwrap_or(i64::MAX))
            }

            /// From 128 bits, as a test would.
            pub const fn from_u128(value: u128) -> Self {
                Self(value)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!($prefix, "_"))?;
                for digit in encode(self.0) {
                    fmt::Write::write_char(f, char::from(digit))?;
                }
                Ok(())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(decode)
                    .map(Self)
                    .ok_or(ParseIdError { expected: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                crate::openapi::id($prefix)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    };
}

typed_id!(
    /// An organisation: the tenant.
    OrganisationId, "org"
);
typed_id!(
    /// A person with a console account.
    UserId, "usr"
);
typed_id!(
    /// A passkey of a user (not the credential id, which the authenticator makes).
    PasskeyId, "psk"
);
typed_id!(
    /// A console session (not its secret, which only the cookie holds).
    SessionId, "ses"
);
typed_id!(
    /// An API key (not the key itself).
    ApiKeyId, "key"
);
typed_id!(
    /// A report that an API key was found where it should not be.
    LeakReportId, "leak"
);
typed_id!(
    /// One verification of one person.
    VerificationId, "ver"
);
typed_id!(
    /// A verification token: the `jti` claim (RFC 7519, section 4.1.7).
    TokenId, "tok"
);
typed_id!(
    /// An audit event.
    AuditEventId, "evt"
);
typed_id!(
    /// A background job.
    JobId, "job"
);
typed_id!(
    /// A backup or a restore drill.
    BackupId, "bak"
);
typed_id!(
    /// An invitation to an organisation.
    InvitationId, "inv"
);
typed_id!(
    /// A role that an organisation made.
    CustomRoleId, "rol"
);
typed_id!(
    /// A staff member's higher role for a time.
    ElevationId, "elv"
);
typed_id!(
    /// An account being recovered.
    RecoveryId, "rcv"
);
typed_id!(
    /// What somebody asked for in the name of an e-mail address.
    AddressRequestId, "arq"
);
typed_id!(
    /// An e-mail in the outbox.
    MailId, "mai"
);
typed_id!(
    /// What somebody reported as suspicious.
    ReportId, "rpt"
);
typed_id!(
    /// A search of the audit log that somebody saved.
    SavedSearchId, "srh"
);
typed_id!(
    /// A file that was asked for: audit events in one order and up to one moment.
    ExportId, "exp"
);
typed_id!(
    /// A legal hold on audit events.
    LegalHoldId, "hld"
);
typed_id!(
    /// Where audit events are streamed to.
    StreamId, "stm"
);
typed_id!(
    /// An address that is told of events.
    WebhookId, "whk"
);
typed_id!(
    /// What is told: the same for every endpoint and every attempt.
    WebhookMessageId, "msg"
);
typed_id!(
    /// A limit of an organisation's own.
    LimitId, "lim"
);
typed_id!(
    /// A message on its way to one endpoint.
    DeliveryId, "dlv"
);
typed_id!(
    /// A rule: what is measured, and from where on somebody is told.
    AlertRuleId, "alr"
);
typed_id!(
    /// Where to somebody is told of alerts.
    AlertChannelId, "alc"
);
typed_id!(
    /// An edge of a rule, a reminder or a test.
    AlertEventId, "ale"
);
typed_id!(
    /// An alert on its way through a channel.
    AlertDeliveryId, "ald"
);
typed_id!(
    /// A note of the support desk, or a hand-over.
    SupportNoteId, "nte"
);
typed_id!(
    /// An organisation's consent that support may look into it.
    ConsentId, "cns"
);
typed_id!(
    /// One look of support into an organisation.
    LookId, "lok"
);
typed_id!(
    /// One HTTP request.
    RequestId, "req"
);

/// What an id names, by its prefix: `key_..` an `api_key`; `other` for a prefix that is not ours.
pub fn kind(id: &str) -> &'static str {
    match id.split_once('_').map_or("", |(prefix, _)| prefix) {
        "org" => "organisation",
        "usr" => "user",
        "psk" => "passkey",
        "ses" => "session",
        "key" => "api_key",
        "ver" => "verification",
        "tok" => "token",
        "evt" => "audit_event",
        "job" => "job",
        "bak" => "backup",
        "inv" => "invitation",
        "rol" => "custom_role",
        "elv" => "elevation",
        "rcv" => "recovery",
        "arq" => "address_request",
        "mai" => "mail",
        "rpt" => "report",
        "srh" => "saved_search",
        "exp" => "export",
        "hld" => "legal_hold",
        "stm" => "stream",
        "whk" => "webhook_endpoint",
        "msg" => "webhook_message",
        "dlv" => "webhook_delivery",
        "alr" => "alert_rule",
        "alc" => "alert_channel",
        "ale" => "alert_event",
        "ald" => "alert_delivery",
        "nte" => "support_note",
        "cns" => "consent",
        "lok" => "look",
        "req" => "request",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips_and_keeps_order() {
        let values = [0, 1, 31, 32, u128::from(u64::MAX), u128::MAX - 1, u128::MAX];
        let ids = values.map(VerificationId::from_u128);
        for pair in ids.windows(2) {
            assert!(pair[0].to_string() < pair[1].to_string());
        }
        for id in ids {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn foreign_text_is_refused() {
        let ok = VerificationId::from_u128(7).to_string();
        for bad in [
            "",
            "ver_",
            "ver",
            "key_0000000000000000000000000",
            &ok.to_uppercase(),
            &ok.replace("ver_", "key_"),
            &format!("{ok}0"),
            &format!("ver_8{}", &ok[5..]),
        ] {
            assert!(bad.parse::<VerificationId>().is_err(), "{bad}");
        }
    }
}
