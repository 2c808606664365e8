//! The document and its routes.

use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::{PageContext, Theme, pages};

/// The whole document. The options carry the hashed `output_name` and `site_pkg_dir`.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let page = PageContext::current();
    let theme = (page.theme != Theme::System).then(|| page.theme.as_str());
    // The person's page needs no script, so it is given none.
    let scripts = !page.path.starts_with("/v/");
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta
                    name="description"
                    content="Identity verification that keeps nothing but the outcome."
                />
                <meta name="color-scheme" content=theme.unwrap_or("light dark") />
                <link
                    rel="preload"
                    href=format!("/assets/{}", page.assets.font)
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin="anonymous"
                />
                <link rel="stylesheet" href=format!("/assets/{}", page.assets.css) />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                {scripts.then(|| view! { <Scripts options /> })}
                <MetaTags />
            </head>
            <body>
                <a class="skip" href="#main">
                    "Skip to content"
                </a>
                <App />
            </body>
        </html>
    }
    .into_any()
}

#[component]
fn Scripts(options: LeptosOptions) -> impl IntoView {
    view! {
        <script nonce=use_nonce()>{SOON}</script>
        <HydrationScripts options islands=true />
        {(!PageContext::current().looking)
            .then(|| {
                view! {
                    <script type="speculationrules" nonce=use_nonce()>
                        {PREFETCH}
                    </script>
                }
            })}
    }
}

/// Islands wake when the browser is idle, for which they would wait without an end: on a busy machine
/// a dangerous form never asked for its passkey. After half a second they wake all the same.
const SOON: &str = "{const idle=window.requestIdleCallback;if(idle)window.requestIdleCallback=work=>idle.call(window,work,{timeout:500})}";

/// Pages are fetched as soon as the pointer rests on a link. Every GET is safe to repeat; but
/// where reading is an event, as on pages of staff and in a look, only what is opened is fetched.
const PREFETCH: &str = r#"{"prefetch":[{"where":{"and":[{"href_matches":"/*"},{"not":{"href_matches":"/v/*"}},{"not":{"href_matches":"/setup/*"}},{"not":{"href_matches":"/staff/*"}},{"not":{"selector_matches":"[download]"}}]},"eagerness":"moderate"}]}"#;

