//! Each page of staff that tells of people or customers leaves one event when it is read, in the
//! installation's own log: driven over every such route of the matrix, so that a new page is a
//! decision.

use super::{routes::routes, world::World};

/// Pages that are read without an event, a line each: the path, two spaces, and the reason.
const WITHOUT: &str = include_str!("staff_reads_without_event.txt");

/// Events of staff in the installation's log, and all others that a staff member left.
async fn count(world: &World) -> (i64, i64) {
    let mut read = world.app.home.db.read().await.unwrap();
    db::on!(read, |c| sqlx::query_as::<_, (i64, i64)>(
        "SELECT CAST(COALESCE(SUM(CASE WHEN organisation_id = '' AND actor_kind = 'staff' THEN 1 ELSE 0 END), 0)
                     AS BIGINT),
                COUNT(*) FROM audit_events"
    )
    .fetch_one(c)
    .await)
    .unwrap()
}

#[tokio::test]
async fn every_page_of_staff_that_tells_of_somebody_is_in_the_log_when_it_is_read() {
    let world = World::new().await;
    let without: Vec<&str> = WITHOUT
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(path, _)| path)
        .collect();
    let mut found = Vec::new();
    // A download is an event of its own (`audit.export_opened`), once its file is made.
    let is_staffs = |template: &str| template.starts_with("/staff/") && !template.ends_with("/file");
    for route in routes().filter(|route| route.method == "GET" && is_staffs(route.template)) {
        let before = count(&world).await;
        let reply = world.ask(route, "first").await;
        assert_eq!(reply.status, 200, "{}: {}", route.template, reply.text());
        let after = count(&world).await;
        let left = (after.0 - before.0, after.1 - before.1);
        if without.contains(&route.template) {
            assert_eq!(left, (0, 0), "{} leaves events, and is excused", route.template);
            found.push(route.template);
            continue;
        }
        // What is read of a customer's log is for that customer to see, in that log.
        let of_a_log = route.template.starts_with("/staff/audit/{id}");
        assert_eq!(
            left,
            if of_a_log { (0, 1) } else { (1, 1) },
            "GET {}: how many events of staff in the installation's log, and of all. Note the read \
             (`staff::page_read`), or excuse the page in staff_reads_without_event.txt",
            route.template
        );
    }
    assert_eq!(found, without, "these pages are excused and are not there");
}
