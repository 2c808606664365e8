//! Master keys from a systemd credential (systemd.exec(5), `LoadCredentialEncrypted=`).

use std::path::Path;

use types::Entropy;

use crate::{Aad, DataKey, KeyProvider, MasterKeys, VaultError, file};

/// The credential's name: the file in `$CREDENTIALS_DIRECTORY`.
pub const CREDENTIAL_NAME: &str = "loomwire-master-key";

/// Master keys from a systemd credential, in the same text as a key file; read only: a new
/// version is added where the credential is made.
#[derive(Debug)]
pub struct CredentialKeys(MasterKeys);

impl CredentialKeys {
    /// Reads the credential from the folder that `$CREDENTIALS_DIRECTORY` names.
    ///
    /// For a service that is not root systemd grants access by an ACL, whose mask shows as
    /// group permission (mode 0440), so only access by everybody is refused.
    pub fn open(directory: impl AsRef<Path>) -> Result<Self, VaultError> {
        let path = directory.as_ref().join(CREDENTIAL_NAME);
        file::read(&path, 0o007).map(Self)
    }

    /// The keys.
    pub fn keys(&self) -> &MasterKeys {
        &self.0
    }
}

impl KeyProvider for CredentialKeys {
    fn current_version(&self) -> u32 {
        self.0.current_version()
    }

    fn wrap(&self, entropy: &dyn Entropy, aad: &Aad<'_>, key: &DataKey) -> Result<Vec<u8>, VaultError> {
        self.0.wrap(entropy, aad, key)
    }

    fn unwrap(&self, aad: &Aad<'_>, version: u32, wrapped: &[u8]) -> Result<DataKey, VaultError> {
        self.0.unwrap(aad, version, wrapped)
    }
}
