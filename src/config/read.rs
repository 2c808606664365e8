//! Collecting the values: file, then environment, each with where it came from.

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use config::{ConfigError, File, FileFormat, Source, Value, ValueKind};

use super::{Config, Environment, Problems};

const FILE: &str = "loomwire.toml";
const PREFIX: &str = "LOOMWIRE_";
/// Names with our prefix that are for the tools around the server, and for examples.
const NOT_OURS: [&str; 5] = [
    "LOOMWIRE_CONFIG",
    "LOOMWIRE_BIN",
    "LOOMWIRE_CHROMIUM",
    "LOOMWIRE_KEY",
    "LOOMWIRE_WASM_RUSTC",
];
/// Names that need no prefix, since the whole trade knows them.
const WELL_KNOWN: [&str; 3] = ["PUBLIC_URL", "DATABASE_URL", "REDIS_URL"];

/// One effective value, fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The key, with dots between the levels.
    pub key: &'static str,
    /// The value as TOML; secrets redacted.
    pub value: String,
    /// Where it came from.
    pub origin: String,
}

/// Hands out values key by key, and keeps what is wrong.
pub(super) struct Reader {
    values: BTreeMap<String, Value>,
    problems: Vec<String>,
    lines: Vec<Line>,
}

/// A value as text, or as several.
pub(super) enum Given {
    One(String),
    Many(Vec<String>),
    /// `[[key]]`: the entries of each.
    Tables(Vec<BTreeMap<String, String>>),
}

impl Reader {
    pub(super) fn open(file: Option<PathBuf>, environment: &Environment) -> Result<Self, Problems> {
        let required = file.is_some();
        let path = file.unwrap_or_else(|| PathBuf::from(FILE));
        let file = File::from(path).format(FileFormat::Toml).required(required);
        let table = config::Config::builder()
            .add_source(file)
            .add_source(from_environment(environment))
            .build()
            .and_then(|all| all.collect())
            .map_err(|error| Problems(vec![in_words(&error)]))?;
        let mut values = BTreeMap::new();
        flatten("", table, &mut values);
        Ok(Self {
            values,
            problems: Vec::new(),
            lines: Vec::new(),
        })
    }

    /// Takes a key: what was given, or the default; and where it came from.
    fn take(&mut self, key: &str, default: &str) -> (Given, String) {
        let Some(value) = self.values.remove(key) else {
            return (Given::One(default.to_owned()), "default".to_owned());
        };
        let origin = value.origin().unwrap_or("the file").to_owned();
        let given = match value.kind {
            ValueKind::Array(values) if values.iter().any(is_table) => {
                Given::Tables(values.into_iter().map(entries).collect())
            }
            ValueKind::Array(values) => Given::Many(
                values
                    .into_iter()
                    .filter_map(|value| value.into_string().ok())
                    .collect(),
            ),
            _ => Given::One(value.into_string().unwrap_or_default()),
        };
        (given, origin)
    }

    /// Takes a key that has one value. `parse` gives the value, and how to show it.
    pub(super) fn one<T>(
        &mut self,
        key: &'static str,
        default: &str,
        parse: impl FnOnce(&str) -> Result<(T, String), String>,
    ) -> Option<T> {
        self.any(key, default, |given| match given {
            Given::One(text) => parse(&text),
            Given::Many(_) | Given::Tables(_) => Err("give one value, not a list".to_owned()),
        })
    }

    /// Takes a key.
    pub(super) fn any<T>(
        &mut self,
        key: &'static str,
        default: &str,
        parse: impl FnOnce(Given) -> Result<(T, String), String>,
    ) -> Option<T> {
        let (given, origin) = self.take(key, default);
        match parse(given) {
            Ok((value, shown)) => {
                self.lines.push(Line {
                    key,
                    value: shown,
                    origin,
                });
                Some(value)
            }
            Err(problem) => {
                self.problem(format!("{key} (from {origin}): {problem}"));
                None
            }
        }
    }

    /// Whether a key is given and not yet taken.
    pub(super) fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// Where the value of a key that was taken came from is no default.
    pub(super) fn show(&mut self, key: &'static str, value: String, origin: &str) {
        self.lines.push(Line {
            key,
            value,
            origin: origin.to_owned(),
        });
    }

    pub(super) fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    /// The configuration if nothing is wrong with it, or with what was not asked for.
    pub(super) fn finish(mut self, config: Option<Config>) -> Result<Config, Problems> {
        for (key, value) in &self.values {
            let origin = value.origin().unwrap_or("the file");
            self.problems.push(format!(
                "{key} (from {origin}): there is no such key; check the spelling"
            ));
        }
        match config {
            Some(config) if self.problems.is_empty() => Ok(Config {
                lines: self.lines,
                ..config
            }),
            _ => Err(Problems(self.problems)),
        }
    }
}

fn from_environment(environment: &Environment) -> config::Environment {
    let ours = environment.iter().filter_map(|(name, value)| {
        let name = if WELL_KNOWN.contains(&name.as_str()) {
            let prefixed = format!("{PREFIX}{name}");
            (!environment.contains_key(&prefixed)).then_some(prefixed)?
        } else if name.starts_with(PREFIX) && !NOT_OURS.contains(&name.as_str()) {
            name.clone()
        } else {
            return None;
        };
        Some((name, value.clone()))
    });
    config::Environment::with_prefix("LOOMWIRE")
        .prefix_separator("_")
        .separator("__")
        .source(Some(ours.collect()))
}

fn is_table(value: &Value) -> bool {
    matches!(value.kind, ValueKind::Table(_))
}

/// Those of a table; what is none has none.
fn entries(value: Value) -> BTreeMap<String, String> {
    let table = value.into_table().unwrap_or_default();
    table
        .into_iter()
        .map(|(key, value)| (key, value.into_string().unwrap_or_default()))
        .collect()
}

fn flatten(prefix: &str, table: config::Map<String, Value>, into: &mut BTreeMap<String, Value>) {
    for (key, value) in table {
        let key = if prefix.is_empty() {
            key
        } else {
            format!("{prefix}.{key}")
        };
        let origin = value.origin().map(str::to_owned);
        match value.kind {
            ValueKind::Table(table) => flatten(&key, table, into),
            kind => {
                into.insert(key, Value::new(origin.as_ref(), kind));
            }
        }
    }
}

/// What the reader of the file says, without the lines around: they may hold a password.
fn in_words(error: &ConfigError) -> String {
    match error {
        ConfigError::FileParse { uri, cause } => {
            let file = uri.as_deref().unwrap_or(FILE);
            let text = cause.to_string();
            let place = text.lines().next().unwrap_or_default();
            let what = text.lines().last().unwrap_or_default();
            format!("{file} is not TOML: {place}: {what}")
        }
        other => other.to_string(),
    }
}

/// The lines as TOML: first the keys without a table, then each table.
pub(super) fn show(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut present = "";
    for line in lines {
        let (table, key) = line.key.rsplit_once('.').unwrap_or(("", line.key));
        if table != present {
            let _ = writeln!(text, "\n[{table}]");
            present = table;
        }
        let _ = writeln!(text, "{key} = {}  # {}", line.value, line.origin);
    }
    text
}
