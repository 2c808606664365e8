use leptos::prelude::*;
use types::{StepUp, accounts::Profile as Data};

use crate::{
    components::{
        AccountPage, AccountTabs, Banner, Card, Confirm, Console, Field, FormError, Glyph, Load, Moment,
        PageHeader, Place, Tone,
    },
    context::Typed,
    server::account,
};

#[component]
pub fn Profile() -> impl IntoView {
    view! {
        <Console here=Place::Elsewhere>
            <PageHeader title="Profile" sentence="Who you are to your colleagues and to the audit log." />
            <AccountTabs here=AccountPage::Profile />
            <Load from=account::profile() let:profile>
                <Content profile />
            </Load>
        </Console>
    }
}

#[component]
fn Content(profile: Data) -> impl IntoView {
    let typed = Typed::current();
    // One page, two forms: what was refused belongs to the one that was sent.
    let sent = typed.value("do", "");
    let of = |form: &str| {
        if sent == form {
            typed.clone()
        } else {
            Typed::default()
        }
    };
    let (name, email) = (of("name"), of("email"));
    view! {
        <div class="narrow stack">
            <Card title="Name">
                <form method="post" action="/account" class="stack">
                    <FormError typed=name.clone() />
                    <input type="hidden" name="do" value="name" />
                    <Field
                        name="name"
                        label="Your name"
                        typed=name
                        value=profile.name
                        autocomplete="name"
                        maxlength=100
                    />
                    <div class="form-actions">
                        <button type="submit" class="button primary">
                            "Save name"
                        </button>
                    </div>
                </form>
            </Card>
            <Card
                title="E-mail address"
                sentence="Notices, invitations and recoveries go there. It changes once you have opened the link in a mail to the new one."
            >
                {profile
                    .pending_email
                    .map(|(address, until)| {
                        view! {
                            <Banner tone=Tone::Info glyph=Glyph::Clock title="An address waits to be confirmed">
                                "If " <strong>{address}</strong>
                                " can be used, a mail with a link is on its way there. It works until "
                                <Moment at=until /> ". Until then nothing changes."
                            </Banner>
                        }
                    })}
                <form method="post" action="/account" class="stack">
                    <FormError typed=email.clone() />
                    <p>"Now: " <strong>{profile.email}</strong></p>
                    <input type="hidden" name="do" value="email" />
                    <Field
                        name="email"
                        label="New address"
                        typed=email
                        kind="email"
                        autocomplete="email"
                        maxlength=254
                    />
                    <Confirm action=StepUp::Credentials />
                    <div class="form-actions">
                        <button type="submit" class="button primary">
                            "Change address"
                        </button>
                    </div>
                </form>
            </Card>
        </div>
    }
    .into_any()
}
