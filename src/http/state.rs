//! What every route is given.

use std::sync::{Arc, OnceLock};

use leptos::config::LeptosOptions;
use platform::Platform;

use super::{Cookies, assets::Manifest, openapi::Served};
use crate::config::Config;

/// What every route is given. Cheap to clone.
#[derive(Clone)]
pub(super) struct AppState(Arc<Inner>);

struct Inner {
    platform: Platform,
    cookies: Cookies,
    public_url: String,
    session_seconds: i64,
    /// Made when it is first asked for.
    document: OnceLock<Served>,
}

impl AppState {
    /// Of this installation.
    pub(super) fn new(platform: &Platform, config: &Config) -> Self {
        Self(Arc::new(Inner {
            platform: platform.clone(),
            cookies: Cookies::new(config.is_https()),
            public_url: config.public_url.origin().ascii_serialization(),
            session_seconds: config.session_cookie(),
            document: OnceLock::new(),
        }))
    }

    pub(super) fn platform(&self) -> &Platform {
        &self.0.platform
    }

    pub(super) fn cookies(&self) -> Cookies {
        self.0.cookies
    }

    /// Where this installation is reached, without a slash at the end.
    pub(super) fn public_url(&self) -> &str {
        &self.0.public_url
    }

    /// The API's own description.
    pub(super) fn document(&self) -> &Served {
        let make = || Served::new(self.public_url());
        self.0.document.get_or_init(make)
    }

    /// How long the session cookie is kept, in seconds.
    pub(super) fn session_seconds(&self) -> i64 {
        self.0.session_seconds
    }

    /// The files of this build, as the document names them.
    pub(super) fn assets() -> app::Assets {
        let manifest = Manifest::load();
        let script = manifest.hashed("app.js");
        app::Assets {
            css: manifest.hashed("app.css").to_owned(),
            font: manifest.hashed("inter.woff2").to_owned(),
            verify: manifest.hashed("verify.js").to_owned(),
            verifier: manifest.hashed("verifier.js").to_owned(),
            verifier_module: manifest.hashed("verifier_bg.wasm").to_owned(),
            js_output_name: script.strip_suffix(".js").unwrap_or(script).to_owned(),
        }
    }

    /// Leptos' options: where the module and its WebAssembly are.
    pub(super) fn leptos(assets: &app::Assets) -> LeptosOptions {
        LeptosOptions::builder()
            .output_name(assets.js_output_name.as_str())
            .site_pkg_dir("assets")
            .build()
    }
}
