use leptos::prelude::*;
use types::{
    StepUp, UserId,
    console::Viewer,
    team::{MemberPage, MemberRole},
};

use super::{Back, method_word};
use crate::{
    PageError,
    components::{
        Card, Confirm, Console, ErrorPanel, FormError, Glyph, Icon, KeyValue, KeyValues, Load, Moment,
        PageHeader, Place,
    },
    context::Typed,
    error::set_status,
    pages::named,
    server::team,
};

#[component]
pub fn Member() -> impl IntoView {
    view! {
        <Console here=Place::Team>
            <Found let:page>
                <Content page />
            </Found>
        </Console>
    }
}

#[component]
pub fn RemoveMember() -> impl IntoView {
    view! {
        <Console here=Place::Team>
            <Found let:page>
                <Removal page />
            </Found>
        </Console>
    }
}

/// The member of the path, if the viewer may change them.
#[component]
fn Found<V: IntoView + 'static>(children: fn(MemberPage) -> V) -> impl IntoView {
    let Some(id) = named::<UserId>("id") else {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This member") /> }.into_any();
    };
    view! {
        <Load from=team::member(id) let:page>
            <Guarded page children />
        </Load>
    }
    .into_any()
}

#[component]
fn Guarded<V: IntoView + 'static>(page: MemberPage, children: fn(MemberPage) -> V) -> impl IntoView {
    if page.member.changeable {
        return children(page).into_any();
    }
    set_status(403);
    let error = PageError::new(
        403,
        "You may not change this member: it needs the permission `team:manage`, and all that the member may do. Ask an owner.",
    );
    view! { <ErrorPanel error /> }.into_any()
}

#[component]
fn Facts(page: MemberPage) -> impl IntoView {
    let member = page.member;
    let role = member.role.name().to_owned();
    view! {
        <Card>
            <KeyValues>
                <KeyValue name="Member">{member.name} " · " {member.email}</KeyValue>
                <KeyValue name="Role">{role}</KeyValue>
                <KeyValue name="Strongest sign-in">{method_word(member.strongest)}</KeyValue>
                <KeyValue name="Working API keys made">{member.keys.to_string()}</KeyValue>
                <KeyValue name="Since">
                    <Moment at=member.since />
                </KeyValue>
            </KeyValues>
        </Card>
    }
}

/// What a role gives, in a line.
const fn meaning(role: &MemberRole) -> &'static str {
    use types::Role;
    match role {
        MemberRole::BuiltIn(Role::Owner) => "Everything, and answers for it.",
        MemberRole::BuiltIn(Role::Admin) => "Everything but to make or remove owners.",
        MemberRole::BuiltIn(Role::Developer) => "Keys and verifications.",
        MemberRole::BuiltIn(Role::Billing) => "Plans and invoices.",
        MemberRole::BuiltIn(Role::Auditor) => "Reads everything, changes nothing.",
        MemberRole::BuiltIn(Role::Support) => "Looks up verifications.",
        MemberRole::Custom(..) => "A role of this organisation.",
    }
}

#[component]
fn EndSessions(path: String) -> impl IntoView {
    view! {
        <Card
            title="Sessions"
            sentence="Ends every session of this member in the organisation at once. They are told, and can sign in again."
        >
            <form method="post" action=path class="stack">
                <FormError typed=Typed::of_form("sessions") />
                <input type="hidden" name="intent" value="sessions" />
                <Confirm action=StepUp::Team />
                <div class="form-actions">
                    <button type="submit" class="button">
                        "End sessions"
                    </button>
                </div>
            </form>
        </Card>
    }
}

#[component]
fn Content(page: MemberPage) -> impl IntoView {
    let typed = Typed::of_form("role");
    let viewer: Option<Viewer> = use_context();
    let own = viewer.is_some_and(|viewer| viewer.user_id == page.member.id);
    let path = format!("/team/members/{}", page.member.id);
    let sessions = (!own).then(|| path.clone());
    let removal = if own {
        "/team/leave".to_owned()
    } else {
        format!("{path}/remove")
    };
    let chosen = typed.value("role", &page.member.role.word());
    let error = typed.error("role");
    let choices = page
        .roles
        .iter()
        .map(|role| {
            let word = role.word();
            let checked = word == chosen;
            view! {
                <label class="choice">
                    <input type="radio" name="role" value=word checked=checked required />
                    <span>
                        <span class="choice-word">{role.name().to_owned()}</span>
                        <span class="choice-meaning">{meaning(role)}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <Back href="/team" words="Team" />
        <PageHeader
            title=page.member.name.clone()
            sentence="Another role holds on their next page. They are told by e-mail."
        />
        <div class="narrow stack">
            <Facts page />
            <Card title="Role" sentence="You can give only what you may do yourself.">
                <form method="post" action=path class="stack">
                    <FormError typed />
                    <input type="hidden" name="intent" value="role" />
                    <fieldset class="field">
                        <legend>"Role"</legend>
                        <div class="choices">{choices}</div>
                        {error.map(|text| view! { <p class="field-error">{text}</p> })}
                    </fieldset>
                    <Confirm action=StepUp::Team />
                    <div class="form-actions">
                        <button type="submit" class="button primary">
                            "Change role"
                        </button>
                        <a class="button" href="/team">
                            "Cancel"
                        </a>
                    </div>
                </form>
            </Card>
            {sessions.map(|path| view! { <EndSessions path /> })}
            <p>
                <a class="button danger" href=removal>
                    {if own { "Leave organisation" } else { "Remove from the organisation" }}
                </a>
            </p>
        </div>
    }
}

#[component]
fn Removal(page: MemberPage) -> impl IntoView {
    let path = format!("/team/members/{}/remove", page.member.id);
    let title = format!("Remove {}", page.member.name);
    let keys = match page.member.keys {
        0 => "They made no API key that works.".to_owned(),
        1 => "The API key that they made works on; the team page lists it for review.".to_owned(),
        n => format!("The {n} API keys that they made work on; the team page lists them for review."),
    };
    view! {
        <Back href="/team" words="Team" />
        <PageHeader title sentence="Their sessions in this organisation end at once. Their account stays." />
        <div class="narrow stack">
            <Facts page />
            <form method="post" action=path class="stack">
                <FormError typed=Typed::current() />
                <div class="banner bad">
                    <Icon of=Glyph::Alert />
                    <p>{keys}</p>
                </div>
                <Confirm action=StepUp::Team />
                <div class="form-actions">
                    <button type="submit" class="button danger">
                        "Remove member"
                    </button>
                    <a class="button" href="/team">
                        "Cancel"
                    </a>
                </div>
            </form>
        </div>
    }
}
