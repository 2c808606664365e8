//! The table: a line for each route, with a request that succeeds for whoever may.
//!
//! A route that is in the router and not here fails a test that says so; so does a line for a
//! route that is gone. `{name}` in a path or a field stands for what [`World`](super::world::World)
//! has made under that name.

mod forms;
mod functions;
mod kept;
mod open;
mod own;
mod pages;

/// What a request that succeeds leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaves {
    /// It only reads.
    Nothing,
    /// An audit event with this code, asked for by whom (a name of the world's people).
    Event(&'static str, &'static str),
    /// A write that needs no event: a reason from `platform::audit::Housekeeping`, by whom.
    Housekeeping(&'static str, &'static str),
    /// Only a cookie, or nothing that a database knows.
    Cookie,
    /// What a passkey, or a partner's signature, has to answer: `audit` drives it to its event.
    Ceremony(&'static str),
}

/// How the body is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    None,
    Form(&'static [(&'static str, &'static str)]),
    Json(&'static str),
}

/// One route, with a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    /// As the router has it.
    pub(crate) template: &'static str,
    /// As it is asked for.
    pub(crate) path: &'static str,
    pub(crate) body: Body,
    pub(crate) leaves: Leaves,
}

const fn get(template: &'static str, path: &'static str) -> Route {
    Route {
        method: "GET",
        template,
        path,
        body: Body::None,
        leaves: Leaves::Nothing,
    }
}

/// Something that is taken away by a link, which is an event.
const fn file(path: &'static str, code: &'static str) -> Route {
    Route {
        leaves: event(code),
        ..page(path)
    }
}

/// A page without a parameter.
const fn page(path: &'static str) -> Route {
    get(path, path)
}

const fn form(
    template: &'static str,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    leaves: Leaves,
) -> Route {
    Route {
        method: "POST",
        template,
        path,
        body: Body::Form(fields),
        leaves,
    }
}

const fn json(path: &'static str, body: &'static str, leaves: Leaves) -> Route {
    Route {
        method: "POST",
        template: path,
        path,
        body: Body::Json(body),
        leaves,
    }
}

/// A server function that reads.
const fn reads(path: &'static str, fields: &'static [(&'static str, &'static str)]) -> Route {
    form(path, path, fields, Leaves::Nothing)
}

/// By the first person, who is owner and operator admin.
const fn event(code: &'static str) -> Leaves {
    Leaves::Event(code, "first")
}

/// Every route, in the order in which a column asks: what takes something away comes after
/// what needs it, and what ends the asker's own session or membership last.
const ROUTES: &[&[Route]] = &[
    open::ALL,
    pages::ALL,
    functions::ALL,
    own::WAYS_IN,
    forms::ORGANISATION,
    // Before `forms::STAFF`, which makes whoever may an owner elsewhere.
    kept::ORGANISATION,
    forms::STAFF,
    kept::STAFF,
    own::ACCOUNT,
    own::WAYS_OUT,
];

/// Every route, in that order.
pub(crate) fn routes() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().copied().flatten()
}
