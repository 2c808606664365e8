use leptos::prelude::*;

use crate::{
    PageContext,
    components::{Card, Console, FormError, Load, PageHeader, Place},
    context::Typed,
    pages::named,
    server::account,
};

/// The link in the mail to a new address.
#[component]
pub fn ConfirmEmail() -> impl IntoView {
    let secret: String = named("secret").unwrap_or_default();
    view! {
        <Console here=Place::Elsewhere>
            <PageHeader title="Confirm your address" sentence="Your account uses it from then on." />
            <Load from=account::email_change(secret.clone()) let:address>
                <div class="narrow">
                    <Card>
                        <form method="post" action=PageContext::current().path class="stack">
                            <FormError typed=Typed::current() />
                            <p>"Your account will use " <strong>{address}</strong> "."</p>
                            <div class="form-actions">
                                <button type="submit" class="button primary">
                                    "Use this address"
                                </button>
                                <a class="button" href="/account">
                                    "Keep the old one"
                                </a>
                            </div>
                        </form>
                    </Card>
                </div>
            </Load>
        </Console>
    }
}
