//! "Verify in your browser": where an event's proof is checked by who reads it.

use leptos::prelude::*;

use crate::PageContext;

/// The part of an event's page in which its proof is checked. The script `verifier/page.js`
/// fills it; without scripts the proof can be taken along as a file.
#[component]
pub fn VerifySection(
    /// The event's id: `evt_..`.
    #[prop(into)]
    event: String,
) -> impl IntoView {
    let PageContext { assets, path, .. } = PageContext::current();
    // Staff read an event of whichever log on a page of their own, and that they do is audited.
    let log = if path.starts_with("/staff/") {
        "/staff/audit"
    } else {
        "/audit"
    };
    let asset = |name: &str| format!("/assets/{name}");
    let proof = format!("{log}/{event}/proof");
    let file = format!("{proof}?download=yes");
    view! {
        <section
            id="verify"
            class="card"
            data-event=event
            data-proof=proof
            data-checker=asset(&assets.verifier)
            data-module=asset(&assets.verifier_module)
        >
            <header class="card-head">
                <div>
                    <h2>"Verify in your browser"</h2>
                    <p>
                        "Whether this event is in the signed log, unchanged, and whether that log is the one that this browser saw before."
                    </p>
                </div>
            </header>
            <div class="card-body">
                <p class="flex flex-wrap gap-2">
                    <button type="button" class="button scripted" data-verify="">
                        "Verify"
                    </button>
                    <a class="button" href=file download="">
                        "Download the proof"
                    </a>
                    <button type="button" class="button scripted" data-forget="" hidden>
                        "Forget and verify again"
                    </button>
                </p>
                <ol class="verify-steps" data-steps="" aria-label="What was checked"></ol>
                <p class="verify-verdict" data-verdict="" role="status"></p>
                <p class="unscripted text-muted">"Checking here needs JavaScript. Without it, download the proof and check it with the command below."</p>
                <p class="text-muted text-xs mt-3">
                    "The checker comes from this installation. To trust nobody, check the downloaded proof on a machine of your own: "
                    <code>"loomwire audit verify --proof FILE --key KEY"</code>
                </p>
            </div>
            <script type="module" src=asset(&assets.verify)></script>
        </section>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::Assets;

    #[test]
    fn the_section_says_what_its_script_needs() {
        let owner = Owner::new();
        let html = owner.with(|| {
            provide_context(PageContext {
                assets: Assets {
                    verify: "verify.1.js".to_owned(),
                    verifier: "verifier.1.js".to_owned(),
                    verifier_module: "verifier.1_bg.wasm".to_owned(),
                    ..Assets::default()
                },
                ..PageContext::default()
            });
            view! { <VerifySection event="evt_1" /> }.to_html()
        });
        for part in [
            r#"id="verify""#,
            r#"data-event="evt_1""#,
            r#"data-proof="/audit/evt_1/proof""#,
            r#"data-checker="/assets/verifier.1.js""#,
            r#"data-module="/assets/verifier.1_bg.wasm""#,
            r#"src="/assets/verify.1.js""#,
            "data-verify",
            "data-forget",
            "data-steps",
            "data-verdict",
            r#"href="/audit/evt_1/proof?download=yes""#,
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
