//! `loomwire vault create` and `vault add`: a key file without a database, for the place where a
//! credential or a secret is made from it.

use std::path::Path;

use vault::FileKeys;

use crate::{
    config::{Config, MasterKey},
    source::OsEntropy,
    start::{Failure, say},
};

/// Makes a key file where there is none.
pub fn create(config: &Config) -> Result<(), Failure> {
    let path = file(config)?;
    FileKeys::create(path, &OsEntropy)?;
    say(&format!(
        "Made {}. Back it up, apart from the database.\n",
        path.display()
    ))
}

/// Adds a version to a key file. It wraps nothing yet: that is `vault rotate`, where the
/// database is.
pub fn add(config: &Config) -> Result<(), Failure> {
    let path = file(config)?;
    let version = FileKeys::add_version(path, &OsEntropy)?;
    say(&format!(
        "Added version {version} to {}. Make the credential from it anew, restart the servers, \
         and run `loomwire vault rotate` with it.\n",
        path.display()
    ))
}

fn file(config: &Config) -> Result<&Path, Failure> {
    match &config.master_key {
        MasterKey::File(path) => Ok(path),
        MasterKey::Credential(_) => Err(Failure::KeyReadOnly),
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;
    use vault::{KeyProvider, VaultError};

    use super::*;
    use crate::config::Environment;

    #[test]
    fn a_key_file_is_made_once_and_added_to() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("master.key");
        let name = "LOOMWIRE_MASTER_KEY_FILE".to_owned();
        let environment = Environment::from([(name, path.to_str().unwrap().to_owned())]);
        let config = Config::load(None, &environment).unwrap();

        let missing = add(&config).unwrap_err();
        assert!(matches!(missing, Failure::Key(VaultError::Missing { .. })));
        create(&config).unwrap();
        let again = create(&config).unwrap_err();
        assert!(matches!(again, Failure::Key(VaultError::Exists { .. })));
        add(&config).unwrap();
        assert_eq!(FileKeys::open(&path).unwrap().current_version(), 2);

        let mut config = config;
        config.master_key = MasterKey::Credential(folder.path().to_owned());
        assert!(matches!(create(&config), Err(Failure::KeyReadOnly)));
        assert!(matches!(add(&config), Err(Failure::KeyReadOnly)));
    }
}
