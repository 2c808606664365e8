use leptos::prelude::*;

/// A QR code, drawn on the server: dark on light in every theme, since some readers know no
/// other, with the quiet zone that the standard asks for (ISO/IEC 18004, 6.3.8).
#[component]
pub fn QrCode(
    #[prop(into)] text: String,
    /// What it is for, for those who cannot see it.
    label: &'static str,
) -> impl IntoView {
    let (side, path) = drawn(&text);
    view! {
        <svg
            class="qr"
            role="img"
            aria-label=label
            viewBox=format!("-4 -4 {0} {0}", side + 8)
            shape-rendering="crispEdges"
        >
            <path fill="#fff" d=format!("M-4-4h{0}v{0}h-{0}z", side + 8) />
            <path fill="#000" d=path />
        </svg>
    }
}

/// How many modules a side has, and a path over the dark ones.
#[cfg(feature = "ssr")]
fn drawn(text: &str) -> (usize, String) {
    use std::fmt::Write as _;

    let Ok(code) = qrcode::QrCode::new(text) else {
        return (0, String::new());
    };
    let side = code.width();
    let mut path = String::new();
    for (index, module) in code.to_colors().into_iter().enumerate() {
        if module == qrcode::Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", index % side, index / side);
        }
    }
    (side, path)
}

#[cfg(not(feature = "ssr"))]
fn drawn(_: &str) -> (usize, String) {
    (0, String::new())
}