/// The pages by path. All wait for their data, so that the status is the true one and no
/// script is needed.
#[component]
#[expect(clippy::too_many_lines, reason = "a list: a line a page")]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=pages::NotFound>
                <Route path=path!("/") view=pages::Overview ssr=SsrMode::Async />
                <Route path=path!("/verifications") view=pages::Verifications ssr=SsrMode::Async />
                <Route path=path!("/verifications/export") view=pages::ExportVerifications ssr=SsrMode::Async />
                <Route path=path!("/verifications/:id") view=pages::Verification ssr=SsrMode::Async />
                <Route path=path!("/usage/report") view=pages::UsageReportPage ssr=SsrMode::Async />
                <Route path=path!("/usage/requests") view=pages::RequestsPage ssr=SsrMode::Async />
                <Route path=path!("/usage/requests/:id") view=pages::RequestPage ssr=SsrMode::Async />
                <Route path=path!("/keys") view=pages::Keys ssr=SsrMode::Async />
                <Route path=path!("/keys/new") view=pages::NewKey ssr=SsrMode::Async />
                <Route path=path!("/keys/policy") view=pages::KeyPolicies ssr=SsrMode::Async />
                <Route path=path!("/keys/limits") view=pages::KeyLimits ssr=SsrMode::Async />
                <Route path=path!("/keys/limits/new") view=pages::NewKeyLimit ssr=SsrMode::Async />
                <Route path=path!("/keys/limits/:name") view=pages::EditKeyLimit ssr=SsrMode::Async />
                <Route path=path!("/leaks") view=pages::FoundKey ssr=SsrMode::Async />
                <Route path=path!("/reference") view=pages::ApiReference ssr=SsrMode::Async />
                <Route path=path!("/keys/:id") view=pages::Key ssr=SsrMode::Async />
                <Route path=path!("/keys/:id/edit") view=pages::EditKey ssr=SsrMode::Async />
                <Route path=path!("/keys/:id/rotate") view=pages::RotateKey ssr=SsrMode::Async />
                <Route path=path!("/keys/:id/revoke") view=pages::RevokeKey ssr=SsrMode::Async />
                <Route path=path!("/alerts") view=pages::Alerts ssr=SsrMode::Async />
                <Route path=path!("/alerts/new") view=pages::NewAlert ssr=SsrMode::Async />
                <Route path=path!("/alerts/channels") view=pages::AlertChannels ssr=SsrMode::Async />
                <Route path=path!("/alerts/channels/new") view=pages::NewAlertChannel ssr=SsrMode::Async />
                <Route path=path!("/alerts/channels/:id") view=pages::AlertChannel ssr=SsrMode::Async />
                <Route path=path!("/alerts/:id") view=pages::Alert ssr=SsrMode::Async />
                <Route path=path!("/alerts/:id/edit") view=pages::EditAlert ssr=SsrMode::Async />
                <Route path=path!("/webhooks") view=pages::Webhooks ssr=SsrMode::Async />
                <Route path=path!("/webhooks/new") view=pages::NewWebhook ssr=SsrMode::Async />
                <Route path=path!("/webhooks/:id") view=pages::Webhook ssr=SsrMode::Async />
                <Route path=path!("/webhooks/:id/deliveries/:delivery") view=pages::Delivery ssr=SsrMode::Async />
                <Route path=path!("/audit") view=pages::Audit ssr=SsrMode::Async />
                <Route path=path!("/audit/searches") view=pages::AuditSearches ssr=SsrMode::Async />
                <Route path=path!("/audit/exports") view=pages::AuditExports ssr=SsrMode::Async />
                <Route path=path!("/staff/audit") view=pages::StaffAudit ssr=SsrMode::Async />
                <Route path=path!("/staff/audit/searches") view=pages::StaffAuditSearches ssr=SsrMode::Async />
                <Route path=path!("/staff/audit/exports") view=pages::StaffAuditExports ssr=SsrMode::Async />
                <Route path=path!("/staff/audit/:id") view=pages::StaffAuditEvent ssr=SsrMode::Async />
                <Route path=path!("/audit/retention") view=pages::OrganisationRetention ssr=SsrMode::Async />
                <Route path=path!("/audit/holds/new") view=pages::OrganisationHold ssr=SsrMode::Async />
                <Route path=path!("/audit/holds/:id/release") view=pages::OrganisationRelease ssr=SsrMode::Async />
                <Route path=path!("/audit/streams") view=pages::OrganisationStreams ssr=SsrMode::Async />
                <Route path=path!("/audit/streams/new") view=pages::OrganisationNewStream ssr=SsrMode::Async />
                <Route path=path!("/audit/streams/:id") view=pages::OrganisationStream ssr=SsrMode::Async />
                <Route path=path!("/audit/:id") view=pages::AuditEvent ssr=SsrMode::Async />
                <Route path=path!("/staff/retention") view=pages::InstallationRetention ssr=SsrMode::Async />
                <Route path=path!("/staff/holds/new") view=pages::InstallationHold ssr=SsrMode::Async />
                <Route path=path!("/staff/holds/:id/release") view=pages::InstallationRelease ssr=SsrMode::Async />
                <Route path=path!("/staff/streams") view=pages::InstallationStreams ssr=SsrMode::Async />
                <Route path=path!("/staff/streams/new") view=pages::InstallationNewStream ssr=SsrMode::Async />
                <Route path=path!("/staff/streams/:id") view=pages::InstallationStream ssr=SsrMode::Async />
                <Route path=path!("/staff/erasure") view=pages::Erasure ssr=SsrMode::Async />
                <Route path=path!("/settings") view=pages::Settings ssr=SsrMode::Async />
                <Route path=path!("/organisations/new") view=pages::NewOrganisation ssr=SsrMode::Async />
                <Route path=path!("/team") view=pages::Team ssr=SsrMode::Async />
                <Route path=path!("/team/members/:id") view=pages::Member ssr=SsrMode::Async />
                <Route path=path!("/team/members/:id/remove") view=pages::RemoveMember ssr=SsrMode::Async />
                <Route path=path!("/team/leave") view=pages::Leave ssr=SsrMode::Async />
                <Route path=path!("/team/roles") view=pages::Roles ssr=SsrMode::Async />
                <Route path=path!("/team/roles/new") view=pages::NewRole ssr=SsrMode::Async />
                <Route path=path!("/team/roles/:id") view=pages::EditRole ssr=SsrMode::Async />
                <Route path=path!("/team/roles/:id/delete") view=pages::DeleteRole ssr=SsrMode::Async />
                <Route path=path!("/settings/security") view=pages::Security ssr=SsrMode::Async />
                <Route path=path!("/staff/organisations") view=pages::Organisations ssr=SsrMode::Async />
                <Route path=path!("/staff/organisations/:id/quota") view=pages::Quota ssr=SsrMode::Async />
                <Route path=path!("/staff/access") view=pages::Access ssr=SsrMode::Async />
                <Route path=path!("/staff/access/give") view=pages::GiveStaffRole ssr=SsrMode::Async />
                <Route path=path!("/staff/access/people/:id") view=pages::StaffPerson ssr=SsrMode::Async />
                <Route path=path!("/staff/access/elevate") view=pages::Elevate ssr=SsrMode::Async />
                <Route path=path!("/staff/access/elevations/:id") view=pages::Elevation ssr=SsrMode::Async />
                <Route path=path!("/staff/jobs") view=pages::Jobs ssr=SsrMode::Async />
                <Route path=path!("/staff/backups") view=pages::Backups ssr=SsrMode::Async />
                <Route path=path!("/staff/ledger") view=pages::Ledger ssr=SsrMode::Async />
                <Route path=path!("/account/sessions") view=pages::Sessions ssr=SsrMode::Async />
                <Route path=path!("/account/activity") view=pages::Activity ssr=SsrMode::Async />
                <Route path=path!("/account/notifications") view=pages::Notifications ssr=SsrMode::Async />
                <Route path=path!("/report") view=pages::Report ssr=SsrMode::Async />
                <Route path=path!("/staff/signals") view=pages::Signals ssr=SsrMode::Async />
                <Route path=path!("/staff/sessions") view=pages::EverybodysSessions ssr=SsrMode::Async />
                <Route path=path!("/staff/support") view=pages::Desk ssr=SsrMode::Async />
                <Route path=path!("/staff/support/:subject") view=pages::DeskSubject ssr=SsrMode::Async />
                <Route path=path!("/staff/support/:subject/hand-over") view=pages::HandOver ssr=SsrMode::Async />
                <Route path=path!("/staff/support/:subject/look") view=pages::LookInto ssr=SsrMode::Async />
                <Route path=path!("/staff/support/:subject/recovery") view=pages::HelpRecover ssr=SsrMode::Async />
                <Route path=path!("/support-access") view=pages::SupportAccess ssr=SsrMode::Async />
                <Route path=path!("/not-me/:secret") view=pages::NotMe ssr=SsrMode::Async />
                <Route path=path!("/team/invite") view=pages::Invite ssr=SsrMode::Async />
                <Route path=path!("/invitations/:secret") view=pages::Invitation ssr=SsrMode::Async />
                <Route path=path!("/account") view=pages::Profile ssr=SsrMode::Async />
                <Route path=path!("/account/email/:secret") view=pages::ConfirmEmail ssr=SsrMode::Async />
                <Route path=path!("/account/recovery") view=pages::OwnRecovery ssr=SsrMode::Async />
                <Route path=path!("/staff/accounts") view=pages::Accounts ssr=SsrMode::Async />
                <Route path=path!("/sign-up") view=pages::SignUp ssr=SsrMode::Async />
                <Route path=path!("/sign-up/:secret") view=pages::ConfirmSignUp ssr=SsrMode::Async />
                <Route path=path!("/recover") view=pages::Recover ssr=SsrMode::Async />
                <Route path=path!("/recover/:secret") view=pages::Recovery ssr=SsrMode::Async />
                <Route path=path!("/recover/cancel/:secret") view=pages::CancelRecovery ssr=SsrMode::Async />
                <Route path=path!("/dev/outbox") view=pages::Outbox ssr=SsrMode::Async />
                <Route path=path!("/account/sign-in-methods") view=pages::SignInMethods ssr=SsrMode::Async />
                <Route
                    path=path!("/account/sign-in-methods/passkeys/:id")
                    view=pages::PasskeyPage
                    ssr=SsrMode::Async
                />
                <Route path=path!("/account/sign-in-methods/password") view=pages::PasswordPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=pages::SignIn ssr=SsrMode::Async />
                <Route path=path!("/setup/:token") view=pages::SetUp ssr=SsrMode::Async />
                <Route path=path!("/v/:secret") view=pages::Hosted ssr=SsrMode::Async />
                <Route path=path!("/v/:secret/:step") view=pages::Hosted ssr=SsrMode::Async />
            </FlatRoutes>
        </Router>
    }
    .into_any()
}
