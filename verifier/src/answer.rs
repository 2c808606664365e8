//! What was checked, and how it came out.

use ledger::checkpoint::{self, Checkpoint, NoteError, NoteKey};
use serde::Serialize;

/// How a step came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// As it should be.
    Ok,
    /// Not so.
    Bad,
    /// Neither: something that the reader should know.
    Note,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(crate) struct Step {
    name: &'static str,
    state: State,
    words: String,
}

/// All steps, and the checkpoint that they hang on.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Answer {
    ok: bool,
    steps: Vec<Step>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<String>,
}

impl Answer {
    pub(crate) fn good(&mut self, name: &'static str, words: String) {
        self.push(name, State::Ok, words);
    }

    pub(crate) fn bad(&mut self, name: &'static str, words: String) {
        self.push(name, State::Bad, words);
    }

    pub(crate) fn note(&mut self, name: &'static str, words: String) {
        self.push(name, State::Note, words);
    }

    fn push(&mut self, name: &'static str, state: State, words: String) {
        self.steps.push(Step { name, state, words });
        self.ok = self.steps.iter().all(|step| step.state != State::Bad);
    }

    pub(crate) fn hang_on(&mut self, checkpoint: &Checkpoint) {
        self.origin = Some(checkpoint.origin.clone());
        self.size = Some(checkpoint.size);
        self.root = Some(checkpoint.root.to_base64());
    }

    pub(crate) fn to_json(&self) -> String {
        // It cannot fail: there are only texts and numbers in it.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Keys, one a line; what is none is told.
pub(crate) fn keys(lines: &str) -> Result<Vec<NoteKey>, String> {
    let lines = lines.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| line.parse().map_err(|why| format!("{line}: {why}")))
        .collect()
}

/// Opens a checkpoint under whichever of the keys is the log's.
pub(crate) fn open(note: &str, logs: &[NoteKey]) -> Result<Checkpoint, NoteError> {
    let origin = checkpoint::peek(note)?.origin;
    let key = logs.iter().find(|key| key.name() == origin);
    match key {
        Some(key) => checkpoint::open(note, key),
        None => Err(NoteError::UnknownLog(origin)),
    }
}

/// 1 entry, 2 entries.
pub(crate) fn entries(count: u64) -> String {
    if count == 1 {
        "1 entry".to_owned()
    } else {
        format!("{count} entries")
    }
}
