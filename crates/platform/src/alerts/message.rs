//! What is said of an event, for each kind of channel.

use serde::Serialize;
use serde_json::json;
use types::{
    Timestamp,
    alerts::{AlertCause, AlertFacts, AlertKind, AlertState, Amount},
};
use url::Url;

use super::{rule, store::events::EventRecord};
use crate::{Result, calendar, mail::Message};

/// An event, read.
pub(super) struct Told {
    pub(super) event: String,
    rule: Option<String>,
    pub(super) cause: AlertCause,
    name: String,
    /// None of a test.
    kind: Option<AlertKind>,
    from: AlertState,
    to: AlertState,
    value: Option<Amount>,
    threshold: Option<Amount>,
    facts: AlertFacts,
    at: Timestamp,
    organisation: String,
}

impl Told {
    pub(super) fn read(record: &EventRecord, organisation: String) -> Result<Self> {
        let cause: AlertCause = record.cause.parse()?;
        let kind = match cause {
            AlertCause::Test => None,
            _ => Some(record.kind.parse()?),
        };
        Ok(Self {
            event: record.id.clone(),
            rule: record.rule_id.clone(),
            cause,
            name: record.name.clone(),
            kind,
            from: record.from_state.parse()?,
            to: record.to_state.parse()?,
            value: record.value.map(Amount::thousandths),
            threshold: record.threshold.map(Amount::thousandths),
            facts: rule::facts(&record.facts),
            at: Timestamp::from_millis(record.at),
            organisation,
        })
    }

    /// One line: how bad, and what.
    pub(super) fn title(&self) -> String {
        let word = match self.cause {
            AlertCause::Fired => self.to.title(),
            AlertCause::Eased => "Now a warning",
            AlertCause::Cleared => "Over",
            AlertCause::Reminder => "Still critical",
            AlertCause::Unsilenced if self.to == AlertState::Critical => "Critical since the silence",
            AlertCause::Unsilenced => "Warning since the silence",
            AlertCause::Test => "Test",
        };
        format!("{word}: {}", self.name)
    }

    /// What was measured against what.
    fn measured(&self) -> Option<String> {
        let kind = self.kind?;
        let currency = self.facts.currency();
        let tell = |amount: Amount| kind.unit().tell(amount, currency);
        let of = kind.title();
        Some(match (self.value, self.threshold) {
            (Some(value), Some(threshold)) => {
                format!("{of}: {}; the threshold is {}.", tell(value), tell(threshold))
            }
            (Some(value), None) => format!("{of}: {}.", tell(value)),
            (None, _) => format!("{of}: there is nothing left to measure."),
        })
    }

    /// What is said, a paragraph each.
    pub(super) fn lines(&self) -> Result<Vec<String>> {
        if self.cause == AlertCause::Test {
            return Ok(vec![format!(
                "This is a test of the channel “{}” of {}. Nothing happened.",
                self.name, self.organisation
            )]);
        }
        let mut lines: Vec<String> = self.measured().into_iter().chain(self.facts.sentence()).collect();
        lines.push(format!(
            "{}, at {}.",
            self.organisation,
            calendar::to_the_minute(self.at)?
        ));
        Ok(lines)
    }

    /// The page that tells more.
    pub(super) fn path(&self) -> String {
        self.rule
            .as_ref()
            .map_or_else(|| "/alerts/channels".to_owned(), |rule| format!("/alerts/{rule}"))
    }

    /// As a mail; `cause` is what makes it one mail.
    pub(super) fn mail(&self, cause: String) -> Result<Message> {
        let mut message = Message::new("alert", cause, self.title());
        for line in self.lines()? {
            message = message.text(line);
        }
        let label = if self.rule.is_some() {
            "Open the alert"
        } else {
            "Open the channels"
        };
        Ok(message.link(label, self.path()))
    }

    /// As the body of a signed webhook.
    pub(super) fn webhook(&self, public_url: &Url) -> Result<String> {
        let at = calendar::rfc3339_millis(self.at)?;
        let number = |amount: Option<Amount>| amount.map(thousandths_as_number);
        let body = Body {
            event: format!("alert.{}", self.cause),
            timestamp: &at,
            data: Data {
                alert_id: self.rule.as_deref(),
                event_id: &self.event,
                name: &self.name,
                kind: self.kind,
                from: self.from,
                to: self.to,
                value: number(self.value),
                threshold: number(self.threshold),
                unit: self.kind.map(|kind| kind.unit().name()),
                text: self.lines()?.join(" "),
                facts: &self.facts,
                url: self.address(public_url),
            },
        };
        Ok(serde_json::to_string(&body)?)
    }

    fn address(&self, public_url: &Url) -> String {
        format!("{}{}", public_url.origin().ascii_serialization(), self.path())
    }

    /// As an incoming webhook of Slack takes it. Names stand in plain text only, where nothing is
    /// mark-up, and even there nothing can be taken for a mention or a link.
    pub(super) fn slack(&self, public_url: &Url) -> Result<String> {
        let (title, lines) = (escaped(&self.title()), escaped(&self.lines()?.join("\n")));
        let link = format!("<{}|Open it in Loomwire>", self.address(public_url));
        let body = json!({
            "text": format!("{title}\n{lines}"),
            "blocks": [
                { "type": "header", "text": { "type": "plain_text", "text": cut(&title, 150), "emoji": false } },
                { "type": "section", "text": { "type": "plain_text", "text": cut(&lines, 3_000), "emoji": false } },
                { "type": "context", "elements": [{ "type": "mrkdwn", "text": link }] },
            ],
        });
        Ok(serde_json::to_string(&body)?)
    }
}

/// Slack's own rule: these three and nothing else.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// At most so many characters, and no half of an escaped one at the end.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let short: String = text.chars().take(most.saturating_sub(1)).collect();
    let whole = match (short.rfind('&'), short.rfind(';')) {
        (Some(begun), ended) if ended.is_none_or(|ended| ended < begun) => short.get(..begun),
        _ => None,
    };
    format!("{}…", whole.unwrap_or(&short))
}

/// A number of JSON: what is told is rounded to what a number of JSON holds anyway.
fn thousandths_as_number(amount: Amount) -> serde_json::Value {
    // The text is digits with at most one point.
    serde_json::from_str(&amount.to_string()).unwrap_or_default()
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    event: String,
    timestamp: &'a str,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    alert_id: Option<&'a str>,
    event_id: &'a str,
    name: &'a str,
    kind: Option<AlertKind>,
    from: AlertState,
    to: AlertState,
    value: Option<serde_json::Value>,
    threshold: Option<serde_json::Value>,
    unit: Option<&'static str>,
    text: String,
    facts: &'a AlertFacts,
    url: String,
}

#[cfg(test)]
mod tests {
    use super::{cut, escaped, thousandths_as_number};
    use types::alerts::Amount;

    #[test]
    fn nothing_that_is_typed_is_mark_up() {
        let text = escaped("<!channel> & <https://evil.example|here>");
        assert_eq!(text, "&lt;!channel&gt; &amp; &lt;https://evil.example|here&gt;");
        assert_eq!(cut("abcdef&lt;", 9), "abcdef…");
        assert_eq!(cut("abc&lt;", 7), "abc&lt;");
        assert_eq!(cut("abcdef", 4), "abc…");
    }

    #[test]
    fn amounts_are_numbers() {
        assert_eq!(thousandths_as_number(Amount::thousandths(87_500)), 87.5);
        assert_eq!(thousandths_as_number(Amount::whole(3)), 3);
    }
}
