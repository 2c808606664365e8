//! The fields of an alert's form: those that its kind has.

use leptos::prelude::*;
use types::{
    alerts::{AlertChoices, AlertDraft, AlertKind, AlertUnit, ChannelChoice, Worse},
    usage::ENDPOINTS,
};

use super::{channel_glyph, words::window};
use crate::{
    components::{Field, Glyph, Icon, Select},
    context::Typed,
};

/// What stands in a fresh form.
pub(super) fn usual(kind: AlertKind) -> AlertDraft {
    let (warning, critical) = kind.usual();
    AlertDraft {
        kind: kind.to_string(),
        window: kind.usual_window().to_string(),
        warning: warning.to_string(),
        critical: critical.to_string(),
        hysteresis: "10".to_owned(),
        clear_after: "2".to_owned(),
        ..AlertDraft::default()
    }
}

/// In what the thresholds are.
fn unit(kind: AlertKind, choices: &AlertChoices) -> String {
    match (kind.unit(), choices.currency) {
        (AlertUnit::Money, Some(currency)) => currency.to_string(),
        (unit, _) => unit.name().to_owned(),
    }
}

#[component]
pub(super) fn Thresholds(
    kind: AlertKind,
    draft: AlertDraft,
    typed: Typed,
    choices: AlertChoices,
) -> impl IntoView {
    let unit = unit(kind, &choices);
    let (from, worse) = match kind.worse() {
        Worse::Higher => ("From this value on", "above"),
        Worse::Lower => ("At this value or below", "below"),
    };
    view! {
        <Field
            name="warning"
            label=format!("Warning, in {unit}")
            hint=format!("{from} it is a warning. Empty: there is none.")
            typed=typed.clone()
            value=draft.warning
            inputmode="decimal"
            maxlength=20
            optional=true
        />
        <Field
            name="critical"
            label=format!("Critical, in {unit}")
            hint=format!("{from} it is critical; it is {worse} the warning. Empty: nothing is.")
            typed=typed.clone()
            value=draft.critical
            inputmode="decimal"
            maxlength=20
            optional=true
        />
        <Field
            name="hysteresis"
            label="Over only when better by, in per cent"
            hint="0 to 90. A value that swings around a threshold then fires once."
            typed=typed.clone()
            value=draft.hysteresis
            inputmode="numeric"
            maxlength=2
        />
        <Field
            name="clear_after"
            label="And so often in a row"
            hint=format!("1 to 100 evaluations, of which there is one every {} minutes.", kind.step())
            typed
            value=draft.clear_after
            inputmode="numeric"
            maxlength=3
        />
    }
    .into_any()
}

/// Of which calls, keys or webhooks.
#[component]
pub(super) fn Scope(
    kind: AlertKind,
    draft: AlertDraft,
    typed: Typed,
    choices: AlertChoices,
) -> impl IntoView {
    let all = |word: &str| vec![(String::new(), word.to_owned())];
    let windows = (!kind.windows().is_empty()).then(|| {
        let options = kind
            .windows()
            .iter()
            .map(|minutes| (minutes.to_string(), window(*minutes)));
        view! {
            <Select
                name="window"
                label="Within"
                hint="The window that each value is measured over."
                typed=typed.clone()
                options=options.collect()
                value=draft.window.clone()
            />
        }
    });
    let keys = kind.is_of_keys().then(|| {
        let mut environments = all("Live and test");
        environments
            .extend([("live", "Live"), ("test", "Test")].map(|(value, word)| (value.into(), word.into())));
        let mut keys = all("All keys");
        keys.extend(
            choices
                .keys
                .iter()
                .map(|(id, name, environment)| (id.to_string(), format!("{name} ({environment})"))),
        );
        view! {
            <Select
                name="environment"
                label="Environment"
                typed=typed.clone()
                options=environments
                value=draft.environment.clone()
            />
            <Select name="key" label="API key" typed=typed.clone() options=keys value=draft.key.clone() />
        }
    });
    let endpoints = kind.is_of_calls().then(|| {
        let mut endpoints = all("All routes");
        endpoints.extend(ENDPOINTS.iter().map(|one| ((*one).to_owned(), (*one).to_owned())));
        view! {
            <Select
                name="endpoint"
                label="Route"
                typed=typed.clone()
                options=endpoints
                value=draft.endpoint.clone()
            />
        }
    });
    let webhooks = (kind == AlertKind::WebhookFailing).then(|| {
        let mut webhooks = all("All webhooks");
        webhooks.extend(
            choices
                .webhooks
                .iter()
                .map(|(id, target)| (id.to_string(), target.clone())),
        );
        view! {
            <Select
                name="webhook"
                label="Webhook"
                typed=typed.clone()
                options=webhooks
                value=draft.webhook.clone()
            />
        }
    });
    view! {
        {windows}
        {keys}
        {endpoints}
        {webhooks}
    }
    .into_any()
}

/// Who is told of warnings, and who of what is critical.
#[component]
pub(super) fn Told(draft: AlertDraft, typed: Typed, channels: Vec<ChannelChoice>) -> impl IntoView {
    if channels.is_empty() {
        return view! {
            <p class="text-muted">
                "There is no channel yet: it is seen in the console only. " <a href="/alerts/channels/new">"Make a channel"</a>
            </p>
        }
        .into_any();
    }
    let error = typed.error("channels");
    let invalid = error.is_some().then_some("channels-error");
    let lines: Vec<_> = channels
        .into_iter()
        .map(|channel| view! { <Line channel draft=draft.clone() typed=typed.clone() /> })
        .collect();
    view! {
        <fieldset class="field" aria-describedby=invalid>
            <legend class="sr-only">"Who is told"</legend>
            <table class="routes">
                <thead>
                    <tr>
                        <th scope="col">"Channel"</th>
                        <th scope="col">"Warning"</th>
                        <th scope="col">"Critical"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
            {error
                .map(|text| {
                    view! {
                        <p class="field-error" id="channels-error">
                            <Icon of=Glyph::CircleAlert size=14 />
                            {text}
                        </p>
                    }
                })}
            <p class="field-hint">"Whoever was told that it fires is told when it is over."</p>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Line(channel: ChannelChoice, draft: AlertDraft, typed: Typed) -> impl IntoView {
    let id = channel.id.to_string();
    let warned = typed.ticked("warning_channels", &id, draft.warning_channels.contains(&id));
    let told = typed.ticked("critical_channels", &id, draft.critical_channels.contains(&id));
    let (of_warning, of_critical) = (
        format!("Tell {} of warnings", channel.name),
        format!("Tell {} of what is critical", channel.name),
    );
    view! {
        <tr>
            <th scope="row">
                <Icon of=channel_glyph(channel.kind) size=14 />
                {channel.name}
                <span class="text-muted">{channel.kind.title()}</span>
            </th>
            <td>
                <input
                    type="checkbox"
                    name="warning_channels"
                    value=id.clone()
                    checked=warned
                    aria-label=of_warning
                />
            </td>
            <td>
                <input type="checkbox" name="critical_channels" value=id checked=told aria-label=of_critical />
            </td>
        </tr>
    }
    .into_any()
}
