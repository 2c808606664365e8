//! A sign-in, compared with those before it.

use db::Conn;
use serde::{Deserialize, Serialize};
use types::{AuditEventId, SignInMethod, Timestamp, UserId, security::SignalKind};
use vault::Aad;
use zeroize::Zeroizing;

use super::{
    Signal, distance,
    geo::{Geo, Spot},
    record, store, words,
};
use crate::{Ctx, Result, audit::Tx, guard, keyring::Purpose, mail::Message, notices};

/// Sign-ins are compared with those of this long before, in seconds: 400 days, as long as
/// browsers keep a cookie at most.
const KEPT: i64 = 400 * 86_400;

/// Where a sign-in came from. Sealed under its user's key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) address: Option<String>,
    pub(super) agent: Option<String>,
    pub(super) spot: Spot,
}

/// A sign-in with its place.
pub(super) struct Known {
    pub(super) at: Timestamp,
    pub(super) method: SignInMethod,
    pub(super) place: Place,
}

const fn aad<'a>(user: &'a str, id: &'a str, key_version: u32) -> Aad<'a> {
    Aad {
        tenant: user,
        table: "sign_ins",
        row: id,
        column: "place",
        key_version,
    }
}

/// Notes a sign-in with the session that it begins, and tells of what is unusual about it. The
/// first of an account has nothing to be compared with.
///
/// # Errors
/// If the database fails.
pub(crate) async fn signed_in(ctx: &Ctx, tx: &mut Tx, user: UserId, method: SignInMethod) -> Result<()> {
    let id = user.to_string();
    let origin = ctx.origin();
    let spot = ctx.geo().zip(origin.address).map(|(geo, at)| Geo::spot(geo, at));
    let now = Known {
        at: ctx.now(),
        method,
        place: Place {
            address: origin.address.map(|address| address.to_string()),
            agent: origin.user_agent.clone(),
            spot: spot.unwrap_or_default(),
        },
    };
    let marks = Marks::of(ctx, tx, &id, &now.place.spot).await?;
    let since = ctx.now().plus_seconds(-KEPT);
    let before = match store::latest(tx, &id, since).await? {
        Some(row) => Some(open(ctx, tx, &id, row).await?),
        None => None,
    };
    let findings = match &before {
        Some(before) => find(tx, &id, since, (before, &now), &marks).await?,
        None => Vec::new(),
    };
    let place = insert(ctx, tx, &id, &now, &marks).await?;
    if let Some(before) = before.filter(|_| !findings.is_empty()) {
        tell(ctx, tx, user, &place, (&before, &now), findings).await?;
    }
    Ok(())
}

/// Keyed hashes by which a sign-in is compared: of this account alone.
struct Marks {
    device: Option<[u8; 32]>,
    network: Option<[u8; 32]>,
    country: Option<[u8; 32]>,
}

impl Marks {
    async fn of(ctx: &Ctx, conn: &mut Conn, user: &str, spot: &Spot) -> Result<Self> {
        let origin = ctx.origin();
        let network = origin.address.map(guard::network);
        let mut marks = [None; 3];
        let values = [
            ("device", origin.device.clone()),
            ("network", network),
            ("country", spot.country.clone()),
        ];
        for (slot, (what, value)) in marks.iter_mut().zip(values) {
            if let Some(value) = value {
                *slot = Some(guard::digest(ctx, conn, what, user, &value).await?);
            }
        }
        let [device, network, country] = marks;
        Ok(Self {
            device,
            network,
            country,
        })
    }
}

/// What is unusual, each in a sentence.
async fn find(
    conn: &mut Conn,
    user: &str,
    since: Timestamp,
    (before, now): (&Known, &Known),
    marks: &Marks,
) -> Result<Vec<(SignalKind, String)>> {
    let mut found = Vec::new();
    let known = match &marks.device {
        Some(device) => store::knows_device(conn, user, device, since).await?,
        // A browser that keeps no cookie cannot be known again.
        None => false,
    };
    if !known {
        let text = "This browser has not been used with the account before.";
        found.push((SignalKind::NewDevice, text.to_owned()));
    }
    if let (Some(country), Some(name)) = (&marks.country, &now.place.spot.country_name) {
        // An account whose countries were never known has no usual one.
        let any = store::knows_any_country(conn, user, since).await?;
        if any && !store::knows_country(conn, user, country, since).await? {
            let text = format!("The account has not been used in {name} before.");
            found.push((SignalKind::NewCountry, text));
        }
    }
    let millis = now.at.millis_since(before.at);
    if let Some(apart) = words::apart(before, now).filter(|apart| distance::is_impossible(*apart, millis)) {
        found.push((SignalKind::ImpossibleTravel, words::travel(apart, millis)));
    }
    Ok(found)
}

/// Writes the sign-in, and gives its id.
async fn insert(ctx: &Ctx, tx: &mut Tx, user: &str, now: &Known, marks: &Marks) -> Result<String> {
    let id = AuditEventId::at(now.at, ctx.event_sequence(now.at), ctx.rng()).to_string();
    let key = ctx.data_key(tx, Purpose::Personal, user).await?;
    let plain = Zeroizing::new(serde_json::to_vec(&now.place)?);
    let row = store::NewSignIn {
        user_id: user,
        method: now.method.as_str(),
        device: marks.device.as_ref().map(<[u8; 32]>::as_slice),
        network: marks.network.as_ref().map(<[u8; 32]>::as_slice),
        country: marks.country.as_ref().map(<[u8; 32]>::as_slice),
        place: key.key.seal(ctx.rng(), &aad(user, &id, key.version), &plain)?,
        data_key_id: key.id,
    };
    store::insert_sign_in(tx, &id, &row, now.at).await?;
    Ok(id)
}

async fn open(ctx: &Ctx, conn: &mut Conn, user: &str, row: store::SignInRow) -> Result<Known> {
    let place = match ctx.data_key_by_id(conn, &row.data_key_id).await? {
        Some(key) => serde_json::from_slice(&key.key.open(&aad(user, &row.id, key.version), &row.place)?)?,
        None => Place::default(),
    };
    Ok(Known {
        at: Timestamp::from_millis(row.occurred_at),
        method: row.method.parse()?,
        place,
    })
}

/// Tells the person in one mail, and staff by a signal each.
async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    user: UserId,
    id: &str,
    (before, now): (&Known, &Known),
    findings: Vec<(SignalKind, String)>,
) -> Result<()> {
    let both = [
        words::sign_in("This sign-in", now)?,
        words::sign_in("The one before", before)?,
    ];
    let subject = if findings
        .iter()
        .any(|(kind, _)| *kind == SignalKind::ImpossibleTravel)
    {
        "Two sign-ins to your account that cannot both be yours"
    } else {
        "New sign-in to your account"
    };
    let mut message = Message::new("sign_in.unusual", format!("sign_in/{id}"), subject);
    for (kind, text) in findings {
        let signal = Signal {
            kind,
            user: Some(user),
            cause: format!("{kind}/{id}"),
            text: format!("{text} {}", both.join(" ")),
        };
        record(ctx, tx, signal).await?;
        message = message.text(text);
    }
    for sentence in both {
        message = message.text(sentence);
    }
    let message = message.text(
        "If this was you, there is nothing to do. If it was not, say so with the link below: it ends \
         every session of your account and leads you to its recovery.",
    );
    notices::tell(ctx, tx, user, message).await
}

/// Removes sign-ins with which nothing is compared any more.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    Ok(store::sweep_sign_ins(tx, ctx.now().plus_seconds(-KEPT)).await?)
}
