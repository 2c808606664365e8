use leptos::prelude::*;

use crate::{
    FormOutcome, PageContext,
    components::{Card, Console, FieldShell, FormError, Id, PageHeader, Place},
    context::Typed,
    pages::asked,
};

#[component]
pub fn Report() -> impl IntoView {
    view! {
        <Console here=Place::Elsewhere>
            <PageHeader
                title="Report suspicious activity"
                sentence="A mail that looks false, a sign-in that was not yours, something here that is odd: tell those who run this installation."
            />
            <Content />
        </Console>
    }
}

#[component]
fn Content() -> impl IntoView {
    if let Some(FormOutcome::Reported(id)) = PageContext::current().outcome {
        return view! {
            <div class="narrow">
                <Card title="Thank you. Your report was sent.">
                    <p>"Those who look after security here were told. Your reference is " <Id id=id.to_string() /> "."</p>
                    <p class="text-muted mt-3">
                        "If somebody may be in your account, "
                        <a class="prose-link" href="/account/sessions">
                            "end the sessions that you do not know"
                        </a>" now: it does not wait for anybody."
                    </p>
                </Card>
            </div>
        }
        .into_any();
    }
    let typed = Typed::current();
    let about = typed.value("about", &asked("about").unwrap_or_default());
    let error = typed.error("text");
    let invalid = error.is_some().then_some("true");
    let described = if error.is_some() {
        "text-error text-hint"
    } else {
        "text-hint"
    };
    view! {
        <div class="narrow">
            <Card>
                <form method="post" action="/report" class="stack">
                    <FormError typed=typed.clone() />
                    <input type="hidden" name="about" value=about />
                    <FieldShell
                        name="text"
                        label="What looks suspicious"
                        hint="In your own words. Leave out passwords and codes: nobody needs them."
                        error
                    >
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
                        <button type="submit" class="button primary">
                            "Send report"
                        </button>
                    </div>
                </form>
            </Card>
        </div>
    }
    .into_any()
}
