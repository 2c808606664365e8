//! The bytes of an export, as often as they are needed.

use sha2::{Digest as _, Sha256};
use types::audit::ExportFormat;

use super::{line, query, store};
use crate::{
    Ctx, Error, Result,
    audit::{
        Action, Event, Housekeeping,
        find::{Plan, Scope, find},
        prove::opened,
        withheld,
    },
    ledger::Prover,
};

/// An export that is being gone through.
pub(super) struct File {
    ctx: Ctx,
    plan: Plan,
    format: ExportFormat,
    prover: Prover,
    /// Whether it is for a customer, from whom something of the operator's staff is withheld.
    of_customer: bool,
    size: i64,
    begun: bool,
    over: bool,
    /// How many events it has given.
    pub(super) events: u64,
    /// How many bytes.
    pub(super) bytes: u64,
    digest: Sha256,
}

impl File {
    pub(super) fn of(ctx: &Ctx, row: &store::Row) -> Result<Self> {
        let note = row.checkpoint.clone();
        let note = note.ok_or_else(|| Error::internal("an export without a checkpoint"))?;
        let size = u64::try_from(row.tree_size).map_err(Error::internal)?;
        Ok(Self {
            ctx: ctx.clone(),
            plan: query::read(&row.query)?,
            format: row.format.parse().map_err(Error::internal)?,
            prover: Prover::over(note, size),
            of_customer: row.scope != Scope::Everywhere.as_str(),
            size: row.tree_size,
            begun: false,
            over: false,
            events: 0,
            bytes: 0,
            digest: Sha256::new(),
        })
    }

    /// The next bytes; `None` after the last.
    ///
    /// # Errors
    /// `Conflict` while the index is so far behind that something could be left out.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        if self.over {
            return Ok(None);
        }
        let mut piece = Vec::new();
        if !self.begun {
            line::head(self.format, &mut piece)?;
            self.begun = true;
        }
        let mut read = self.ctx.read().await?;
        let hits = find(&mut read, &self.plan, store::STEP).await?;
        if hits.behind {
            return Err(Error::Conflict(
                "The index is behind. Try again in a few seconds.",
            ));
        }
        let tenant = self.plan.scope.tenant();
        for event in store::events(&mut read, tenant, &hits.ids, self.size).await? {
            // Not by who reads, but by whose list it is in: the bytes are the same each time.
            let is_withheld = self.of_customer && withheld::is_staff(&event.actor_kind);
            if is_withheld && self.plan.blind().next().is_some() {
                continue;
            }
            let leaf_index = u64::try_from(event.leaf_index).map_err(Error::internal)?;
            let proof = self.prover.prove(&mut read, leaf_index).await?;
            let bundle = ledger::bundle::Bundle {
                opened: withheld::shown(opened(&self.ctx, &mut read, &event.id).await?, is_withheld),
                canonical: event.canonical,
                leaf_index,
                proof: proof.to_text(),
            };
            line::write(self.format, &bundle, &mut piece)?;
            self.events += 1;
        }
        match hits.next {
            Some(next) => self.plan.go_on(next),
            None => self.over = true,
        }
        self.bytes += piece.len() as u64;
        self.digest.update(&piece);
        Ok(Some(piece))
    }

    pub(super) fn digest(self) -> Vec<u8> {
        self.digest.finalize().to_vec()
    }
}

/// A download under way.
pub struct Download {
    ctx: Ctx,
    of_staff: bool,
    row: store::Row,
    file: Option<File>,
    /// What is left out before the first byte.
    skip: u64,
    /// How many bytes are yet to be given.
    left: u64,
}

impl Download {
    pub(super) fn of(ctx: &Ctx, of_staff: bool, row: store::Row) -> Result<Self> {
        let bytes = row.bytes.ok_or(Error::Conflict(
            "This export is being made. Try again in a few seconds.",
        ))?;
        Ok(Self {
            // The keys are the installation's to use; who may read it was asked before.
            file: Some(File::of(ctx, &row)?),
            ctx: ctx.clone(),
            of_staff,
            row,
            skip: 0,
            left: u64::try_from(bytes).map_err(Error::internal)?,
        })
    }

    /// How many bytes the whole file has.
    pub fn length(&self) -> u64 {
        self.row
            .bytes
            .and_then(|bytes| u64::try_from(bytes).ok())
            .unwrap_or_default()
    }

    /// SHA-256 of the whole file, in hexadecimal.
    pub fn digest(&self) -> String {
        hex::encode(self.row.digest.as_deref().unwrap_or_default())
    }

    /// How it is written.
    pub fn format(&self) -> ExportFormat {
        self.row.format.parse().unwrap_or(ExportFormat::JsonLines)
    }

    /// Gives the bytes from one to another, both included, and no others. Audited before the
    /// first is given.
    ///
    /// # Errors
    /// If it cannot be audited: then nothing is given.
    pub async fn begin(&mut self, from: u64, to: u64) -> Result<()> {
        self.skip = from;
        self.left = to.saturating_sub(from).saturating_add(1).min(self.length());
        let event = Event::new(Action::AuditExportOpened)
            .target(&self.row.id)
            .detail("from", from);
        self.ctx.record(self.told(event)).await
    }

    fn told(&self, event: Event) -> Event {
        if self.of_staff {
            event.as_staff().in_installation()
        } else {
            event
        }
    }

    /// The next bytes; `None` after the last.
    ///
    /// # Errors
    /// If the database fails, if the end cannot be audited, or if what was exported is not there
    /// any more as it was: then the file is not complete.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        while self.left > 0 {
            let Some(file) = &mut self.file else {
                return Ok(None);
            };
            let Some(mut piece) = file.next().await? else {
                return Err(self.changed().await?);
            };
            let length = piece.len() as u64;
            if self.skip >= length {
                self.skip -= length;
                continue;
            }
            let skipped = usize::try_from(self.skip).map_err(Error::internal)?;
            piece.drain(..skipped);
            self.skip = 0;
            let left = usize::try_from(self.left).unwrap_or(usize::MAX);
            piece.truncate(left);
            self.left -= piece.len() as u64;
            if self.left == 0 {
                self.end().await?;
            }
            return Ok(Some(piece));
        }
        Ok(None)
    }

    /// Holds what was given against the digest, before the last piece is.
    async fn end(&mut self) -> Result<()> {
        let Some(mut file) = self.file.take() else {
            return Ok(());
        };
        if file.bytes < self.length() {
            // A part was asked for, and it ends before the file.
            return Ok(());
        }
        while file.next().await?.is_some() {}
        let (events, bytes) = (file.events, file.bytes);
        if bytes != self.length() || Some(file.digest()) != self.row.digest {
            return Err(self.changed().await?);
        }
        let event = Event::new(Action::AuditExportGiven)
            .target(&self.row.id)
            .detail("events", events);
        self.ctx.record(self.told(event)).await
    }

    /// Notes that the file is not what it was; the error that says so.
    async fn changed(&self) -> Result<Error> {
        let mut tx = self.ctx.begin().await?;
        store::failed(
            &mut tx,
            &self.row.id,
            "What was exported has changed since: personal data was erased or events were retired. Ask for another.",
        )
        .await?;
        self.ctx
            .commit_housekeeping(tx, Housekeeping::ExportMoved)
            .await?;
        Ok(Error::Conflict(
            "What was exported has changed since. Ask for another export.",
        ))
    }
}
