//! Counting requests. It runs for each, so what is counted for a route is found once and kept:
//! after the first request of a route nothing is allocated and no label is made.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError, RwLock},
    time::Duration,
};

use http::{Method, StatusCode};
use metrics::{Counter, Gauge, Histogram};

use super::names;
use crate::telemetry;

/// How a request can end. The first is for a client that did not wait for the answer.
const CLASSES: [&str; 5] = ["cancelled", "2xx", "3xx", "4xx", "5xx"];

/// What is counted of all requests.
pub(crate) struct Requests {
    in_flight: Gauge,
    too_long: Counter,
    routes: RwLock<HashMap<Box<str>, Arc<Route>>>,
}

/// What is counted of one route, by the method's place in [`telemetry::METHODS`].
struct Route {
    template: Box<str>,
    methods: [OnceLock<Counted>; telemetry::METHODS.len()],
}

/// What is counted of one method of one route.
struct Counted {
    answers: [Counter; CLASSES.len()],
    seconds: Histogram,
}

impl Requests {
    /// Counts with the recorder that there is now.
    pub(crate) fn new() -> Self {
        Self {
            in_flight: metrics::gauge!(names::IN_FLIGHT.name),
            too_long: metrics::counter!(names::TOO_LONG.name),
            routes: RwLock::default(),
        }
    }

    /// A request to a route, by its template, begins.
    pub(crate) fn begin(&self, template: &str, method: &Method) -> Open {
        self.in_flight.increment(1);
        Open {
            in_flight: self.in_flight.clone(),
            route: self.route(template),
            method: telemetry::method_index(method),
            class: 0,
        }
    }

    /// A body was refused for its length.
    pub(crate) fn too_long(&self) {
        self.too_long.increment(1);
    }

    fn route(&self, template: &str) -> Arc<Route> {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(route) = routes.get(template) {
            return Arc::clone(route);
        }
        drop(routes);
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        let route = routes
            .entry(template.into())
            .or_insert_with(|| Arc::new(Route::new(template)));
        Arc::clone(route)
    }
}

impl Route {
    fn new(template: &str) -> Self {
        Self {
            template: template.into(),
            methods: std::array::from_fn(|_| OnceLock::new()),
        }
    }

    fn counted(&self, method: usize) -> Option<&Counted> {
        let name = telemetry::METHODS.get(method)?;
        let cell = self.methods.get(method)?;
        Some(cell.get_or_init(|| Counted::new(name, &self.template)))
    }
}

impl Counted {
    fn new(method: &'static str, route: &str) -> Self {
        let route = || route.to_owned();
        Self {
            answers: CLASSES.map(|class| {
                metrics::counter!(names::REQUESTS.name, "method" => method, "route" => route(), "status" => class)
            }),
            seconds: metrics::histogram!(names::REQUEST_SECONDS.name, "method" => method, "route" => route()),
        }
    }
}

/// A request that is being answered. Dropped without an answer, it counts as cancelled.
pub(crate) struct Open {
    in_flight: Gauge,
    route: Arc<Route>,
    method: usize,
    class: usize,
}

impl Open {
    /// It was answered.
    pub(crate) fn answered(mut self, status: StatusCode, after: Duration) {
        self.class = usize::from(status.as_u16() / 100)
            .saturating_sub(1)
            .clamp(1, CLASSES.len() - 1);
        if let Some(counted) = self.route.counted(self.method) {
            counted.seconds.record(after.as_secs_f64());
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.in_flight.decrement(1);
        let counted = self.route.counted(self.method);
        if let Some(counter) = counted.and_then(|counted| counted.answers.get(self.class)) {
            counter.increment(1);
        }
    }
}
