//! What there is to do in the background.

use types::{AddressRequestId, ElevationId, JobId, MailId, VerificationId};

use crate::{
    Ctx, Error, Result, accounts,
    audit::{Event, Housekeeping, Tx},
    elevations, guard, identity, invitations, links, mail, recovery, reminders, sessions, signals,
    verification::{self, figures},
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
    /// Send a mail.
    SendMail(MailId),
    /// Answer what somebody asked for in the name of an e-mail address.
    AnswerAddress(AddressRequestId),
    /// Note the end of an elevation whose time is over.
    EndElevation(ElevationId),
}

impl Job {
    /// The name of its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ExpireVerification(_) => "verification.expire",
            Self::ForgetDevice(_) => "verification.forget_device",
            Self::Sweep => "sweep",
            Self::FoldFigures => "figures.fold",
            Self::InspectFailures => "signals.inspect_failures",
            Self::Remind => "reminders.send",
            Self::SendMail(_) => "mail.send",
            Self::AnswerAddress(_) => "address.answer",
            Self::EndElevation(_) => "elevation.end",
        }
    }

    /// The id of a job of which there is only one, however many servers queue it.
    pub(super) const fn only_id(&self) -> Option<JobId> {
        match self {
            Self::ExpireVerification(_)
            | Self::ForgetDevice(_)
            | Self::EndElevation(_)
            | Self::SendMail(_)
            | Self::AnswerAddress(_) => None,
            Self::Sweep => Some(JobId::from_u128(1)),
            Self::FoldFigures => Some(JobId::from_u128(2)),
            Self::InspectFailures => Some(JobId::from_u128(30)),
            Self::Remind => Some(JobId::from_u128(31)),
        }
    }

    pub(super) fn payload(&self) -> String {
        match self {
            Self::ExpireVerification(id) | Self::ForgetDevice(id) => id.to_string(),
            Self::SendMail(id) => id.to_string(),
            Self::AnswerAddress(id) => id.to_string(),
            Self::EndElevation(id) => id.to_string(),
            Self::Sweep | Self::FoldFigures | Self::InspectFailures | Self::Remind => String::new(),
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
            "signals.inspect_failures" => Self::InspectFailures,
            "reminders.send" => Self::Remind,
            "mail.send" => Self::SendMail(payload.parse()?),
            "address.answer" => Self::AnswerAddress(payload.parse()?),
            "elevation.end" => Self::EndElevation(payload.parse()?),
            _ => return Err(Error::Conflict("This version of Loomwire does not know the job.")),
        })
    }

    /// Why its write needs no event, if it has none.
    pub(super) const fn housekeeping(&self) -> Housekeeping {
        match self {
            Self::FoldFigures => Housekeeping::FiguresFolded,
            Self::InspectFailures | Self::Remind => Housekeeping::PeopleTold,
            Self::SendMail(_) => Housekeeping::MailSent,
            Self::AnswerAddress(_) => Housekeeping::AddressAnswered,
            Self::ExpireVerification(_) | Self::ForgetDevice(_) | Self::Sweep | Self::EndElevation(_) => {
                Housekeeping::Swept
            }
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
                recovery::sweep(ctx, tx).await?;
                guard::sweep(ctx, tx).await?;
                signals::sweep(ctx, tx).await?;
                super::enqueue(ctx, tx, &Self::Remind, ctx.now().plus_seconds(REMIND_FIRST)).await?;
                super::enqueue(ctx, tx, &Self::Sweep, ctx.now().plus_seconds(SWEEP_STEP)).await?;
                Ok(None)
            }
            Self::InspectFailures => signals::inspect(ctx, tx).await.map(|()| None),
            Self::Remind => reminders::send(ctx, tx).await.map(|()| None),
            Self::FoldFigures => figures::fold(ctx, tx).await.map(|()| None),
            Self::SendMail(id) => mail::noted(ctx, tx, *id).await.map(|()| None),
            Self::AnswerAddress(id) => accounts::answer(ctx, tx, *id).await,
            Self::EndElevation(id) => elevations::end_due(ctx, tx, *id).await,
        }
    }
}

/// Seconds between sweeps.
const SWEEP_STEP: i64 = 600;
/// Seconds from the first sweep to the first reminders, which then queue themselves.
const REMIND_FIRST: i64 = 60;
