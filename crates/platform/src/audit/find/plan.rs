//! From what is wanted to the indexes that give it.

use super::{
    Wanted,
    terms::{EVERYWHERE, did, ended, is_rare_kind, term},
};

/// In whose log is looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::audit) enum Scope {
    /// An organisation's; empty for the installation's own.
    Tenant(String),
    /// Everybody's: for staff.
    Everywhere,
}

impl Scope {
    /// As it stands in `audit_terms`.
    pub(in crate::audit) fn as_str(&self) -> &str {
        match self {
            Self::Tenant(tenant) => tenant,
            Self::Everywhere => EVERYWHERE,
        }
    }

    /// The tenant, if it is one.
    pub(in crate::audit) fn tenant(&self) -> Option<&str> {
        match self {
            Self::Tenant(tenant) => Some(tenant),
            Self::Everywhere => None,
        }
    }
}

/// Ids in falling order, from one index. Where an organisation is not named it is the scope's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Every event.
    All,
    /// `audit_events_by_action`.
    Action(&'static str),
    /// `audit_events_by_actor`.
    Actor(String),
    /// `audit_events_of_target`.
    Target(String),
    /// One event.
    Event(String),
    /// `audit_personal_by_value`.
    Personal { field: &'static str, blind: Vec<u8> },
    /// `audit_terms` of the scope, or of all organisations.
    Term { everywhere: bool, term: String },
    /// Whatever one of them gives.
    AnyOf(Vec<Source>),
}

impl Source {
    /// Whether it is as new as the log itself.
    fn is_current(&self) -> bool {
        match self {
            Self::Term { .. } => false,
            Self::AnyOf(some) => some.iter().all(Self::is_current),
            _ => true,
        }
    }
}

/// What is asked of the database.
#[derive(Debug)]
pub(in crate::audit) struct Plan {
    pub(in crate::audit) scope: Scope,
    pub(super) wanted: Wanted,
    /// At least one; every event found is in all of them.
    pub(super) sources: Vec<Source>,
    /// Whether whatever the sources agree on is what is wanted, so that nothing else is to be
    /// looked at.
    pub(super) exact: bool,
}

/// What free text and some fields need, for the log of all organisations.
pub(in crate::audit) struct NeedsOrganisation(pub(in crate::audit) &'static str);

impl Plan {
    /// `blind` are the values of `wanted.personal` under the organisation's index key.
    ///
    /// # Errors
    /// The field that is only looked for within one organisation.
    pub(in crate::audit) fn of(
        scope: Scope,
        wanted: Wanted,
        blind: Vec<(&'static str, Vec<u8>)>,
    ) -> Result<Self, NeedsOrganisation> {
        let within = scope.tenant().is_some();
        if !within {
            let fields = [
                ("q", !wanted.words.is_empty()),
                ("reason", !wanted.reason.is_empty()),
                (
                    "address",
                    wanted.personal.iter().any(|(field, _)| *field == "address"),
                ),
                (
                    "agent",
                    wanted.personal.iter().any(|(field, _)| *field == "userAgent"),
                ),
            ];
            if let Some((field, _)) = fields.iter().find(|(_, asked)| *asked) {
                return Err(NeedsOrganisation(field));
            }
        }
        let mut plan = Self {
            scope,
            wanted,
            sources: Vec::new(),
            exact: true,
        };
        let personal = blind
            .into_iter()
            .map(|(field, blind)| Source::Personal { field, blind });
        plan.sources.extend(personal);
        if within {
            plan.within();
        } else {
            plan.everywhere();
        }
        plan.ids();
        // What is found among all organisations is held against the tenant's own.
        if plan
            .sources
            .iter()
            .all(|source| within && matches!(source, Source::Term { everywhere: true, .. }))
        {
            plan.sources.push(Source::All);
        }
        Ok(plan)
    }

    /// The id of the actor who is looked for.
    pub(in crate::audit) fn actor(&self) -> Option<String> {
        self.wanted.actor.clone()
    }

    /// The personal fields that are looked for, as blind indexes.
    pub(in crate::audit) fn blind(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.sources.iter().filter_map(|source| match source {
            Source::Personal { field, blind } => Some((*field, blind.as_slice())),
            _ => None,
        })
    }

    /// From here on, as a page says where to.
    pub(in crate::audit) fn go_on(&mut self, next: String) {
        self.wanted.before = next;
    }

    /// Whether an index that is filled later has a part in it.
    pub(super) fn is_current(&self) -> bool {
        self.sources.iter().all(Source::is_current)
    }

    fn shared(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            let term = term(name, &value);
            self.sources.push(Source::Term {
                everywhere: true,
                term,
            });
        }
    }

    fn own(&mut self, term: String) {
        let everywhere = false;
        self.sources.push(Source::Term { everywhere, term });
    }

    /// Any of the codes, each through what `source` makes of it.
    fn any(&mut self, codes: &[&'static str], source: impl Fn(&'static str) -> Source) {
        let mut some: Vec<Source> = codes.iter().map(|code| source(code)).collect();
        let one = if some.len() == 1 { some.pop() } else { None };
        self.sources.push(one.unwrap_or(Source::AnyOf(some)));
    }

    /// What both kinds of search have.
    fn common(&mut self) {
        let Wanted {
            request,
            session,
            behalf,
            target,
            ..
        } = self.wanted.clone();
        self.shared("request", request);
        self.shared("session", session);
        self.shared("behalf", behalf);
        if let Some(target) = target {
            let further = Source::Term {
                everywhere: true,
                term: term("target", &target),
            };
            self.sources
                .push(Source::AnyOf(vec![Source::Target(target), further]));
            // Further targets are found among all organisations.
            self.exact &= self.scope.tenant().is_none();
        }
    }

    fn within(&mut self) {
        self.common();
        let Wanted {
            actions,
            actor,
            kind,
            result,
            reason,
            authentication,
            region,
            words,
            ..
        } = self.wanted.clone();
        let refused = result.filter(|result| result != "success");
        // Of success there is no list: it is most of the log.
        self.exact &= refused.is_some() == self.wanted.result.is_some();
        let own = |term| Source::Term {
            everywhere: false,
            term,
        };
        match (&actions, &actor, &refused) {
            (Some(codes), Some(actor), None) => self.any(codes, |code| own(did(actor, code))),
            (Some(codes), None, None) => self.any(codes, Source::Action),
            (None, Some(actor), None) => self.sources.push(Source::Actor(actor.clone())),
            (None, None, Some(result)) => self.own(term("result", result)),
            (_, _, Some(result)) => {
                if let Some(codes) = &actions {
                    self.any(codes, |code| own(ended(result, code)));
                }
                if let Some(actor) = &actor {
                    self.own(ended(result, actor));
                }
            }
            (None, None, None) => {}
        }
        match (&kind, &actions) {
            // Those who have no id stand in the pairs by their kind.
            (Some(kind), Some(codes)) if is_nameless(kind) && refused.is_none() => {
                self.any(codes, |code| own(did(kind, code)));
            }
            (Some(kind), _) => self.own(term("kind", kind)),
            _ => {}
        }
        for word in reason {
            self.own(term("reason", &word));
        }
        match authentication.as_deref() {
            // Schema 1 did not say how.
            Some("api_key") => {
                self.own(term("kind", "api_key"));
                self.exact = false;
            }
            Some(way) => self.own(term("authentication", way)),
            None => {}
        }
        if let Some(region) = region {
            self.own(term("region", &region));
        }
        for word in words {
            let mut some = vec![own(term("word", &word.word))];
            some.extend(word.codes.into_iter().map(Source::Action));
            self.sources.push(Source::AnyOf(some));
        }
        if self.sources.is_empty() {
            self.sources.push(Source::All);
        }
    }

    fn everywhere(&mut self) {
        self.common();
        let Wanted {
            actions,
            actor,
            kind,
            result,
            ..
        } = self.wanted.clone();
        if let Some(codes) = actions {
            self.any(&codes, |code| Source::Term {
                everywhere: true,
                term: term("action", code),
            });
        }
        self.shared("actor", actor);
        let (rare, common) = (
            kind.clone().filter(|kind| is_rare_kind(kind)),
            kind.filter(|kind| !is_rare_kind(kind)),
        );
        self.shared("kind", rare);
        let refused = result.clone().filter(|result| result != "success");
        self.exact &= common.is_none() && refused.is_some() == result.is_some();
        self.shared("result", refused);
        self.exact &= self.wanted.authentication.is_none() && self.wanted.region.is_none();
        if self.sources.is_empty() {
            self.sources.push(Source::All);
        }
    }

    /// Ids that were typed: whatever they may be.
    fn ids(&mut self) {
        for id in self.wanted.ids.clone() {
            let shared = |name: &str| Source::Term {
                everywhere: true,
                term: term(name, &id),
            };
            let some = match types::id::kind(&id) {
                "request" => vec![shared("request")],
                "audit_event" => vec![Source::Event(id.clone()), Source::Target(id.clone())],
                "session" => vec![shared("session"), Source::Target(id.clone()), shared("target")],
                _ => vec![
                    shared("actor"),
                    Source::Target(id.clone()),
                    shared("target"),
                    shared("behalf"),
                ],
            };
            self.sources.push(Source::AnyOf(some));
            self.exact = false;
        }
    }
}

fn is_nameless(kind: &str) -> bool {
    matches!(kind, "person" | "system" | "anonymous")
}
