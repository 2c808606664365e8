use leptos::prelude::*;
use types::{Permission, console::Viewer};

use super::TimeZoneField;
use crate::{
    PageError,
    components::{Card, Console, ErrorPanel, Field, FormError, PageHeader, Place},
    context::Typed,
    error::set_status,
};

#[component]
pub fn NewOrganisation() -> impl IntoView {
    view! {
        <Console here=Place::Elsewhere>
            <Content />
        </Console>
    }
}

#[component]
fn Content() -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    if !viewer.is_some_and(|viewer| viewer.may(Permission::OrganisationsCreate)) {
        set_status(403);
        let error = PageError::new(
            403,
            "Only operator admins of this installation make organisations. Ask one of them.",
        );
        return view! { <ErrorPanel error /> }.into_any();
    }
    let typed = Typed::current();
    view! {
        <PageHeader
            title="New organisation"
            sentence="A further tenant of this installation, with keys, verifications and an audit log of its own."
        />
        <div class="narrow">
            <Card>
                <form method="post" action="/organisations/new" class="stack">
                    <FormError typed=typed.clone() />
                    <Field
                        name="name"
                        label="Name"
                        hint="The people it verifies see this name."
                        typed=typed.clone()
                        autocomplete="organization"
                        maxlength=100
                    />
                    <TimeZoneField typed value="UTC" />
                    <div class="form-actions">
                        <button type="submit" class="button primary">
                            "Create organisation"
                        </button>
                        <a class="button" href="/">
                            "Cancel"
                        </a>
                    </div>
                </form>
            </Card>
        </div>
    }
    .into_any()
}
