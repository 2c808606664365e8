use leptos::prelude::*;
use types::{Permission, console::Viewer};

use crate::components::{Glyph, Icon};

/// A page that navigation leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Overview,
    Verifications,
    Keys,
    Audit,
    Settings,
    Jobs,
    Backups,
    Signals,
    /// None of them.
    Elsewhere,
}

impl Place {
    const CUSTOMER: [Self; 5] = [
        Self::Overview,
        Self::Verifications,
        Self::Keys,
        Self::Audit,
        Self::Settings,
    ];
    const STAFF: [Self; 3] = [Self::Jobs, Self::Backups, Self::Signals];

    /// Name, path, icon, and the letter that follows `g`.
    const fn parts(self) -> (&'static str, &'static str, Glyph, char) {
        match self {
            Self::Overview => ("Overview", "/", Glyph::Dashboard, 'o'),
            Self::Verifications => ("Verifications", "/verifications", Glyph::Verified, 'v'),
            Self::Keys => ("API keys", "/keys", Glyph::Key, 'k'),
            Self::Audit => ("Audit log", "/audit", Glyph::Scroll, 'a'),
            Self::Settings => ("Settings", "/settings", Glyph::Settings, 's'),
            Self::Jobs => ("Background jobs", "/staff/jobs", Glyph::Jobs, 'j'),
            Self::Backups => ("Backups", "/staff/backups", Glyph::Archive, 'b'),
            Self::Signals => ("Signals", "/staff/signals", Glyph::Alert, 'i'),
            Self::Elsewhere => ("", "", Glyph::X, ' '),
        }
    }

    /// What one must be allowed to do to open it.
    const fn permission(self) -> Permission {
        match self {
            Self::Overview | Self::Settings | Self::Elsewhere => Permission::OrganisationRead,
            Self::Verifications => Permission::VerificationsRead,
            Self::Keys => Permission::KeysRead,
            Self::Audit => Permission::AuditRead,
            Self::Jobs => Permission::JobsRead,
            Self::Backups => Permission::BackupsRead,
            Self::Signals => Permission::SignalsRead,
        }
    }

    /// Name, path and shortcut letter of every place that the viewer may open.
    pub(super) fn open_to(viewer: &Viewer) -> Vec<(String, String, char)> {
        Self::CUSTOMER
            .iter()
            .chain(&Self::STAFF)
            .filter(|place| viewer.may(place.permission()))
            .map(|place| {
                let (name, path, _, letter) = place.parts();
                (name.to_owned(), path.to_owned(), letter)
            })
            .collect()
    }
}

/// The pages that the viewer may open, the present one marked.
#[component]
pub(super) fn Navigation(viewer: Viewer, here: Place) -> impl IntoView {
    let links = |places: &[Place]| {
        places
            .iter()
            .filter(|place| viewer.may(place.permission()))
            .map(|place| view! { <NavigationLink place=*place here /> })
            .collect::<Vec<_>>()
    };
    let staff = links(&Place::STAFF);
    view! {
        <nav class="navigation" aria-label="Console">
            <ul>{links(&Place::CUSTOMER)}</ul>
            {(!staff.is_empty())
                .then(|| {
                    view! {
                        <h2 class="navigation-group" id="staff-pages">
                            "Installation"
                        </h2>
                        <ul aria-labelledby="staff-pages">{staff}</ul>
                    }
                })}
        </nav>
    }
}

#[component]
fn NavigationLink(place: Place, here: Place) -> impl IntoView {
    let (name, path, glyph, _) = place.parts();
    view! {
        <li>
            <a href=path aria-current=(place == here).then_some("page")>
                <Icon of=glyph />
                {name}
            </a>
        </li>
    }
}
