//! The data table, which becomes a list of cards on a narrow screen. The roles are written
//! out because CSS that changes `display` takes them away.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// A column's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    name: &'static str,
    class: &'static str,
}

impl Column {
    pub const fn new(name: &'static str) -> Self {
        Self { name, class: "" }
    }

    /// Figures: right-aligned.
    pub const fn figures(name: &'static str) -> Self {
        Self {
            name,
            class: "figures",
        }
    }

    /// Buttons; the head is for screen readers only.
    pub const fn actions() -> Self {
        Self {
            name: "Actions",
            class: "actions",
        }
    }
}

#[component]
pub fn DataTable(
    /// What the table lists.
    #[prop(into)]
    caption: String,
    columns: Vec<Column>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heads: Vec<_> = columns
        .into_iter()
        .map(|column| {
            let name = if column.class == "actions" {
                view! { <span class="sr-only">{column.name}</span> }.into_any()
            } else {
                column.name.into_any()
            };
            view! {
                <th role="columnheader" scope="col" class=column.class>
                    {name}
                </th>
            }
        })
        .collect();
    view! {
        <div class="table-frame">
            <table class="data" role="table">
                <caption class="sr-only">{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">{heads}</tr>
                </thead>
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
pub fn Row(
    /// What a link to this row names.
    #[prop(optional, into)]
    id: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <tr role="row" id=id>
            {children()}
        </tr>
    }
}

/// A cell; `name` repeats the column's on a card.
#[component]
pub fn Cell(
    #[prop(into)] name: String,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <td role="cell" data-label=name class=class>
            {children()}
        </td>
    }
    .into_any()
}

/// The person that a row is about: their name, and their address below it.
#[component]
pub fn PersonCell(
    #[prop(into)] column: String,
    name: String,
    #[prop(optional)] email: String,
    /// Whether it is the viewer.
    #[prop(optional)]
    own: bool,
) -> impl IntoView {
    view! {
        <Cell name=column>
            <span class="font-medium">{name}</span>
            {own.then_some(" (you)")}
            {(!email.is_empty()).then(|| view! { <span class="block text-muted truncate">{email}</span> })}
        </Cell>
    }
    .into_any()
}

/// The last cell of a row: the way to where something can be done with it.
#[component]
pub fn RowLink(
    path: String,
    /// What is done, and to which row.
    label: String,
    /// The same, where the row says to which.
    word: &'static str,
    /// Whether there is such a way for the viewer.
    #[prop(default = true)]
    open: bool,
) -> impl IntoView {
    view! {
        <Cell name="" class="actions">
            {open
                .then(|| {
                    view! {
                        <a class="button small" href=path aria-label=label>
                            {word}
                        </a>
                    }
                })}
        </Cell>
    }
    .into_any()
}

/// The way to older rows, and back to the newest.
#[component]
pub fn Pager(
    /// Of this list, without a query.
    #[prop(into)]
    path: String,
    /// The filters, to be kept.
    query: Vec<(&'static str, String)>,
    /// Where older rows begin.
    next: Option<String>,
    /// Whether this is not the first page.
    later: bool,
    /// How many rows are shown.
    count: usize,
) -> impl IntoView {
    let newest = link(&path, &query);
    let older = next.map(|after| {
        let mut query = query;
        query.push(("after", after));
        link(&path, &query)
    });
    let noun = if count == 1 { "row" } else { "rows" };
    view! {
        <nav class="pager" aria-label="Pages">
            <p class="text-muted">{format!("{count} {noun} on this page, newest first")}</p>
            <div class="flex gap-2">
                {later
                    .then(|| {
                        view! {
                            <a class="button" href=newest>
                                <Icon of=Glyph::ArrowLeft />
                                "Newest"
                            </a>
                        }
                    })}
                {older
                    .map(|href| {
                        view! {
                            <a class="button" href=href rel="next">
                                "Older"
                                <Icon of=Glyph::ArrowRight />
                            </a>
                        }
                    })}
            </div>
        </nav>
    }
    .into_any()
}

/// A path with its query, escaped; empty values are left out.
pub fn link(path: &str, query: &[(&'static str, String)]) -> String {
    let mut out = path.to_owned();
    for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        out.push(if out.contains('?') { '&' } else { '?' });
        out.push_str(name);
        out.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    out.push(char::from(byte));
                }
                _ => out.extend(['%', digit(byte >> 4), digit(byte & 15)]),
            }
        }
    }
    out
}

fn digit(half: u8) -> char {
    char::from_digit(half.into(), 16)
        .unwrap_or('0')
        .to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::link;

    #[test]
    fn links_keep_and_escape_filters() {
        let query = [("status", "approved".to_owned()), ("after", "a+b/c=".to_owned())];
        assert_eq!(link("/v", &query), "/v?status=approved&after=a%2Bb%2Fc%3D");
        assert_eq!(link("/v", &[("status", String::new())]), "/v");
    }
}
