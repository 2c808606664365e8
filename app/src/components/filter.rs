//! Filters: a GET form, so that a page's address holds its whole state.

use leptos::prelude::*;

use super::{Glyph, Icon};

#[component]
pub fn FilterBar(
    path: &'static str,
    /// Whether a filter is set, so that there is something to clear.
    active: bool,
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! {
        <form class="filters" method="get" action=path role="search" aria-label="Filter">
            {children()}
            <div class="filters-actions">
                <button type="submit" class="button">
                    "Apply filters"
                </button>
                {active
                    .then(|| {
                        view! {
                            <a class="button quiet" href=path>
                                <Icon of=Glyph::X />
                                "Clear"
                            </a>
                        }
                    })}
            </div>
        </form>
    }
    .into_any()
}

#[component]
pub fn FilterSelect(
    name: &'static str,
    label: &'static str,
    /// What choosing nothing is called.
    all: &'static str,
    /// Value and word.
    options: Vec<(&'static str, &'static str)>,
    chosen: Option<&'static str>,
) -> impl IntoView {
    let options: Vec<_> = options
        .into_iter()
        .map(|(value, word)| {
            view! {
                <option value=value selected=chosen == Some(value)>
                    {word}
                </option>
            }
        })
        .collect();
    view! {
        <label class="filter" class:set=chosen.is_some()>
            <span>{label}</span>
            <select name=name>
                <option value="">{all}</option>
                {options}
            </select>
        </label>
    }
}

#[component]
pub fn FilterInput(
    name: &'static str,
    label: &'static str,
    value: Option<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] list: Option<&'static str>,
) -> impl IntoView {
    let set = value.is_some();
    view! {
        <label class="filter" class:set=set>
            <span>{label}</span>
            <input
                name=name
                type=kind
                value=value
                placeholder=placeholder
                list=list
                autocomplete="off"
                spellcheck="false"
            />
        </label>
    }
}
