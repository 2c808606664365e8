//! Filters: a GET form, so that a page's address holds its whole state, and the filters that
//! are set as chips, each with the way to take it off.

use leptos::prelude::*;

use super::{Glyph, Icon, field::described_by, link};

#[component]
pub fn FilterBar(
    path: &'static str,
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
            </div>
        </form>
    }
    .into_any()
}

/// Label, control and what is wrong with the value.
#[component]
fn FilterShell(
    name: &'static str,
    label: &'static str,
    set: bool,
    error: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="filter" class:set=set>
            <label for=name>{label}</label>
            {children()}
            {error
                .map(|text| {
                    view! {
                        <p class="field-error" id=format!("{name}-error")>
                            <Icon of=Glyph::CircleAlert size=14 />
                            {text}
                        </p>
                    }
                })}
        </div>
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
    options: Vec<(String, String)>,
    #[prop(optional_no_strip)] chosen: Option<String>,
    #[prop(optional_no_strip)] error: Option<String>,
) -> impl IntoView {
    let set = chosen.is_some();
    // A value that is no choice stays what it was, until it is mended.
    let strange = chosen
        .clone()
        .filter(|chosen| options.iter().all(|(value, _)| value != chosen))
        .map(|value| {
            let word = value.clone();
            view! {
                <option value=value selected>
                    {word}
                </option>
            }
        });
    let options: Vec<_> = options
        .into_iter()
        .map(|(value, word)| {
            let selected = chosen.as_ref() == Some(&value);
            view! {
                <option value=value selected=selected>
                    {word}
                </option>
            }
        })
        .collect();
    let described = described_by(name, false, error.is_some());
    let invalid = error.is_some().then_some("true");
    view! {
        <FilterShell name label set error>
            <select id=name name=name aria-invalid=invalid aria-describedby=described>
                <option value="">{all}</option>
                {strange}
                {options}
            </select>
        </FilterShell>
    }
    .into_any()
}

#[component]
pub fn FilterInput(
    name: &'static str,
    label: &'static str,
    #[prop(optional_no_strip)] value: Option<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional_no_strip)] error: Option<String>,
    /// The id of what explains the field.
    #[prop(optional_no_strip, into)]
    hint: Option<&'static str>,
    /// The id of a list of values to choose from.
    #[prop(optional)]
    list: Option<&'static str>,
) -> impl IntoView {
    let set = value.is_some();
    let invalid = error.is_some().then_some("true");
    let described = match (described_by(name, false, error.is_some()), hint) {
        (Some(error), Some(hint)) => Some(format!("{error} {hint}")),
        (error, hint) => error.or(hint.map(ToOwned::to_owned)),
    };
    // A date field shows nothing of a text that is no date.
    let kind = if error.is_some() { "text" } else { kind };
    view! {
        <FilterShell name label set error>
            <input
                id=name
                name=name
                type=kind
                value=value
                placeholder=placeholder
                list=list
                aria-invalid=invalid
                aria-describedby=described
                autocomplete="off"
                spellcheck="false"
            />
        </FilterShell>
    }
    .into_any()
}

/// Two days, both included, and whose days they are.
#[component]
pub fn FilterDays(
    from: Option<String>,
    to: Option<String>,
    #[prop(optional_no_strip)] from_error: Option<String>,
    #[prop(optional_no_strip)] to_error: Option<String>,
    /// The IANA name of the time zone.
    #[prop(into)]
    zone: String,
) -> impl IntoView {
    view! {
        <FilterInput
            name="from"
            label="From"
            value=from
            kind="date"
            placeholder="YYYY-MM-DD"
            error=from_error
            hint="filter-zone"
        />
        <FilterInput
            name="to"
            label="To"
            value=to
            kind="date"
            placeholder="YYYY-MM-DD"
            error=to_error
            hint="filter-zone"
        />
        <p class="filter-zone" id="filter-zone">
            {format!("Days begin at midnight in {zone}.")}
        </p>
    }
    .into_any()
}

/// A filter that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveFilter {
    pub name: &'static str,
    pub label: &'static str,
    /// As the address spells it.
    pub value: String,
    /// As people read it.
    pub shown: String,
}

/// The filters that are set, each with a link that takes it off.
#[component]
pub fn ActiveFilters(path: &'static str, filters: Vec<ActiveFilter>) -> impl IntoView {
    if filters.is_empty() {
        return ().into_any();
    }
    let chips: Vec<_> = filters
        .iter()
        .map(|filter| {
            let rest: Vec<_> = filters
                .iter()
                .filter(|other| other.name != filter.name)
                .map(|other| (other.name, other.value.clone()))
                .collect();
            view! {
                <li>
                    <a class="chip" href=link(path, &rest)>
                        <span class="sr-only">"Remove filter "</span>
                        <span class="chip-label">{filter.label}</span>
                        <span class="chip-value">{filter.shown.clone()}</span>
                        <Icon of=Glyph::X size=14 />
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <div class="chips">
            <ul aria-label="Active filters">{chips}</ul>
            <a class="chips-clear" href=path>
                "Clear all"
            </a>
        </div>
    }
    .into_any()
}
