use leptos::prelude::*;
use types::{
    SignInMethod,
    security::{SessionView, SessionsPage},
};

use crate::{
    components::{
        AccountPage, AccountTabs, Badge, Card, Cell, Column, Console, DataTable, FormError, Glyph, Icon,
        Load, Moment, PageHeader, Place, Row, Tone,
    },
    context::Typed,
    server::session,
    time::span,
};

const PATH: &str = "/account/sessions";

#[component]
pub fn Sessions() -> impl IntoView {
    view! {
        <Console here=Place::Elsewhere>
            <PageHeader
                title="Sessions"
                sentence="Where you are signed in. End what you do not know or do not use."
            />
            <AccountTabs here=AccountPage::Sessions />
            <FormError typed=Typed::current() />
            <Load from=session::page() let:page>
                <Content page />
            </Load>
        </Console>
    }
}

#[component]
fn Content(page: SessionsPage) -> impl IntoView {
    let SessionsPage { sessions, limits } = page;
    let others = sessions.len().saturating_sub(1);
    let limits = format!(
        "A session ends after {} without a request, and {} after it began in any case.",
        span(limits.idle),
        span(limits.absolute),
    );
    let columns = vec![
        Column::new("Device"),
        Column::new("Address"),
        Column::new("Signed in"),
        Column::new("Last activity"),
        Column::actions(),
    ];
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|session| view! { <Session session /> })
        .collect();
    view! {
        <Card flush=true title="Your sessions" sentence=limits>
            <DataTable caption="Your sessions, this one first" columns>
                {rows}
            </DataTable>
        </Card>
        {if others > 0 {
            view! { <EndOthers others /> }.into_any()
        } else {
            view! { <p class="text-muted">"You are signed in nowhere else."</p> }.into_any()
        }}
    }
}

/// One button that ends all sessions but this one.
#[component]
pub fn EndOthers(others: usize) -> impl IntoView {
    let words = if others == 1 {
        "End the other session".to_owned()
    } else {
        format!("End the {others} other sessions")
    };
    view! {
        <form method="post" action=PATH>
            <button type="submit" class="button danger" name="others" value="1">
                <Icon of=Glyph::LogOut />
                {words}
            </button>
        </form>
    }
    .into_any()
}

const fn way(method: SignInMethod) -> &'static str {
    match method {
        SignInMethod::PasswordTotp => "with password and code",
        SignInMethod::Passkey | SignInMethod::DeviceBoundPasskey => "with a passkey",
    }
}

#[component]
fn Session(session: SessionView) -> impl IntoView {
    let SessionView {
        id,
        here,
        device,
        address,
        method,
        started_at,
        last_seen_at,
        ..
    } = session;
    let label = format!("End session: {device}");
    let action = if here {
        view! { <Badge tone=Tone::Good glyph=Glyph::CircleCheck text="This session" /> }.into_any()
    } else {
        view! {
            <form method="post" action=PATH>
                <button type="submit" class="button small" name="session" value=id.to_string() aria-label=label>
                    "End session"
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <Row>
            <Cell name="Device">
                <span class="font-medium">{device}</span>
            </Cell>
            <Cell name="Address">
                {match address {
                    Some(address) => view! { <code>{address}</code> }.into_any(),
                    None => "Not known".into_any(),
                }}
            </Cell>
            <Cell name="Signed in">
                <Moment at=started_at />
                " "
                <span class="text-muted">{way(method)}</span>
            </Cell>
            <Cell name="Last activity">
                <Moment at=last_seen_at />
            </Cell>
            <Cell name="" class="actions">
                {action}
            </Cell>
        </Row>
    }
    .into_any()
}
