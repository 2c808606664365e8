//! Whether backups are in order, in words.

use types::{
    Timestamp,
    backup::{BackupKind, BackupRow, BackupState, BackupsPage},
};

use crate::{
    components::{Glyph, Tone},
    time::{relative, span},
};

/// How long a drill proves something.
const DRILL_DAYS: i64 = 90;
const HOUR: i64 = 3_600;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Concern {
    /// Nobody could open a backup.
    NoRecipient,
    /// There is no good backup.
    NoBackup,
    /// The newest run failed: which kind, and what it said.
    Failed(BackupKind, String),
    /// The last good one is older than the schedule allows: for how long there was none.
    Late(String),
    /// None are scheduled.
    NoSchedule,
    /// No drill, or none in a long time: the last one.
    NoDrill(Option<String>),
}

impl Concern {
    /// Tone, icon, what is the matter, what to do, and with which command.
    pub(super) fn words(self) -> (Tone, Glyph, &'static str, String, &'static str) {
        match self {
            Self::NoRecipient => (
                Tone::Bad,
                Glyph::Alert,
                "Nobody could open a backup",
                "A backup is encrypted, and nobody is named who could open one, so none is made. Make a key, keep its file where this server is not, and name the recipient that is printed as backup.recipients in the configuration:".to_owned(),
                "loomwire backup keygen FILE",
            ),
            Self::NoBackup => (
                Tone::Bad,
                Glyph::Alert,
                "There is no good backup",
                "If the disk failed now, everything would be lost. Make one on the server:".to_owned(),
                "loomwire backup",
            ),
            Self::Failed(BackupKind::Backup, problem) => (
                Tone::Bad,
                Glyph::CircleX,
                "The last backup failed",
                format!("{} Mend that, then try it by hand:", ended(problem)),
                "loomwire backup",
            ),
            Self::Failed(BackupKind::Drill, problem) => (
                Tone::Bad,
                Glyph::CircleX,
                "The last restore drill failed",
                format!("{} Until a drill succeeds, take it that the backup cannot be restored. Make a new one:", ended(problem)),
                "loomwire backup",
            ),
            Self::Late(since) => (
                Tone::Bad,
                Glyph::Clock,
                "The scheduled backup is late",
                format!("The last good one was {since}. See the background jobs for what keeps it, or make one by hand:"),
                "loomwire backup",
            ),
            Self::NoSchedule => (
                Tone::Warn,
                Glyph::Clock,
                "No backup is scheduled",
                "Backups are made only when somebody makes one. Set backup.every_hours in the configuration; until then make them by hand:".to_owned(),
                "loomwire backup",
            ),
            Self::NoDrill(last) => (
                Tone::Warn,
                Glyph::Info,
                "No backup was restored lately",
                match last {
                    Some(last) => format!("The last drill was {last}. A backup that was never restored is a hope. Restore the newest one into a scratch place:"),
                    None => "A backup that was never restored is a hope. Restore the newest one into a scratch place:".to_owned(),
                },
                "loomwire restore BACKUP --identity KEY --drill",
            ),
        }
    }
}

/// What a run said, with the end of a sentence; what an operating system says has none.
fn ended(mut problem: String) -> String {
    if !problem.ends_with(['.', '!', '?', ':']) {
        problem.push('.');
    }
    problem
}

/// What is not as it should be, the worst first.
pub(super) fn concerns(page: &BackupsPage, now: Timestamp) -> Vec<Concern> {
    let mut found = Vec::new();
    if page.recipients == 0 {
        found.push(Concern::NoRecipient);
    }
    found.extend(failed(&page.rows, BackupKind::Backup));
    found.extend(failed(&page.rows, BackupKind::Drill));
    match &page.last_backup {
        None if page.recipients > 0 => found.push(Concern::NoBackup),
        Some(row) => found.extend(late(page.every_hours, row, now)),
        None => {}
    }
    if page.every_hours.is_none() && page.recipients > 0 {
        found.push(Concern::NoSchedule);
    }
    let drilled = page.last_drill.as_ref().map(end);
    let fresh = drilled.is_some_and(|at| now.millis_since(at) < DRILL_DAYS * 24 * HOUR * 1000);
    let drill_failed = found
        .iter()
        .any(|concern| matches!(concern, Concern::Failed(BackupKind::Drill, _)));
    if page.last_backup.is_some() && !fresh && !drill_failed {
        found.push(Concern::NoDrill(drilled.map(|at| relative(at, now))));
    }
    found
}

