//! `docs/security/asvs.md`: for each requirement of OWASP ASVS 5.0.0 in the chapters on
//! authentication, sessions and authorization, the tests that show it, or why it does not apply.
//!
//! It is put together from the standard's own file and `tests/asvs.json`, the mapping kept beside
//! the tests. It holds the mapping to the clone: a test that is named and does not exist is found,
//! and so is a requirement that nobody spoke of. It does not judge whether a test shows enough.

use crate::files;
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const MAPPING: &str = "tests/asvs.json";
const PAGE: &str = "docs/security/asvs.md";
/// The chapters that the mapping answers for.
const CHAPTERS: [&str; 3] = ["V6", "V7", "V8"];

/// What one requirement comes to here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    /// The requirement, such as `V6.2.1`.
    req: String,
    /// How it is met, in a sentence.
    #[serde(default)]
    how: String,
    /// `path::name` of each test that shows it.
    #[serde(default)]
    tests: Vec<String>,
    /// `path#Heading` of what documents it, where the requirement asks for documentation.
    #[serde(default)]
    docs: Vec<String>,
    /// Why it does not apply, or what falls short.
    #[serde(default)]
    why_not: String,
}

/// The standard's own file.
#[derive(Deserialize)]
struct Standard {
    requirements: Vec<Requirement>,
}

#[derive(Deserialize)]
struct Requirement {
    chapter_id: String,
    chapter_name: String,
    section_id: String,
    section_name: String,
    req_id: String,
    req_description: String,
    #[serde(rename = "L")]
    level: String,
}

/// Writes the page anew.
///
/// # Errors
/// If the standard's file is absent, or the mapping is out of order.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    let standard = standard(workspace)?
        .context("the standard's file is not here: set LOOMWIRE_STANDARDS to the folder that holds it")?;
    let page = page(&standard, &answers(workspace)?);
    let place = workspace.path(PAGE);
    std::fs::create_dir_all(place.parent().context("the page has a folder")?)?;
    std::fs::write(&place, page)?;
    Ok(())
}

/// What is out of order: tests that do not exist, requirements without an answer, a page that is
/// not what the mapping makes of it.
pub(crate) fn check(workspace: &Workspace) -> Result<Vec<String>> {
    let answers = answers(workspace)?;
    let mut found = unfounded(&answers, |path| {
        files::read(&workspace.path(path))
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
    });
    let Some(standard) = standard(workspace)? else {
        println!("asvs: the standard's file is not here, so its page was NOT compared");
        return Ok(found);
    };
    found.extend(unanswered(&standard, &answers));
    let kept = files::read(&workspace.path(PAGE)).unwrap_or_default();
    if found.is_empty() && kept != page(&standard, &answers).as_bytes() {
        found.push(format!(
            "{PAGE} is not what {MAPPING} says: run `cargo xtask asvs`"
        ));
    }
    Ok(found)
}

fn answers(workspace: &Workspace) -> Result<Vec<Answer>> {
    let bytes = files::read(&workspace.path(MAPPING))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{MAPPING} cannot be read"))
}

/// The standard, if it is here: beside the clone, or where `LOOMWIRE_STANDARDS` says.
fn standard(workspace: &Workspace) -> Result<Option<Standard>> {
    let folder = std::env::var_os("LOOMWIRE_STANDARDS")
        .map_or_else(|| workspace.path("../shared/standards"), PathBuf::from);
    let file = folder.join("asvs-5.0.0.json");
    if !file.is_file() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&files::read(&file)?)?))
}

/// Answers that name what does not exist, or say too little.
fn unfounded(answers: &[Answer], text: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut say = |answer: &Answer, what: String| found.push(format!("{MAPPING}: {}: {what}", answer.req));
    for answer in answers {
        if !seen.insert(&answer.req) {
            say(answer, "stands twice".into());
        }
        let shown = !answer.tests.is_empty() || !answer.docs.is_empty();
        if shown == answer.how.is_empty() || (!shown && answer.why_not.is_empty()) {
            say(answer, "give `how` with `tests` or `docs`, or `why_not`".into());
        }
        for (place, is_there) in answer
            .tests
            .iter()
            .map(|place| (place, has_test(place, &text)))
            .chain(answer.docs.iter().map(|place| (place, has_heading(place, &text))))
        {
            if !is_there {
                say(answer, format!("`{place}` does not exist"));
            }
        }
    }
    found
}

fn has_test(place: &str, text: &impl Fn(&str) -> Option<String>) -> bool {
    let Some((path, name)) = place.split_once("::") else {
        return false;
    };
    let Some(text) = text(path) else { return false };
    if Path::new(path).extension().is_some_and(|ending| ending == "rs") {
        is_rust_test(&text, name)
    } else {
        ["test(", "it("]
            .iter()
            .any(|call| text.contains(&format!("{call}\"{name}\"")))
    }
}

/// Whether a function of this name stands under a test's attribute: one that is only called by
/// tests shows nothing.
fn is_rust_test(text: &str, name: &str) -> bool {
    let mut marked = false;
    for line in text.lines().map(str::trim) {
        let declared = line.contains(&format!("fn {name}("));
        if declared && marked {
            return true;
        }
        if line.starts_with("#[") {
            marked |= line.contains("test]") || line.contains("test(");
        } else if !line.is_empty() && !line.starts_with("//") {
            // A macro such as proptest! makes tests of its own functions, which bear the attribute.
            marked = false;
        }
    }
    false
}

