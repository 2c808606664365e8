use leptos::prelude::*;
use types::ReportId;

use crate::{
    FormOutcome, PageContext,
    components::{Card, Console, FieldShell, FormError, Id, PageHeader, Place, Plain, Title},
    context::Typed,
    pages::asked,
};

const TITLE: &str = "Report suspicious activity";
const SENTENCE: &str = "A mail that looks false, a sign-in that was not yours, something here that is odd: tell those who run this installation.";

/// For everybody: whoever has no account, or cannot get into it, may have seen the most.
#[component]
pub fn Report() -> impl IntoView {
    if PageContext::current().signed_in {
        return view! {
            <Console here=Place::Elsewhere>
                <PageHeader title=TITLE sentence=SENTENCE />
                <div class="narrow">
                    <Content signed_in=true />
                </div>
            </Console>
        }
        .into_any();
    }
    view! {
        <Title text=TITLE />
        <Plain>
            <section class="entry">
                <h1>{TITLE}</h1>
                {sent().is_none().then(|| view! { <p class="text-muted">{SENTENCE}</p> })}
                <Content signed_in=false />
            </section>
        </Plain>
    }
    .into_any()
}

/// The reference of the report that was just sent.
fn sent() -> Option<ReportId> {
    match PageContext::current().outcome {
        Some(FormOutcome::Reported(id)) => Some(id),
        _ => None,
    }
}

#[component]
fn Content(signed_in: bool) -> impl IntoView {
    if let Some(id) = sent() {
        return view! { <Sent id signed_in /> }.into_any();
    }
    let form = view! { <Form signed_in /> };
    if signed_in {
        view! { <Card>{form}</Card> }.into_any()
    } else {
        form.into_any()
    }
}

#[component]
fn Sent(id: ReportId, signed_in: bool) -> impl IntoView {
    let (path, act) = if signed_in {
        ("/account/sessions", "end the sessions that you do not know")
    } else {
        ("/recover", "recover your account")
    };
    let said = view! {
        <p>"Those who look after security here were told. Your reference is " <Id id=id.to_string() /></p>
        <p class="text-muted mt-3">
            "If somebody may be in your account, " <a class="prose-link" href=path>
                {act}
            </a> " now: it does not wait for anybody."
        </p>
    };
    if signed_in {
        view! { <Card title="Thank you. Your report was sent.">{said}</Card> }.into_any()
    } else {
        view! {
            <div role="status">
                <h2 class="font-medium mb-2">"Thank you. Your report was sent."</h2>
                {said}
            </div>
        }
        .into_any()
    }
}

#[component]
fn Form(signed_in: bool) -> impl IntoView {
    let typed = Typed::current();
    let about = typed.value("about", &asked("about").unwrap_or_default());
    let error = typed.error("text");
    let invalid = error.is_some().then_some("true");
    let described = if error.is_some() {
        "text-error text-hint"
    } else {
        "text-hint"
    };
    let hint = if signed_in {
        "In your own words. Leave out passwords and codes: nobody needs them."
    } else {
        "In your own words, and how to reach you if you wish for an answer. Leave out passwords, codes and what your document says: nobody needs them."
    };
    let class = if signed_in {
        "button primary"
    } else {
        "button primary large"
    };
    view! {
        <form method="post" action="/report" class="stack">
            <FormError typed=typed.clone() />
            <input type="hidden" name="about" value=about />
            <FieldShell name="text" label="What looks suspicious" hint error>
                <textarea
                    id="text"
                    name="text"
                    rows="6"
                    maxlength="4000"
                    required
                    aria-invalid=invalid
                    aria-describedby=described
                >
                    {typed.value("text", "")}
                </textarea>
            </FieldShell>
            <div class="form-actions">
                <button type="submit" class=class>
                    "Send report"
                </button>
            </div>
        </form>
    }
    .into_any()
}
