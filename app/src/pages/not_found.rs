use leptos::prelude::*;

use crate::{
    PageError,
    components::{ErrorPanel, Plain, Title},
    error::set_status,
};

/// No page has this address.
#[component]
pub fn NotFound() -> impl IntoView {
    set_status(404);
    let error = PageError::new(
        404,
        "There is no page at this address. Check it, or start from the overview.",
    );
    view! {
        <Title text="Not found" />
        <Plain>
            <ErrorPanel error />
        </Plain>
    }
}
