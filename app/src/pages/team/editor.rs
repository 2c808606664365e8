use leptos::prelude::*;
use types::{
    CustomRoleId, Permission, StepUp,
    console::Viewer,
    team::{CustomRoleRow, Review, RoleDraft, RoleReview},
};

use super::{
    Back,
    words::{GROUPS, permission_words},
};
use crate::{
    FormOutcome, PageContext, PageError,
    components::{Card, Confirm, Console, ErrorPanel, Field, FormError, Load, Only, PageHeader, Place},
    context::Typed,
    error::set_status,
    pages::named,
    server::role,
};

const ASK: &str = "an owner or admin of the organisation";

#[component]
pub fn NewRole() -> impl IntoView {
    view! {
        <Console here=Place::Team>
            <Only to=Permission::TeamManage ask=ASK>
                <Back href="/team/roles" words="Roles" />
                <PageHeader
                    title="New role"
                    sentence="Choose what it gives. You see what it comes to before anything is saved."
                />
                <Steps path="/team/roles/new".to_owned() before=RoleDraft::default() />
            </Only>
        </Console>
    }
}

#[component]
pub fn EditRole() -> impl IntoView {
    view! {
        <Console here=Place::Team>
            <Only to=Permission::TeamManage ask=ASK>
                <Found />
            </Only>
        </Console>
    }
}

#[component]
fn Found() -> impl IntoView {
    let Some(id) = named::<CustomRoleId>("id") else {
        set_status(404);
        return view! { <ErrorPanel error=PageError::not_found("This role") /> }.into_any();
    };
    view! {
        <Load from=role::get(id) let:row>
            <Edit row />
        </Load>
    }
    .into_any()
}

#[component]
fn Edit(row: CustomRoleRow) -> impl IntoView {
    let path = format!("/team/roles/{}", row.id);
    let deletion = format!("{path}/delete");
    let before = RoleDraft {
        name: row.name.clone(),
        permissions: row.permissions,
    };
    view! {
        <Back href="/team/roles" words="Roles" />
        <PageHeader
            title=row.name
            sentence="You see who is affected, and how, before anything is saved."
        >
            <a class="button" href=deletion>
                "Delete role"
            </a>
        </PageHeader>
        <Steps path before />
    }
}

/// The editor; above it, once it was sent, what it will come to.
#[component]
fn Steps(path: String, before: RoleDraft) -> impl IntoView {
    match PageContext::current().outcome {
        Some(FormOutcome::Review {
            review: Review::Role(review),
            ..
        }) => {
            let draft = review.draft.clone();
            view! {
                <div class="narrow stack">
                    <Reviewed path=path.clone() review />
                    <Editor path before=draft typed=Typed::default() />
                </div>
            }
            .into_any()
        }
        _ => view! {
            <div class="narrow stack">
                <Editor path before typed=Typed::current() />
            </div>
        }
        .into_any(),
    }
}

#[component]
fn Difference(title: &'static str, permissions: Vec<Permission>) -> impl IntoView {
    (!permissions.is_empty()).then(|| {
        let lines = permissions
            .into_iter()
            .map(|one| view! { <li>{permission_words(one).0} " " <code>{one.to_string()}</code></li> })
            .collect_view();
        view! {
            <div>
                <h3 class="font-medium">{title}</h3>
                <ul class="list-disc pl-5">{lines}</ul>
            </div>
        }
    })
}

#[component]
fn Reviewed(path: String, review: RoleReview) -> impl IntoView {
    let RoleReview {
        draft,
        renamed_from,
        added,
        removed,
        affected,
    } = review;
    let nothing = added.is_empty() && removed.is_empty() && renamed_from.is_none();
    let affected = if affected.is_empty() {
        "Nobody has this role yet.".to_owned()
    } else {
        format!("It holds on the next page of: {}.", affected.join(", "))
    };
    let hidden = draft
        .permissions
        .iter()
        .map(|one| view! { <input type="hidden" name="permissions" value=one.to_string() /> })
        .collect_view();
    view! {
        <Card title="What changes">
            <form method="post" action=path class="stack">
                <FormError typed=Typed::current() />
                {nothing.then(|| view! { <p>"Nothing changes."</p> })}
                {renamed_from.map(|from| view! { <p>{format!("“{from}” becomes “{}”.", draft.name)}</p> })}
                <Difference title="Added" permissions=added />
                <Difference title="Removed" permissions=removed />
                <p>{affected}</p>
                <input type="hidden" name="name" value=draft.name.clone() />
                {hidden}
                <Confirm action=StepUp::Team />
                <div class="form-actions">
                    <button type="submit" class="button primary" name="step" value="save">
                        "Save role"
                    </button>
                    <a class="button" href="/team/roles">
                        "Cancel"
                    </a>
                </div>
            </form>
        </Card>
    }
}

#[component]
fn Editor(path: String, before: RoleDraft, typed: Typed) -> impl IntoView {
    let error = typed.error("permissions");
    let groups = GROUPS
        .iter()
        .map(|(title, permissions)| {
            let boxes = permissions
                .iter()
                .map(|one| {
                    let had = before.permissions.contains(one);
                    let ticked = typed.ticked("permissions", one.as_str(), had);
                    view! { <PermissionBox permission=*one ticked /> }
                })
                .collect_view();
            view! {
                <fieldset class="field">
                    <legend>{*title}</legend>
                    <div class="choices">{boxes}</div>
                </fieldset>
            }
        })
        .collect_view();
    view! {
        <Card title="Role">
            <form method="post" action=path class="stack">
                <FormError typed=typed.clone() />
                <Field
                    name="name"
                    label="Name"
                    hint="Such as “Key keeper”. Colleagues and the audit log see it."
                    typed
                    value=before.name
                    maxlength=100
                />
                {error.map(|text| view! { <p class="field-error">{text}</p> })}
                {groups}
                <div class="form-actions">
                    <button type="submit" class="button primary" name="step" value="review">
                        "Review changes"
                    </button>
                    <a class="button" href="/team/roles">
                        "Cancel"
                    </a>
                </div>
            </form>
        </Card>
    }
}

/// A box for each permission. What the viewer does not have, nobody gets from them.
#[component]
fn PermissionBox(permission: Permission, ticked: bool) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let own = viewer.is_some_and(|viewer| viewer.may(permission));
    let (word, meaning) = permission_words(permission);
    view! {
        <label class="choice">
            <input
                type="checkbox"
                name="permissions"
                value=permission.to_string()
                checked=ticked
                disabled=!own && !ticked
            />
            <span>
                <span class="choice-word">{word}</span>
                <span class="choice-meaning">
                    {meaning} {(!own).then_some(" You do not have it, so you cannot give it.")}
                </span>
            </span>
        </label>
    }
    .into_any()
}
