use leptos::prelude::*;
use types::support::NoteRow;

use super::{kind_words, path_of};
use crate::components::{Badge, Glyph, Moment, Tone, short_id};

/// Notes and hand-overs, newest first.
#[component]
pub(super) fn Notes(
    rows: Vec<NoteRow>,
    /// With a link to what each is about.
    #[prop(optional)]
    with_subject: bool,
) -> impl IntoView {
    let items = rows
        .into_iter()
        .map(|row| view! { <Note row with_subject /> })
        .collect_view();
    view! { <ul class="notes">{items}</ul> }.into_any()
}

#[component]
fn Note(row: NoteRow, with_subject: bool) -> impl IntoView {
    let close = format!("/staff/support/handovers/{}/close", row.id);
    let label = format!("Close hand-over {}", row.id);
    let text = row
        .text
        .unwrap_or_else(|| "What it said was erased with the data of whom it was about.".to_owned());
    let handed = row.handed_to.map(|to| {
        let (tone, glyph, word) = if row.open {
            (Tone::Warn, Glyph::Hourglass, "Open")
        } else {
            (Tone::Neutral, Glyph::Check, "Closed")
        };
        view! {
            <span class="text-muted">{format!(" handed it over to {to} ")}</span>
            <Badge tone glyph text=word />
        }
    });
    let about = with_subject.then(|| {
        let (kind, _) = kind_words(row.subject.kind());
        let id = short_id(&row.subject.to_string());
        view! {
            <p>
                <a href=path_of(row.subject)>{format!("{kind} ")} <code>{id}</code></a>
            </p>
        }
    });
    view! {
        <li>
            <p>
                <span class="font-medium">{row.author}</span>
                {handed}
                " "
                <span class="text-muted text-xs">
                    <Moment at=row.created_at />
                </span>
            </p>
            {about}
            <p class="said">{text}</p>
            {row
                .may_close
                .then(|| {
                    view! {
                        <form method="post" action=close>
                            <button type="submit" class="button small" aria-label=label>
                                "Close hand-over"
                            </button>
                        </form>
                    }
                })}
        </li>
    }
    .into_any()
}
