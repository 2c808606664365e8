//! Code that the reader can copy and run.

use std::borrow::Cow;

use leptos::prelude::*;

use super::CopyButton;

/// The same call in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub language: Cow<'static, str>,
    pub code: String,
}

#[component]
pub fn CodeBlock(#[prop(into)] code: String, #[prop(into)] what: String) -> impl IntoView {
    view! {
        <div class="code">
            <pre tabindex="0" role="region" aria-label=what.clone()>
                <code>{code.clone()}</code>
            </pre>
            <CopyButton text=code what=what />
        </div>
    }
    .into_any()
}

/// Samples behind tabs, which are radio buttons, so that they work without scripts.
#[component]
pub fn CodeTabs(
    samples: Vec<Sample>,
    /// Keeps the tabs of several blocks on a page apart.
    #[prop(default = "sample".to_owned(), into)]
    group: String,
    /// What they are samples of, where a page has several blocks.
    #[prop(optional, into)]
    of: String,
) -> impl IntoView {
    let of = if of.is_empty() { of } else { format!(", {of}") };
    let blocks: Vec<_> = samples
        .into_iter()
        .enumerate()
        .map(|(index, Sample { language, code })| {
            let id = format!("{group}-{index}");
            view! {
                <input
                    type="radio"
                    class="tab-radio"
                    name=group.clone()
                    id=id.clone()
                    checked=index == 0
                />
                <label class="tab" for=id>
                    {language.clone()}
                </label>
                <div class="tab-panel">
                    <CodeBlock code what=format!("{language} sample{of}") />
                </div>
            }
        })
        .collect();
    view! {
        <fieldset class="tabs">
            <legend class="sr-only">"Language"</legend>
            {blocks}
        </fieldset>
    }
    .into_any()
}

/// Starting a verification, in four languages. Without a key at hand the samples read it
/// from the environment.
pub fn start_samples(public_url: &str, key: Option<&str>) -> Vec<Sample> {
    let url = format!("{public_url}/verify/start");
    let shell_key = key.unwrap_or("$LOOMWIRE_KEY");
    let quoted = |read: &str| key.map_or_else(|| read.to_owned(), |key| format!("\"{key}\""));
    let node_key = quoted("process.env.LOOMWIRE_KEY");
    let python_key = quoted("os.environ[\"LOOMWIRE_KEY\"]");
    let rust_key = quoted("std::env::var(\"LOOMWIRE_KEY\")?");
    vec![
        Sample {
            language: "curl".into(),
            code: format!(
                "curl -X POST {url} \\\n  -H \"x-tenant-api-key: {shell_key}\" \\\n  -H \"content-type: application/json\" \\\n  -d '{{\"minimumAge\": 18}}'"
            ),
        },
        Sample {
            language: "Node".into(),
            code: format!(
                "const response = await fetch(\"{url}\", {{\n  method: \"POST\",\n  headers: {{\n    \"x-tenant-api-key\": {node_key},\n    \"content-type\": \"application/json\",\n  }},\n  body: JSON.stringify({{ minimumAge: 18 }}),\n}});\nconst {{ verificationId, sessionUrl }} = await response.json();"
            ),
        },
        Sample {
            language: "Python".into(),
            code: format!(
                "import os, requests\n\nverification = requests.post(\n    \"{url}\",\n    headers={{\"x-tenant-api-key\": {python_key}}},\n    json={{\"minimumAge\": 18}},\n    timeout=10,\n).json()\nprint(verification[\"sessionUrl\"])"
            ),
        },
        Sample {
            language: "Rust".into(),
            code: format!(
                "let verification: serde_json::Value = reqwest::Client::new()\n    .post(\"{url}\")\n    .header(\"x-tenant-api-key\", {rust_key})\n    .json(&serde_json::json!({{ \"minimumAge\": 18 }}))\n    .send()\n    .await?\n    .json()\n    .await?;"
            ),
        },
    ]
}
