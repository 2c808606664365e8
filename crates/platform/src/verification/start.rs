//! Starting a verification.

use std::net::IpAddr;

use serde::Serialize;
use types::{ApiKeyId, Environment, Permission, VerificationId};
use url::{Host, Url};
use zeroize::Zeroizing;

use super::{
    count, figures,
    idempotency::{self, Claim},
    store::{self, NewVerification},
};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event, Tx},
    codec,
    jobs::{self, Job},
    keyring::{INSTALLATION, Purpose},
    usage,
};

/// How long keyed hashes of a person's device are kept, in seconds: 30 days.
const DEVICE_LIFETIME: i64 = 30 * 86_400;

/// What a business may say when it starts a verification. All of it is optional.
#[derive(Clone, Default, Serialize)]
pub struct StartRequest {
    /// The business's own name for this start, from the header `Idempotency-Key`: under it, the
    /// same request is answered the same for 24 hours and starts nothing. 1 to 255 visible ASCII
    /// characters, apart for live and test keys.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
    /// The person's user agent: kept as a keyed hash, for 30 days.
    pub user_agent: Option<String>,
    /// The person's address: kept as a keyed hash, for 30 days.
    pub ip: Option<String>,
    /// What to check: `document`, and `age`. The document's consistency and expiry are always
    /// checked; `age` without a minimum age means 18.
    pub checks: Option<Vec<String>>,
    /// Whole years, 1 to 120: the outcome is denied below it.
    pub minimum_age: Option<i64>,
    /// The business's own reference, at most 200 characters. Not for personal data.
    pub reference: Option<String>,
    /// Where the person goes afterwards: https, or http on a loopback host.
    pub return_url: Option<String>,
    /// The region that the verification must stay in.
    pub region: Option<String>,
}

impl StartRequest {
    /// SHA-256 of what is asked for, the name left out. It is only ever kept sealed: an address can
    /// be guessed from it.
    pub(super) fn digest(&self) -> Result<[u8; 32]> {
        Ok(codec::sha256(&Zeroizing::new(serde_json::to_vec(self)?)))
    }
}

/// A verification just started.
pub struct Started {
    /// Its id.
    pub id: VerificationId,
    /// **Secret**: the page for the person.
    pub session_url: String,
    /// An earlier call of the same name started it.
    pub replayed: bool,
}

struct Checked {
    minimum_age: Option<u8>,
    reference: Option<String>,
    return_url: Option<String>,
}

/// Starts a verification: one row, one job that ends it in time, one audit event, and of a live key
/// one billable unit.
///
/// # Errors
/// `Forbidden` without [`Permission::VerificationsStart`]; `Invalid`; `WrongRegion`; `Conflict` if
/// the request's name stands for another request; `QuotaExceeded`.
pub async fn start(ctx: &Ctx, request: StartRequest) -> Result<Started> {
    let started = write(ctx, request).await;
    if let Err(Error::QuotaExceeded { limit, month }) = &started {
        usage::tell_refused(ctx, *limit, month).await?;
    }
    started
}

async fn write(ctx: &Ctx, request: StartRequest) -> Result<Started> {
    ctx.require(Permission::VerificationsStart).await?;
    let Actor::ApiKey {
        id: key,
        organisation,
        environment,
        ..
    } = ctx.actor()
    else {
        return Err(Error::Unauthenticated("Start verifications with an API key."));
    };
    let checked = check(ctx, &request)?;
    let id = VerificationId::new(ctx.clock(), ctx.rng());
    let secret = codec::secret(ctx.rng());
    let mut tx = ctx.begin().await?;
    let quota = usage::hold(&mut tx, *organisation, *environment).await?;
    if let Some(name) = &request.idempotency_key {
        let (environment, secret, request) = (*environment, &secret, &request);
        let claim = Claim {
            name,
            environment,
            id,
            secret,
            request,
        };
        if let Some((id, secret)) = idempotency::claim(ctx, &mut tx, &claim).await? {
            return idempotency::again(ctx, tx, id, &secret).await;
        }
    }
    let row = new_row(ctx, &mut tx, (id, *key, *environment), &request, checked, &secret).await?;
    store::insert(&mut tx, &organisation.to_string(), &row).await?;
    count::started(&mut tx, *environment);
    figures::started(&mut tx, &id, *organisation, *environment, row.created_at).await?;
    let billed = (*organisation, *key, id);
    usage::started(&mut tx, &quota, billed, *environment, row.created_at).await?;
    jobs::enqueue(ctx, &mut tx, &Job::ExpireVerification(id), row.expires_at).await?;
    if row.user_agent_digest.is_some() || row.address_digest.is_some() {
        let forget_at = ctx.now().plus_seconds(DEVICE_LIFETIME);
        jobs::enqueue(ctx, &mut tx, &Job::ForgetDevice(id), forget_at).await?;
    }
    let event = Event::new(Action::VerificationStarted)
        .target(id)
        .detail("environment", environment);
    ctx.commit(tx, event).await?;
    Ok(Started {
        id,
        session_url: session_url(ctx, &secret),
        replayed: false,
    })
}

