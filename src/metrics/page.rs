//! Writing what is looked up, in the format that the counted part already has.

use std::fmt::Write as _;

use super::names::Name;

/// The text so far.
pub(super) struct Page(String);

impl Page {
    pub(super) const fn new(text: String) -> Self {
        Self(text)
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// Name, sentence and kind, which come before the samples.
    fn head(&mut self, name: &Name) {
        let Name { name, kind, help, .. } = name;
        // Writing into a string does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {}", kind.as_str());
    }

    pub(super) fn gauge(&mut self, name: &Name, value: f64) {
        self.labelled(name, &[], value);
    }

    pub(super) fn count(&mut self, name: &Name, value: u64) {
        self.head(name);
        let _ = writeln!(self.0, "{} {value}", name.name);
    }

    /// One sample with labels, whose values are ours and hold nothing that needs escaping.
    pub(super) fn labelled(&mut self, name: &Name, labels: &[(&str, &str)], value: f64) {
        self.head(name);
        let pairs: Vec<String> = labels
            .iter()
            .map(|(key, value)| format!("{key}=\"{value}\""))
            .collect();
        let labels = if pairs.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", pairs.join(","))
        };
        let _ = writeln!(self.0, "{}{labels} {value}", name.name);
    }
    /// The same of each pool of connections.
    pub(super) fn pools(&mut self, name: &Name, values: [(&str, u64); 2]) {
        self.head(name);
        for (pool, value) in values {
            let _ = writeln!(self.0, "{}{{pool=\"{pool}\"}} {value}", name.name);
        }
    }

    /// Counts up to each bound, of all, and their sum.
    pub(super) fn histogram(&mut self, name: &Name, bounds: &[String], up_to: &[u64], count: u64, sum: &str) {
        self.head(name);
        let name = name.name;
        for (bound, value) in bounds.iter().zip(up_to) {
            let _ = writeln!(self.0, "{name}_bucket{{le=\"{bound}\"}} {value}");
        }
        let _ = writeln!(
            self.0,
            "{name}_bucket{{le=\"+Inf\"}} {count}\n{name}_sum {sum}\n{name}_count {count}"
        );
    }
}