fn has_heading(place: &str, text: &impl Fn(&str) -> Option<String>) -> bool {
    let Some((path, heading)) = place.split_once('#') else {
        return text(place).is_some();
    };
    text(path).is_some_and(|text| {
        text.lines()
            .any(|line| line.starts_with('#') && line.trim_start_matches('#').trim() == heading)
    })
}

fn unanswered(standard: &Standard, answers: &[Answer]) -> Vec<String> {
    let asked: BTreeSet<&str> = chapters(standard).map(|one| one.req_id.as_str()).collect();
    let answered: BTreeSet<&str> = answers.iter().map(|one| one.req.as_str()).collect();
    let silent = asked
        .difference(&answered)
        .map(|req| format!("{MAPPING}: {req} has no answer"));
    let unknown = answered
        .difference(&asked)
        .map(|req| format!("{MAPPING}: {req} is no requirement of {}", CHAPTERS.join(", ")));
    silent.chain(unknown).collect()
}

fn chapters(standard: &Standard) -> impl Iterator<Item = &Requirement> {
    standard
        .requirements
        .iter()
        .filter(|one| CHAPTERS.contains(&one.chapter_id.as_str()))
}

fn page(standard: &Standard, answers: &[Answer]) -> String {
    let by_id: BTreeMap<&str, &Answer> = answers.iter().map(|one| (one.req.as_str(), one)).collect();
    let mut page = format!(
        "# OWASP ASVS 5.0.0: authentication, sessions, authorization\n\n\
         Made by `cargo xtask asvs` from the standard's own file and `{MAPPING}`; the gate fails \
         when a test that is named here does not exist. The requirements are OWASP's (CC BY-SA 4.0).\n"
    );
    let (mut chapter, mut section) = ("", "");
    for one in chapters(standard) {
        if chapter != one.chapter_id {
            chapter = &one.chapter_id;
            let _ = write!(page, "\n## {chapter} {}\n", one.chapter_name);
        }
        if section != one.section_id {
            section = &one.section_id;
            let _ = write!(page, "\n### {section} {}\n", one.section_name);
        }
        let _ = write!(
            page,
            "\n**{}** (level {}) {}\n",
            one.req_id, one.level, one.req_description
        );
        if let Some(answer) = by_id.get(one.req_id.as_str()) {
            page.push_str(&paragraph(answer));
        }
    }
    page
}

fn paragraph(answer: &Answer) -> String {
    let mut text = String::from("\n");
    if !answer.how.is_empty() {
        let _ = writeln!(text, "- {}", answer.how);
    }
    for test in &answer.tests {
        let _ = writeln!(text, "- test `{test}`");
    }
    for place in &answer.docs {
        let _ = writeln!(text, "- documented in `{place}`");
    }
    if !answer.why_not.is_empty() {
        let word = if answer.how.is_empty() {
            "Does not apply"
        } else {
            "Falls short"
        };
        let _ = writeln!(text, "- {word}: {}", answer.why_not);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(tests: &[&str]) -> Answer {
        Answer {
            req: "V6.2.1".into(),
            how: "It is so.".into(),
            tests: tests.iter().map(|one| (*one).to_owned()).collect(),
            docs: Vec::new(),
            why_not: String::new(),
        }
    }

    fn clone(path: &str) -> Option<String> {
        match path {
            "tests/it/a.rs" => Some("#[tokio::test]\n// Why.\nasync fn it_holds() {}\nfn aid() {}\n".into()),
            "end2end/a.test.mjs" => Some("test(\"it holds\", () => {});".into()),
            "docs/A.md" => Some("# A\n\n## Signing in\n".into()),
            _ => None,
        }
    }

    #[test]
    fn a_test_that_does_not_exist_is_found() {
        assert!(unfounded(&[answer(&["tests/it/a.rs::it_holds"])], clone).is_empty());
        assert!(unfounded(&[answer(&["end2end/a.test.mjs::it holds"])], clone).is_empty());
        for gone in ["tests/it/a.rs::it_held", "tests/it/b.rs::it_holds", "it_holds"] {
            assert_eq!(unfounded(&[answer(&[gone])], clone).len(), 1, "{gone}");
        }
    }

    #[test]
    fn a_function_that_is_no_test_shows_nothing() {
        assert_eq!(unfounded(&[answer(&["tests/it/a.rs::aid"])], clone).len(), 1);
    }

    #[test]
    fn a_heading_that_does_not_exist_is_found() {
        let mut one = answer(&[]);
        one.docs = vec!["docs/A.md#Signing in".into()];
        assert!(unfounded(&[one], clone).is_empty());
        let mut one = answer(&[]);
        one.docs = vec!["docs/A.md#Signing out".into()];
        assert_eq!(unfounded(&[one], clone).len(), 1);
    }

    #[test]
    fn an_answer_without_a_test_says_why() {
        let mut one = answer(&[]);
        assert_eq!(unfounded(std::slice::from_ref(&one), clone).len(), 1);
        one.how = String::new();
        one.why_not = "There is none.".into();
        assert!(unfounded(&[one], clone).is_empty());
    }
}
