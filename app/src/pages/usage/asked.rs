//! What the address of a page asks for: what is set as it was spelled, and what is wrong with it.

use types::{
    Environment,
    console::ApiKeyRow,
    usage::{RequestFilter, UsageGrouping, UsageQuery},
};

use crate::{
    PageError,
    components::{ActiveFilter, short_id},
};

/// A filter's name in the address, and on the page.
pub(super) type Name = (&'static str, &'static str);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    names: &'static [Name],
    query: Vec<(&'static str, String)>,
    /// Name and what is wrong.
    wrong: Vec<(&'static str, String)>,
}

impl Asked {
    /// From the parameters of an address.
    pub(super) fn read(names: &'static [Name], parameter: impl Fn(&str) -> Option<String>) -> Self {
        let query = names
            .iter()
            .filter_map(|(name, _)| parameter(name).map(|value| (*name, value)));
        Self {
            names,
            query: query.collect(),
            wrong: Vec::new(),
        }
    }

    /// What was asked for under this name, as it was spelled.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let found = self.query.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone())
    }

    fn choice<T: std::str::FromStr>(&mut self, name: &'static str, problem: &str) -> Option<T> {
        let read = self.value(name)?.parse();
        if read.is_err() {
            self.wrong.push((name, problem.to_owned()));
        }
        read.ok()
    }

    /// What the domain is asked; a word that is none of its list is noted as wrong.
    pub(super) fn report(&mut self) -> UsageQuery {
        UsageQuery {
            from: self.value("from"),
            to: self.value("to"),
            group_by: self.choice::<UsageGrouping>("groupBy", "Choose one of the list."),
            environment: self.choice::<Environment>("environment", "Choose live or test."),
            key: self.choice("key", "Choose a key from the list."),
            endpoint: self.value("endpoint"),
        }
    }

    /// The same for the log of requests.
    pub(super) fn requests(&mut self, after: Option<String>) -> RequestFilter {
        RequestFilter {
            id: self.value("id"),
            key: self.choice("key", "Choose a key from the list."),
            endpoint: self.value("endpoint"),
            status: self.value("status"),
            after,
        }
    }

    /// Notes what the domain has refused, at its fields.
    pub(super) fn refuse(&mut self, error: &PageError) {
        for (field, problem) in &error.fields {
            let known = self.names.iter().find(|(name, _)| name == field);
            let name = known.map_or("", |(name, _)| *name);
            self.wrong.push((name, problem.clone()));
        }
    }

    pub(super) fn error(&self, name: &str) -> Option<String> {
        let found = self.wrong.iter().find(|(known, _)| *known == name);
        found.map(|(_, problem)| problem.clone())
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_sound(&self) -> bool {
        self.wrong.is_empty()
    }

    /// Whether any of these is set.
    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        self.query.iter().any(|(name, _)| names.contains(name))
    }

    /// For addresses that keep what is asked for.
    pub(super) fn query(&self) -> Vec<(&'static str, String)> {
        self.query.clone()
    }

    /// The same with these in place of theirs.
    pub(super) fn with(&self, changes: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
        let replaced = |name: &str| changes.iter().any(|(other, _)| *other == name);
        let kept = self.query.iter().filter(|(name, _)| !replaced(name));
        kept.chain(changes).cloned().collect()
    }

    /// What is set, as people read it.
    pub(super) fn active(&self, keys: &[ApiKeyRow]) -> Vec<ActiveFilter> {
        let shown = |name: &str, value: &str| match name {
            "environment" => value.parse().ok().map(environment_word).map(str::to_owned),
            "groupBy" => value.parse().ok().map(grouping_word).map(str::to_owned),
            "key" => {
                let known = keys.iter().find(|key| key.id.to_string() == value);
                Some(known.map_or_else(|| short_id(value), key_word))
            }
            _ => None,
        };
        let chip = |(name, value): &(&'static str, String)| {
            let (name, label) = self.names.iter().find(|(known, _)| known == name)?;
            Some(ActiveFilter {
                name,
                label,
                value: value.clone(),
                shown: shown(name, value).unwrap_or_else(|| value.clone()),
            })
        };
        self.query.iter().filter_map(chip).collect()
    }
}

pub(super) const fn environment_word(environment: Environment) -> &'static str {
    match environment {
        Environment::Live => "Live",
        Environment::Test => "Test",
    }
}

pub(super) const fn grouping_word(by: UsageGrouping) -> &'static str {
    match by {
        UsageGrouping::Key => "API key",
        UsageGrouping::Endpoint => "Endpoint",
        UsageGrouping::Status => "Status",
        UsageGrouping::Environment => "Environment",
    }
}

/// The name, and what tells keys of one name apart.
pub(super) fn key_word(key: &ApiKeyRow) -> String {
    let revoked = if key.revoked_at.is_some() { ", revoked" } else { "" };
    format!("{} …{}{revoked}", key.name, key.last_four)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[Name] = &[
        ("from", "From"),
        ("environment", "Environment"),
        ("key", "API key"),
        ("groupBy", "Grouped by"),
    ];

    fn read(pairs: &[(&str, &str)]) -> Asked {
        Asked::read(NAMES, |name| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_word_that_is_none_of_its_list_is_told_at_its_field() {
        let mut asked = read(&[
            ("environment", "both"),
            ("key", "key_nonsense"),
            ("groupBy", "status"),
        ]);
        let query = asked.report();
        assert_eq!(
            (query.environment, query.key, query.group_by),
            (None, None, Some(UsageGrouping::Status))
        );
        assert!(asked.error("environment").is_some() && asked.error("key").is_some());
        assert!(asked.error("groupBy").is_none() && !asked.is_sound());
    }

    #[test]
    fn what_the_domain_refuses_is_told_at_its_field_too() {
        let mut asked = read(&[("from", "2020-01-01")]);
        asked.report();
        assert!(asked.is_sound());
        let error = PageError {
            status: 422,
            message: String::new(),
            fields: vec![("from".into(), "Too many days.".into())],
            request_id: String::new(),
        };
        asked.refuse(&error);
        assert_eq!(asked.error("from").as_deref(), Some("Too many days."));
    }

    #[test]
    fn an_address_keeps_what_is_not_changed() {
        let asked = read(&[("from", "2026-11-01"), ("environment", "live")]);
        let query = asked.with(&[("from", String::new()), ("groupBy", "status".into())]);
        let expected = [
            ("environment", "live".to_owned()),
            ("from", String::new()),
            ("groupBy", "status".into()),
        ];
        assert_eq!(query, expected);
        let chips = asked.active(&[]);
        let shown: Vec<_> = chips.iter().map(|chip| chip.shown.as_str()).collect();
        assert_eq!(shown, ["2026-11-01", "Live"]);
    }
}
