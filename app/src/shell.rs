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
        <HydrationScripts options islands=true />
        <script type="speculationrules" nonce=use_nonce()>
            {PREFETCH}
        </script>
    }
}

/// Pages are fetched as soon as the pointer rests on a link. Every GET is safe to repeat.
const PREFETCH: &str = r#"{"prefetch":[{"where":{"and":[{"href_matches":"/*"},{"not":{"href_matches":"/v/*"}},{"not":{"href_matches":"/setup/*"}},{"not":{"href_matches":"/staff/signals*"}},{"not":{"selector_matches":"[download]"}}]},"eagerness":"moderate"}]}"#;

/// The pages by path. All wait for their data, so that the status is the true one and no
/// script is needed.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=pages::NotFound>
                <Route path=path!("/") view=pages::Overview ssr=SsrMode::Async />
                <Route path=path!("/verifications") view=pages::Verifications ssr=SsrMode::Async />
                <Route path=path!("/verifications/export") view=pages::ExportVerifications ssr=SsrMode::Async />
                <Route path=path!("/verifications/:id") view=pages::Verification ssr=SsrMode::Async />
                <Route path=path!("/keys") view=pages::Keys ssr=SsrMode::Async />
                <Route path=path!("/keys/:id/revoke") view=pages::RevokeKey ssr=SsrMode::Async />
                <Route path=path!("/audit") view=pages::Audit ssr=SsrMode::Async />
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
                <Route path=path!("/staff/access") view=pages::Access ssr=SsrMode::Async />
                <Route path=path!("/staff/access/give") view=pages::GiveStaffRole ssr=SsrMode::Async />
                <Route path=path!("/staff/access/people/:id") view=pages::StaffPerson ssr=SsrMode::Async />
                <Route path=path!("/staff/access/elevate") view=pages::Elevate ssr=SsrMode::Async />
                <Route path=path!("/staff/access/elevations/:id") view=pages::Elevation ssr=SsrMode::Async />
                <Route path=path!("/staff/jobs") view=pages::Jobs ssr=SsrMode::Async />
                <Route path=path!("/staff/backups") view=pages::Backups ssr=SsrMode::Async />
                <Route path=path!("/account/sessions") view=pages::Sessions ssr=SsrMode::Async />
                <Route path=path!("/account/activity") view=pages::Activity ssr=SsrMode::Async />
                <Route path=path!("/account/notifications") view=pages::Notifications ssr=SsrMode::Async />
                <Route path=path!("/report") view=pages::Report ssr=SsrMode::Async />
                <Route path=path!("/staff/signals") view=pages::Signals ssr=SsrMode::Async />
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
