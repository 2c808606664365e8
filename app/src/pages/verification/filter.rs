//! The filters of the list: how the address spells them, and what is wrong with them.

use leptos::prelude::*;
use types::{
    Environment, VerificationStatus,
    console::{ApiKeyRow, VerificationFilter},
};

use crate::{
    components::{
        ActiveFilter, ActiveFilters, FilterBar, FilterDays, FilterInput, FilterSelect, short_id, status_word,
    },
    pages::days,
    time::Here,
};

pub(super) const PATH: &str = "/verifications";

/// As the API limits it.
const LONGEST_REFERENCE: usize = 200;

/// The filters' names in the address, and on the page.
const NAMES: [(&str, &str); 6] = [
    ("status", "Status"),
    ("environment", "Environment"),
    ("key", "API key"),
    ("reference", "Reference"),
    ("from", "From"),
    ("to", "To"),
];

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// What is set, as it was spelled.
    query: Vec<(&'static str, String)>,
    /// The same, read. It is only half of it where something is wrong.
    pub(super) filter: VerificationFilter,
    /// Name and what is wrong.
    wrong: Vec<(&'static str, String)>,
}

impl Asked {
    /// From the parameters of an address.
    pub(super) fn read(parameter: impl Fn(&str) -> Option<String>) -> Self {
        let query: Vec<_> = NAMES
            .iter()
            .filter_map(|(name, _)| parameter(name).map(|value| (*name, value)))
            .collect();
        let mut asked = Self {
            query,
            ..Self::default()
        };
        asked.filter = VerificationFilter {
            status: asked.choice("status", "Choose a status from the list."),
            environment: asked.choice("environment", "Choose live or test."),
            key: asked.choice("key", "Choose a key from the list."),
            reference: asked.reference(),
            from: asked.value("from"),
            to: asked.value("to"),
            after: parameter("after"),
        };
        let days = days::problems(asked.filter.from.as_deref(), asked.filter.to.as_deref());
        asked.wrong.extend(days);
        asked
    }

    fn choice<T: std::str::FromStr>(&mut self, name: &'static str, problem: &str) -> Option<T> {
        let read = self.value(name)?.parse();
        if read.is_err() {
            self.wrong.push((name, problem.to_owned()));
        }
        read.ok()
    }

    fn reference(&mut self) -> Option<String> {
        let reference = self.value("reference")?;
        let length = reference.chars().count();
        if length > LONGEST_REFERENCE {
            let problem =
                format!("A reference has at most {LONGEST_REFERENCE} characters; this has {length}.");
            self.wrong.push(("reference", problem));
        }
        Some(reference)
    }

    /// What was asked for under this name, as it was spelled.
    fn value(&self, name: &str) -> Option<String> {
        let found = self.query.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone())
    }

    fn error(&self, name: &str) -> Option<String> {
        let found = self.wrong.iter().find(|(known, _)| *known == name);
        found.map(|(_, problem)| problem.clone())
    }

    /// Whether all of it can be asked for.
    pub(super) fn is_sound(&self) -> bool {
        self.wrong.is_empty()
    }

    /// Whether a filter is set.
    pub(super) fn is_set(&self) -> bool {
        !self.query.is_empty()
    }

    /// For the addresses of further pages and of the file.
    pub(super) fn query(&self) -> Vec<(&'static str, String)> {
        self.query.clone()
    }

    /// What is set, as people read it.
    fn active(&self, keys: &[ApiKeyRow]) -> Vec<ActiveFilter> {
        let shown = |name: &str, value: &str| match name {
            "status" => self.filter.status.map(|status| status_word(status).to_owned()),
            "environment" => self
                .filter
                .environment
                .map(|word| environment_word(word).to_owned()),
            "key" => Some(
                keys.iter()
                    .find(|key| key.id.to_string() == value)
                    .map_or_else(|| short_id(value), key_word),
            ),
            _ => None,
        };
        self.query
            .iter()
            .filter_map(|(name, value)| {
                let (name, label) = NAMES.iter().find(|(known, _)| known == name)?;
                Some(ActiveFilter {
                    name,
                    label,
                    value: value.clone(),
                    shown: shown(name, value).unwrap_or_else(|| value.clone()),
                })
            })
            .collect()
    }
}

