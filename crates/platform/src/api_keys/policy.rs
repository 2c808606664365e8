//! What an organisation asks of its keys: how long they live, whether they expire, from where they
//! may be used. A key that is past it is shown, its owner is told, and then it is disabled, if the
//! policy says so.

use db::Conn;
use types::{
    ApiKeyId, Permission, StepUp, Timestamp, UserId,
    console::ApiKeyRow,
    keys::{KeyPolicy, KeyPolicyPage, PastPolicy, PolicyBreach},
};

use super::{NOT_THERE, event, page, store, terms::Checked};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Tx},
    calendar,
    mail::{self, Message},
    recall::Topic,
    search::Problems,
};

const DAY: i64 = 86_400;
/// Days of the longest life, and of the longest time without a call.
const LONGEST: u32 = 3_650;
/// Days for which a key that is past the policy works on at most.
const LONGEST_GRACE: u32 = 365;
/// Policies looked at in one transaction.
const BATCH: i64 = 100;

/// The policy of the organisation, and which keys are past it.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysRead`].
pub async fn policy(ctx: &Ctx) -> Result<KeyPolicyPage> {
    ctx.require(Permission::KeysRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let row = store::policy(&mut read, &tenant).await?;
    let policy = row
        .as_ref()
        .map(store::PolicyRow::read)
        .transpose()?
        .unwrap_or_default();
    let since = row.map_or_else(|| ctx.now(), |row| Timestamp::from_millis(row.changed_at));
    Ok(KeyPolicyPage {
        policy,
        past: past(&mut read, &tenant, &policy, since, ctx.now()).await?,
        preview: false,
    })
}

/// Which keys a policy would hit if it were saved now. Nothing is written.
///
/// # Errors
/// `Forbidden` without [`Permission::SecurityManage`]; `Invalid`.
pub async fn preview(ctx: &Ctx, policy: KeyPolicy) -> Result<KeyPolicyPage> {
    ctx.require(Permission::SecurityManage).await?;
    check(&policy)?;
    let tenant = ctx.tenant()?.to_string();
    let now = ctx.now();
    let past = past(&mut *ctx.read().await?, &tenant, &policy, now, now).await?;
    Ok(KeyPolicyPage {
        policy,
        past,
        preview: true,
    })
}

/// Saves the policy: it holds for keys that are made or changed from now on, and the keys that
/// are past it are told of.
///
/// # Errors
/// As [`preview`]; `StepUp`.
pub async fn save_policy(ctx: &Ctx, policy: KeyPolicy) -> Result<()> {
    ctx.require(Permission::SecurityManage).await?;
    ctx.require_fresh(StepUp::Keys).await?;
    check(&policy)?;
    let tenant = ctx.tenant()?;
    let mut tx = ctx.begin().await?;
    let before = of(&mut tx, &tenant.to_string()).await?;
    if before == policy {
        return Ok(());
    }
    store::set_policy(&mut tx, &tenant.to_string(), &policy, ctx.now()).await?;
    let event = Event::new(Action::KeyPolicyChanged)
        .target(tenant)
        .detail("policy", words(&policy));
    ctx.commit(tx, event).await
}

/// The policy that holds.
pub(super) async fn of(conn: &mut Conn, tenant: &str) -> Result<KeyPolicy> {
    let row = store::policy(conn, tenant).await?;
    Ok(row
        .as_ref()
        .map(store::PolicyRow::read)
        .transpose()?
        .unwrap_or_default())
}

/// Holds a key that is made, or changed, to the policy.
///
/// # Errors
/// `Invalid`, with the fields that are past it.
pub(super) async fn hold(conn: &mut Conn, tenant: &str, terms: &Checked, made: Timestamp) -> Result<()> {
    let policy = of(conn, tenant).await?;
    let mut problems = Problems::default();
    if policy.requires_expiry && terms.expires_at.is_none() {
        problems.add("expires_at", "The organisation's policy asks for an expiry.");
    }
    if let Some(days) = policy.longest_days {
        let last = made.plus_seconds(i64::from(days) * DAY);
        if terms.expires_at.is_none_or(|end| end > last) {
            let text = format!("The organisation's policy lets a key live for {days} days at most.");
            problems.add("expires_at", &text);
        }
    }
    if policy.requires_networks && terms.networks.is_open() {
        problems.add(
            "allow_list",
            "The organisation's policy asks for a list of networks.",
        );
    }
    problems.settle()
}

fn check(policy: &KeyPolicy) -> Result<()> {
    let mut problems = Problems::default();
    for (field, days) in [
        ("longest_days", policy.longest_days),
        ("unused_days", policy.unused_days),
    ] {
        if days.is_some_and(|days| !(1..=LONGEST).contains(&days)) {
            problems.add(field, "Give whole days from 1 to 3,650, or leave it empty.");
        }
    }
    if policy.disable_after_days.is_some_and(|days| days > LONGEST_GRACE) {
        problems.add(
            "disable_after_days",
            "Give whole days from 0 to 365, or leave it empty.",
        );
    }
    problems.settle()
}

fn words(policy: &KeyPolicy) -> String {
    let days = |what: &str, days: Option<u32>| days.map(|days| format!("{what} {days} days"));
    let parts = [
        days("longest life", policy.longest_days),
        days("longest time unused", policy.unused_days),
        policy.requires_expiry.then(|| "expiry required".to_owned()),
        policy.requires_networks.then(|| "networks required".to_owned()),
        days("disabled after", policy.disable_after_days),
        Some(format!("leaked live keys: {}", policy.leaked_live)),
        Some(format!("leaked test keys: {}", policy.leaked_test)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// What of a policy a key is past, each since when. What a key has done nothing for before the
/// policy was there is counted from then, and after it was enabled again from then.
fn breaches(
    key: &store::Judged,
    row: &ApiKeyRow,
    policy: &KeyPolicy,
    policy_since: Timestamp,
    now: Timestamp,
) -> Vec<(PolicyBreach, Timestamp)> {
    let days = |days: u32| i64::from(days) * DAY;
    let enabled = key.enabled_at.map(Timestamp::from_millis);
    let not_before = |at: Timestamp| enabled.map_or(at, |enabled| at.max(enabled));
    let mut found = Vec::new();
    if let Some(longest) = policy.longest_days {
        found.push((PolicyBreach::TooOld, row.created_at.plus_seconds(days(longest))));
    }
    if let Some(unused) = policy.unused_days {
        let used = not_before(row.last_used_at.unwrap_or(row.created_at));
        found.push((PolicyBreach::Unused, used.plus_seconds(days(unused))));
    }
    if policy.requires_expiry && row.expires_at.is_none() {
        found.push((PolicyBreach::NoExpiry, policy_since));
    }
    if policy.requires_networks && row.allow_list.is_empty() {
        found.push((PolicyBreach::NoNetworks, policy_since));
    }
    found.retain(|(_, since)| *since <= now);
    // A grace begins with the policy at the earliest: nobody is disabled by the saving of one.
    for (_, since) in &mut found {
        *since = not_before((*since).max(policy_since));
    }
    found
}

async fn past(
    conn: &mut Conn,
    tenant: &str,
    policy: &KeyPolicy,
    since: Timestamp,
    now: Timestamp,
) -> Result<Vec<PastPolicy>> {
    let mut past = Vec::new();
    for key in store::judged(conn, tenant, now).await? {
        if let Some((found, _)) = judge(&key, policy, since, now)? {
            past.push(found);
        }
    }
    past.sort_by_key(|one| (one.disabled_from, one.row.id));
    Ok(past)
}

/// The key, if it is past the policy, and whether its owner was told.
fn judge(
    key: &store::Judged,
    policy: &KeyPolicy,
    since: Timestamp,
    now: Timestamp,
) -> Result<Option<(PastPolicy, bool)>> {
    let told = key.told_policy_at.is_some();
    let row = key.key.clone().into_dto()?;
    let found = breaches(key, &row, policy, since, now);
    let Some(first) = found.iter().map(|(_, since)| *since).min() else {
        return Ok(None);
    };
    let grace = policy.disable_after_days.map(|days| i64::from(days) * DAY);
    Ok(Some((
        PastPolicy {
            row,
            breaches: found.into_iter().map(|(breach, _)| breach).collect(),
            disabled_from: grace.map(|grace| first.plus_seconds(grace)),
        },
        told,
    )))
}

/// Tells owners of keys that are past their policy, and disables those whose grace is over.
pub(crate) async fn enforce(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let now = ctx.now();
    let mut after = String::new();
    loop {
        let policies = store::policies(tx, &after, BATCH).await?;
        let Some(last) = policies.last() else {
            return Ok(());
        };
        after.clone_from(&last.organisation_id);
        for row in &policies {
            let (policy, since) = (row.read()?, Timestamp::from_millis(row.changed_at));
            for key in store::judged(tx, &row.organisation_id, now).await? {
                if let Some((past, told)) = judge(&key, &policy, since, now)? {
                    deal_with(ctx, tx, &row.organisation_id, &past, told).await?;
                }
            }
        }
    }
}

async fn deal_with(ctx: &Ctx, tx: &mut Tx, tenant: &str, past: &PastPolicy, told: bool) -> Result<()> {
    let now = ctx.now();
    let id = past.row.id.to_string();
    if past.disabled_from.is_some_and(|from| from <= now) {
        store::disable(tx, tenant, &id, now).await?;
        tx.changes(Topic::ApiKeys);
        let reasons: Vec<&str> = past.breaches.iter().map(|breach| breach.sentence()).collect();
        let event = event(Action::ApiKeyDisabled, &past.row)
            .in_organisation(tenant.parse()?)
            .detail("reason", reasons.join(" "));
        ctx.append(tx, &event).await?;
        return tell(ctx, tx, past, "is disabled").await;
    }
    if !told {
        store::told_policy(tx, &id, now).await?;
        tell(ctx, tx, past, "is past what your organisation asks of keys").await?;
    }
    Ok(())
}

async fn tell(ctx: &Ctx, tx: &mut Tx, past: &PastPolicy, what: &str) -> Result<()> {
    let row = &past.row;
    let owner: UserId = row.owner_id;
    let moment = ctx.now().as_millis();
    let cause = format!("api-key-policy/{}/{moment}", row.id);
    let mut message = Message::new("api_key.policy", cause, format!("An API key {what}")).text(format!(
        "The {} key “{}” (…{}) {what}.",
        row.environment, row.name, row.last_four
    ));
    for breach in &past.breaches {
        message = message.text(breach.sentence());
    }
    if let Some(from) = past.disabled_from.filter(|from| *from > ctx.now()) {
        message = message.text(format!(
            "If it stays as it is, it is disabled on {}.",
            calendar::to_the_minute(from)?
        ));
    }
    let message = message.link("Open the key", format!("/keys/{}", row.id));
    mail::to_user(ctx, tx, owner, message).await
}

/// Enables a key that the policy disabled. What the policy counts from begins anew.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysManage`]; `StepUp`; `NotFound`; `Conflict` if it is not
/// disabled.
pub async fn enable(ctx: &Ctx, id: ApiKeyId) -> Result<()> {
    ctx.require(Permission::KeysManage).await?;
    ctx.require_fresh(StepUp::Keys).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let row = page::seen(ctx, &mut tx, id).await?;
    if row.revoked_at.is_some() || row.disabled_at.is_none() {
        return Err(Error::Conflict("This key is not disabled."));
    }
    store::enable(&mut tx, &tenant, &id.to_string(), ctx.now()).await?;
    tx.changes(Topic::ApiKeys);
    ctx.commit(tx, event(Action::ApiKeyEnabled, &row)).await
}

/// The row of a key of any organisation, for jobs.
pub(super) async fn row_of(conn: &mut Conn, tenant: &str, id: &str) -> Result<ApiKeyRow> {
    store::get(conn, tenant, id).await?.ok_or(NOT_THERE)?.into_dto()
}
