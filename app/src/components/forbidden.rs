use leptos::prelude::*;
use types::{Permission, console::Viewer};

use super::{ErrorPanel, is_looking};
use crate::{PageError, error::set_status};

/// What is inside, for who may; else the real 403. The domain asks again, whatever is shown.
#[component]
pub fn Only(
    /// What one must be allowed to do.
    to: Permission,
    /// Whom to ask, within a sentence.
    #[prop(into)]
    ask: String,
    children: Children,
) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    if viewer.is_some_and(|viewer| viewer.may(to)) {
        return children().into_any();
    }
    set_status(403);
    let text = if is_looking() {
        "You look into an organisation as its support: what changes something, and pages of staff, are closed. Leave the organisation first.".to_owned()
    } else {
        format!("This needs the permission `{to}`. Ask {ask}.")
    };
    let error = PageError::new(403, text);
    view! { <ErrorPanel error /> }.into_any()
}
