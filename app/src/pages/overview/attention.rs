use leptos::prelude::*;
use types::{
    Timestamp,
    console::{AttentionReason, KeyAttention},
};

use crate::{
    components::{Card, EnvironmentBadge, Glyph, Icon},
    time::{Here, span},
};

/// Keys that somebody should look at: which, why, and what to do.
#[component]
pub(super) fn Attention(keys: Vec<KeyAttention>, manages_keys: bool) -> impl IntoView {
    let items = keys
        .into_iter()
        .map(|key| view! { <Item key manages_keys /> })
        .collect_view();
    view! {
        <Card title="Keys that need attention" more=("/keys", "All keys")>
            <ul class="attention">{items}</ul>
        </Card>
    }
}

#[component]
fn Item(key: KeyAttention, manages_keys: bool) -> impl IntoView {
    let (why, what) = words(&key, Here::current().now);
    let KeyAttention { key, reason } = key;
    // Keys that are in use are not to be taken away first.
    let (step, word) = match reason {
        AttentionReason::NeverUsed | AttentionReason::Unused => ("revoke", "Revoke"),
        AttentionReason::Old | AttentionReason::Expiring | AttentionReason::RotationDue => {
            ("rotate", "Rotate")
        }
    };
    let label = format!("{word} {}", key.name);
    view! {
        <li>
            <span class="attention-mark">
                <Icon of=Glyph::Alert />
            </span>
            <div class="min-w-0 flex-1">
                <p class="attention-name">
                    <a href=format!("/keys/{}", key.id)>{key.name}</a>
                    <code>{format!("…{}", key.last_four)}</code>
                    <EnvironmentBadge environment=key.environment />
                </p>
                <p>{why}</p>
                <p class="text-muted">
                    {what}
                    {manages_keys
                        .then(|| {
                            view! {
                                " "
                                <a href=format!("/keys/{}/{step}", key.id) aria-label=label>
                                    {word}
                                </a>
                            }
                        })}
                </p>
            </div>
        </li>
    }
}

/// Why the key is here, and what to do.
fn words(key: &KeyAttention, now: Timestamp) -> (String, &'static str) {
    let age = |since: Timestamp| span((now.millis_since(since) / 1000).max(0));
    match key.reason {
        AttentionReason::Expiring => {
            let end = key.key.expires_at.unwrap_or(now);
            (
                format!("Expires in {}.", span((end.millis_since(now) / 1000).max(0))),
                "Let another key take over before it does.",
            )
        }
        AttentionReason::RotationDue => (
            format!("Due for rotation for {}.", age(key.key.rotates_at.unwrap_or(now))),
            "Let another key take over, as was planned.",
        ),
        AttentionReason::NeverUsed => (
            format!("Made {} ago and never used.", age(key.key.created_at)),
            "Put it to use, or revoke it: it is a risk without a purpose.",
        ),
        AttentionReason::Unused => {
            let last = key.key.last_used_at.unwrap_or(key.key.created_at);
            (
                format!("Last used {} ago.", age(last)),
                "Revoke it if nothing needs it any more.",
            )
        }
        AttentionReason::Old => (
            format!("In use for {}.", age(key.key.created_at)),
            "Let another key take over: both work side by side for as long as you choose.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use types::{ApiKeyId, Environment, UserId, console::ApiKeyRow, keys::Scope};

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_457_698_000);
    const DAY: i64 = 86_400;

    fn key(reason: AttentionReason, used_days_ago: Option<i64>) -> KeyAttention {
        KeyAttention {
            key: ApiKeyRow {
                id: ApiKeyId::from_u128(1),
                name: "Checkout".into(),
                environment: Environment::Live,
                prefix: "lw_live_4fQk".into(),
                last_four: "9xYz".into(),
                created_at: NOW.plus_seconds(-400 * DAY),
                created_by: "Ada".into(),
                last_used_at: used_days_ago.map(|days| NOW.plus_seconds(-days * DAY)),
                revoked_at: None,
                scopes: Scope::USUAL.to_vec(),
                allow_list: Vec::new(),
                expires_at: Some(NOW.plus_seconds(9 * DAY)),
                ends_at: None,
                note: String::new(),
                owner: "Ada".into(),
                owner_id: UserId::from_u128(1),
                calls_per_minute: None,
                rotate_days: Some(390),
                limits: Vec::new(),
                rotates_at: Some(NOW.plus_seconds(-10 * DAY)),
                generation: 1,
                successor: None,
                predecessor: None,
                disabled_at: None,
            },
            reason,
        }
    }

    #[test]
    fn every_reason_says_for_how_long() {
        let why = |reason, used| words(&key(reason, used), NOW).0;
        assert_eq!(
            why(AttentionReason::NeverUsed, None),
            "Made 400 days ago and never used."
        );
        assert_eq!(why(AttentionReason::Unused, Some(94)), "Last used 94 days ago.");
        assert_eq!(why(AttentionReason::Old, Some(0)), "In use for 400 days.");
        assert_eq!(
            why(AttentionReason::RotationDue, Some(0)),
            "Due for rotation for 10 days."
        );
        assert_eq!(why(AttentionReason::Expiring, Some(0)), "Expires in 9 days.");
    }
}
