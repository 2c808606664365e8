//! The text of a key: `lw_live_` or `lw_test_`, 30 random base62 digits (178 bits), and the
//! CRC-32 of all before it in six base62 digits.
//!
//! The checksum is no secret: it lets a mistyped or made-up key be refused before any look-up,
//! and lets a scanner of leaked secrets be sure of what it found.

use types::{Entropy, Environment};
use zeroize::Zeroizing;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM: usize = 30;
const CHECKSUM: usize = 6;
const PREFIX: usize = "lw_test_".len();
/// The length of every key, in characters.
pub(super) const LENGTH: usize = PREFIX + RANDOM + CHECKSUM;

/// The text is not a key that anyone could have been given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// A key whose form and checksum hold; whether it exists is another question.
#[derive(Debug, PartialEq, Eq)]
pub struct Parsed {
    /// Live or test, as its prefix says.
    pub environment: Environment,
}

const fn prefix_of(environment: Environment) -> &'static str {
    match environment {
        Environment::Live => "lw_live_",
        Environment::Test => "lw_test_",
    }
}

fn digit(value: u32) -> char {
    let index = usize::try_from(value % 62).unwrap_or_default();
    char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
}

/// Six base62 digits, the most significant first, filled with zeros.
pub(super) fn checksum(body: &str) -> String {
    let mut value = crc32fast::hash(body.as_bytes());
    let mut digits = ['0'; CHECKSUM];
    for slot in digits.iter_mut().rev() {
        *slot = digit(value);
        value /= 62;
    }
    digits.iter().collect()
}

/// A fresh key.
pub(super) fn generate(entropy: &dyn Entropy, environment: Environment) -> Zeroizing<String> {
    let mut key = Zeroizing::new(String::with_capacity(LENGTH));
    key.push_str(prefix_of(environment));
    while key.len() < PREFIX + RANDOM {
        let mut byte = [0];
        entropy.fill(&mut byte);
        // 248 is the greatest multiple of 62 in a byte: beyond it digits would not be even.
        if byte[0] < 248 {
            key.push(digit(u32::from(byte[0])));
        }
    }
    let sum = checksum(&key);
    key.push_str(&sum);
    key
}

/// Checks form and checksum.
///
/// # Errors
/// `Malformed`; it does not say where, since it is shown to whoever guesses.
pub fn parse(text: &str) -> Result<Parsed, Malformed> {
    if text.len() != LENGTH || !text.is_ascii() {
        return Err(Malformed);
    }
    let (body, sum) = text.split_at(PREFIX + RANDOM);
    let (prefix, random) = body.split_at(PREFIX);
    let environment = Environment::ALL.iter().copied().find(|e| prefix_of(*e) == prefix);
    let even = random.bytes().all(|byte| ALPHABET.contains(&byte));
    match environment {
        Some(environment) if even && checksum(body) == sum => Ok(Parsed { environment }),
        _ => Err(Malformed),
    }
}

/// What the list shows of a key: its beginning.
pub(super) fn prefix(key: &str) -> String {
    key.chars().take(PREFIX + 4).collect()
}

/// What the list shows of a key: its end.
pub(super) fn last_four(key: &str) -> String {
    key.chars().skip(LENGTH - 4).collect()
}
