use leptos::prelude::*;
use types::{
    StepUp,
    credentials::{PasskeyView, PasswordView, SignInMethods as Methods},
};

use super::{METHODS, OthersGoOn, RecoveryCodes, fresh_codes};
use crate::{
    components::{
        AccountPage, AccountTabs, Banner, Card, Cell, Column, Confirm, Console, DataTable, EmptyState,
        FormError, Glyph, KeyValue, KeyValues, Load, Moment, MomentOr, PageHeader, Place, Row, RowLink, Tone,
    },
    context::Typed,
    islands::AddPasskey,
    server::credential,
};

/// With so many recovery codes left it is time for new ones.
const FEW: u32 = 3;

#[component]
pub fn SignInMethods() -> impl IntoView {
    view! {
        <Console here=Place::Elsewhere>
            <PageHeader title="Sign-in methods" sentence="How you prove that you are you." />
            <AccountTabs here=AccountPage::SignInMethods />
            {fresh_codes().map(|codes| view! { <RecoveryCodes codes /> })}
            <OthersGoOn />
            <Load from=credential::methods() let:methods>
                <Content methods />
            </Load>
        </Console>
    }
}

#[component]
fn Content(methods: Methods) -> impl IntoView {
    let Methods {
        passkeys,
        password,
        is_staff,
        rp_id,
        user_handle,
        ..
    } = methods;
    let confirms = !passkeys.is_empty();
    let accepted = passkeys
        .iter()
        .map(|passkey| passkey.credential_id.clone())
        .collect();
    view! {
        <div class="stack">
            {(passkeys.len() == 1 && password.is_none())
                .then(|| {
                    view! {
                        <Banner tone=Tone::Warn glyph=Glyph::Alert title="You have one passkey and nothing else">
                            "If you lose it, you wait for a recovery. Add a second one, on another device."
                        </Banner>
                    }
                })}
            <Card
                title="Passkeys"
                sentence="Provider and kind are what the authenticator says of itself; nothing attests them."
                flush=true
            >
                <Passkeys passkeys />
            </Card>
            <Card title="Add a passkey">
                <AddPasskey confirms rp_id user_handle accepted />
            </Card>
            <Card title="Password and authenticator app">
                <Password password is_staff />
            </Card>
        </div>
    }
}

#[component]
fn Passkeys(passkeys: Vec<PasskeyView>) -> impl IntoView {
    if passkeys.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Fingerprint
                title="No passkey yet"
                text="A passkey signs you in with your finger, face or PIN, and cannot be phished. Add one below."
            />
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Name"),
        Column::new("Kind"),
        Column::new("Added"),
        Column::new("Last used"),
        Column::actions(),
    ];
    let rows: Vec<_> = passkeys
        .into_iter()
        .map(|passkey| view! { <PasskeyRow passkey /> })
        .collect();
    view! {
        <DataTable caption="Your passkeys, oldest first" columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

#[component]
fn PasskeyRow(passkey: PasskeyView) -> impl IntoView {
    let path = format!("{METHODS}/passkeys/{}", passkey.id);
    let label = format!("Manage {}", passkey.name);
    let provider = passkey.provider.map(|name| format!("{name} (unattested)"));
    view! {
        <Row id=passkey.id.to_string()>
            <Cell name="Name" class="key-cell">
                <span class="font-medium">{passkey.name}</span>
                <span class="text-muted">{provider.unwrap_or_else(|| "Provider unknown".to_owned())}</span>
            </Cell>
            <Cell name="Kind">{kind(passkey.synced)}</Cell>
            <Cell name="Added">
                <Moment at=passkey.created_at />
            </Cell>
            <Cell name="Last used">
                <MomentOr at=passkey.last_used_at none="Never" />
            </Cell>
            <RowLink path label word="Manage" />
        </Row>
    }
}

pub(super) const fn kind(synced: Option<bool>) -> &'static str {
    match synced {
        Some(true) => "Synced to other devices",
        Some(false) => "Stays on its device",
        None => "Known after its next use",
    }
}

#[component]
fn Password(password: Option<PasswordView>, is_staff: bool) -> impl IntoView {
    match password {
        None if is_staff => view! {
            <p>"Staff of this installation sign in with a passkey only, so there is nothing to set here."</p>
        }
        .into_any(),
        None => view! {
            <div class="stack">
                <p>
                    "Not set. Where a passkey cannot be used, a password and a code of an authenticator app sign in together."
                </p>
                <a class="button self-start" href="/account/sign-in-methods/password">
                    "Set a password and an app"
                </a>
            </div>
        }
        .into_any(),
        Some(password) => view! { <PasswordState password /> }.into_any(),
    }
}

#[component]
fn PasswordState(password: PasswordView) -> impl IntoView {
    let left = password.recovery_codes;
    let typed = Typed::of_form("recovery_codes");
    view! {
        <div class="stack">
            {password
                .disabled_at
                .map(|at| {
                    view! {
                        <Banner tone=Tone::Bad glyph=Glyph::Alert title="Password and code are switched off">
                            "A hundred wrong answers came in a row, the last "
                            <Moment at />
                            ". Set a new password to use them again."
                        </Banner>
                    }
                })}
            {(left <= FEW)
                .then(|| {
                    view! {
                        <Banner tone=Tone::Warn glyph=Glyph::Alert title="Few recovery codes are left">
                            "Make new ones before the last is used: without your app and without a code you wait for a recovery."
                        </Banner>
                    }
                })}
            <KeyValues>
                <KeyValue name="Password">
                    "Set "
                    <Moment at=password.changed_at />
                </KeyValue>
                <KeyValue name="Authenticator app">
                    "Set up "
                    <Moment at=password.app_since />
                </KeyValue>
                <KeyValue name="Recovery codes">{format!("{left} of 10 left")}</KeyValue>
            </KeyValues>
            <a class="button self-start" href="/account/sign-in-methods/password">
                "Change or remove"
            </a>
            <form method="post" action=METHODS class="stack">
                <FormError typed />
                <input type="hidden" name="intent" value="recovery_codes" />
                <p class="text-muted">"New recovery codes take the place of those that you have."</p>
                <Confirm action=StepUp::Credentials />
                <div class="form-actions">
                    <button type="submit" class="button">
                        "Make new recovery codes"
                    </button>
                </div>
            </form>
        </div>
    }
}
