//! An export: each of its lines has its own proof.
//!
//! What an export left out cannot be seen from it: it has what somebody filtered for. That is
//! said at the end; whether rows are missing, the database tells.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
};

use platform::audit::walk::Trust;

use super::{Unchecked, Verdict, bundles::Entry, proof::Checker, report::thousands, screen::Screen};

struct Lines<'a> {
    checker: Checker<'a>,
    seen: BTreeSet<u64>,
    /// Rows by checkpoint: how much hangs on which.
    heads: BTreeMap<(String, u64), u64>,
    count: u64,
}

impl Lines<'_> {
    /// Checks a line; gives what is wrong with it.
    fn take(&mut self, entry: Result<Entry, String>) -> Result<(), String> {
        self.count = self.count.saturating_add(1);
        let line = self.count;
        let entry = entry.map_err(|why| format!("Line {line} cannot be read: {why}.\n"))?;
        let row = entry.bundle.leaf_index;
        let bad = |why: &str| format!("First bad row: {row}\nRow {row}, in line {line}: {why}.\n");
        let head = self.checker.check(&entry).map_err(|why| bad(&why))?;
        if !self.seen.insert(row) {
            return Err(bad("it stands in the export twice"));
        }
        let hanging = self.heads.entry((head.origin, head.size)).or_default();
        *hanging = hanging.saturating_add(1);
        Ok(())
    }

    fn report(self, trust: &Trust) -> String {
        let mut lines = vec![format!(
            "The export is sound: {} entries, each proven to be in the log as it stands here.",
            thousands(self.count)
        )];
        for ((origin, size), rows) in &self.heads {
            lines.push(format!(
                "  {} of them by the checkpoint of {} rows of {origin}",
                thousands(*rows),
                thousands(*size)
            ));
        }
        let (given, found) = (trust.remembered.len(), self.checker.recognised);
        if given > 0 {
            lines.push(format!(
                "  {found} of {given} remembered checkpoints are of the same size as one of these, and agree; \
                 others can only be held against the database"
            ));
        }
        lines.push(
            "An export has what was asked for: whether rows are missing, the database tells.".to_owned(),
        );
        lines.join("\n") + "\n"
    }
}

pub(super) fn check(file: &Path, trust: &Trust) -> Result<Verdict, Unchecked> {
    let unreadable = |why: &dyn std::fmt::Display| Unchecked(format!("{}: {why}", file.display()));
    let opened = File::open(file).map_err(|why| unreadable(&why))?;
    let mut lines = Lines {
        checker: Checker::new(trust)?,
        seen: BTreeSet::new(),
        heads: BTreeMap::new(),
        count: 0,
    };
    let mut screen = Screen::new();
    let is_csv = file
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let entries: Box<dyn Iterator<Item = Result<Result<Entry, String>, Unchecked>>> = if is_csv {
        let mut reader = csv::Reader::from_reader(BufReader::new(opened));
        let header = reader.headers().map_err(|why| unreadable(&why))?.clone();
        Box::new(reader.into_records().map(move |row| {
            Ok(row
                .map_err(|why| why.to_string())
                .and_then(|row| Entry::from_csv(&header, &row)))
        }))
    } else {
        let lines = BufReader::new(opened).lines();
        Box::new(
            lines
                .filter(|line| !matches!(line, Ok(line) if line.trim().is_empty()))
                .map(|line| {
                    let line = line.map_err(|why| unreadable(&why))?;
                    Ok(Entry::from_json(&line))
                }),
        )
    };
    for entry in entries {
        if let Err(words) = lines.take(entry?) {
            screen.end();
            return Ok(Verdict::Bad(format!("The export is not sound.\n{words}")));
        }
        if lines.count.is_multiple_of(1000) {
            screen.show(lines.count, lines.count);
        }
    }
    screen.end();
    if lines.count == 0 {
        return Err(Unchecked::because("the file has no entries"));
    }
    Ok(Verdict::Sound(lines.report(trust)))
}
