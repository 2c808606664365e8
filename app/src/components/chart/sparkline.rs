use leptos::prelude::*;

use super::scale::{HEIGHT, pixels, slot};

/// A figure over time, without scale: the shape only.
#[component]
pub fn Sparkline(values: Vec<u64>) -> impl IntoView {
    let top = values.iter().copied().max().unwrap_or_default().max(1);
    let count = values.len();
    let points: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            let (x, width) = slot(index, count);
            let y = 31.0 - pixels(*value, top) / f64::from(HEIGHT) * 30.0;
            format!("{:.2},{y:.2}", x + width / 2.0)
        })
        .collect();
    let line = points.join(" ");
    view! {
        <svg
            class="sparkline"
            viewBox="0 0 100 32"
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            <polygon points=format!("0,32 {line} 100,32") />
            <polyline points=line.clone() />
        </svg>
    }
}
