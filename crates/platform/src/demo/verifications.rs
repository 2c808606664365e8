//! An organisation's verifications, in bulk.

use types::{Environment, RequestId, Timestamp, TokenId, VerificationId, keys::Scopes, source::random};

use super::{
    calls::Calls,
    dice::Dice,
    fate::{Fate, Step},
    means::Means,
    people::{Founded, LivingKey},
    plan::{Audit, Plan},
    rhythm,
};
use crate::{
    Actor, Ctx, Origin, Result,
    audit::{Action, Bulk, Event, Housekeeping},
    jobs::{self, Job},
    usage,
    verification::{
        BulkRow,
        figures::{Group, Move, Tally},
        insert_many,
    },
};

/// Verifications of one transaction.
const BATCH: usize = 2000;

/// What was written.
#[derive(Default)]
pub(super) struct Written {
    pub(super) verifications: u64,
    pub(super) events: u64,
    pub(super) calls: u64,
}

/// One organisation's part of the work.
pub(super) struct Work<'a> {
    means: &'a Means,
    founded: &'a Founded,
    /// Events from then on are written.
    audited_from: Option<Timestamp>,
    calls: Option<Calls>,
    rows: Vec<BulkRow>,
    events: Bulk,
    open: Vec<(VerificationId, Timestamp)>,
    tally: Tally,
    written: Written,
    number: u64,
}

impl<'a> Work<'a> {
    /// Without `calls` none are counted.
    pub(super) fn new(means: &'a Means, founded: &'a Founded, plan: &Plan, calls: Option<Calls>) -> Self {
        let now = means.here.now();
        Self {
            means,
            founded,
            audited_from: match plan.audit {
                Audit::All => Some(Timestamp::from_millis(i64::MIN)),
                Audit::LastDays(days) => Some(now.plus_seconds(-86_400 * i64::from(days))),
                Audit::None => None,
            },
            calls,
            rows: Vec::with_capacity(BATCH),
            events: Bulk::default(),
            open: Vec::new(),
            tally: Tally::default(),
            written: Written::default(),
            number: 0,
        }
    }

