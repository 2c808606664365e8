use leptos::prelude::*;
use types::{
    Permission,
    console::Viewer,
    support::{
        ConsentRow, ConsentState, Fact, NoteRow, RecoveryState, Source, Subject, SubjectHead, SubjectKind,
        SubjectPage, Understood,
    },
};

use super::{Area, FoundList, kind_words, notes::Notes, path_of, timeline::DeskTimeline};
use crate::{
    PageError,
    components::{
        Banner, Card, Console, EmptyState, ErrorPanel, FormError, Glyph, Icon, Id, KeyValue, KeyValues, Load,
        Moment, PageHeader, Pager, Place, Tone, link,
    },
    context::Typed,
    error::set_status,
    pages::{asked, named, team::Back},
    server::support,
};

#[component]
pub fn DeskSubject() -> impl IntoView {
    let subject: Option<Subject> = named("subject");
    let source = asked("source").and_then(|word| word.parse::<Source>().ok());
    let after = StoredValue::new(asked("after"));
    view! {
        <Console here=Place::Support>
            {if let Some(subject) = subject {
                view! {
                    <Load from=support::timeline(subject, source, after.get_value()) let:page>
                        <Content page source later=after.get_value().is_some() />
                    </Load>
                }
                    .into_any()
            } else {
                set_status(404);
                view! { <ErrorPanel error=PageError::not_found("This page of the desk") /> }.into_any()
            }}
        </Console>
    }
}

#[component]
fn Content(page: SubjectPage, source: Option<Source>, later: bool) -> impl IntoView {
    let SubjectPage {
        head,
        notes,
        sources,
        timeline,
    } = page;
    let path = path_of(head.subject);
    let (kind, _) = kind_words(head.subject.kind());
    let by = asked("by").and_then(|by| {
        let mut all = Understood::ALL.iter();
        let understood = all.find(|one| one.as_str().replace(' ', "-") == by);
        understood.map(|understood| format!("It was looked for by its {understood}. "))
    });
    let sentence = format!(
        "{kind}. {}Metadata only; that you read this is in the audit log.",
        by.unwrap_or_default()
    );
    let count = timeline.rows.len();
    let query = source
        .map(|source| ("source", source.to_string()))
        .into_iter()
        .collect();
    let (title, acted_on) = (head.name.clone(), head.clone());
    let (recovery, consent) = (head.recovery.clone(), head.consent.clone());
    let (tabs, older) = (path.clone(), path.clone());
    view! {
        <Back href="/staff/support" words="Support" />
        <PageHeader title sentence>
            <Actions head=acted_on />
        </PageHeader>
        <State recovery consent />
        <div class="columns">
            <div class="stack">
                <Card title="What happened" sentence="Newest first.">
                    <Sources path=tabs sources source />
                    {if count == 0 {
                        view! { <Nothing source /> }.into_any()
                    } else {
                        view! { <DeskTimeline rows=timeline.rows /> }.into_any()
                    }}
                </Card>
                {(count > 0 || later)
                    .then(|| view! { <Pager path=older query next=timeline.next later count /> })}
            </div>
            <div class="stack">
                <Facts head />
                <NotesCard path rows=notes />
            </div>
        </div>
    }
}

/// What can be done about the subject, by whoever may.
#[component]
fn Actions(head: SubjectHead) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may = |permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
    let path = path_of(head.subject);
    let kind = head.subject.kind();
    let looks = kind == SubjectKind::Organisation && may(Permission::SupportLook);
    let recovers = kind == SubjectKind::Person && may(Permission::RecoveryStart) && head.recovery.is_none();
    let (look, recovery) = (format!("{path}/look"), format!("{path}/recovery"));
    view! {
        {looks
            .then(|| {
                view! {
                    <a class="button primary" href=look>
                        <Icon of=Glyph::Eye />
                        "Look in"
                    </a>
                }
            })}
        {recovers
            .then(|| {
                view! {
                    <a class="button" href=recovery>
                        <Icon of=Glyph::Fingerprint />
                        "Help to sign in again"
                    </a>
                }
            })}
        <a class="button" href=format!("{path}/hand-over")>
            <Icon of=Glyph::ArrowRight />
            "Hand over"
        </a>
    }
}

