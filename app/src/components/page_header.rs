use leptos::{prelude::*, text_prop::TextProp};
use leptos_meta::Title as MetaTitle;

/// The title in the tab: where one is, then the product.
#[component]
pub fn Title(#[prop(into)] text: String) -> impl IntoView {
    let text = format!("{text} · Loomwire");
    view! { <MetaTitle text=TextProp::from(text) /> }
}

/// A page's title, one sentence on what it is for, and its one primary action.
#[component]
pub fn PageHeader(
    #[prop(into)] title: String,
    #[prop(into)] sentence: String,
    /// The primary action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Title text=title.clone() />
        <header class="page-header">
            <div>
                <h1>{title}</h1>
                <p>{sentence}</p>
            </div>
            {children.map(|children| view! { <div class="page-action">{children()}</div> })}
        </header>
    }
    .into_any()
}