    /// Writes this many, and tells of each step how many it were.
    pub(super) async fn live(
        mut self,
        plan: &Plan,
        total: u64,
        dice: &mut Dice,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Written> {
        let now = self.means.here.now();
        self.number = 10_000 + total % 7919;
        for slot in rhythm::slots(plan, self.founded.company, total, now, dice)? {
            let length = slot.before.millis_since(slot.from);
            let mut starts: Vec<i64> = (0..slot.verifications).map(|_| dice.below(length)).collect();
            starts.sort_unstable();
            let mut before = None;
            let mut sequence = 0;
            for start in starts {
                sequence = if before == Some(start) { sequence + 1 } else { 0 };
                before = Some(start);
                let start = Timestamp::from_millis(slot.from.as_millis() + start);
                self.invent(start, sequence, now, dice)?;
                if self.rows.len() >= BATCH {
                    progress(self.write().await?);
                }
            }
        }
        progress(self.write().await?);
        self.finish().await
    }

    fn invent(&mut self, start: Timestamp, sequence: u16, now: Timestamp, dice: &mut Dice) -> Result<()> {
        let settings = self.means.here.settings();
        let life = &self.founded.company.life;
        let mut fate = Fate::draw(life, start, settings.verification_ttl, now, dice);
        let key = self.key(&mut fate, dice);
        let then = &self.means.then;
        let id = VerificationId::at(start, sequence.min(4095), then.rng());
        self.number += 1;
        let reference = !life.reference.is_empty() && dice.chance(0.7);
        let reference = reference.then(|| format!("{}-{}", life.reference, self.number));
        let row = self.row(&fate, id, &key, reference, settings.token_ttl)?;
        self.tally(&fate);
        if let Some(calls) = &mut self.calls {
            calls.invent(&fate, &key);
        }
        if !row.is_over() {
            self.open.push((id, fate.expires));
        }
        self.rows.push(row);
        if self.audited_from.is_some_and(|from| start >= from) {
            self.tell(&fate, id, &key)?;
        }
        Ok(())
    }

    /// A key of this environment that was in use then; if there was none, any other's.
    fn key(&self, fate: &mut Fate, dice: &mut Dice) -> LivingKey {
        let in_use =
            |key: &&LivingKey| key.made <= fate.started && key.used.is_some_and(|until| fate.started < until);
        let all: Vec<&LivingKey> = self.founded.keys.iter().filter(in_use).collect();
        let fits = |key: &&LivingKey| key.environment == fate.environment;
        let fitting: Vec<&LivingKey> = all.iter().copied().filter(fits).collect();
        let chosen = dice.pick(&fitting).or_else(|| dice.pick(&all)).copied();
        let key = chosen.or(self.founded.keys.first()).cloned();
        let key = key.unwrap_or_else(|| LivingKey {
            id: types::ApiKeyId::from_u128(0),
            environment: Environment::Test,
            made: fate.started,
            used: None,
        });
        fate.environment = key.environment;
        key
    }

    fn row(
        &self,
        fate: &Fate,
        id: VerificationId,
        key: &LivingKey,
        reference: Option<String>,
        token_ttl: i64,
    ) -> Result<BulkRow> {
        let then = &self.means.then;
        let status = fate.status();
        let completed = fate.completed_at();
        let checks = fate.checks();
        let token = completed.filter(|_| Group::of(status) == Group::Approved);
        Ok(BulkRow {
            id,
            organisation: self.founded.id,
            api_key: key.id,
            environment: fate.environment,
            status,
            reference,
            minimum_age: fate.minimum_age,
            // No secret has this digest, so no link opens it; ascending, it is quick to index.
            link_digest: [
                id.to_string().as_bytes().get(4..20).unwrap_or_default(),
                &random::<16>(then.rng()),
            ]
            .concat(),
            consented_at: fate.consented_at(),
            attempts: fate.attempts(),
            over18: checks.as_ref().map(|_| fate.reason() != Some("underage")),
            checks: checks.map(|checks| serde_json::to_string(&checks)).transpose()?,
            reason: fate.reason(),
            token: token.map(|at| {
                let token = TokenId::at(at, 0, then.rng());
                (token, at.plus_seconds(token_ttl))
            }),
            created_at: fate.started,
            expires_at: fate.expires,
            completed_at: completed,
        })
    }

    fn tally(&mut self, fate: &Fate) {
        let to = Group::of(fate.status());
        let duration = fate.completed_at().map(|at| at.millis_since(fate.started));
        self.tally.add(&Move {
            organisation: self.founded.id,
            environment: fate.environment,
            started: fate.started,
            from: None,
            to,
            duration: duration.filter(|_| matches!(to, Group::Approved | Group::Denied)),
        });
    }

    /// What the log tells of it.
    fn tell(&mut self, fate: &Fate, id: VerificationId, key: &LivingKey) -> Result<()> {
        let organisation = self.founded.id;
        let business = Actor::ApiKey {
            id: key.id,
            organisation,
            environment: key.environment,
            scopes: Scopes::before_scopes(),
            family: key.id,
            calls_per_minute: None,
            limits: std::sync::Arc::default(),
        };
        let person = Actor::Person {
            verification: id,
            organisation,
        };
        let by = if fate.direct { &business } else { &person };
        let event = |action| Event::new(action).target(id);
        let started = event(Action::VerificationStarted).detail("environment", fate.environment);
        self.add(fate.started, &business, &started)?;
        for (at, step) in &fate.steps {
            match step {
                Step::Consented => self.add(*at, by, &event(Action::VerificationConsented))?,
                Step::Declined => self.add(*at, by, &event(Action::VerificationDeclined))?,
                Step::WrongDigit(attempt) => {
                    let wrong = event(Action::VerificationResubmission).failed();
                    self.add(*at, by, &wrong.detail("attempt", attempt))?;
                }
                Step::GivenUp => {
                    let ended = event(Action::VerificationDecided);
                    self.add(*at, by, &ended.detail("outcome", "rejected after too many tries"))?;
                }
                Step::Decided => {
                    let decided = event(Action::VerificationDecided)
                        .detail("outcome", fate.status())
                        .detail("assurance", types::Assurance::SelfAsserted);
                    self.add(*at, by, &decided)?;
                }
                Step::RanOut => {
                    let expired = event(Action::VerificationExpired).in_organisation(organisation);
                    self.add(*at, &Actor::System, &expired)?;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, at: Timestamp, actor: &Actor, event: &Event) -> Result<()> {
        self.means.set(at);
        let then = &self.means.then;
        let request = (*actor != Actor::System).then(|| RequestId::new(then.clock(), then.rng()));
        let ctx: Ctx = then.acting_as(actor.clone()).coming_from(Origin {
            request_id: request,
            ..Origin::default()
        });
        self.events.add(&ctx, event)
    }

    /// Writes what has gathered; how many verifications it were.
    async fn write(&mut self) -> Result<u64> {
        let mut tx = self.means.begin().await?;
        insert_many(&mut tx, &self.rows).await?;
        self.written.events += self.events.write(&self.means.here, &mut tx).await?;
        if let Some(calls) = &mut self.calls {
            self.written.calls += calls.write(&mut tx).await?;
            let live = self
                .rows
                .iter()
                .filter(|row| row.environment == Environment::Live);
            let units: Vec<_> = live
                .map(|row| (row.organisation, row.api_key, row.id, row.created_at))
                .collect();
            usage::invented(&mut tx, &units).await?;
        }
        for (id, expires) in self.open.drain(..) {
            self.means.set(self.means.here.now());
            jobs::enqueue(&self.means.then, &mut tx, &Job::ExpireVerification(id), expires).await?;
        }
        let count = self.rows.len() as u64;
        self.rows.clear();
        self.written.verifications += count;
        self.means
            .here
            .commit_housekeeping(tx, Housekeeping::DemoSeeded)
            .await?;
        Ok(count)
    }

    /// The figures, in one piece.
    async fn finish(self) -> Result<Written> {
        let mut tx = self.means.begin().await?;
        self.tally.write(&mut tx).await?;
        self.means
            .here
            .commit_housekeeping(tx, Housekeeping::DemoSeeded)
            .await?;
        Ok(self.written)
    }
}
