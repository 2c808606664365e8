//! People of the organisation, and its own roles.

mod editor;
mod leave;
mod list;
mod member;
mod roles;
mod words;

pub use editor::{EditRole, NewRole};
pub use leave::Leave;
pub use list::Team;
pub use member::{Member, RemoveMember};
pub use roles::{DeleteRole, Roles};
pub(crate) use words::method_word;

use leptos::prelude::*;

use crate::components::{Glyph, Icon};

/// The way back to where a page belongs.
#[component]
pub(crate) fn Back(#[prop(into)] href: String, words: &'static str) -> impl IntoView {
    view! {
        <a class="back" href=href>
            <Icon of=Glyph::ArrowLeft />
            {words}
        </a>
    }
}
