//! Organisations, people and keys, and what the log tells of them.

use std::{net::IpAddr, sync::Arc};

use jiff::Span;
use types::{
    ApiKeyId, OrganisationId, PasskeyId, Permission, RequestId, Role, SessionId, StaffRole, Timestamp,
    UserId, VerificationStatus,
};

use super::{
    cast::{Company, Key},
    dice::Dice,
    means::Means,
    store,
};
use crate::{
    Actor, Ctx, Error, Origin, Result, access, api_keys,
    audit::{Action, Event, Tx},
    calendar, identity,
    keyring::Purpose,
};

const DAY: i64 = 86_400;
/// What browsers say of themselves.
const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
];

/// Somebody with an account.
pub(super) struct Member {
    pub(super) id: UserId,
    role: Role,
    staff: Option<StaffRole>,
    origin: Origin,
}

impl Member {
    pub(super) fn ctx(&self, means: &Means, organisation: OrganisationId) -> Ctx {
        let then = &means.then;
        let actor = Actor::User {
            id: self.id,
            session: SessionId::new(then.clock(), then.rng()),
            organisation,
            role: self.role,
            staff_role: self.staff,
            standing: Arc::default(),
        };
        let request_id = Some(RequestId::new(then.clock(), then.rng()));
        then.acting_as(actor).coming_from(Origin {
            request_id,
            ..self.origin.clone()
        })
    }
}

/// A key, and within what time it was used.
#[derive(Clone)]
pub(super) struct LivingKey {
    pub(super) id: ApiKeyId,
    pub(super) environment: types::Environment,
    pub(super) made: Timestamp,
    /// Until when, if it was used at all.
    pub(super) used: Option<Timestamp>,
}

/// An organisation with its people and keys.
pub(super) struct Founded {
    pub(super) company: &'static Company,
    pub(super) id: OrganisationId,
    pub(super) members: Vec<Member>,
    pub(super) keys: Vec<LivingKey>,
    /// Audit events written.
    pub(super) events: u64,
}

/// This many days ago, at this local time.
fn days_ago(company: &Company, now: Timestamp, days: u16, hour: i8) -> Result<Timestamp> {
    let zone = access::zone(company.zone)?;
    let day = calendar::day_of(now, &zone)?
        .checked_sub(Span::new().days(i64::from(days)))
        .map_err(Error::internal)?;
    let start = calendar::start_of(day, &zone)?;
    Ok(start.plus_seconds(i64::from(hour) * 3600))
}

/// Makes it, by the hand of the operator admin, who is the first member of all.
pub(super) async fn found(
    means: &Means,
    company: &'static Company,
    number: u8,
    operator: Option<&Member>,
    dice: &mut Dice,
) -> Result<Founded> {
    let now = means.here.now();
    let mut tx = means.begin().await?;
    let came = days_ago(company, now, company.age, 9)?;
    means.set(came);
    let then = &means.then;
    let id = OrganisationId::new(then.clock(), then.rng());
    access::insert_organisation_row(&mut tx, &id.to_string(), company.name, company.zone, came).await?;
    for purpose in [Purpose::BlindIndex, Purpose::Personal] {
        means
            .here
            .make_data_key(&mut tx, purpose, &id.to_string())
            .await?;
    }
    let mut founded = Founded {
        company,
        id,
        members: Vec::new(),
        keys: Vec::new(),
        events: 0,
    };
    for (index, person) in company.people.iter().enumerate() {
        // Colleagues came one after the other.
        means.set(came.plus_seconds(1800 * i64::try_from(index).unwrap_or_default()));
        let address = address(number, u8::try_from(index).unwrap_or_default());
        let member = join(means, &mut tx, &founded, person, address, dice).await?;
        founded.members.push(member);
    }
    if let Some(operator) = operator {
        let user = operator.id.to_string();
        if company.age > 80 {
            access::insert_member(&mut tx, &id.to_string(), &user, Role::Admin, came).await?;
        }
    }
    means.set(came);
    let made = Event::new(Action::OrganisationCreated)
        .target(id)
        .in_organisation(id)
        .detail("organisation", company.name);
    let maker = operator.or(founded.members.first());
    let maker = maker.ok_or_else(|| Error::internal("a company without people"))?;
    maker.ctx(means, id).append(&mut tx, &made).await?;
    founded.events += 1;
    accept_live(means, &mut tx, &mut founded, came).await?;
    make_keys(means, &mut tx, &mut founded, now).await?;
    means
        .here
        .commit_housekeeping(tx, crate::audit::Housekeeping::DemoSeeded)
        .await?;
    Ok(founded)
}

