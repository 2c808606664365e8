use leptos::prelude::*;
use types::{StepUp, security::OpenSessions};

use crate::{
    components::{
        Banner, Card, Confirm, Console, Field, FormError, Glyph, Icon, Load, PageHeader, Place, Tone,
    },
    context::Typed,
    server::session,
};

const PATH: &str = "/staff/sessions";

/// Ending everybody's sessions, for when something has happened to the installation.
#[component]
pub fn EverybodysSessions() -> impl IntoView {
    view! {
        <Console here=Place::Signals>
            <a class="back" href="/staff/signals">
                <Icon of=Glyph::ArrowLeft />
                "Signals"
            </a>
            <Load from=session::open() let:open>
                <Content open />
            </Load>
        </Console>
    }
}

/// The sessions beside this one, and how many people have one, in a sentence.
fn said(open: OpenSessions) -> String {
    match (open.sessions, open.people) {
        (0 | 1, _) => "Nobody is signed in anywhere else.".to_owned(),
        (sessions, 1) => format!("{sessions} sessions are open, all of them yours."),
        (sessions, people) => format!("{sessions} sessions of {people} people are open."),
    }
}

#[component]
fn Content(open: OpenSessions) -> impl IntoView {
    let typed = Typed::current();
    view! {
        <PageHeader
            title="End everybody's sessions"
            sentence="For when sessions may be in the wrong hands, and nobody knows which."
        />
        <div class="narrow stack">
            <Card title="What it does">
                <p>{said(open)}</p>
                <ul class="list-disc pl-5 mt-3">
                    <li>"Every session but this one is over with its next request, on every server: those of customers and of staff."</li>
                    <li>"What somebody has typed stays on their page. They sign in again in another tab and send it."</li>
                    <li>"API keys go on working. So do passkeys and passwords: whoever holds them can sign in again."</li>
                </ul>
            </Card>
            <form method="post" action=PATH class="stack">
                <FormError typed=typed.clone() />
                <Banner tone=Tone::Bad glyph=Glyph::Alert title="It cannot be undone">
                    "The audit log says that you did it."
                </Banner>
                <Field name="confirm" label="Type “everybody” to confirm" typed />
                <Confirm action=StepUp::Staff />
                <div class="form-actions">
                    <button type="submit" class="button danger">
                        "End everybody's sessions"
                    </button>
                    <a class="button" href="/staff/signals">
                        "Leave them"
                    </a>
                </div>
            </form>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use types::security::OpenSessions;

    use super::said;

    #[test]
    fn how_many_are_open_is_a_sentence() {
        for (sessions, people, expected) in [
            (1, 1, "Nobody is signed in anywhere else."),
            (2, 1, "2 sessions are open, all of them yours."),
            (7, 3, "7 sessions of 3 people are open."),
        ] {
            assert_eq!(said(OpenSessions { sessions, people }), expected);
        }
    }
}
