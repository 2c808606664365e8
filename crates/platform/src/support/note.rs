//! Notes about a subject, and handing it over to a colleague.

use db::Conn;
use types::{
    Permission, SupportNoteId, Timestamp, UserId,
    support::{DeskPage, NoteRow, Subject},
};

use super::{
    checked, me,
    seal::{Place, open, seal},
    store::notes::{self, NewNote, NoteRecord},
    subject, words,
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
    mail::{self, Message},
    staff,
};

/// Notes on a page, and hand-overs in the inbox.
const SHOWN: i64 = 50;
/// Characters of a note at most.
const LONGEST: usize = 4000;

const fn place<'a>(owner: &'a str, id: &'a str) -> Place<'a> {
    Place {
        owner,
        table: "support_notes",
        row: id,
        column: "sealed",
    }
}

/// Writes a note about a subject.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportDesk`]; `Invalid` for the text; `NotFound`.
pub async fn add_note(ctx: &Ctx, subject: Subject, text: &str) -> Result<()> {
    ctx.require(Permission::SupportDesk).await?;
    let text = checked("text", text, 1, LONGEST)?;
    write(ctx, subject, text, None).await
}

/// Hands a subject over to a colleague who works at the desk, with the reason; they are told by
/// mail.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportDesk`]; `Invalid` for the reason or the colleague;
/// `NotFound`.
pub async fn hand_over(ctx: &Ctx, subject: Subject, to: UserId, reason: &str) -> Result<()> {
    ctx.require(Permission::SupportDesk).await?;
    let reason = checked("reason", reason, 10, LONGEST)?;
    if to == me(ctx)? {
        return Err(Error::invalid("to", "Choose somebody else: this is you."));
    }
    let role = staff::role(&mut *ctx.read().await?, &to.to_string()).await?;
    if !staff::covers(role, &[Permission::SupportDesk]) {
        return Err(Error::invalid(
            "to",
            "Choose somebody who works at the support desk.",
        ));
    }
    write(ctx, subject, reason, Some(to)).await
}

async fn write(ctx: &Ctx, subject: Subject, text: &str, to: Option<UserId>) -> Result<()> {
    let author = me(ctx)?;
    let now = ctx.now();
    let id = SupportNoteId::at(now, ctx.event_sequence(now), ctx.rng()).to_string();
    let mut tx = ctx.begin().await?;
    if subject::find(&mut tx, subject).await?.is_none() {
        return Err(Error::NotFound("What it is about"));
    }
    let owner = subject::owner(&mut tx, subject).await?;
    let (data_key_id, sealed) = seal(ctx, &mut tx, place(&owner, &id), text).await?;
    let about = subject.to_string();
    let new = NewNote {
        id: &id,
        subject: &about,
        author: author.to_string(),
        owner: &owner,
        data_key_id,
        sealed,
        handed_to: to.map(|to| to.to_string()),
    };
    notes::insert(&mut tx, &new, ctx.now()).await?;
    let action = match to {
        Some(to) => {
            let message = Message::new(
                "support.handed_over",
                id.clone(),
                "Something was handed over to you",
            )
            .text("A colleague handed something over to you at the support desk. Why stands there.")
            .link("Go to the support desk", "/staff/support");
            mail::to_user(ctx, &mut tx, to, message).await?;
            Action::SupportHandedOver
        }
        None => Action::SupportNoteAdded,
    };
    let event = Event::new(action)
        .as_staff()
        .in_installation()
        .target(subject)
        .target(&id)
        .detail("kind", words::noun_of(subject));
    let event = to.into_iter().fold(event, Event::target);
    ctx.commit(tx, event).await
}

/// Closes a hand-over: whoever it was handed to, or who handed it over.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportDesk`]; `NotFound` if there is no such open one.
pub async fn close(ctx: &Ctx, id: SupportNoteId) -> Result<()> {
    ctx.require(Permission::SupportDesk).await?;
    let by = me(ctx)?.to_string();
    let mut tx = ctx.begin().await?;
    let about = notes::close(&mut tx, &id.to_string(), &by, ctx.now()).await?;
    let about = about.ok_or(Error::NotFound("The open hand-over"))?;
    let event = Event::new(Action::SupportHandoverClosed)
        .as_staff()
        .in_installation()
        .target(id)
        .target(about);
    ctx.commit(tx, event).await
}

/// The desk: what was handed over to the viewer. That it was read is audited.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportDesk`].
pub async fn desk(ctx: &Ctx) -> Result<DeskPage> {
    ctx.require(Permission::SupportDesk).await?;
    let me = me(ctx)?;
    let mut read = ctx.read().await?;
    let mut inbox = Vec::new();
    for record in notes::inbox(&mut read, &me.to_string(), SHOWN).await? {
        inbox.push(row(ctx, &mut read, me, record).await?);
    }
    drop(read);
    let shown = format!("{} hand-overs", inbox.len());
    staff::page_read(ctx, "support desk", &shown).await?;
    Ok(DeskPage { inbox })
}

/// What was written about a subject, newest first.
pub(super) async fn of_subject(ctx: &Ctx, read: &mut Conn, subject: Subject) -> Result<Vec<NoteRow>> {
    let me = me(ctx)?;
    let mut rows = Vec::new();
    for record in notes::of_subject(read, &subject.to_string(), SHOWN).await? {
        rows.push(row(ctx, read, me, record).await?);
    }
    Ok(rows)
}

async fn row(ctx: &Ctx, read: &mut Conn, me: UserId, record: NoteRecord) -> Result<NoteRow> {
    let sealed = (record.data_key_id.as_str(), record.sealed.as_slice());
    let text = open(ctx, read, place(&record.owner, &record.id), sealed).await?;
    let me = me.to_string();
    let is_open = record.handed_to.is_some() && record.closed_at.is_none();
    let own = record.author_id == me || record.handed_to.as_deref() == Some(me.as_str());
    Ok(NoteRow {
        id: record.id.parse()?,
        subject: record
            .subject_id
            .parse()
            .map_err(|error: types::support::NoSubject| Error::internal(error.to_string()))?,
        author: record.author,
        text,
        created_at: Timestamp::from_millis(record.created_at),
        handed_to: record.receiver,
        may_close: is_open && own,
        open: is_open,
    })
}
