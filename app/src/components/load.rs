use std::future::Future;

use leptos::{either::Either, prelude::*};
use leptos_router::components::Redirect;

use super::{ErrorPanel, link};
use crate::{PageContext, PageError, error::set_status};

/// Waits for what a page shows, then shows it, or the reason why not, with its HTTP status.
/// Who is not signed in is sent to sign in.
///
/// It waits within the answer itself. A `Resource` would wait in a task of its own, and should
/// that task panic, the answer would wait for ever.
#[component]
pub fn Load<T, F, V>(
    /// The call that brings the data.
    from: F,
    /// Makes the view.
    children: impl FnOnce(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    F: Future<Output = Result<T, PageError>> + Send + 'static,
    V: IntoView + 'static,
{
    Suspend::new(async move {
        match from.await {
            Ok(data) => Either::Left(children(data)),
            Err(error) => Either::Right(view! { <Failed error /> }),
        }
    })
}

#[component]
fn Failed(error: PageError) -> impl IntoView {
    if error.status == 401 {
        let path = link("/sign-in", &[("next", PageContext::current().path)]);
        return Either::Left(view! { <Redirect path /> });
    }
    set_status(error.status);
    Either::Right(view! { <ErrorPanel error /> })
}
