use leptos::prelude::*;

/// A text in which code stands between backticks. Stars for stress are left out.
#[component]
pub(super) fn Prose(text: String) -> impl IntoView {
    text.replace("**", "")
        .split('`')
        .enumerate()
        .map(|(index, part)| {
            let part = part.to_owned();
            if index % 2 == 1 {
                view! { <code>{part}</code> }.into_any()
            } else {
                part.into_any()
            }
        })
        .collect::<Vec<_>>()
}
