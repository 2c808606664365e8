use leptos::prelude::*;
use types::{StepUp, console::Viewer};

use crate::{context::Typed, islands::ConfirmStep, time::Here};

/// Asks for a fresh confirmation of a dangerous action, inside its form and before its button.
/// With a script, sending the form asks for the passkey first; without one, a code of the
/// authenticator app goes along as `step_up_code`. While a confirmation lasts it counts down.
#[component]
pub fn Confirm(
    action: StepUp,
    /// The name of a checkbox: only if it is ticked the form is dangerous.
    #[prop(optional)]
    only_if: &'static str,
) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let until = viewer.as_ref().and_then(|viewer| {
        let mut confirmed = viewer.confirmed.iter();
        confirmed
            .find(|(known, _)| *known == action)
            .map(|(_, until)| *until)
    });
    let left = until.map_or(0, |until| until.millis_since(Here::current().now) / 1000);
    let (passkey, app) = viewer.map_or((false, false), |viewer| (viewer.has_passkey, viewer.has_app));
    view! {
        <ConfirmStep
            action=action.to_string()
            left=left.clamp(0, 300)
            passkey
            app
            only_if=only_if.to_owned()
            refused=Typed::current().error("step_up_code").unwrap_or_default()
        />
    }
    .into_any()
}
