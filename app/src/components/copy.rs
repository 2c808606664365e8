//! Copying. The buttons are plain; `islands::Conductor` gives them their action.

use leptos::prelude::*;

/// A button that puts `text` on the clipboard. It is not shown where scripts are off. Its icons
/// are the style sheet's: a page of the audit log has 150 of these buttons.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: String,
    /// What it is, for the button's label: "Copy {what}".
    #[prop(into)]
    what: String,
    /// With the word "Copy" beside the icon.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let label = format!("Copy {what}");
    let class = if wide {
        "button quiet copy"
    } else {
        "icon-button copy"
    };
    view! {
        <button type="button" class=class data-copy=text aria-label=label.clone() title=label>
            <span class="copy-icon"></span>
            {wide.then_some("Copy")}
        </button>
    }
    .into_any()
}

/// An id: monospace, short_ided in the middle, one click to copy.
#[component]
pub fn Id(
    #[prop(into)] id: String,
    /// In full, where there is room.
    #[prop(optional)]
    whole: bool,
) -> impl IntoView {
    let shown = if whole { id.clone() } else { short_id(&id) };
    view! {
        <span class="id">
            <code title=id.clone()>{shown}</code>
            <CopyButton text=id.clone() what="id" />
        </span>
    }
    .into_any()
}

/// `ver_01kb…7xq2`: the kind, and enough of both ends to tell ids apart.
pub fn short_id(id: &str) -> String {
    let letters: Vec<char> = id.chars().collect();
    if letters.len() <= 16 {
        return id.to_owned();
    }
    let head: String = letters.iter().take(8).collect();
    let tail: String = letters.iter().skip(letters.len() - 6).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::short_id;

    #[test]
    fn long_ids_keep_both_ends() {
        assert_eq!(short_id("ver_01kb2a3c4d5e6f7g8h9j0k1m2n"), "ver_01kb…0k1m2n");
        assert_eq!(short_id("person"), "person");
    }
}