/// One of the addresses kept for documentation (RFC 5737, RFC 3849).
fn address(company: u8, person: u8) -> Option<IpAddr> {
    let text = if person % 3 == 2 {
        format!("2001:db8:{company:x}::{:x}", u16::from(person) + 16)
    } else {
        format!(
            "198.51.100.{}",
            company.wrapping_mul(16).wrapping_add(person) % 250 + 2
        )
    };
    text.parse().ok()
}

async fn join(
    means: &Means,
    tx: &mut Tx,
    founded: &Founded,
    person: &super::cast::Person,
    address: Option<IpAddr>,
    dice: &mut Dice,
) -> Result<Member> {
    let then = &means.then;
    let member = Member {
        id: UserId::new(then.clock(), then.rng()),
        role: person.role,
        staff: person.staff,
        origin: Origin {
            device: None,
            request_id: None,
            address,
            user_agent: dice.pick(&AGENTS).map(|agent| (*agent).to_owned()),
        },
    };
    let row = identity::UserRow {
        id: member.id.to_string(),
        email: format!(
            "{}@{}",
            person.name.to_lowercase().replace(' ', "."),
            founded.company.domain
        ),
        name: person.name.to_owned(),
        staff_role: person.staff.map(|staff| staff.to_string()),
    };
    let handle = types::source::random::<16>(then.rng());
    identity::insert_user(tx, &row, &handle, then.now()).await?;
    means.here.make_data_key(tx, Purpose::Personal, &row.id).await?;
    let tenant = founded.id.to_string();
    access::insert_member(tx, &tenant, &row.id, person.role, then.now()).await?;
    Ok(member)
}

/// Live verifications end by typed lines, so the owner has accepted that.
async fn accept_live(means: &Means, tx: &mut Tx, founded: &mut Founded, came: Timestamp) -> Result<()> {
    if founded.company.life.live == 0.0 {
        return Ok(());
    }
    let Some(owner) = founded.members.first() else {
        return Ok(());
    };
    let company = founded.company;
    let tenant = founded.id.to_string();
    means.set(came.plus_seconds(4 * 3600));
    access::update_organisation(tx, &tenant, company.name, company.zone, true).await?;
    let event = Event::new(Action::OrganisationUpdated)
        .target(founded.id)
        .detail("changes", "self-asserted evidence on live keys is now accepted");
    owner.ctx(means, founded.id).append(tx, &event).await?;
    founded.events += 1;
    Ok(())
}

async fn make_keys(means: &Means, tx: &mut Tx, founded: &mut Founded, now: Timestamp) -> Result<()> {
    let company = founded.company;
    let makers: Vec<&Member> = founded
        .members
        .iter()
        .filter(|member| member.role.permissions().contains(&Permission::KeysManage))
        .collect();
    for (index, key) in company.keys.iter().enumerate() {
        let Some(maker) = makers.get(index % makers.len().max(1)) else {
            continue;
        };
        let (living, events) = make_key(means, tx, founded, key, maker, now).await?;
        founded.keys.push(living);
        founded.events += events;
    }
    Ok(())
}

