use leptos::prelude::*;
use types::accounts::OwnRecovery as Data;

use crate::{
    components::{
        Banner, Card, Console, EmptyState, FormError, Glyph, Load, Moment, PageHeader, Place, Tone,
    },
    context::Typed,
    server::recovery,
};

/// A recovery of one's own account, which any session can cancel.
#[component]
pub fn OwnRecovery() -> impl IntoView {
    view! {
        <Console here=Place::Elsewhere>
            <PageHeader
                title="Recovery of your account"
                sentence="Whoever recovers it makes a new way to sign in; yours are then removed."
            />
            <Load from=recovery::own() let:open>
                {match open {
                    Some(open) => view! { <Open open /> }.into_any(),
                    None => {
                        view! {
                            <EmptyState
                                glyph=Glyph::Shield
                                title="No recovery is open"
                                text="If somebody begins to recover your account, you can cancel it here for as long as it waits."
                            />
                        }
                            .into_any()
                    }
                }}
            </Load>
        </Console>
    }
}

#[component]
fn Open(open: Data) -> impl IntoView {
    let Data {
        started_at, ready_at, ..
    } = open;
    view! {
        <div class="narrow stack">
            <Banner tone=Tone::Warn glyph=Glyph::Alert title="Somebody is recovering your account">
                "It was begun " <Moment at=started_at /> ". "
                {match ready_at {
                    Some(at) => {
                        view! {
                            "Two ways were shown: from "
                            <Moment at exact=true />
                            " on, whoever has the link from the mail can sign in."
                        }
                            .into_any()
                    }
                    None => "The second way was not shown yet, so it cannot go on so far.".into_any(),
                }}
            </Banner>
            <Card>
                <form method="post" action="/account/recovery" class="stack">
                    <FormError typed=Typed::current() />
                    <p>
                        "If it was you, because you lost a passkey, let it go on. If it was not, cancel it: its links stop working at once, and your ways to sign in stay."
                    </p>
                    <div class="form-actions">
                        <button type="submit" class="button danger">
                            "Cancel the recovery"
                        </button>
                    </div>
                </form>
            </Card>
        </div>
    }
    .into_any()
}
