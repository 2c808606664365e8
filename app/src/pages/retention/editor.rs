//! The policy: looked at first, then saved.

use leptos::prelude::*;
use types::{
    StepUp,
    retention::{RetentionReview, RetentionRow},
    team::Review,
};

use super::{Log, page::counted};
use crate::{
    FormOutcome, PageContext,
    components::{Banner, Card, Confirm, Field, FormError, Glyph, Moment, Toast, Tone},
    context::Typed,
};

#[component]
pub(super) fn Editor(rows: Vec<RetentionRow>, log: Log) -> impl IntoView {
    match PageContext::current().outcome {
        Some(FormOutcome::Review {
            review: Review::Retention(review),
            ..
        }) => view! { <Reviewed review log /> }.into_any(),
        Some(FormOutcome::Saved(text)) => view! {
            <Toast text />
            <Form rows log typed=Typed::default() />
        }
        .into_any(),
        _ => view! { <Form rows log typed=Typed::current() /> }.into_any(),
    }
}

#[component]
fn Form(rows: Vec<RetentionRow>, log: Log, typed: Typed) -> impl IntoView {
    let fields: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let days = row.coming.map_or(row.days, |(days, _)| days);
            let hint = format!(
                "The operator of this installation allows {} to {} days.",
                row.least, row.most
            );
            view! {
                <Field
                    name=row.kind.as_str()
                    label=format!("{}, days", row.kind.title())
                    hint
                    typed=typed.clone()
                    value=days.to_string()
                    kind="text"
                    inputmode="numeric"
                    maxlength=5
                />
            }
        })
        .collect();
    view! {
        <div class="narrow">
            <Card
                title="Change how long"
                sentence="You see what would go before anything is saved. A shorter time begins to count after seven days, and everybody who may change it is told."
            >
                <form method="post" action=log.retention class="stack">
                    <FormError typed />
                    {fields}
                    <div class="form-actions">
                        <button type="submit" class="button primary" name="step" value="review">
                            "Review changes"
                        </button>
                    </div>
                </form>
            </Card>
        </div>
    }
    .into_any()
}

#[component]
fn Reviewed(review: RetentionReview, log: Log) -> impl IntoView {
    let RetentionReview {
        days,
        changes,
        going,
        holds_from,
    } = review;
    let nothing = changes.is_empty();
    let changes: Vec<_> = changes
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect();
    let going: Vec<_> = going
        .into_iter()
        .map(|(kind, count)| {
            view! { <li>{format!("{}: {} would go today", kind.title(), counted(count))}</li> }
        })
        .collect();
    let kept: Vec<_> = days
        .into_iter()
        .map(|(kind, days)| view! { <input type="hidden" name=kind.as_str() value=days.to_string() /> })
        .collect();
    view! {
        <div class="narrow">
            <Card title="What changes">
                <form method="post" action=log.retention class="stack">
                    <FormError typed=Typed::current() />
                    {nothing.then(|| view! { <p>"Nothing changes."</p> })}
                    <ul class="list-disc pl-5">{changes}</ul>
                    <Banner tone=Tone::Warn glyph=Glyph::Alert title="With these times">
                        <ul class="list-disc pl-5">{going}</ul>
                        {holds_from
                            .map(|at| {
                                view! {
                                    <p>
                                        "The shorter times count from " <Moment at exact=true />
                                        " on. Until then you can take them back."
                                    </p>
                                }
                            })}
                        <p>"What is gone cannot be brought back. What is held stays."</p>
                    </Banner>
                    {kept}
                    <Confirm action=StepUp::Audit />
                    <div class="form-actions">
                        <button type="submit" class="button primary" name="step" value="save">
                            "Save retention"
                        </button>
                        <a class="button" href=log.retention>
                            "Cancel"
                        </a>
                    </div>
                </form>
            </Card>
        </div>
    }
    .into_any()
}
