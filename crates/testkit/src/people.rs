//! The ways in, walked by a software authenticator: for a test's installation and for a real
//! one that a bench or a hammer works on.

use std::sync::Arc;

use platform::{
    Actor, Ctx, Origin, Platform,
    identity::{self, SetupForm},
};
use types::{StepUp, Timestamp};

use crate::{Authenticator, Fault};

/// Where every installation of a test is reached.
const ORIGIN: &str = "http://localhost:3000";

/// Nobody's context.
pub fn anonymous(platform: &Platform) -> Ctx {
    let origin = Origin {
        request_id: None,
        address: "192.0.2.7".parse().ok(),
        user_agent: Some("Test browser".into()),
        device: Some("a-test-browser".into()),
    };
    platform.ctx(Actor::Anonymous, origin)
}

/// Sets an installation up: the secret of the first person's session, and their passkey.
pub async fn set_up(platform: &Platform) -> (String, Authenticator) {
    let link = identity::setup_link(&platform.system()).await.unwrap().unwrap();
    let form = SetupForm {
        name: "Ada Lovelace".into(),
        email: "ada@example.com".into(),
        organisation: "Analytical Engines".into(),
        time_zone: "Europe/London".into(),
    };
    enrol(platform, &link, form).await
}

/// Makes a passkey through a link: the secret of the session that it begins, and the passkey.
pub async fn enrol(platform: &Platform, link: &str, form: SetupForm) -> (String, Authenticator) {
    enrol_with(platform, link, form, 7).await
}

/// The same with the authenticator of this seed: each person has another.
pub async fn enrol_with(
    platform: &Platform,
    link: &str,
    form: SetupForm,
    seed: u8,
) -> (String, Authenticator) {
    let ctx = anonymous(platform);
    let ceremony = identity::setup_begin(&ctx, link, form).await.unwrap();
    let mut authenticator = Authenticator::new(ORIGIN, seed);
    let answer = authenticator.register(&ceremony.options, Fault::None);
    let session = identity::setup_finish(&ctx, &ceremony.ceremony, answer)
        .await
        .unwrap();
    (session.secret, authenticator)
}

/// Signs in with a passkey: the secret of the session.
pub async fn sign_in(platform: &Platform, authenticator: &mut Authenticator) -> String {
    let ctx = anonymous(platform);
    let ceremony = identity::sign_in_begin(&ctx).await.unwrap();
    let answer = authenticator.sign_in(&ceremony.options, Fault::None);
    let session = identity::sign_in_finish(&ctx, &ceremony.ceremony, answer).await;
    session.unwrap().secret
}

/// Confirms an action with a passkey: the context that has, and its session's fresh secret.
pub async fn confirm(ctx: &Ctx, authenticator: &mut Authenticator, action: StepUp) -> (Ctx, String) {
    let ceremony = identity::step_up_begin(ctx, action).await.unwrap();
    let answer = authenticator.sign_in(&ceremony.options, Fault::None);
    let confirmed = identity::step_up_finish(ctx, &ceremony.ceremony, answer)
        .await
        .unwrap();
    (confirmed.ctx, confirmed.session.secret)
}

/// The context of whoever this session stands for.
pub async fn signed_in(platform: &Platform, secret: &str) -> Ctx {
    let ctx = anonymous(platform);
    let actor = platform::sessions::authenticate(&ctx, secret).await.unwrap();
    ctx.acting_as(actor.expect("a session"))
}

/// The same context, as if its session had just confirmed every dangerous action. Only in
/// memory: a route's test confirms through the ceremony.
#[must_use]
pub fn confirmed(ctx: &Ctx) -> Ctx {
    let mut actor = ctx.actor().clone();
    if let Actor::User { standing, .. } = &mut actor {
        let forever = Timestamp::from_millis(i64::MAX);
        Arc::make_mut(standing).confirmed = StepUp::ALL.iter().map(|action| (*action, forever)).collect();
    }
    ctx.acting_as(actor)
}