/// The newest run of this kind that has ended, if it failed.
fn failed(rows: &[BackupRow], kind: BackupKind) -> Option<Concern> {
    let newest = rows
        .iter()
        .find(|row| row.kind == kind && row.state != BackupState::Running)?;
    (newest.state == BackupState::Failed).then(|| {
        let said = newest.problem.clone();
        Concern::Failed(kind, said.unwrap_or_else(|| "It did not say why.".to_owned()))
    })
}

/// A whole turn may pass beside the one that is due.
fn late(every_hours: Option<u32>, last: &BackupRow, now: Timestamp) -> Option<Concern> {
    let allowed = i64::from(every_hours?) * 2 * HOUR * 1000;
    let at = end(last);
    (now.millis_since(at) > allowed).then(|| Concern::Late(relative(at, now)))
}

fn end(row: &BackupRow) -> Timestamp {
    row.finished_at.unwrap_or(row.started_at)
}

/// How often, in words.
pub(super) fn schedule(every_hours: Option<u32>) -> String {
    match every_hours {
        None => "None: by hand only".to_owned(),
        Some(1) => "Every hour".to_owned(),
        Some(24) => "Every day".to_owned(),
        Some(hours) => format!("Every {}", span(i64::from(hours) * HOUR)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_457_698_000);

    fn row(kind: BackupKind, state: BackupState, hours_ago: i64) -> BackupRow {
        BackupRow {
            kind,
            state,
            file: None,
            bytes: Some(1_000),
            events: Some(7),
            problem: (state == BackupState::Failed).then(|| "The disk is full.".into()),
            started_at: NOW.plus_seconds(-hours_ago * HOUR),
            finished_at: Some(NOW.plus_seconds(-hours_ago * HOUR + 5)),
            removed_at: None,
        }
    }

    fn good() -> BackupsPage {
        let backup = row(BackupKind::Backup, BackupState::Done, 3);
        let drill = row(BackupKind::Drill, BackupState::Done, 30);
        BackupsPage {
            every_hours: Some(24),
            keep_days: 30,
            recipients: 2,
            last_backup: Some(backup.clone()),
            last_drill: Some(drill.clone()),
            rows: vec![backup, drill],
        }
    }

    #[test]
    fn what_is_in_order_says_nothing() {
        assert!(concerns(&good(), NOW).is_empty());
    }

    #[test]
    fn a_fresh_installation_is_told_what_is_missing() {
        let page = BackupsPage {
            every_hours: None,
            keep_days: 30,
            recipients: 0,
            last_backup: None,
            last_drill: None,
            rows: Vec::new(),
        };
        assert_eq!(concerns(&page, NOW), [Concern::NoRecipient]);
        let reachable = BackupsPage {
            recipients: 1,
            ..page
        };
        assert_eq!(
            concerns(&reachable, NOW),
            [Concern::NoBackup, Concern::NoSchedule]
        );
    }

    #[test]
    fn a_late_backup_and_an_old_drill_are_told() {
        let mut page = good();
        page.last_backup = Some(row(BackupKind::Backup, BackupState::Done, 60));
        page.last_drill = Some(row(BackupKind::Drill, BackupState::Done, 24 * 100));
        let expected = [
            Concern::Late("2 days ago".into()),
            Concern::NoDrill(Some("99 days ago".into())),
        ];
        assert_eq!(concerns(&page, NOW), expected);
    }

    #[test]
    fn only_the_newest_run_counts_as_failing() {
        let mut page = good();
        page.rows
            .insert(1, row(BackupKind::Backup, BackupState::Failed, 5));
        assert!(concerns(&page, NOW).is_empty(), "it succeeded since");
        page.rows
            .insert(0, row(BackupKind::Backup, BackupState::Failed, 1));
        page.rows
            .insert(0, row(BackupKind::Drill, BackupState::Failed, 1));
        let said = "The disk is full.".to_owned();
        let expected = [
            Concern::Failed(BackupKind::Backup, said.clone()),
            Concern::Failed(BackupKind::Drill, said),
        ];
        assert_eq!(concerns(&page, NOW), expected);
    }

    #[test]
    fn what_a_run_said_ends_before_the_advice_begins() {
        let said = |problem: &str| Concern::Failed(BackupKind::Backup, problem.into()).words().3;
        let expected = "The disk is full. Mend that, then try it by hand:";
        assert_eq!(said("The disk is full"), expected);
        assert_eq!(said("The disk is full."), expected);
    }

    #[test]
    fn schedules_are_words() {
        let words = [None, Some(1), Some(6), Some(24), Some(48)].map(schedule);
        assert_eq!(
            words,
            [
                "None: by hand only",
                "Every hour",
                "Every 6 hours",
                "Every day",
                "Every 2 days"
            ]
        );
    }
}