/// What is under way.
#[component]
fn State(recovery: Option<RecoveryState>, consent: Option<ConsentRow>) -> impl IntoView {
    let recovery = recovery.map(|state| {
        let next = match state.ready_at {
            Some(at) => view! { "Its person can make a new way to sign in from " <Moment at exact=true /> " on." }
                .into_any(),
            None => "It waits for the second way: the person's own, or the approval of another staff member under Accounts."
                .into_any(),
        };
        view! {
            <Banner tone=Tone::Info glyph=Glyph::Fingerprint title="The account is being recovered">
                "Begun " <Moment at=state.started_at /> ". " {next}
            </Banner>
        }
    });
    let consent = consent.map(|row| view! { <Consent row /> });
    view! { {recovery} {consent} }
}

#[component]
pub(super) fn Consent(row: ConsentRow) -> impl IntoView {
    match (row.state, row.ends_at) {
        (ConsentState::Granted, Some(at)) => view! {
            <Banner tone=Tone::Good glyph=Glyph::Eye title="The organisation lets support look in">
                "Until " <Moment at exact=true /> "."
            </Banner>
        }
        .into_any(),
        (ConsentState::Asked, _) => view! {
            <Banner tone=Tone::Info glyph=Glyph::Hourglass title="The organisation was asked to let support look in">
                "Asked " <Moment at=row.created_at /> ". Its owners and admins were told by mail."
            </Banner>
        }
        .into_any(),
        _ => ().into_any(),
    }
}

/// The sources, side by side: one at a time, or all.
#[component]
fn Sources(path: String, sources: Vec<Source>, source: Option<Source>) -> impl IntoView {
    if sources.len() < 2 {
        return ().into_any();
    }
    let tabs = std::iter::once(None)
        .chain(sources.into_iter().map(Some))
        .map(|one| {
            let query: Vec<_> = one.map(|one| ("source", one.to_string())).into_iter().collect();
            let words = one.map_or("Everything", Source::title);
            view! {
                <li>
                    <a href=link(&path, &query) aria-current=(one == source).then_some("page")>
                        {words}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="page-tabs" aria-label="Sources">
            <ul>{tabs}</ul>
        </nav>
    }
    .into_any()
}

#[component]
fn Nothing(source: Option<Source>) -> impl IntoView {
    let title = match source {
        Some(source) => format!("Nothing from here: {}", source.title().to_lowercase()),
        None => "Nothing has happened".to_owned(),
    };
    view! {
        <EmptyState
            glyph=Glyph::Scroll
            title
            text="Mails are kept for thirty days, and sessions until they are over; the audit log keeps the rest."
        />
    }
}

#[component]
fn Facts(head: SubjectHead) -> impl IntoView {
    let facts = head
        .facts
        .into_iter()
        .map(|(name, fact)| {
            let value = match fact {
                Fact::Text(text) => text.into_any(),
                Fact::Moment(at) => view! { <Moment at exact=true /> }.into_any(),
            };
            view! { <KeyValue name=name>{value}</KeyValue> }
        })
        .collect_view();
    let related = (!head.related.is_empty()).then(|| {
        let (title, sentence) = match head.subject.kind() {
            SubjectKind::Organisation => ("People", "By name, at most a hundred."),
            SubjectKind::Person => ("Organisations", ""),
            _ => ("Belongs to", ""),
        };
        view! {
            <Card title sentence>
                <FoundList rows=head.related />
            </Card>
        }
    });
    view! {
        <Card title="Facts">
            <KeyValues>
                <KeyValue name="Id">
                    <Id id=head.subject.to_string() />
                </KeyValue>
                {facts}
            </KeyValues>
        </Card>
        {related}
    }
    .into_any()
}

#[component]
fn NotesCard(path: String, rows: Vec<NoteRow>) -> impl IntoView {
    let typed = Typed::current();
    view! {
        <div id="notes">
            <Card
                title="Notes"
                sentence="For staff alone. They are sealed, and erased with the data of whom they are about."
            >
                <div class="stack">
                    <form method="post" action=path class="stack">
                        <FormError typed=typed.clone() />
                        <Area
                            name="text"
                            label="Note"
                            hint="What the next colleague should know."
                            typed
                            least=1
                            most=4000
                        />
                        <div class="form-actions">
                            <button type="submit" class="button">
                                "Add note"
                            </button>
                        </div>
                    </form>
                    {if rows.is_empty() {
                        view! { <p class="text-muted">"No notes yet."</p> }.into_any()
                    } else {
                        view! { <Notes rows /> }.into_any()
                    }}
                </div>
            </Card>
        </div>
    }
    .into_any()
}
