//! What there is to do in the background.

use types::{
    AddressRequestId, ConsentId, ElevationId, JobId, LeakReportId, MailId, OrganisationId, VerificationId,
};

use crate::{
    Ctx, Error, Result, accounts, alerts, api_keys,
    audit::{self, Event, Housekeeping, Tx},
    elevations, guard, identity, invitations, leaks, links, mail, metering, recovery, reminders, retention,
    sessions, signals, support, usage,
    verification::{self, figures},
    webhooks,
};

/// A job. Its payload is an id, never personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// End a verification whose time ran out.
    ExpireVerification(VerificationId),
    /// Remove the keyed hashes of the person's device.
    ForgetDevice(VerificationId),
    /// Remove sessions and ceremonies that are over; queues itself again.
    Sweep,
    /// Look through failed sign-ins for guessing by many or of many.
    InspectFailures,
    /// Remind people of what makes their accounts weaker; queues itself again.
    Remind,
    /// Fold moves of verifications into counts; queued while there are any.
    FoldFigures,
    /// Pack calls of days that are over; queued while there are any. Its word is from when it packed
    /// only durations: one may be queued under it by the version before.
    PackDays,
    /// Send a mail.
    SendMail(MailId),
    /// Answer what somebody asked for in the name of an e-mail address.
    AnswerAddress(AddressRequestId),
    /// Look whose key it is that somebody found elsewhere.
    AnswerLeak(LeakReportId),
    /// Note the end of an elevation whose time is over.
    EndElevation(ElevationId),
    /// Note the end of a consent to look, or of a request for one, whose time is over.
    EndConsent(ConsentId),
    /// Remove what was kept long enough, of the logs behind this one; queues itself again.
    Retire(Option<OrganisationId>),
}

