//! What the busiest organisation watches: channels, alerts, and what they told.

use types::{
    UserId,
    alerts::{AlertDraft, Amount, ChannelKind},
};

use super::{means::Means, past::Past, people::Founded};
use crate::{
    Result,
    alerts::invent,
    audit::{Housekeeping, Tx},
};

/// Seconds ago at which it was all made.
const MADE: i64 = 40 * 86_400;

/// A rule of this kind, told to these.
fn draft(kind: &str, name: &str, (warning, critical): (&str, &str)) -> AlertDraft {
    AlertDraft {
        kind: kind.to_owned(),
        name: name.to_owned(),
        warning: warning.to_owned(),
        critical: critical.to_owned(),
        ..AlertDraft::default()
    }
}

/// Writes it all; how many events of the log there are.
pub(super) async fn watch(means: &Means, founded: &Founded) -> Result<u64> {
    let made = means.here.now().plus_seconds(-MADE);
    let Some(past) = Past::of(means, founded, made) else {
        return Ok(0);
    };
    let mut tx = means.begin().await?;
    let colleague = founded.members.get(4).map(|member| member.id);
    let events = alerts(&past, &mut tx, colleague).await?;
    means
        .here
        .commit_housekeeping(tx, Housekeeping::DemoSeeded)
        .await?;
    Ok(events)
}

async fn alerts(past: &Past<'_>, tx: &mut Tx, colleague: Option<UserId>) -> Result<u64> {
    let mail = invent::channel(past, tx, (ChannelKind::Email, "Imogen", "")).await?;
    let chat = (
        ChannelKind::Slack,
        "Operations chat",
        "https://chat.aldermoor.example/hooks/4f",
    );
    let chat = invent::channel(past, tx, chat).await?;
    let hook = (
        ChannelKind::Webhook,
        "On call",
        "https://oncall.aldermoor.example/in",
    );
    let hook = invent::channel(past, tx, hook).await?;
    let told = |draft: AlertDraft| AlertDraft {
        warning_channels: vec![chat.to_string()],
        critical_channels: vec![mail.to_string(), hook.to_string()],
        ..draft
    };
    // A threshold that the present is past, so that something fires that somebody has seen.
    let errors = AlertDraft {
        window: "1440".to_owned(),
        environment: "live".to_owned(),
        ..draft("error_rate", "Errors of live calls", ("1", "25"))
    };
    let present = invent::value_now(past, tx, &errors).await?.unwrap_or_default();
    let warning = present.times_percent(85).max(Amount::thousandths(1));
    let errors = AlertDraft {
        warning: warning.to_string(),
        ..errors
    };
    let calm = draft("no_traffic", "Nobody calls", ("120", "720"));
    let slow = AlertDraft {
        window: "1440".to_owned(),
        ..draft("latency", "Slow answers", ("50", "250"))
    };
    let rules = [
        (draft("key_unused", "Keys that nobody uses", ("60", "100")), None),
        (errors, colleague),
        (draft("anomaly", "Unusual traffic", ("5", "9")), colleague),
        (calm, colleague),
        (slow, colleague),
    ];
    let mut events = 3;
    for (draft, who) in rules {
        events += invent::rule(past, tx, &told(draft), who).await?;
    }
    Ok(events)
}
