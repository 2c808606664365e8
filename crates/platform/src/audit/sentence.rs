//! How the codes of the audit log are told.

use super::Action;

impl Action {
    /// What it says of whoever did it, an ellipsis for what each event fills in.
    pub fn told(self) -> String {
        let mut told = String::new();
        for (index, part) in self.predicate().split('{').enumerate() {
            let plain = if index == 0 {
                part
            } else {
                part.split_once('}').map_or("", |(_, rest)| rest)
            };
            if index > 0 {
                told.push('…');
            }
            told.push_str(plain);
        }
        told
    }
}

/// The sentence of an event: actor and predicate, the details filled in.
pub(super) fn sentence(code: &str, actor: &str, details: &[(String, String)]) -> String {
    let Ok(action) = code.parse::<Action>() else {
        return format!("{actor}: {code}.");
    };
    let mut predicate = action.predicate().to_owned();
    for (name, value) in details {
        predicate = predicate.replace(&format!("{{{name}}}"), value);
    }
    format!("{actor} {predicate}.")
}