/// The page for the person.
pub(super) fn session_url(ctx: &Ctx, secret: &str) -> String {
    let mut url = ctx.settings().public_url.clone();
    url.set_path(&format!("/v/{secret}"));
    url.into()
}

async fn new_row(
    ctx: &Ctx,
    tx: &mut Tx,
    (id, key, environment): (VerificationId, ApiKeyId, Environment),
    request: &StartRequest,
    checked: Checked,
    secret: &str,
) -> Result<NewVerification> {
    let abuse = ctx.data_key(tx, Purpose::Abuse, INSTALLATION).await?;
    let tenant = ctx.tenant()?.to_string();
    // The tenant is in the hash: equal devices cannot be told across tenants.
    let keyed = |field: &str, value: &Option<String>| {
        value.as_ref().map(|value| {
            let message = [field, "\0", &tenant, "\0", value].concat();
            codec::hmac_sha256(abuse.key.bytes(), message.as_bytes()).to_vec()
        })
    };
    let now = ctx.now();
    Ok(NewVerification {
        id: id.to_string(),
        api_key_id: key.to_string(),
        environment,
        reference: checked.reference,
        minimum_age: checked.minimum_age,
        return_url: checked.return_url,
        link_digest: codec::digest(secret),
        user_agent_digest: keyed("userAgent", &request.user_agent),
        address_digest: keyed("ip", &request.ip),
        created_at: now,
        expires_at: now.plus_seconds(ctx.settings().verification_ttl),
    })
}

fn check(ctx: &Ctx, request: &StartRequest) -> Result<Checked> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut refuse = |field: &str, message: String| fields.push((field.to_owned(), message));
    let mut minimum_age = request.minimum_age.and_then(|age| u8::try_from(age).ok());
    if request.minimum_age.is_some() && !minimum_age.is_some_and(|age| (1..=120).contains(&age)) {
        refuse(
            "minimumAge",
            "minimumAge is in whole years, from 1 to 120.".into(),
        );
    }
    for name in request.checks.iter().flatten() {
        match name.as_str() {
            "document" => {}
            "age" => minimum_age = minimum_age.or(Some(18)),
            _ => refuse("checks", "checks takes document and age.".into()),
        }
    }
    if request.checks.as_ref().is_some_and(Vec::is_empty) {
        refuse(
            "checks",
            "checks names at least one check, or is left out.".into(),
        );
    }
    if request
        .ip
        .as_ref()
        .is_some_and(|ip| ip.parse::<IpAddr>().is_err())
    {
        refuse("ip", "ip is an IPv4 or IPv6 address.".into());
    }
    if request
        .user_agent
        .as_ref()
        .is_some_and(|agent| agent.chars().count() > 1024)
    {
        refuse("userAgent", "userAgent has at most 1,024 characters.".into());
    }
    if let Some(message) = request.idempotency_key.as_deref().and_then(idempotency::problem) {
        refuse("Idempotency-Key", message.into());
    }
    if let Some(message) = request.reference.as_deref().and_then(reference_problem) {
        refuse("reference", message.into());
    }
    if let Some(message) = request.return_url.as_deref().and_then(return_url_problem) {
        refuse("returnUrl", message.into());
    }
    if !fields.is_empty() {
        return Err(Error::Invalid { fields });
    }
    hold_region(ctx, request.region.as_deref())?;
    Ok(Checked {
        minimum_age,
        reference: request.reference.clone(),
        return_url: request.return_url.clone(),
    })
}

fn hold_region(ctx: &Ctx, asked: Option<&str>) -> Result<()> {
    match (asked, ctx.settings().region.as_deref()) {
        (None, _) => Ok(()),
        (Some(asked), Some(here)) if asked == here => Ok(()),
        (Some(_), Some(here)) => Err(Error::WrongRegion(format!(
            "This server is in the region {here}. Send the call to the region's own address."
        ))),
        (Some(_), None) => Err(Error::WrongRegion(
            "This server names no region. Leave region out, or ask its operator to set one.".into(),
        )),
    }
}

fn reference_problem(text: &str) -> Option<&'static str> {
    if text.chars().count() > 200 {
        return Some("reference has at most 200 characters.");
    }
    text.chars()
        .any(char::is_control)
        .then_some("reference has no control characters.")
}

/// The person is sent there by a link, so it must not be a script and not plain http.
fn return_url_problem(text: &str) -> Option<&'static str> {
    const MESSAGE: &str = "returnUrl is an https address of at most 2,048 characters (http on localhost).";
    let Ok(url) = Url::parse(text) else {
        return Some(MESSAGE);
    };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Some(MESSAGE),
    };
    let fits = text.len() <= 2048
        && url.username().is_empty()
        && url.password().is_none()
        && (url.scheme() == "https" || (url.scheme() == "http" && loopback));
    if fits { None } else { Some(MESSAGE) }
}
