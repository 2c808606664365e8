//! The one test application.

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use loomwire::{
    config::Config,
    http::{Frame, Health, frame, routes},
};
use platform::Ctx;
use serde_json::Value;
use testkit::{Authenticator, Installation, MockClock, Options, SeededEntropy, people, settings};
use tower::ServiceExt;
use types::{Environment, StepUp};

pub(crate) const ORIGIN: &str = "http://localhost:3000";

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The contract's error code.
    pub(crate) fn code(&self) -> String {
        let json = self.json();
        assert_eq!(json["request_id"], self.header("x-request-id"));
        json["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// A request under way.
pub(crate) struct Call<'a> {
    app: &'a App,
    request: http::request::Builder,
    body: Body,
}

impl Call<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("x-tenant-api-key", key)
    }

    pub(crate) fn session(self, secret: &str) -> Self {
        self.header("cookie", &format!("lw_session={secret}"))
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.body = Body::from(body.to_string());
        self.header("content-type", "application/json")
    }

    pub(crate) fn raw(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn form(mut self, fields: &[(&str, &str)]) -> Self {
        self.body = Body::from(serde_urlencoded::to_string(fields).unwrap());
        self.header("content-type", "application/x-www-form-urlencoded")
            .header("origin", ORIGIN)
    }

    pub(crate) async fn send(self) -> Reply {
        let mut request: Request<Body> = self.request.body(self.body).unwrap();
        let peer: SocketAddr = "198.51.100.23:4711".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

pub(crate) struct App {
    pub(crate) home: Installation,
    router: Router,
    /// The routes alone, without the frame.
    pub(crate) routes: Router,
}

impl App {
    pub(crate) async fn new() -> Self {
        Self::on(Installation::in_memory().await)
    }

    /// Where anybody can make an account.
    pub(crate) async fn offering_sign_up() -> Self {
        let db = db::Db::connect("sqlite::memory:", &Options::default()).await;
        let db = db.unwrap();
        db.migrate().await.unwrap();
        let mut settings = settings();
        settings.accounts.sign_up = true;
        let keys = vault::MasterKeys::generate(&SeededEntropy::new(1));
        Self::on(Installation::seeded(db, MockClock::new().into(), keys.into(), settings, 2).await)
    }

    /// The routes of an installation in their frame.
    pub(crate) fn on(home: Installation) -> Self {
        Self::with(home, &[], Router::new())
    }

    /// The same, configured otherwise, with more routes beside.
    pub(crate) fn with(home: Installation, variables: &[(&str, &str)], more: Router) -> Self {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let config = Config::load(None, &variables.collect()).unwrap();
        let health = Health::new(|| async { true });
        let entropy = Arc::new(SeededEntropy::new(77));
        let around = Frame::new(&config, home.clock.clone(), entropy);
        let bare = routes(&home.platform, &config, health);
        let router = frame(bare.clone().merge(more), &around);
        Self {
            home,
            router,
            routes: bare,
        }
    }

    /// All of it, to be served.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    pub(crate) fn call(&self, method: &str, path: &str) -> Call<'_> {
        let request = Request::builder().method(method).uri(path);
        Call {
            app: self,
            request: request.header(header::HOST, "localhost:3000"),
            body: Body::empty(),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Call<'_> {
        self.call("GET", path)
    }

    pub(crate) fn post(&self, path: &str) -> Call<'_> {
        self.call("POST", path)
    }

    /// The first person, signed in: context, and the secret of a session that has confirmed
    /// every dangerous action, each through its own ceremony.
    pub(crate) async fn first_person(&self) -> (Ctx, String) {
        let (ctx, mut passkey) = self.home.first_person().await;
        let mut secret = people::sign_in(&self.home.platform, &mut passkey).await;
        for action in StepUp::ALL {
            secret = self.confirm(&secret, &mut passkey, *action).await;
        }
        (ctx, secret)
    }

    /// Confirms a dangerous action with a passkey: the session's fresh secret.
    pub(crate) async fn confirm(&self, session: &str, passkey: &mut Authenticator, action: StepUp) -> String {
        let ctx = people::signed_in(&self.home.platform, session).await;
        people::confirm(&ctx, passkey, action).await.1
    }

    /// A customer, signed in with a passkey: a context with everything confirmed, the secret of
    /// a session that has confirmed nothing, and the passkey.
    pub(crate) async fn customer(&self) -> (Ctx, String, Authenticator) {
        let (ctx, passkey, secret) = self.home.customer().await;
        (ctx, secret, passkey)
    }

    /// A fresh test key.
    pub(crate) async fn test_key(&self, user: &Ctx) -> String {
        self.home.api_key(user, Environment::Test).await.0
    }

    /// A started verification: its id, and the path of the person's page.
    pub(crate) async fn started(&self, key: &str) -> (String, String) {
        let reply = self
            .post("/verify/start")
            .key(key)
            .json(&serde_json::json!({}))
            .send()
            .await;
        assert_eq!(reply.status, 201, "{reply:?}");
        let json = reply.json();
        let url = json["sessionUrl"].as_str().unwrap();
        let path = url.strip_prefix(ORIGIN).unwrap().to_owned();
        (json["verificationId"].as_str().unwrap().to_owned(), path)
    }
}
