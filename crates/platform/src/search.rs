//! From what a page asks for to a query that an index serves.
//!
//! A filter that is not set is not in the query: `$1 IS NULL OR x = $1` would keep the
//! database from using the index of `x`.
//!
//! **Invariant**: the text of a query is put together of constants alone; whatever was asked
//! for is bound.

use jiff::{civil::Date, tz::TimeZone};
use types::Timestamp;

use crate::{Error, Result, calendar};

/// Sorts behind every code and every id: they are ASCII.
pub(crate) const AFTER_ALL: &str = "\u{7f}";

/// The text of a query, and what is bound to it. `$1`, `$2` .. stand for the values in their
/// order, and the last placeholder for the number of rows.
pub(crate) struct Query {
    text: String,
    values: Vec<String>,
}

impl Query {
    /// Begins with everything up to the first condition.
    pub(crate) fn new(text: &'static str) -> Self {
        Self {
            text: text.to_owned(),
            values: Vec::new(),
        }
    }

    /// A condition, given up to its placeholder: `status =`.
    pub(crate) fn hold(&mut self, condition: &'static str, value: impl Into<String>) {
        self.text.push_str(if self.values.is_empty() {
            " WHERE "
        } else {
            " AND "
        });
        self.text.push_str(condition);
        self.values.push(value.into());
        self.placeholder(self.values.len());
    }

    /// The same, if there is something to look for.
    pub(crate) fn hold_some(&mut self, condition: &'static str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.hold(condition, value);
        }
    }

    /// Ends with the order; the number of rows is bound last.
    pub(crate) fn end(mut self, order: &'static str) -> (String, Vec<String>) {
        self.text.push_str(" ORDER BY ");
        self.text.push_str(order);
        self.text.push_str(" LIMIT");
        self.placeholder(self.values.len() + 1);
        (self.text, self.values)
    }

    fn placeholder(&mut self, number: usize) {
        self.text.push_str(" $");
        self.text.push_str(&number.to_string());
    }
}

/// Runs what [`Query::end`] gave, on either database: `fetch!(conn, Row, query, limit)`.
macro_rules! fetch {
    ($conn:expr, $row:ty, $query:expr, $limit:expr) => {{
        let (text, values): (String, Vec<String>) = $query;
        // The text is made of constants: see `crate::search`.
        db::on!($conn, |c| {
            let mut query = sqlx::query_as::<_, $row>(sqlx::AssertSqlSafe(text));
            for value in &values {
                query = query.bind(value);
            }
            query.bind($limit).fetch_all(c).await
        })
    }};
}
pub(crate) use fetch;

/// An empty form field asks for nothing.
pub(crate) fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// What was asked for, and what of it cannot be read.
#[derive(Default)]
pub(crate) struct Problems(Vec<(String, String)>);

impl Problems {
    pub(crate) fn add(&mut self, field: &str, message: &str) {
        self.0.push((field.to_owned(), message.to_owned()));
    }

    /// Whether nothing is wrong with this field.
    pub(crate) fn is_empty_of(&self, field: &str) -> bool {
        self.0.iter().all(|(known, _)| known != field)
    }

    /// # Errors
    /// `Invalid`, a field each, if there were any.
    pub(crate) fn settle(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid { fields: self.0 })
        }
    }

    fn day(&mut self, text: Option<&str>, field: &str) -> Option<Date> {
        let parsed = given(text)?.parse::<Date>();
        if parsed.is_err() {
            self.add(field, "Give the day as year-month-day, such as 2026-11-23.");
        }
        parsed.ok()
    }

    /// The place that a page goes on from: an id.
    pub(crate) fn place<T: std::str::FromStr>(&mut self, text: Option<&str>) -> Option<T> {
        let parsed = given(text)?.parse::<T>();
        if parsed.is_err() {
            self.add(
                "after",
                "This page link is not complete. Go back to the first page.",
            );
        }
        parsed.ok()
    }

    /// The days from one to the other, both included.
    pub(crate) fn days(&mut self, from: Option<&str>, to: Option<&str>) -> Days {
        let days = Days {
            from: self.day(from, "from"),
            to: self.day(to, "to"),
        };
        if let (Some(from), Some(to)) = (days.from, days.to)
            && from > to
        {
            self.add("from", "The first day is after the last. Change one of them.");
        }
        days
    }
}

