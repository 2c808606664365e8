use leptos::prelude::*;
use types::{StepUp, console::ApiKeyRow};

use super::Found;
use crate::{
    components::{
        Card, Confirm, Console, EnvironmentBadge, FormError, Glyph, Icon, KeyValue, KeyValues, Moment,
        PageHeader, Place,
    },
    context::Typed,
};

#[component]
pub fn RevokeKey() -> impl IntoView {
    view! {
        <Console here=Place::Keys>
            <Found let:page>
                <Asked row=page.row />
            </Found>
        </Console>
    }
}

#[component]
fn Asked(row: ApiKeyRow) -> impl IntoView {
    let revoked = row.revoked_at;
    let shape = format!("{}…{}", row.prefix, row.last_four);
    let ApiKeyRow {
        environment,
        last_used_at,
        created_at,
        ..
    } = row;
    let maker = format!(" by {}", row.created_by);
    view! {
        <a class="back" href="/keys">
            <Icon of=Glyph::ArrowLeft />
            "API keys"
        </a>
        <PageHeader
            title=format!("Revoke “{}”", row.name)
            sentence="It cannot be undone: a revoked key never works again."
        />
        <div class="narrow stack">
            <Card>
                <KeyValues>
                    <KeyValue name="Key">
                        <code>{shape}</code>
                    </KeyValue>
                    <KeyValue name="Environment">
                        <EnvironmentBadge environment />
                    </KeyValue>
                    <KeyValue name="Last used">
                        {match last_used_at {
                            Some(at) => view! { <Moment at /> }.into_any(),
                            None => "Never".into_any(),
                        }}
                    </KeyValue>
                    <KeyValue name="Created">
                        <Moment at=created_at />
                        {maker}
                    </KeyValue>
                </KeyValues>
            </Card>
            {match revoked {
                Some(at) => {
                    view! {
                        <p>"This key was revoked " <Moment at /> ". Nothing is left to do."</p>
                    }
                        .into_any()
                }
                None => view! { <RevokeForm row /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn RevokeForm(row: ApiKeyRow) -> impl IntoView {
    let path = format!("/keys/{}/revoke", row.id);
    let typed = Typed::current();
    view! {
        <form method="post" action=path class="stack">
            <FormError typed=typed.clone() />
            <div class="banner bad">
                <Icon of=Glyph::Alert />
                <p>
                    "Programs that use this key are refused from their next call on, with AUTH_INVALID_KEY. Verifications that it started go on."
                </p>
            </div>
            <div class="field">
                <label for="confirm">{format!("Type “{}” to confirm", row.name)}</label>
                <input
                    id="confirm"
                    name="confirm"
                    value=typed.value("confirm", "")
                    autocomplete="off"
                    spellcheck="false"
                    required
                    pattern=literal(&row.name)
                    title=format!("The name of the key: {}", row.name)
                />
            </div>
            <Confirm action=StepUp::Keys />
            <div class="form-actions">
                <button type="submit" class="button danger">
                    "Revoke API key"
                </button>
                <a class="button" href="/keys">
                    "Keep it"
                </a>
            </div>
        </form>
    }
}

/// A regular expression (with the `v` flag, as HTML's `pattern` has it) for this very text.
fn literal(text: &str) -> String {
    let one = |letter: char| match letter {
        letter if letter.is_ascii_punctuation() => format!("\\x{:02x}", u32::from(letter)),
        letter => letter.to_string(),
    };
    text.trim().chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn names_are_taken_literally() {
        assert_eq!(literal(" Check (v2.1) "), r"Check \x28v2\x2e1\x29");
    }
}
