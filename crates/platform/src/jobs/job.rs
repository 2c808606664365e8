//! What there is to do in the background.

use types::{JobId, VerificationId};

use crate::{
    Ctx, Error, Result,
    audit::{Event, Housekeeping, Tx},
    guard, identity, links, reminders, sessions, signals,
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
        }
    }

    /// The id of a job of which there is only one, however many servers queue it.
    pub(super) const fn only_id(&self) -> Option<JobId> {
        match self {
            Self::ExpireVerification(_) | Self::ForgetDevice(_) => None,
            Self::Sweep => Some(JobId::from_u128(1)),
            Self::FoldFigures => Some(JobId::from_u128(2)),
            Self::InspectFailures => Some(JobId::from_u128(30)),
            Self::Remind => Some(JobId::from_u128(31)),
        }
    }

    pub(super) fn payload(&self) -> String {
        match self {
            Self::ExpireVerification(id) | Self::ForgetDevice(id) => id.to_string(),
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
            _ => return Err(Error::Conflict("This version of Loomwire does not know the job.")),
        })
    }

    /// Why its write needs no event, if it has none.
    pub(super) const fn housekeeping(&self) -> Housekeeping {
        match self {
            Self::FoldFigures => Housekeeping::FiguresFolded,
            Self::InspectFailures | Self::Remind => Housekeeping::PeopleTold,
            Self::ExpireVerification(_) | Self::ForgetDevice(_) | Self::Sweep => Housekeeping::Swept,
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
                guard::sweep(ctx, tx).await?;
                signals::sweep(ctx, tx).await?;
                super::enqueue(ctx, tx, &Self::Remind, ctx.now()).await?;
                super::enqueue(ctx, tx, &Self::Sweep, ctx.now().plus_seconds(SWEEP_STEP)).await?;
                Ok(None)
            }
            Self::InspectFailures => signals::inspect(ctx, tx).await.map(|()| None),
            Self::Remind => reminders::send(ctx, tx).await.map(|()| None),
            Self::FoldFigures => figures::fold(ctx, tx).await.map(|()| None),
        }
    }
}

/// Seconds between sweeps.
const SWEEP_STEP: i64 = 600;
