//! The API's own description, as its page shows it: read once from the OpenAPI document, so that the
//! page cannot say anything else.

mod read;

use std::sync::Arc;

/// The whole of it. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference(Arc<Parts>);

#[derive(Debug, Default, PartialEq, Eq)]
struct Parts {
    about: String,
    groups: Vec<Group>,
    shapes: Vec<Shape>,
}

/// Calls that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    pub name: String,
    pub description: String,
    pub calls: Vec<ApiCall>,
}

/// One call, or one message that the business is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiCall {
    /// Its name in the document, and its anchor on the page.
    pub id: String,
    /// In capitals; empty for a message.
    pub method: String,
    /// The path's template, or the message's event.
    pub path: String,
    pub summary: String,
    pub description: String,
    /// What the key needs; none if no key is asked for.
    pub scope: Option<String>,
    pub parameters: Vec<Part>,
    /// The fields of the body; empty if there is none.
    pub body: Vec<Part>,
    pub answers: Vec<ApiAnswer>,
    /// Language and text.
    pub samples: Vec<(String, String)>,
}

/// What a call is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiAnswer {
    pub status: String,
    pub description: String,
    /// Of the answer's body, unless it is an error.
    pub fields: Vec<Part>,
}

/// A parameter or a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    /// `query`, `header` or `path`; empty for a field.
    pub place: String,
    /// What it is, in words.
    pub kind: String,
    /// The shape that tells more of it.
    pub shape: Option<String>,
    pub required: bool,
    pub description: String,
    /// What it is held to.
    pub limits: Vec<String>,
}

/// A shape that several calls share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    pub name: String,
    pub description: String,
    pub fields: Vec<Part>,
}

impl Reference {
    /// What the API is, in paragraphs.
    pub fn about(&self) -> &str {
        &self.0.about
    }

    /// All groups in order; of a search, those calls that have each of its words, and their groups.
    pub fn groups(&self, search: &str) -> Vec<Group> {
        let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
        let found = |group: &Group| Group {
            calls: group
                .calls
                .iter()
                .filter(|call| call.has(&words))
                .cloned()
                .collect(),
            ..group.clone()
        };
        let groups = self.0.groups.iter().map(found);
        groups.filter(|group| !group.calls.is_empty()).collect()
    }

    pub fn shapes(&self) -> &[Shape] {
        &self.0.shapes
    }
}

impl ApiCall {
    fn has(&self, words: &[String]) -> bool {
        let parts = self.parameters.iter().chain(&self.body);
        let names: Vec<_> = parts.map(|part| part.name.as_str()).collect();
        let text = format!(
            "{} {} {} {} {} {}",
            self.method,
            self.path,
            self.summary,
            self.description,
            self.scope.as_deref().unwrap_or_default(),
            names.join(" ")
        )
        .to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    }
}