async fn make_key(
    means: &Means,
    tx: &mut Tx,
    founded: &Founded,
    key: &Key,
    maker: &Member,
    now: Timestamp,
) -> Result<(LivingKey, u64)> {
    let company = founded.company;
    let made = days_ago(company, now, key.made, 10)?.min(now.plus_seconds(-3600));
    let used = match key.used {
        None => None,
        Some(0) => Some(now),
        Some(days) => Some(now.plus_seconds(-DAY * i64::from(days))),
    };
    let revoked = key
        .revoked
        .map(|days| now.plus_seconds(60 - DAY * i64::from(days)));
    means.set(made);
    let id = ApiKeyId::new(means.then.clock(), means.then.rng());
    let row = api_keys::Invented {
        id,
        name: key.name,
        environment: key.environment,
        maker: maker.id,
        made,
        rotate_days: key.rotate,
    };
    let tenant = founded.id.to_string();
    let last_four = api_keys::invent(&means.here, tx, &tenant, &row).await?;
    store::used_and_revoked(tx, &id.to_string(), used, revoked).await?;
    let event = |action| {
        Event::new(action)
            .target(id)
            .detail("name", key.name)
            .detail("environment", key.environment)
            .detail("lastFour", &last_four)
    };
    let mut events = 1;
    maker
        .ctx(means, founded.id)
        .append(tx, &event(Action::ApiKeyCreated))
        .await?;
    if let Some(revoked) = revoked {
        means.set(revoked);
        maker
            .ctx(means, founded.id)
            .append(tx, &event(Action::ApiKeyRevoked))
            .await?;
        events += 1;
    }
    let environment = key.environment;
    let living = LivingKey {
        id,
        environment,
        made,
        used,
    };
    Ok((living, events))
}

/// What people did at the console on the plan's days.
pub(super) async fn work(means: &Means, founded: &mut Founded, days: u16, dice: &mut Dice) -> Result<()> {
    let now = means.here.now();
    let company = founded.company;
    let mut tx = means.begin().await?;
    let mut events = 0;
    for ago in (0..=days.min(company.age).saturating_sub(1)).rev() {
        for member in &founded.members {
            if !dice.chance(0.22) {
                continue;
            }
            let minutes = 9 * 60 + dice.below(8 * 60);
            let at = days_ago(company, now, ago, 0)?.plus_seconds(minutes * 60 + dice.below(60));
            if at < now {
                events += day_of(means, &mut tx, founded.id, member, at, dice).await?;
            }
        }
    }
    founded.events += events;
    let reason = crate::audit::Housekeeping::DemoSeeded;
    means.here.commit_housekeeping(tx, reason).await
}

/// Signs in, perhaps does something, perhaps signs out.
async fn day_of(
    means: &Means,
    tx: &mut Tx,
    organisation: OrganisationId,
    member: &Member,
    at: Timestamp,
    dice: &mut Dice,
) -> Result<u64> {
    means.set(at);
    let then = &means.then;
    let passkey = PasskeyId::new(then.clock(), then.rng());
    let signed_in = Event::new(Action::SignedIn)
        .by_user(member.id)
        .in_organisation(organisation)
        .target(member.id)
        .detail("passkey", passkey);
    let ctx = member.ctx(means, organisation);
    ctx.acting_as(Actor::Anonymous).append(tx, &signed_in).await?;
    let mut events = 1;
    let mut then_did = Vec::new();
    let may = member.role.permissions();
    if dice.chance(0.08) && may.contains(&Permission::VerificationsRead) {
        let status = dice.pick(VerificationStatus::ALL).copied();
        let filter = status.map_or_else(|| "all".to_owned(), |status| format!("status {status}"));
        then_did.push(Event::new(Action::VerificationsExported).detail("filter", filter));
        then_did.push(Event::new(Action::ExportEnded).detail("rows", 20 + dice.below(900)));
    }
    if dice.chance(0.05) && !may.contains(&Permission::AuditRead) {
        let event = Event::new(Action::PermissionDenied).denied();
        then_did.push(event.detail("permission", Permission::AuditRead));
    }
    if dice.chance(0.4) {
        then_did.push(Event::new(Action::SignedOut).target(member.id));
    }
    let mut moment = at;
    for event in then_did {
        moment = moment.plus_seconds(20 + dice.below(900));
        if moment >= means.here.now() {
            break;
        }
        means.set(moment);
        ctx.append(tx, &event).await?;
        events += 1;
    }
    Ok(events)
}
