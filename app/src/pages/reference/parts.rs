use leptos::prelude::*;

use super::prose::Prose;
use crate::reference::{Part, Shape};

/// Parameters or fields, one below the other. What has to be sent is marked, and what is not always
/// answered.
#[component]
pub(super) fn Parts(parts: Vec<Part>, #[prop(optional)] answered: bool) -> impl IntoView {
    let lines: Vec<_> = parts
        .into_iter()
        .map(|part| view! { <Line part answered /> })
        .collect();
    view! { <dl class="reference-fields">{lines}</dl> }.into_any()
}

#[component]
fn Line(part: Part, answered: bool) -> impl IntoView {
    let Part {
        name,
        place,
        kind,
        shape,
        required,
        description,
        limits,
    } = part;
    let kind = match shape {
        Some(shape) => view! { <a href=format!("#shape-{shape}")>{kind}</a> }.into_any(),
        None => view! { <Prose text=kind /> }.into_any(),
    };
    let limits: Vec<_> = limits
        .into_iter()
        .map(|limit| {
            view! {
                <span>
                    <Prose text=limit />
                </span>
            }
        })
        .collect();
    view! {
        <dt>
            <code>{name}</code>
            <span>{kind}</span>
            {(!place.is_empty()).then(|| view! { <span>"in the " {place}</span> })}
            {(required && !answered).then(|| view! { <strong>"required"</strong> })}
            {(!required && answered).then(|| view! { <span>"not always there"</span> })}
        </dt>
        <dd>
            <Prose text=description />
            {(!limits.is_empty()).then(|| view! { <p class="reference-limits">{limits}</p> })}
        </dd>
    }
    .into_any()
}

/// What several calls share.
#[component]
pub(super) fn Shapes(shapes: Vec<Shape>) -> impl IntoView {
    let each: Vec<_> = shapes
        .into_iter()
        .map(|shape| {
            let Shape {
                name,
                description,
                fields,
            } = shape;
            let id = format!("shape-{name}");
            let answered = !name.ends_with("Body");
            let mut lines = description.split("\n- ");
            let told = lines.next().unwrap_or_default().trim().to_owned();
            let meanings: Vec<_> = lines
                .map(|meaning| {
                    view! {
                        <li>
                            <Prose text=meaning.to_owned() />
                        </li>
                    }
                })
                .collect();
            view! {
                <section class="reference-shape" id=id>
                    <h3>{name}</h3>
                    <p>
                        <Prose text=told />
                    </p>
                    {(!meanings.is_empty())
                        .then(|| view! { <ul class="reference-words">{meanings}</ul> })}
                    {(!fields.is_empty()).then(|| view! { <Parts parts=fields answered /> })}
                </section>
            }
        })
        .collect();
    view! {
        <section class="reference-part" id="shapes">
            <header>
                <h2>"Shapes"</h2>
                <p>"What several calls take or give."</p>
            </header>
            <div class="card reference-shapes">{each}</div>
        </section>
    }
    .into_any()
}
