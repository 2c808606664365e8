use leptos::prelude::*;

/// A share of a whole as a bar; the figure stands beside it in words.
#[component]
pub fn ShareBar(part: u64, of: u64) -> impl IntoView {
    let per_mille = crate::number::per_mille(part.min(of), of).unwrap_or_default();
    let width = format!("{}.{}%", per_mille / 10, per_mille % 10);
    view! {
        <svg class="share" width="100%" height="8" aria-hidden="true" focusable="false">
            <rect class="ground" width="100%" height="8" rx="4" />
            <rect class="mark" width=width height="8" rx="4" />
        </svg>
    }
}
