//! The terms of an event: what `audit_terms` finds it by.
//!
//! Each has a name before a colon. What is an id, and so of few events, stands once, for all
//! organisations together, and is then held against the tenant; what is of many events stands in
//! its organisation's own list. Pairs that are often asked for together have a term of their own,
//! so that a combination which never came up is found empty at once.

use super::Facts;

/// In the place of an organisation: all of them.
pub(super) const EVERYWHERE: &str = "*";

/// Characters of a word; shorter ones are not looked for, longer ones are cut.
const SHORTEST: usize = 2;
const LONGEST: usize = 40;
/// Words of one event.
const WORDS: usize = 60;

/// The words of a text, in lower case: runs of letters, digits and underscores, and the parts of
/// such a run between underscores.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    whole_words(text).flat_map(|word| {
        let parts: Vec<String> = if word.contains('_') {
            word.split('_').filter_map(kept).collect()
        } else {
            Vec::new()
        };
        std::iter::once(word).chain(parts)
    })
}

/// The same without the parts: what somebody typed.
pub(super) fn whole_words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter_map(kept)
}

fn kept(word: &str) -> Option<String> {
    let word = word.trim_matches('_');
    let long_enough = word.chars().nth(SHORTEST - 1).is_some();
    long_enough.then(|| word.to_lowercase().chars().take(LONGEST).collect())
}

/// Every term of an event: in whose list, and the term.
pub(super) fn of(facts: &Facts) -> Vec<(&str, String)> {
    let own = facts.organisation.as_str();
    let mut terms = Vec::with_capacity(16);
    let mut everywhere = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            terms.push((EVERYWHERE, term(name, value)));
        }
    };
    everywhere("request", facts.request.as_deref());
    everywhere("session", facts.session.as_deref());
    everywhere("action", Some(&facts.action));
    everywhere("actor", facts.actor.as_deref());
    everywhere("behalf", facts.on_behalf_of.as_deref());
    // The first target has an index of its own.
    for target in facts.targets.iter().skip(1) {
        everywhere("target", Some(target));
    }
    if is_rare_kind(&facts.kind) {
        everywhere("kind", Some(&facts.kind));
    }
    let refused = facts.result != "success";
    if refused {
        everywhere("result", Some(&facts.result));
    }
    let mut here = |term: String| terms.push((own, term));
    here(term("kind", &facts.kind));
    here(did(facts.doer(), &facts.action));
    if let Some(way) = facts.authentication.as_deref().filter(|way| *way != "api_key") {
        here(term("authentication", way));
    }
    if let Some(region) = &facts.region {
        here(term("region", region));
    }
    if refused {
        here(term("result", &facts.result));
        here(ended(&facts.result, &facts.action));
        here(ended(&facts.result, facts.doer()));
    }
    for word in facts.reason_words() {
        here(term("reason", &word));
    }
    for word in facts.words().into_iter().take(WORDS) {
        here(term("word", &word));
    }
    terms
}

/// Kinds of actors that few events have, so that staff find them among all.
pub(super) fn is_rare_kind(kind: &str) -> bool {
    !matches!(kind, "user" | "api_key" | "person")
}

/// `name:value`.
pub(super) fn term(name: &str, value: &str) -> String {
    format!("{name}:{value}")
}

/// Who did what.
pub(super) fn did(doer: &str, action: &str) -> String {
    format!("did:{doer}:{action}")
}

/// What, or who, was refused or failed.
pub(super) fn ended(result: &str, what: &str) -> String {
    format!("ended:{result}:{what}")
}
