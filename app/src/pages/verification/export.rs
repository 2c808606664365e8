use leptos::prelude::*;
use types::{Permission, StepUp, console::Viewer};

use super::filter::{Asked, PATH};
use crate::{
    PageError,
    components::{
        Card, Confirm, Console, EmptyState, ErrorPanel, FormError, Glyph, Icon, PageHeader, Place, link,
    },
    context::Typed,
    error::set_status,
    pages::asked,
};

#[component]
pub fn ExportVerifications() -> impl IntoView {
    let stored = StoredValue::new(Asked::read(asked));
    view! {
        <Console here=Place::Verifications>
            <Content asked=stored.get_value() />
        </Console>
    }
}

#[component]
fn Content(asked: Asked) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    if !viewer.is_some_and(|viewer| viewer.may(Permission::VerificationsRead)) {
        set_status(403);
        let error = PageError::new(
            403,
            "Your role does not see verifications. Ask an owner or admin.",
        );
        return view! { <ErrorPanel error /> }.into_any();
    }
    let list = link(PATH, &asked.query());
    let file = link("/verifications/export", &asked.query());
    let what = if asked.is_set() {
        "The verifications that your filters find, as CSV: metadata and outcomes, nothing that a person typed."
    } else {
        "All verifications of this organisation, as CSV: metadata and outcomes, nothing that a person typed."
    };
    view! {
        <a class="back" href=list.clone()>
            <Icon of=Glyph::ArrowLeft />
            "Verifications"
        </a>
        <PageHeader title="Export verifications" sentence=what />
        {if asked.is_sound() {
            view! {
                <div class="narrow">
                    <Card>
                        <form method="post" action=file class="stack">
                            <FormError typed=Typed::current() />
                            <p>
                                "Who took which file is in the audit log, with the number of rows."
                            </p>
                            <Confirm action=StepUp::Export />
                            <div class="form-actions">
                                <button type="submit" class="button primary">
                                    "Export CSV"
                                </button>
                                <a class="button" href=list>
                                    "Back to the list"
                                </a>
                            </div>
                        </form>
                    </Card>
                </div>
            }
                .into_any()
        } else {
            view! {
                <EmptyState
                    glyph=Glyph::CircleAlert
                    title="This cannot be exported"
                    text="A filter has a value that it cannot have. Go back and correct it."
                />
            }
                .into_any()
        }}
    }
    .into_any()
}
