//! The form of a key.

use std::sync::Mutex;

use types::{Entropy, Environment};

use super::key::{LENGTH, Malformed, checksum, generate, parse};

/// Counts up: every byte value is seen.
struct Counting(Mutex<u8>);

impl Entropy for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        let mut next = self.0.lock().unwrap();
        for byte in buffer {
            *byte = *next;
            *next = next.wrapping_add(7);
        }
    }
}

#[test]
fn a_generated_key_has_the_contract_s_form() {
    let entropy = Counting(Mutex::new(1));
    for environment in [Environment::Live, Environment::Test] {
        let key = generate(&entropy, environment);
        assert_eq!(key.len(), LENGTH);
        assert!(key.starts_with(&format!("lw_{environment}_")));
        assert_eq!(parse(&key).map(|parsed| parsed.environment), Ok(environment));
    }
}

#[test]
fn the_checksum_is_the_crc_32_in_base62() {
    // 0xCBF43926 is the algorithm's published check value for this text; its base62 digits
    // were computed apart from this code.
    assert_eq!(checksum("123456789"), "3jZRME");
}

#[test]
fn every_changed_character_is_noticed() {
    let key = generate(&Counting(Mutex::new(3)), Environment::Test);
    for index in 0..LENGTH {
        for replacement in ['0', 'z', '_', ' ', 'é'] {
            let mut chars: Vec<char> = key.chars().collect();
            if chars[index] == replacement {
                continue;
            }
            chars[index] = replacement;
            let changed: String = chars.into_iter().collect();
            assert_eq!(parse(&changed), Err(Malformed), "{changed}");
        }
    }
}