/// Days, both included; one that is not given leaves its side open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
}

impl Days {
    /// Whether neither is given.
    pub(crate) const fn is_open(self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Half-open bounds in time.
    pub(crate) fn bounds(self, zone: &TimeZone) -> Result<(Option<Timestamp>, Option<Timestamp>)> {
        let start = |day: Option<Date>| day.map(|day| calendar::start_of(day, zone)).transpose();
        let end = self.to.and_then(|day| day.tomorrow().ok());
        Ok((start(self.from)?, start(end)?))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use db::{Db, Kind};
    use sqlx::AssertSqlSafe;

    use super::*;

    /// Holds that an index gives the rows in their order: nothing is read that is not asked
    /// for by the index, and nothing is sorted.
    pub(crate) async fn hold_served(db: &Db, (text, values): (String, Vec<String>)) {
        let mut read = db.read().await.unwrap();
        let explain = match db.kind() {
            Kind::Sqlite => format!("EXPLAIN QUERY PLAN {text}"),
            Kind::Postgres => format!("EXPLAIN (COSTS OFF) {text}"),
        };
        if db.kind() == Kind::Postgres {
            // There are hardly any rows, and a few of them are quicker read whole.
            for setting in ["enable_seqscan", "enable_sort", "enable_bitmapscan"] {
                // Not LOCAL: a reader's statements are transactions of their own.
                let set = format!("SET {setting} = off");
                db::execute!(read, sqlx::query(AssertSqlSafe(set.clone()))).unwrap();
            }
        }
        let column = if db.kind() == Kind::Sqlite { 3 } else { 0 };
        let plan: Vec<String> = db::on!(read, |c| {
            let mut query = sqlx::query(AssertSqlSafe(explain));
            for value in &values {
                query = query.bind(value);
            }
            let rows = query.bind(51_i64).fetch_all(c).await;
            rows.map(|rows| {
                use sqlx::Row as _;
                rows.iter().map(|row| row.get(column)).collect()
            })
        })
        .unwrap();
        assert!(!plan.is_empty());
        for step in &plan {
            let scans = step.starts_with("SCAN") || step.contains("Seq Scan");
            let sorts = step.contains("TEMP B-TREE") || step.contains("Sort");
            assert!(!scans && !sorts, "{step}\nof {plan:#?}\nfor {text}");
        }
    }

    /// Both databases with their tables; PostgreSQL if it is here.
    pub(crate) async fn databases() -> (Vec<Db>, Option<testkit::Cluster>) {
        let options = testkit::Options::default();
        let mut all = vec![Db::connect("sqlite::memory:", &options).await.unwrap()];
        let cluster = testkit::Cluster::start_or_skip();
        if let Some(cluster) = &cluster {
            let url = cluster.database().await.unwrap();
            all.push(Db::connect(&url, &options).await.unwrap());
        }
        for db in &all {
            db.migrate().await.unwrap();
        }
        (all, cluster)
    }

    #[test]
    fn a_query_holds_what_is_asked_for_and_nothing_else() {
        let mut query = Query::new("SELECT id FROM t");
        query.hold("a =", "1");
        query.hold_some("b =", None::<String>);
        query.hold_some("c <", Some("'; DROP TABLE t"));
        let (text, values) = query.end("id DESC");
        assert_eq!(
            text,
            "SELECT id FROM t WHERE a = $1 AND c < $2 ORDER BY id DESC LIMIT $3"
        );
        assert_eq!(values, ["1", "'; DROP TABLE t"]);
    }

    #[test]
    fn days_that_cannot_be_read_name_their_field() {
        let mut problems = Problems::default();
        problems.days(Some("2026-02-30"), Some("tomorrow"));
        problems.days(Some("2026-02-02"), Some("2026-02-01"));
        problems.place::<types::VerificationId>(Some("x"));
        let Err(Error::Invalid { fields }) = problems.settle() else {
            panic!("taken")
        };
        let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["from", "to", "from", "after"]);
    }
}
