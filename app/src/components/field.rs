//! Form fields: label, hint, error, and what was typed.

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::context::Typed;

/// Label, control, hint and error, tied together: the control's id is `name`, and its
/// `aria-describedby` is what `described_by` says.
#[component]
pub fn FieldShell(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional_no_strip)] error: Option<String>,
    /// The control.
    children: Children,
) -> impl IntoView {
    let hint = (!hint.is_empty()).then(|| {
        view! {
            <p class="field-hint" id=format!("{name}-hint")>
                {hint}
            </p>
        }
    });
    let error_id = format!("{name}-error");
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            {children()}
            {error
                .map(|text| {
                    view! {
                        <p class="field-error" id=error_id>
                            <Icon of=Glyph::CircleAlert size=14 />
                            {text}
                        </p>
                    }
                })}
            {hint}
        </div>
    }
    .into_any()
}

/// The ids that describe a control.
pub(crate) fn described_by(name: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (false, false) => None,
        (true, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-error")),
        (true, true) => Some(format!("{name}-error {name}-hint")),
    }
}

/// A line of text.
#[component]
pub fn Field(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    /// What the form came to before.
    typed: Typed,
    /// What stands there before anybody types.
    #[prop(optional, into)]
    value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] maxlength: Option<u16>,
    #[prop(optional)] list: Option<&'static str>,
    #[prop(optional)] autofocus: bool,
    /// It may stay empty.
    #[prop(optional)]
    optional: bool,
    #[prop(optional)] inputmode: Option<&'static str>,
) -> impl IntoView {
    let error = typed.error(name);
    let described = described_by(name, !hint.is_empty(), error.is_some());
    let invalid = error.is_some().then_some("true");
    view! {
        <FieldShell name label hint error>
            <input
                id=name
                name=name
                type=kind
                value=typed.value(name, &value)
                autocomplete=autocomplete
                maxlength=maxlength
                list=list
                autofocus=autofocus
                inputmode=inputmode
                required=!optional
                aria-invalid=invalid
                aria-describedby=described
            />
        </FieldShell>
    }
    .into_any()
}

/// Several lines of text.
#[component]
pub fn Area(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    /// What the form came to before.
    typed: Typed,
    /// What stands there before anybody types.
    #[prop(optional, into)]
    value: String,
    /// It may stay empty.
    #[prop(optional)]
    optional: bool,
    #[prop(optional)] maxlength: Option<u16>,
) -> impl IntoView {
    let error = typed.error(name);
    let described = described_by(name, !hint.is_empty(), error.is_some());
    let invalid = error.is_some().then_some("true");
    view! {
        <FieldShell name label hint error>
            <textarea
                id=name
                name=name
                rows="3"
                maxlength=maxlength
                required=!optional
                aria-invalid=invalid
                aria-describedby=described
            >
                {typed.value(name, &value)}
            </textarea>
        </FieldShell>
    }
    .into_any()
}

/// One of a list.
#[component]
pub fn Select(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    /// What the form came to before.
    typed: Typed,
    /// The field that a refusal names, if it is another.
    #[prop(optional)]
    refused_as: Option<&'static str>,
    /// Value and word.
    options: Vec<(String, String)>,
    /// What is chosen before anybody chooses.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let error = typed.error(refused_as.unwrap_or(name));
    let described = described_by(name, !hint.is_empty(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let chosen = typed.value(name, &value);
    let options: Vec<_> = options
        .into_iter()
        .map(|(value, word)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {word}
                </option>
            }
        })
        .collect();
    view! {
        <FieldShell name label hint error>
            <select id=name name=name aria-invalid=invalid aria-describedby=described>
                {options}
            </select>
        </FieldShell>
    }
    .into_any()
}

/// One of a few, side by side.
#[component]
pub fn Segments(
    name: &'static str,
    #[prop(into)] label: String,
    /// Value, word, and a sentence on what it means.
    options: Vec<(&'static str, &'static str, &'static str)>,
    chosen: String,
) -> impl IntoView {
    let choices: Vec<_> = options
        .into_iter()
        .map(|(value, word, meaning)| {
            view! {
                <label class="choice">
                    <input type="radio" name=name value=value checked=value == chosen required />
                    <span>
                        <span class="choice-word">{word}</span>
                        <span class="choice-meaning">{meaning}</span>
                    </span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="field">
            <legend>{label}</legend>
            <div class="choices">{choices}</div>
        </fieldset>
    }
    .into_any()
}

/// What is wrong with a form as a whole.
#[component]
pub fn FormError(typed: Typed) -> impl IntoView {
    typed.is_refused().then(|| {
        let text = if typed.message.is_empty() {
            "Nothing was saved yet. Correct the marked field and send the form again.".to_owned()
        } else {
            typed.message
        };
        view! {
            <div class="banner bad" role="alert">
                <Icon of=Glyph::CircleAlert />
                <p>{text}</p>
            </div>
        }
    })
}
