//! `database_direct_url`: the way around a pooler, and how the database is opened with both.

use super::{
    Config, DatabaseUrl,
    check::{database_url, quoted},
    read::Reader,
};

/// The address, if there is a pooler to go around.
pub(super) struct Direct(pub(super) Option<DatabaseUrl>);

pub(super) fn check(reader: &mut Reader) -> Option<Direct> {
    reader.one("database_direct_url", "", |text| {
        if text.is_empty() {
            return Ok((Direct(None), quoted(text)));
        }
        if text.starts_with("sqlite:") {
            return Err("it is for PostgreSQL behind a pooler; remove it".to_owned());
        }
        database_url(text).map(|(url, shown)| (Direct(Some(url)), shown))
    })
}

impl Config {
    /// How the configured database is opened.
    pub fn database_options(&self) -> db::Options {
        let direct = self.database_direct_url.as_ref();
        db::Options {
            direct_url: direct.map(|url| url.expose().to_owned()),
            ..db::Options::default()
        }
    }

    /// The address for programs that need a session of their own, such as `pg_dump`.
    pub fn session_url(&self) -> &str {
        let direct = self.database_direct_url.as_ref();
        direct.unwrap_or(&self.database_url).expose()
    }
}
