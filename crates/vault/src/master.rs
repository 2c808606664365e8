//! Master keys: numbered, the highest is the current one, the older ones still open.

use std::{collections::BTreeMap, path::Path};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use types::Entropy;
use zeroize::Zeroizing;

use crate::{Aad, DataKey, VaultError, key::KEY};

/// What a line of the key file starts with.
const WORD: &str = "loomwire-master-key";
/// 32 bytes in unpadded base64url.
const ENCODED: usize = 43;

/// Whoever has the master key: a file here, a key management service elsewhere.
pub trait KeyProvider: Send + Sync {
    /// The version that wraps now; at least 1.
    fn current_version(&self) -> u32;

    /// Wraps a data key under the current master key. `aad.key_version` is set here.
    fn wrap(&self, entropy: &dyn Entropy, aad: &Aad<'_>, key: &DataKey) -> Result<Vec<u8>, VaultError>;

    /// Unwraps a data key that version `version` wrapped for the same place.
    fn unwrap(&self, aad: &Aad<'_>, version: u32, wrapped: &[u8]) -> Result<DataKey, VaultError>;
}

/// Master keys in memory.
#[derive(Debug)]
pub struct MasterKeys {
    current: u32,
    keys: BTreeMap<u32, DataKey>,
}

impl MasterKeys {
    /// One fresh key, version 1.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self {
            current: 1,
            keys: BTreeMap::from([(1, DataKey::generate(entropy))]),
        }
    }

    /// Every version at hand, oldest first.
    pub fn versions(&self) -> impl Iterator<Item = u32> + '_ {
        self.keys.keys().copied()
    }

    /// Adds a fresh key, which becomes the current one.
    pub(crate) fn add(&mut self, entropy: &dyn Entropy) -> u32 {
        self.current = self.current.saturating_add(1);
        self.keys.insert(self.current, DataKey::generate(entropy));
        self.current
    }

    /// Forgets all but the current key.
    pub(crate) fn retire_older(&mut self) -> Vec<u32> {
        let newer = self.keys.split_off(&self.current);
        std::mem::replace(&mut self.keys, newer).into_keys().collect()
    }

    /// The keys as text: a line `loomwire-master-key v<N> <base64url>` for each version.
    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        let line = WORD.len() + " v4294967295 ".len() + ENCODED + 1;
        let mut text = Zeroizing::new(String::with_capacity(line * self.keys.len()));
        for (version, key) in &self.keys {
            text.push_str(WORD);
            text.push_str(" v");
            text.push_str(&version.to_string());
            text.push(' ');
            URL_SAFE_NO_PAD.encode_string(key.bytes(), &mut text);
            text.push('\n');
        }
        text
    }

    /// Reads what `to_text` writes; `path` is for the message only.
    pub(crate) fn parse(text: &str, path: &Path) -> Result<Self, VaultError> {
        let mut keys = BTreeMap::new();
        let malformed = |line, problem| VaultError::Malformed {
            path: path.to_owned(),
            line,
            problem,
        };
        for (index, line) in text.lines().enumerate() {
            let (version, key) = parse_line(line).map_err(|problem| malformed(index + 1, problem))?;
            if keys.insert(version, key).is_some() {
                return Err(malformed(index + 1, "repeats a version"));
            }
        }
        let current = keys.last_key_value().map(|(version, _)| *version);
        let current = current.ok_or_else(|| malformed(1, "is missing: the file is empty"))?;
        Ok(Self { current, keys })
    }

    /// Whether this version is at hand.
    pub(crate) fn has(&self, version: u32) -> bool {
        self.keys.contains_key(&version)
    }

    fn key(&self, version: u32) -> Result<&DataKey, VaultError> {
        self.keys.get(&version).ok_or_else(|| VaultError::UnknownVersion {
            version,
            known: self.versions().collect(),
        })
    }
}

fn parse_line(line: &str) -> Result<(u32, DataKey), &'static str> {
    let mut words = line.split(' ');
    let (Some(WORD), Some(version), Some(encoded), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err("is not `loomwire-master-key v<number> <key>`");
    };
    let version = version
        .strip_prefix('v')
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok())
        .filter(|version| (1..u32::MAX).contains(version))
        .ok_or("has no version from v1 on")?;
    let mut key = DataKey::blank();
    let length = URL_SAFE_NO_PAD
        .decode_slice(encoded, key.bytes_mut())
        .map_err(|_| "has a key that is not 32 bytes in base64url")?;
    if length == KEY {
        Ok((version, key))
    } else {
        Err("has a key that is not 32 bytes in base64url")
    }
}

impl KeyProvider for MasterKeys {
    fn current_version(&self) -> u32 {
        self.current
    }

    fn wrap(&self, entropy: &dyn Entropy, aad: &Aad<'_>, key: &DataKey) -> Result<Vec<u8>, VaultError> {
        let aad = Aad {
            key_version: self.current,
            ..*aad
        };
        self.key(self.current)?.wrap(entropy, &aad, key)
    }

    fn unwrap(&self, aad: &Aad<'_>, version: u32, wrapped: &[u8]) -> Result<DataKey, VaultError> {
        let aad = Aad {
            key_version: version,
            ..*aad
        };
        self.key(version)?.unwrap(&aad, wrapped)
    }
}
