//! What a check found.

use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// As it should be.
    Ok,
    /// Works, and may not for long, or not as well as it could.
    Warn,
    /// Wrong.
    Fail,
}

/// What a check found: a sentence, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub(super) name: &'static str,
    pub(super) level: Level,
    pub(super) says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) advice: Option<String>,
}

impl Finding {
    pub(super) fn ok(name: &'static str, says: impl Into<String>) -> Self {
        Self {
            name,
            level: Level::Ok,
            says: says.into(),
            advice: None,
        }
    }

    pub(super) fn warn(name: &'static str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            level: Level::Warn,
            advice: Some(advice.into()),
            ..Self::ok(name, says)
        }
    }

    pub(super) fn fail(name: &'static str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            level: Level::Fail,
            ..Self::warn(name, says, advice)
        }
    }

    /// For a terminal.
    pub(super) fn line(&self) -> String {
        let level = match self.level {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Fail => "FAIL",
        };
        let advice = self
            .advice
            .as_ref()
            .map(|advice| format!("      {advice}\n"))
            .unwrap_or_default();
        format!("{level:<5} {}: {}\n{advice}", self.name, self.says)
    }
}
