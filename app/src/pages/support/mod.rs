//! The support desk, for staff; and what an organisation decides and sees of it.

mod access;
mod desk;
mod hand_over;
mod look;
mod notes;
mod recovery;
mod subject;
mod timeline;

pub use access::SupportAccess;
pub use desk::Desk;
pub use hand_over::HandOver;
pub use look::LookInto;
pub use recovery::HelpRecover;
pub use subject::DeskSubject;

use leptos::prelude::*;
use types::support::{Found, Subject, SubjectHead, SubjectKind};

use crate::{
    PageError,
    components::{ErrorPanel, FieldShell, Glyph, Icon, Load, short_id},
    context::Typed,
    error::set_status,
    pages::named,
    server::support,
};

/// The desk's page of a subject.
fn path_of(subject: Subject) -> String {
    format!("/staff/support/{subject}")
}

/// What a kind of subject is called, and its icon.
const fn kind_words(kind: SubjectKind) -> (&'static str, Glyph) {
    match kind {
        SubjectKind::Person => ("Person", Glyph::User),
        SubjectKind::Organisation => ("Organisation", Glyph::Building),
        SubjectKind::Verification => ("Verification", Glyph::Verified),
        SubjectKind::ApiKey => ("API key", Glyph::Key),
        SubjectKind::Request => ("Request", Glyph::Terminal),
    }
}

/// Loads the head of the subject in the path, for a page on which something is done about it.
#[component]
fn WithHead<V: IntoView + 'static>(children: fn(SubjectHead) -> V) -> impl IntoView {
    let Some(subject) = named::<Subject>("subject") else {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This page of the desk") /> }.into_any();
    };
    view! { <Load from=support::head(subject) let:head>{children(head)}</Load> }.into_any()
}

/// The way back to a subject.
#[component]
fn BackTo(head: SubjectHead) -> impl IntoView {
    view! {
        <a class="back" href=path_of(head.subject)>
            <Icon of=Glyph::ArrowLeft />
            {head.name}
        </a>
    }
}

/// Links to what was found, or to what something has to do with.
#[component]
fn FoundList(rows: Vec<Found>) -> impl IntoView {
    let items = rows
        .into_iter()
        .map(|row| {
            let (_, glyph) = kind_words(row.subject.kind());
            view! {
                <li>
                    <Icon of=glyph />
                    <div>
                        <a href=path_of(row.subject)>{row.name}</a>
                        <p class="text-muted text-xs">
                            {row.about} " · " <code>{short_id(&row.subject.to_string())}</code>
                        </p>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="found">{items}</ul> }.into_any()
}

/// A longer text: a reason, or a note.
#[component]
fn Area(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    typed: Typed,
    least: u16,
    most: u16,
) -> impl IntoView {
    let error = typed.error(name);
    let described = match error {
        Some(_) => format!("{name}-error {name}-hint"),
        None => format!("{name}-hint"),
    };
    let invalid = error.is_some().then_some("true");
    let text = typed.value(name, "");
    view! {
        <FieldShell name label hint error>
            <textarea
                id=name
                name=name
                rows=3
                minlength=least
                maxlength=most
                required
                aria-invalid=invalid
                aria-describedby=described
            >
                {text}
            </textarea>
        </FieldShell>
    }
    .into_any()
}
