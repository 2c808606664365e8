//! The pages of one's own account, side by side.

use leptos::prelude::*;

/// A page of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountPage {
    Profile,
    SignInMethods,
    Sessions,
    Activity,
    Notifications,
}

impl AccountPage {
    pub const ALL: [Self; 5] = [
        Self::Profile,
        Self::SignInMethods,
        Self::Sessions,
        Self::Activity,
        Self::Notifications,
    ];

    /// Its name and its path.
    pub const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Profile => ("Profile", "/account"),
            Self::SignInMethods => ("Sign-in methods", "/account/sign-in-methods"),
            Self::Sessions => ("Sessions", "/account/sessions"),
            Self::Activity => ("Activity", "/account/activity"),
            Self::Notifications => ("Notifications", "/account/notifications"),
        }
    }
}

/// The way from one page of the account to the others.
#[component]
pub fn AccountTabs(here: AccountPage) -> impl IntoView {
    let links: Vec<_> = AccountPage::ALL
        .into_iter()
        .map(|page| {
            let (name, path) = page.parts();
            view! {
                <li>
                    <a href=path aria-current=(page == here).then_some("page")>
                        {name}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav class="page-tabs" aria-label="Account">
            <ul>{links}</ul>
        </nav>
    }
    .into_any()
}
