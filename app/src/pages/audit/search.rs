use leptos::prelude::*;
use types::{
    audit::{LogDesk, SavedSearch},
    console::AuditFilter,
};

use super::{
    Log,
    filter::{query, told},
};
use crate::{
    components::{Card, Console, EmptyState, Field, FormError, Glyph, Icon, Load, PageHeader, link},
    context::Typed,
    pages::asked,
    server::audit,
};

#[component]
pub fn AuditSearches() -> impl IntoView {
    view! { <Whole log=Log::Own /> }
}

#[component]
pub fn StaffAuditSearches() -> impl IntoView {
    view! { <Whole log=Log::Staff /> }
}

#[component]
fn Whole(log: Log) -> impl IntoView {
    let filter = StoredValue::new(AuditFilter::read(asked));
    view! {
        <Console here=log.place()>
            <a class="back" href=link(log.path(), &query(&filter.get_value()))>
                <Icon of=Glyph::ArrowLeft />
                "Audit log"
            </a>
            <PageHeader
                title="Saved searches"
                sentence="Your own, in this organisation. A search for an address, a browser or an e-mail address is not saved: it is personal data."
            />
            <Load from=audit::desk(log.is_staff()) let:desk>
                <Content log desk filter=filter.get_value() />
            </Load>
        </Console>
    }
    .into_any()
}

#[component]
fn Content(log: Log, desk: LogDesk, filter: AuditFilter) -> impl IntoView {
    let typed = Typed::current();
    let set = query(&filter);
    let form = (!set.is_empty()).then(|| {
        let told = told(&filter, Some(&desk));
        let error = typed.clone();
        view! {
            <div class="narrow">
                <Card title="Save this search" sentence=told>
                    <form method="post" action=link(log.searches(), &set) class="stack">
                        <FormError typed=error />
                        <Field name="name" label="Name" hint="Such as: refused sign-ins" typed=typed.clone() />
                        <div class="form-actions">
                            <button type="submit" class="button primary">
                                "Save search"
                            </button>
                        </div>
                    </form>
                </Card>
            </div>
        }
    });
    let list = if desk.searches.is_empty() {
        view! {
            <EmptyState
                glyph=Glyph::Search
                title="No saved searches"
                text="Set filters on the audit log and choose “Save this search”."
            />
        }
        .into_any()
    } else {
        let lines: Vec<_> = desk
            .searches
            .into_iter()
            .map(|search| view! { <Line log search /> })
            .collect();
        view! {
            <Card title="Yours">
                <ul class="saved-list">{lines}</ul>
            </Card>
        }
        .into_any()
    };
    view! {
        {form}
        {list}
    }
    .into_any()
}

#[component]
fn Line(log: Log, search: SavedSearch) -> impl IntoView {
    let remove = format!("{}/{}/remove", log.searches(), search.id);
    let label = format!("Remove the search {}", search.name);
    view! {
        <li>
            <a href=format!("{}?{}", log.path(), search.query)>{search.name}</a>
            <form method="post" action=remove>
                <button type="submit" class="button small" aria-label=label>
                    "Remove"
                </button>
            </form>
        </li>
    }
    .into_any()
}
