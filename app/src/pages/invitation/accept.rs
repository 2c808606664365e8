use leptos::prelude::*;
use types::accounts::InvitationOffer;

use crate::{
    components::{FormError, Load, link},
    context::Typed,
    pages::{
        entry::{BehindLink, enrol::Enrol},
        named,
    },
    server::invitation,
};

#[component]
pub fn Invitation() -> impl IntoView {
    let secret: String = named("secret").unwrap_or_default();
    view! {
        <BehindLink title="Invitation">
            <Load from=invitation::view(secret.clone()) let:offer>
                <Offer offer secret />
            </Load>
        </BehindLink>
    }
}

#[component]
fn Offer(offer: InvitationOffer, secret: String) -> impl IntoView {
    let InvitationOffer {
        organisation,
        email,
        role,
        has_account,
        is_mine,
        expires_at: _,
    } = offer;
    let path = format!("/invitations/{secret}");
    view! {
        <section class="entry">
            <h1>"Join " {organisation}</h1>
            <p class="text-muted">
                "This invitation is for " <strong>{email.clone()}</strong> ", with the role "
                <strong>{role}</strong> "."
            </p>
            {match (has_account, is_mine) {
                (true, true) => {
                    view! {
                        <form method="post" action=path class="stack">
                            <FormError typed=Typed::current() />
                            <button type="submit" class="button primary large">
                                "Accept invitation"
                            </button>
                        </form>
                    }
                        .into_any()
                }
                (true, false) => {
                    view! {
                        <FormError typed=Typed::current() />
                        <p>
                            "An account has this address. Sign in to it, and you come back here. If you are signed in as somebody else, sign out first."
                        </p>
                        <p>
                            <a class="button primary large" href=link("/sign-in", &[("next", path)])>
                                "Sign in to accept"
                            </a>
                        </p>
                    }
                        .into_any()
                }
                (false, _) => {
                    view! {
                        <p>"Give your name, and choose how you sign in."</p>
                        <Enrol token=secret email asks_name=true />
                    }
                        .into_any()
                }
            }}
            <p class="field-hint">"The link works once. Not you? Close this page."</p>
        </section>
    }
    .into_any()
}