const fn environment_word(environment: Environment) -> &'static str {
    match environment {
        Environment::Live => "Live",
        Environment::Test => "Test",
    }
}

/// The name, and what tells keys of one name apart.
fn key_word(key: &ApiKeyRow) -> String {
    let revoked = if key.revoked_at.is_some() { ", revoked" } else { "" };
    format!("{} …{}{revoked}", key.name, key.last_four)
}

#[component]
pub(super) fn Filters(
    asked: Asked,
    /// To choose from; empty if the viewer may not see them.
    keys: Vec<ApiKeyRow>,
) -> impl IntoView {
    let statuses = VerificationStatus::ALL
        .iter()
        .map(|status| (status.to_string(), status_word(*status).to_owned()))
        .collect();
    let environments = Environment::ALL
        .iter()
        .map(|word| (word.to_string(), environment_word(*word).to_owned()))
        .collect();
    let key_options: Vec<_> = keys
        .iter()
        .map(|key| (key.id.to_string(), key_word(key)))
        .collect();
    let zone = Here::current().zone_name();
    let active = asked.active(&keys);
    let key = asked.value("key");
    let offer_keys = !key_options.is_empty() || key.is_some();
    view! {
        <FilterBar path=PATH>
            <FilterSelect
                name="status"
                label="Status"
                all="All statuses"
                options=statuses
                chosen=asked.value("status")
                error=asked.error("status")
            />
            <FilterSelect
                name="environment"
                label="Environment"
                all="Live and test"
                options=environments
                chosen=asked.value("environment")
                error=asked.error("environment")
            />
            {offer_keys
                .then(|| {
                    view! {
                        <FilterSelect
                            name="key"
                            label="API key"
                            all="All keys"
                            options=key_options
                            chosen=key
                            error=asked.error("key")
                        />
                    }
                })}
            <FilterInput
                name="reference"
                label="Reference"
                value=asked.value("reference")
                placeholder="Exact match"
                error=asked.error("reference")
            />
            <FilterDays
                from=asked.value("from")
                to=asked.value("to")
                from_error=asked.error("from")
                to_error=asked.error("to")
                zone
            />
        </FilterBar>
        <ActiveFilters path=PATH filters=active />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Asked {
        Asked::read(|name| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_address_is_read_whole() {
        let key = types::ApiKeyId::from_u128(7);
        let asked = read(&[
            ("status", "approved"),
            ("environment", "live"),
            ("key", &key.to_string()),
            ("reference", "order-1"),
            ("from", "2026-11-01"),
            ("to", "2026-11-23"),
            ("after", "ver_x"),
            ("other", "x"),
        ]);
        assert!(asked.is_sound() && asked.is_set());
        assert_eq!(asked.filter.status, Some(VerificationStatus::Approved));
        assert_eq!(asked.filter.environment, Some(Environment::Live));
        assert_eq!(asked.filter.key, Some(key));
        assert_eq!(asked.filter.after.as_deref(), Some("ver_x"));
        assert_eq!(asked.query().len(), 6, "a page link keeps the filters only");
        let shown: Vec<_> = asked.active(&[]).into_iter().map(|chip| chip.shown).collect();
        let id = short_id(&key.to_string());
        let words = ["Approved", "Live", &id, "order-1", "2026-11-01", "2026-11-23"];
        assert_eq!(shown, words);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field_and_kept() {
        let long = "x".repeat(201);
        let asked = read(&[
            ("status", "lost"),
            ("environment", "both"),
            ("key", "key_nonsense"),
            ("reference", &long),
            ("from", "2026-02-30"),
        ]);
        assert!(!asked.is_sound());
        for name in ["status", "environment", "key", "reference", "from"] {
            assert!(
                asked.error(name).is_some() && asked.value(name).is_some(),
                "{name}"
            );
        }
        assert_eq!(asked.error("to"), None);
    }

    #[test]
    fn nothing_asked_is_nothing_set() {
        let asked = read(&[("after", "ver_x")]);
        assert!(!asked.is_set() && asked.is_sound() && asked.active(&[]).is_empty());
    }
}
