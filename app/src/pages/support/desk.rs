use leptos::prelude::*;
use types::{
    Permission,
    support::{NoteRow, SearchResult},
};

use super::{FoundList, notes::Notes};
use crate::{
    FormOutcome, PageContext,
    components::{Card, Console, EmptyState, Field, FormError, Glyph, Icon, Load, Only, PageHeader, Place},
    context::Typed,
    server::support,
};

/// Whom to ask for the permission.
const ASK: &str = "an operator admin of this installation";

#[component]
pub fn Desk() -> impl IntoView {
    view! {
        <Console here=Place::Support>
            <Only to=Permission::SupportDesk ask=ASK>
                <PageHeader
                    title="Support"
                    sentence="Find what a customer asks about, and read what happened to it. It is metadata only, and every look-up is in the audit log."
                />
                <div class="stack">
                    <Search />
                    <Load from=support::desk() let:page>
                        <Inbox rows=page.inbox />
                    </Load>
                </div>
            </Only>
        </Console>
    }
}

#[component]
fn Search() -> impl IntoView {
    let found = match PageContext::current().outcome {
        Some(FormOutcome::SupportFound(found)) => Some(found),
        _ => None,
    };
    view! {
        <Card>
            <form method="post" action="/staff/support" class="stack" role="search">
                <FormError typed=Typed::current() />
                <Field
                    name="q"
                    label="Look for"
                    hint="A request, verification, key, account or organisation id; the beginning of an API key, such as lw_test_4fQk; an e-mail address; or the name of an organisation. What you write is kept nowhere."
                    typed=Typed::current()
                    maxlength=300
                    autofocus=true
                />
                <div class="form-actions">
                    <button type="submit" class="button primary">
                        <Icon of=Glyph::Search />
                        "Search"
                    </button>
                </div>
            </form>
        </Card>
        {found.map(|result| view! { <Result result /> })}
    }
    .into_any()
}

/// What the text was taken for, and what there is: plainly, also if it is nothing.
#[component]
fn Result(result: SearchResult) -> impl IntoView {
    let understood = result.understood;
    if result.found.is_empty() {
        return view! {
            <div role="status">
                <EmptyState
                    glyph=Glyph::Search
                    title=format!("Nothing has this {understood}")
                    text=nothing(&result)
                />
            </div>
        }
        .into_any();
    }
    let count = result.found.len();
    let title = if result.more {
        format!("The newest {count} with this {understood}")
    } else {
        format!("{count} with this {understood}")
    };
    let sentence = if result.more {
        "There are more. Give more of the name, or an id."
    } else {
        "Choose the one that is meant."
    };
    view! {
        <div role="status">
            <Card title sentence>
                <FoundList rows=result.found />
            </Card>
        </div>
    }
    .into_any()
}

/// What it can mean that there is nothing.
fn nothing(result: &SearchResult) -> String {
    use types::support::Understood as U;
    let why = match result.understood {
        U::RequestId => {
            "A request that changed nothing and was refused nothing leaves no audit event, and is not found here."
        }
        U::Email => "An account is found by its whole address as it is today.",
        U::KeyPrefix | U::WholeKey => {
            "A key is found by its first 12 characters. If they were copied whole, no key of this installation begins so."
        }
        U::OrganisationName => {
            "Any part of a name is enough. An id begins with req_, ver_, key_, usr_ or org_, and a key with lw_."
        }
        U::VerificationId | U::KeyId | U::PersonId | U::OrganisationId => {
            "The id is complete, but nothing here has it. It may be another installation's."
        }
    };
    format!("It was taken for: {}. {why}", result.understood)
}

#[component]
fn Inbox(rows: Vec<NoteRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Check
                title="Nothing is handed to you"
                text="What a colleague hands over to you stands here until one of you closes it."
            />
        }
        .into_any();
    }
    view! {
        <Card title="Handed to you" sentence="Newest first. Close what is done.">
            <Notes rows with_subject=true />
        </Card>
    }
    .into_any()
}
