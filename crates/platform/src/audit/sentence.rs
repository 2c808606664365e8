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
        predicate = predicate.replace(&format!("{{{name}}}"), &in_words(name, value));
    }
    format!("{actor} {predicate}.")
}

/// A value as a sentence says it, where the code of it is no word.
fn in_words(name: &str, value: &str) -> String {
    match (name, value) {
        ("role", "staff_support") => "support staff".to_owned(),
        ("role", "staff_billing") => "billing staff".to_owned(),
        ("role", role) => role.replace('_', " "),
        ("format", "csv" | "ocsf") => value.to_uppercase(),
        ("format", "jsonl") => "JSON Lines".to_owned(),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn codes_are_told_in_words() {
        let told =
            |code, name: &str, value: &str| sentence(code, "Ada", &[(name.to_owned(), value.to_owned())]);
        assert_eq!(
            told("elevation.refused", "role", "operator_admin"),
            "Ada refused that somebody is operator admin."
        );
        assert_eq!(
            told("audit.export_asked", "format", "jsonl"),
            "Ada asked for an export of audit events as JSON Lines ({filter})."
        );
    }
}
