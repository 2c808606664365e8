//! Role x permission x route: every route is asked for by everybody, and what each is answered
//! is a committed snapshot.
//!
//! **Adding a route**: one line under `routes/`, then `INSTA_UPDATE=always cargo nextest run
//! matrix` and a look at the difference. The two lists beside this file name routes without a
//! test of authorization, and mutating routes without one of their audit event. They are empty,
//! and only become shorter.

mod audit;
mod doors;
mod look;
mod router;
mod routes;
mod staff_reads;
mod world;

use std::fmt::Write as _;

pub(crate) use routes::routes;
use world::{Asker, World, word};

/// What everybody is answered, a line for each route.
async fn column(asker: Asker) -> Vec<String> {
    let mut world = World::new().await;
    let name = world.admit(asker).await;
    let mut column = Vec::new();
    for route in routes() {
        column.push(word(world.ask(route, name).await.status));
    }
    column
}

#[tokio::test]
async fn everybody_is_answered_on_every_route_as_their_role_says() {
    let mut table = vec![format!("{:<44}", "")];
    table.extend(routes().map(|route| format!("{:<44}", format!("{} {}", route.method, route.template))));
    for (asker, head) in Asker::ALL {
        let column = column(asker).await;
        for (line, cell) in table
            .iter_mut()
            .zip(std::iter::once(head.to_owned()).chain(column))
        {
            write!(line, " {cell:<6}").unwrap();
        }
    }
    let table: Vec<_> = table.iter().map(|line| line.trim_end()).collect();
    insta::assert_snapshot!("matrix", table.join("\n"));
}
