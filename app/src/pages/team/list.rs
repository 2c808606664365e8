use leptos::prelude::*;
use types::{
    Permission,
    console::Viewer,
    team::{LeftKey, MemberRow, TeamPage},
};

use super::method_word;
use crate::{
    components::{
        Blocked, Card, Cell, Column, Console, DataTable, EnvironmentBadge, Glyph, Icon, Load, Moment,
        MomentOr, PageHeader, PersonCell, Place, Row, RowLink,
    },
    server::team,
};

#[component]
pub fn Team() -> impl IntoView {
    view! {
        <Console here=Place::Team>
            <Load from=team::list() let:page>
                <Content page />
            </Load>
        </Console>
    }
}

#[component]
fn Content(page: TeamPage) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may_manage = viewer
        .as_ref()
        .is_some_and(|viewer| viewer.may(Permission::TeamManage));
    let me = viewer.map(|viewer| viewer.user_id);
    let columns = vec![
        Column::new("Member"),
        Column::new("Role"),
        Column::new("Sign-in"),
        Column::figures("Keys made"),
        Column::new("Since"),
        Column::new("Last active"),
        Column::actions(),
    ];
    let rows = page
        .members
        .into_iter()
        .map(|member| {
            let own = Some(member.id) == me;
            view! { <MemberLine member own /> }
        })
        .collect_view();
    view! {
        <PageHeader
            title="Team"
            sentence="Who belongs to this organisation, and what each may do."
        >
            <Blocked words="Invite a colleague" />
            {may_manage
                .then(|| {
                    view! {
                        <a class="button primary" href="/team/invite">
                            <Icon of=Glyph::Plus />
                            "Invite a colleague"
                        </a>
                    }
                })}
        </PageHeader>
        {(!page.left_keys.is_empty()).then(|| view! { <LeftKeys keys=page.left_keys /> })}
        <Card flush=true title="Members" more=("/team/roles", "Roles")>
            <DataTable caption="Members, by name" columns>
                {rows}
            </DataTable>
        </Card>
    }
}

#[component]
fn MemberLine(member: MemberRow, own: bool) -> impl IntoView {
    let path = format!("/team/members/{}", member.id);
    let label = format!("Change {}", member.name);
    let role = member.role.name().to_owned();
    view! {
        <Row id=member.id.to_string()>
            <PersonCell column="Member" name=member.name email=member.email own />
            <Cell name="Role">{role}</Cell>
            <Cell name="Sign-in">{method_word(member.strongest)}</Cell>
            <Cell name="Keys made" class="figures">
                {member.keys.to_string()}
            </Cell>
            <Cell name="Since">
                <Moment at=member.since />
            </Cell>
            <Cell name="Last active">
                <MomentOr at=member.last_active none="No session" />
            </Cell>
            <RowLink path label word="Change" open=member.changeable />
        </Row>
    }
}

/// Keys of those who left: they work on, and somebody should look at them.
#[component]
fn LeftKeys(keys: Vec<LeftKey>) -> impl IntoView {
    let columns = vec![
        Column::new("Key"),
        Column::new("Environment"),
        Column::new("Made by"),
        Column::new("Last used"),
        Column::actions(),
    ];
    let rows = keys
        .into_iter()
        .map(|key| {
            let path = format!("/keys/{}/revoke", key.id);
            let label = format!("Review {}", key.name);
            view! {
                <Row>
                    <Cell name="Key">
                        <span class="font-medium">{key.name}</span>
                    </Cell>
                    <Cell name="Environment">
                        <EnvironmentBadge environment=key.environment />
                    </Cell>
                    <Cell name="Made by">{format!("{}, who left", key.maker)}</Cell>
                    <Cell name="Last used">
                        <MomentOr at=key.last_used_at none="Never" />
                    </Cell>
                    <RowLink path label word="Review" />
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card
            flush=true
            title="Keys to review"
            sentence="These keys work on, and whoever made them has left. Revoke what nobody needs; create new ones for what somebody does."
        >
            <DataTable caption="Working keys of people who left" columns>
                {rows}
            </DataTable>
        </Card>
    }
}