impl Job {
    /// The name of its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ExpireVerification(_) => "verification.expire",
            Self::ForgetDevice(_) => "verification.forget_device",
            Self::Sweep => "sweep",
            Self::FoldFigures => "figures.fold",
            Self::PackDays => "durations.pack",
            Self::InspectFailures => "signals.inspect_failures",
            Self::Remind => "reminders.send",
            Self::SendMail(_) => "mail.send",
            Self::AnswerAddress(_) => "address.answer",
            Self::AnswerLeak(_) => "leak.answer",
            Self::EndElevation(_) => "elevation.end",
            Self::EndConsent(_) => "support.end_consent",
            Self::Retire(_) => "retention.run",
        }
    }

    /// The id of a job of which there is only one, however many servers queue it.
    pub(super) const fn only_id(&self) -> Option<JobId> {
        match self {
            Self::ExpireVerification(_)
            | Self::ForgetDevice(_)
            | Self::EndElevation(_)
            | Self::EndConsent(_)
            | Self::SendMail(_)
            | Self::AnswerLeak(_)
            | Self::AnswerAddress(_) => None,
            Self::Sweep => Some(JobId::from_u128(1)),
            Self::FoldFigures => Some(JobId::from_u128(2)),
            Self::PackDays => Some(JobId::from_u128(60)),
            Self::InspectFailures => Some(JobId::from_u128(30)),
            Self::Remind => Some(JobId::from_u128(31)),
            Self::Retire(_) => Some(JobId::from_u128(50)),
        }
    }

    pub(super) fn payload(&self) -> String {
        match self {
            Self::ExpireVerification(id) | Self::ForgetDevice(id) => id.to_string(),
            Self::SendMail(id) => id.to_string(),
            Self::AnswerAddress(id) => id.to_string(),
            Self::AnswerLeak(id) => id.to_string(),
            Self::EndElevation(id) => id.to_string(),
            Self::EndConsent(id) => id.to_string(),
            Self::Retire(after) => after.map(|id| id.to_string()).unwrap_or_default(),
            Self::Sweep | Self::FoldFigures | Self::PackDays | Self::InspectFailures | Self::Remind => {
                String::new()
            }
        }
    }

    /// # Errors
    /// If no version of Loomwire that is known here queued it.
    pub(super) fn read(kind: &str, payload: &str) -> Result<Self> {
        Ok(match kind {
            "verification.expire" => Self::ExpireVerification(payload.parse()?),
            "verification.forget_device" => Self::ForgetDevice(payload.parse()?),
            "sweep" => Self::Sweep,
            "figures.fold" => Self::FoldFigures,
            "durations.pack" => Self::PackDays,
            "signals.inspect_failures" => Self::InspectFailures,
            "reminders.send" => Self::Remind,
            "mail.send" => Self::SendMail(payload.parse()?),
            "leak.answer" => Self::AnswerLeak(payload.parse()?),
            "address.answer" => Self::AnswerAddress(payload.parse()?),
            "elevation.end" => Self::EndElevation(payload.parse()?),
            "support.end_consent" => Self::EndConsent(payload.parse()?),
            "retention.run" if payload.is_empty() => Self::Retire(None),
            "retention.run" => Self::Retire(Some(payload.parse()?)),
            _ => return Err(Error::Conflict("This version of Loomwire does not know the job.")),
        })
    }

    /// Why its write needs no event, if it has none.
    pub(super) const fn housekeeping(&self) -> Housekeeping {
        match self {
            Self::FoldFigures => Housekeeping::FiguresFolded,
            Self::PackDays => Housekeeping::CallsCounted,
            Self::InspectFailures | Self::Remind => Housekeeping::PeopleTold,
            Self::SendMail(_) => Housekeeping::MailSent,
            Self::AnswerAddress(_) => Housekeeping::AddressAnswered,
            Self::AnswerLeak(_) => Housekeeping::LeakNoted,
            Self::ExpireVerification(_)
            | Self::ForgetDevice(_)
            | Self::Sweep
            | Self::EndElevation(_)
            | Self::EndConsent(_)
            | Self::Retire(_) => Housekeeping::Swept,
        }
    }

    /// Whether it speaks to an outside party before its transaction.
    pub(super) const fn reaches_out(&self) -> bool {
        matches!(self, Self::SendMail(_))
    }

    /// What is done before the transaction: an outside party may be slow, and no write is to
    /// wait for it. If the worker dies in between it is done again.
    pub(super) async fn reach_out(&self, ctx: &Ctx) -> Result<()> {
        match self {
            Self::SendMail(id) => mail::send(ctx, *id).await,
            _ => Ok(()),
        }
    }

    /// Notes a try that did not work, where somebody else than the job itself is to know.
    pub(super) async fn tried(&self, tx: &mut Tx, attempts: i64, error: &str, last: bool) -> Result<()> {
        match self {
            Self::SendMail(id) => mail::gave_up(tx, *id, attempts, error, last).await,
            _ => Ok(()),
        }
    }

    /// Does it within the transaction that also ends it; the event, if something was done
    /// that the log must tell.
    pub(super) async fn perform(&self, ctx: &Ctx, tx: &mut Tx) -> Result<Option<Event>> {
        match self {
            Self::ExpireVerification(id) => verification::expire(ctx, tx, *id).await,
            Self::ForgetDevice(id) => verification::forget_device(tx, *id).await.map(|()| None),
            Self::Sweep => {
                sessions::sweep(ctx, tx).await?;
                identity::sweep(ctx, tx).await?;
                links::sweep(ctx, tx).await?;
                mail::sweep(ctx, tx).await?;
                accounts::sweep(ctx, tx).await?;
                invitations::sweep(ctx, tx).await?;
                audit::sweep_exports(ctx, tx).await?;
                recovery::sweep(ctx, tx).await?;
                guard::sweep(ctx, tx).await?;
                signals::sweep(ctx, tx).await?;
                verification::sweep(ctx, tx).await?;
                metering::sweep(ctx, tx).await?;
                api_keys::sweep(ctx, tx).await?;
                api_keys::warn(ctx, tx).await?;
                api_keys::announce(ctx, tx).await?;
                api_keys::enforce(ctx, tx).await?;
                webhooks::sweep(ctx, tx).await?;
                alerts::sweep(ctx, tx).await?;
                super::enqueue(ctx, tx, &Self::Remind, ctx.now().plus_seconds(REMIND_FIRST)).await?;
                super::enqueue(ctx, tx, &Self::Retire(None), ctx.now().plus_seconds(RETIRE_FIRST)).await?;
                super::enqueue(ctx, tx, &Self::Sweep, ctx.now().plus_seconds(SWEEP_STEP)).await?;
                Ok(None)
            }
            Self::InspectFailures => signals::inspect(ctx, tx).await.map(|()| None),
            Self::Remind => reminders::send(ctx, tx).await.map(|()| None),
            Self::FoldFigures => {
                usage::fold(ctx, tx).await?;
                figures::fold(ctx, tx).await.map(|()| None)
            }
            Self::PackDays => metering::pack(ctx, tx).await.map(|()| None),
            Self::SendMail(id) => mail::noted(ctx, tx, *id).await.map(|()| None),
            Self::AnswerAddress(id) => accounts::answer(ctx, tx, *id).await,
            Self::AnswerLeak(id) => leaks::answer(ctx, tx, *id).await,
            Self::EndElevation(id) => elevations::end_due(ctx, tx, *id).await,
            Self::EndConsent(id) => support::end_due(ctx, tx, *id).await,
            Self::Retire(after) => retention::run(ctx, tx, *after).await,
        }
    }
}

/// Seconds between sweeps.
const SWEEP_STEP: i64 = 600;
/// Seconds from the first sweep to the first reminders, which then queue themselves.
const REMIND_FIRST: i64 = 60;
/// Seconds from the first sweep to the first look at what was kept long enough, which then queues
/// itself.
const RETIRE_FIRST: i64 = 120;
