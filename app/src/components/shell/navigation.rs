use leptos::prelude::*;
use types::{Permission, console::Viewer};

use crate::components::{Glyph, Icon};

/// A page that navigation leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Overview,
    Verifications,
    Usage,
    Keys,
    Alerts,
    Webhooks,
    Audit,
    Team,
    SupportAccess,
    Settings,
    Jobs,
    Backups,
    Ledger,
    Organisations,
    Access,
    Accounts,
    Signals,
    StaffAudit,
    Support,
    /// What the operator keeps, streams and erases.
    Keeping,
    /// None of them.
    Elsewhere,
}

impl Place {
    const CUSTOMER: [Self; 10] = [
        Self::Overview,
        Self::Verifications,
        Self::Usage,
        Self::Alerts,
        Self::Keys,
        Self::Webhooks,
        Self::Audit,
        Self::Team,
        Self::SupportAccess,
        Self::Settings,
    ];
    const STAFF: [Self; 10] = [
        Self::Support,
        Self::Organisations,
        Self::Access,
        Self::Accounts,
        Self::Signals,
        Self::StaffAudit,
        Self::Keeping,
        Self::Jobs,
        Self::Backups,
        Self::Ledger,
    ];

    /// Name, path, icon, and the letter that follows `g`.
    const fn parts(self) -> (&'static str, &'static str, Glyph, char) {
        match self {
            Self::Overview => ("Overview", "/", Glyph::Dashboard, 'o'),
            Self::Verifications => ("Verifications", "/verifications", Glyph::Verified, 'v'),
            Self::Usage => ("Usage", "/usage/report", Glyph::Chart, 'm'),
            Self::Keys => ("API keys", "/keys", Glyph::Key, 'k'),
            Self::Alerts => ("Alerts", "/alerts", Glyph::Bell, 'f'),
            Self::Webhooks => ("Webhooks", "/webhooks", Glyph::Webhook, 'w'),
            Self::Audit => ("Audit log", "/audit", Glyph::Scroll, 'a'),
            Self::Team => ("Team", "/team", Glyph::Users, 't'),
            Self::SupportAccess => ("Support access", "/support-access", Glyph::LifeBuoy, 'p'),
            Self::Settings => ("Settings", "/settings", Glyph::Settings, 's'),
            Self::Jobs => ("Background jobs", "/staff/jobs", Glyph::Jobs, 'j'),
            Self::Backups => ("Backups", "/staff/backups", Glyph::Archive, 'b'),
            Self::Ledger => ("Ledger", "/staff/ledger", Glyph::Shield, 'l'),
            Self::Organisations => ("Organisations", "/staff/organisations", Glyph::Building, 'r'),
            Self::Access => ("Access", "/staff/access", Glyph::Lock, 'e'),
            Self::Accounts => ("Accounts", "/staff/accounts", Glyph::User, 'u'),
            Self::Signals => ("Signals", "/staff/signals", Glyph::Activity, 'i'),
            Self::StaffAudit => ("Audit of everybody", "/staff/audit", Glyph::Scroll, 'y'),
            Self::Support => ("Support", "/staff/support", Glyph::LifeBuoy, 'd'),
            Self::Keeping => ("Retention", "/staff/retention", Glyph::Hourglass, 'n'),
            Self::Elsewhere => ("", "", Glyph::X, ' '),
        }
    }

    /// What one must be allowed to do to open it.
    const fn permission(self) -> Permission {
        match self {
            Self::Overview | Self::Settings | Self::Elsewhere => Permission::OrganisationRead,
            Self::Verifications => Permission::VerificationsRead,
            Self::Usage => Permission::UsageRead,
            Self::Keys => Permission::KeysRead,
            Self::Alerts => Permission::AlertsRead,
            Self::Webhooks => Permission::WebhooksRead,
            Self::Audit => Permission::AuditRead,
            Self::Team => Permission::TeamRead,
            Self::SupportAccess => Permission::SupportConsent,
            Self::Organisations => Permission::OrganisationsList,
            Self::Access => Permission::StaffRead,
            Self::Accounts => Permission::RecoveryStart,
            Self::Signals => Permission::SignalsRead,
            Self::StaffAudit => Permission::AuditReadAll,
            Self::Support => Permission::SupportDesk,
            Self::Jobs => Permission::JobsRead,
            Self::Backups => Permission::BackupsRead,
            Self::Keeping => Permission::AuditManageAll,
            Self::Ledger => Permission::LedgerRead,
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
            .chain([("API reference".to_owned(), "/reference".to_owned(), 'f')])
            .collect()
    }
}

/// The pages that the viewer may open, the present one marked.
#[component]
pub(super) fn Navigation(
    viewer: Viewer,
    here: Place,
    /// Alerts that fire, for whoever may see them.
    firing: Option<u64>,
) -> impl IntoView {
    let links = |places: &[Place]| {
        places
            .iter()
            .filter(|place| viewer.may(place.permission()))
            .map(|place| {
                let firing = firing.filter(|_| *place == Place::Alerts);
                view! { <NavigationLink place=*place here firing /> }
            })
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
fn NavigationLink(
    place: Place,
    here: Place,
    #[prop(optional_no_strip)] firing: Option<u64>,
) -> impl IntoView {
    let (name, path, glyph, _) = place.parts();
    view! {
        <li>
            <a href=path aria-current=(place == here).then_some("page")>
                <Icon of=glyph />
                {name} {firing.map(|count| view! { <Firing count /> })}
            </a>
        </li>
    }
}

/// How many alerts fire: `alerts.js` asks again while the page is looked at.
#[component]
fn Firing(count: u64) -> impl IntoView {
    view! {
        <span class="firing" data-firing=count.to_string() hidden=count == 0>
            <span data-firing-count="">{count.to_string()}</span>
            <span class="sr-only">" firing"</span>
        </span>
    }
}
