use leptos::prelude::*;
use types::{
    Permission, StepUp,
    console::{OrganisationSettings, Viewer},
};

use super::TimeZoneField;
use crate::{
    components::{
        Banner, Card, Confirm, Console, Field, FormError, Glyph, Id, KeyValue, KeyValues, Load, Moment,
        PageHeader, Place, Tone,
    },
    context::Typed,
    server::organisation,
};

#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <Console here=Place::Settings>
            <PageHeader
                title="Settings"
                sentence="What holds for the whole organisation."
            />
            <Load from=organisation::settings() let:settings>
                <Content settings />
            </Load>
        </Console>
    }
}

#[component]
fn Content(settings: OrganisationSettings) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may_manage = viewer.is_some_and(|viewer| viewer.may(Permission::OrganisationManage));
    let typed = Typed::current();
    // A refused form has sent all its fields, so that an absent checkbox was unticked.
    let accepted = if typed.is_refused() {
        typed.value("accept_self_asserted_live", "") == "on"
    } else {
        settings.accept_self_asserted_live
    };
    view! {
        {settings
            .accept_self_asserted_live
            .then(|| {
                view! {
                    <Banner
                        tone=Tone::Bad
                        glyph=Glyph::Alert
                        title="Live verifications are decided on typed lines alone"
                    >
                        "Anyone can compute check digits that agree. An approval then says that the lines are consistent, not that the person holds the document."
                    </Banner>
                }
            })}
        <div class="columns">
            <form method="post" action="/settings" class="stack">
                <FormError typed=typed.clone() />
                <fieldset class="stack bare" disabled=!may_manage>
                    <legend class="sr-only">"Organisation settings"</legend>
                    <Card title="Organisation">
                        <div class="stack">
                            <Field
                                name="name"
                                label="Name"
                                hint="The people you verify see this name."
                                typed=typed.clone()
                                value=settings.name.clone()
                                autocomplete="organization"
                                maxlength=100
                            />
                            <TimeZoneField typed value=settings.time_zone.clone() />
                        </div>
                    </Card>
                    <Card title="Policy">
                        <Policy accepted />
                        {(!settings.accept_self_asserted_live && may_manage)
                            .then(|| {
                                view! {
                                    <Confirm action=StepUp::Security only_if="accept_self_asserted_live" />
                                }
                            })}
                    </Card>
                    {if may_manage {
                        view! {
                            <div class="form-actions">
                                <button type="submit" class="button primary">
                                    "Save settings"
                                </button>
                            </div>
                        }
                            .into_any()
                    } else {
                        view! {
                            <p class="text-muted">
                                "Only owners and admins change settings. Ask one of them."
                            </p>
                        }
                            .into_any()
                    }}
                </fieldset>
            </form>
            <Card title="About">
                <KeyValues>
                    <KeyValue name="Organisation id">
                        <Id id=settings.id.to_string() />
                    </KeyValue>
                    <KeyValue name="Created">
                        <Moment at=settings.created_at exact=true />
                    </KeyValue>
                </KeyValues>
            </Card>
        </div>
    }
}

#[component]
fn Policy(accepted: bool) -> impl IntoView {
    view! {
        <label class="choice risky">
            <input
                type="checkbox"
                name="accept_self_asserted_live"
                checked=accepted
                aria-describedby="policy-meaning"
            />
            <span>
                <span class="choice-word">"Accept self-asserted documents on live keys"</span>
                <span class="choice-meaning" id="policy-meaning">
                    "Typed lines prove only that they agree with themselves. Off, live verifications that rest on nothing else are refused. Test keys are not affected."
                </span>
            </span>
        </label>
    }
}
