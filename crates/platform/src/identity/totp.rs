//! Time-based one-time codes (RFC 6238) as authenticator apps make them: SHA-1, 30 seconds, six
//! digits. Pure: which codes were used is the database's to know.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use types::{Entropy, Timestamp, source::random};
use zeroize::Zeroizing;

/// RFC 4226, section 4, R6: 160 bits are recommended.
const LENGTH: usize = 20;
/// RFC 6238, section 5.2: 30 seconds. In milliseconds.
const STEP: i64 = 30_000;
/// A clock may be off by one step either way, no more (RFC 6238, section 5.2).
const DRIFT: i64 = 1;
const DIGITS: usize = 6;

/// What server and app share.
pub(crate) struct Secret(Zeroizing<[u8; LENGTH]>);

impl Secret {
    pub(crate) fn generate(entropy: &dyn Entropy) -> Self {
        Self(Zeroizing::new(random(entropy)))
    }

    /// From its base32 text, spaces allowed as a person would type them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plain: Zeroizing<String> = Zeroizing::new(
            text.chars()
                .filter(|letter| !letter.is_whitespace())
                .map(|letter| letter.to_ascii_uppercase())
                .collect(),
        );
        Self::from_bytes(&BASE32_NOPAD.decode(plain.as_bytes()).ok()?)
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &*self.0
    }

    pub(crate) fn base32(&self) -> String {
        BASE32_NOPAD.encode(&*self.0)
    }

    /// The step after `used` whose code this is, if its time is now.
    pub(crate) fn step_of(&self, code: &str, now: Timestamp, used: i64) -> Option<i64> {
        let code = plain(code)?;
        let now = step_at(now);
        let mut found = None;
        // All of them, so that the time taken does not tell which one it was.
        for step in now - DRIFT..=now + DRIFT {
            let own = text(hotp(&*self.0, step), DIGITS);
            let same: bool = own.as_bytes().ct_eq(code.as_bytes()).into();
            if same && step > used && found.is_none() {
                found = Some(step);
            }
        }
        found
    }
}

/// The digits of a code as it was typed; `None` if it cannot be one.
fn plain(code: &str) -> Option<String> {
    let digits: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    (digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// Which step a moment is in.
pub(crate) const fn step_at(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(STEP)
}

/// RFC 4226, section 5.3: a truncated HMAC-SHA-1, 31 bits of it.
fn hotp(key: &[u8], step: i64) -> u32 {
    let Ok(mac) = Hmac::<Sha1>::new_from_slice(key) else {
        // Unreachable: HMAC takes keys of any length. No code has this many digits.
        return u32::MAX;
    };
    let digest = mac.chain_update(step.to_be_bytes()).finalize().into_bytes();
    let offset = digest.last().map_or(0, |last| usize::from(last & 15));
    let word = digest
        .get(offset..offset + 4)
        .and_then(|word| word.try_into().ok());
    word.map_or(u32::MAX, |word| u32::from_be_bytes(word) & 0x7fff_ffff)
}

/// The last digits of it.
fn text(number: u32, digits: usize) -> String {
    let all = format!("{number:010}");
    all.get(all.len().saturating_sub(digits)..)
        .unwrap_or_default()
        .to_owned()
}

/// What an app shows at this moment: for tests, which play the app.
#[must_use]
pub fn code_at(secret: &str, at: Timestamp) -> Option<String> {
    let secret = Secret::parse(secret)?;
    Some(text(hotp(&*secret.0, step_at(at)), DIGITS))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the key of its SHA-1 rows, times in seconds, eight digits.
    const KEY: &[u8; 20] = b"12345678901234567890";
    const VECTORS: [(i64, &str); 6] = [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ];

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn rfc_6238_vectors_pass() {
        for (seconds, code) in VECTORS {
            assert_eq!(text(hotp(KEY, step_at(at(seconds))), 8), code, "at {seconds}");
        }
    }

    #[test]
    fn rfc_4226_vectors_pass() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        for (step, code) in (0..).zip(codes) {
            assert_eq!(text(hotp(KEY, step), 6), code);
        }
    }

    #[test]
    fn a_code_counts_one_step_before_and_after_its_own() {
        let secret = Secret::from_bytes(KEY).unwrap();
        // The code of 30 s to 60 s.
        let code = "287082";
        for (seconds, taken) in [(-1, false), (0, true), (30, true), (89, true), (90, false)] {
            assert_eq!(
                secret.step_of(code, at(seconds), -9).is_some(),
                taken,
                "at {seconds}"
            );
        }
        assert_eq!(secret.step_of(code, at(59), 0), Some(1));
        assert_eq!(secret.step_of(code, at(59), 1), None, "its step is used");
    }

    #[test]
    fn what_is_no_code_is_none() {
        let secret = Secret::from_bytes(KEY).unwrap();
        for bad in ["", "28708", "2870820", "28708a", "２８７０８２"] {
            assert_eq!(secret.step_of(bad, at(59), 0), None, "{bad}");
        }
        assert_eq!(secret.step_of(" 287 082 ", at(59), 0), Some(1));
    }

    #[test]
    fn a_secret_is_read_as_it_is_written() {
        let secret = Secret::from_bytes(KEY).unwrap();
        assert_eq!(secret.base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let typed = "gezd gnbv gy3t qojq gezd gnbv gy3t qojq";
        assert_eq!(Secret::parse(typed).unwrap().bytes(), KEY);
        assert!(Secret::parse("GEZDGNBV").is_none(), "too short to be one of ours");
    }
}
