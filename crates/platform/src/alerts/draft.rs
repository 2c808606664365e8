//! From what a form says to a rule.

use db::Conn;
use types::{
    AlertChannelId, ApiKeyId, Environment, WebhookId,
    alerts::{AlertDraft, AlertKind, Amount, Worse},
};

use super::store::{self, RouteRow, Terms, measure};
use crate::{Error, Result, metering, search::Problems, usage};

/// Characters of a name.
const NAME: usize = 80;
/// Per cent that a value must be better at most.
const HYSTERESIS: std::ops::RangeInclusive<i64> = 0..=90;
/// Evaluations in a row.
const CLEAR_AFTER: std::ops::RangeInclusive<i64> = 1..=100;

/// A rule that can be saved, and whom it tells.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) terms: Terms,
    pub(super) routes: Vec<RouteRow>,
}

/// Reads and checks a form. `kind` is given for a rule that is there: that never changes, and
/// what lacks to measure it keeps nobody from renaming it.
///
/// # Errors
/// `Invalid`, a field each.
pub(super) async fn checked(
    conn: &mut Conn,
    tenant: &str,
    draft: &AlertDraft,
    kind: Option<AlertKind>,
) -> Result<Checked> {
    let mut problems = Problems::default();
    let is_new = kind.is_none();
    let Ok(kind) = kind.map_or_else(|| draft.kind.parse(), Ok) else {
        return Err(Error::invalid("kind", "Choose what is to be watched."));
    };
    if is_new && let Some(why) = unavailable(conn, tenant, kind).await? {
        problems.add("kind", why);
    }
    let mut terms = Terms {
        kind,
        name: name(&mut problems, draft, kind),
        environment: environment(&mut problems, draft, kind),
        key: String::new(),
        endpoint: endpoint(&mut problems, draft, kind),
        webhook: String::new(),
        window: window(&mut problems, draft, kind),
        warning: amount(&mut problems, "warning", &draft.warning),
        critical: amount(&mut problems, "critical", &draft.critical),
        hysteresis: whole(&mut problems, "hysteresis", &draft.hysteresis, 10, HYSTERESIS),
        clear_after: whole(&mut problems, "clear_after", &draft.clear_after, 2, CLEAR_AFTER),
    };
    thresholds(&mut problems, &terms);
    terms.key = key(conn, tenant, &mut problems, draft, kind).await?;
    terms.webhook = webhook(conn, tenant, &mut problems, draft, kind).await?;
    let routes = routes(conn, tenant, &mut problems, draft).await?;
    problems.settle()?;
    Ok(Checked { terms, routes })
}

/// Why a kind cannot be measured at present, if it cannot.
pub(super) async fn unavailable(
    conn: &mut Conn,
    tenant: &str,
    kind: AlertKind,
) -> Result<Option<&'static str>> {
    Ok(match kind {
        AlertKind::Quota | AlertKind::Pace => {
            let quota = usage::limit(conn, tenant).await?.filter(|quota| *quota > 0);
            quota
                .is_none()
                .then_some("Your organisation has no quota, so there is nothing to be a share of.")
        }
        AlertKind::Spend => {
            let price = usage::price(conn, tenant).await?;
            price
                .is_none()
                .then_some("Your operator has not set what a billable unit costs.")
        }
        _ => None,
    })
}

fn name(problems: &mut Problems, draft: &AlertDraft, kind: AlertKind) -> String {
    let name = draft.name.trim();
    if name.chars().count() > NAME || name.chars().any(char::is_control) {
        problems.add("name", "Use at most 80 characters, in one line.");
    }
    if name.is_empty() {
        return kind.title().to_owned();
    }
    name.to_owned()
}

fn environment(problems: &mut Problems, draft: &AlertDraft, kind: AlertKind) -> String {
    let word = draft.environment.trim();
    if word.is_empty() || !kind.is_of_keys() {
        return String::new();
    }
    let Ok(environment) = word.parse::<Environment>() else {
        problems.add("environment", "Choose live, test or both.");
        return String::new();
    };
    environment.to_string()
}

fn endpoint(problems: &mut Problems, draft: &AlertDraft, kind: AlertKind) -> String {
    let endpoint = draft.endpoint.trim();
    if endpoint.is_empty() || !kind.is_of_calls() {
        return String::new();
    }
    if endpoint != "other" && !metering::ENDPOINTS.contains(&endpoint) {
        problems.add("endpoint", "Choose a route of the list.");
    }
    endpoint.to_owned()
}

fn window(problems: &mut Problems, draft: &AlertDraft, kind: AlertKind) -> i64 {
    let text = draft.window.trim();
    if kind.windows().is_empty() || text.is_empty() {
        return kind.usual_window();
    }
    let window = text.parse().ok().filter(|window| kind.windows().contains(window));
    window.unwrap_or_else(|| {
        problems.add("window", "Choose a window of the list.");
        kind.usual_window()
    })
}

fn amount(problems: &mut Problems, field: &str, text: &str) -> Option<Amount> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match text.parse::<Amount>() {
        Ok(amount) if amount > Amount::default() => Some(amount),
        _ => {
            problems.add(
                field,
                "Give a number above 0, such as 80 or 12.5, with at most three digits behind the point.",
            );
            None
        }
    }
}

fn whole(
    problems: &mut Problems,
    field: &str,
    text: &str,
    usual: i64,
    allowed: std::ops::RangeInclusive<i64>,
) -> i64 {
    let text = text.trim();
    if text.is_empty() {
        return usual;
    }
    let number = text.parse().ok().filter(|number| allowed.contains(number));
    number.unwrap_or_else(|| {
        let words = format!(
            "Give a whole number from {} to {}.",
            allowed.start(),
            allowed.end()
        );
        problems.add(field, &words);
        usual
    })
}

/// At least one, and the critical one is worse than the warning.
fn thresholds(problems: &mut Problems, terms: &Terms) {
    let crossed = match (terms.warning, terms.critical) {
        (None, None) if problems.is_empty_of("warning") && problems.is_empty_of("critical") => {
            problems.add(
                "warning",
                "Give a threshold for a warning, for critical, or both.",
            );
            return;
        }
        (Some(warning), Some(critical)) => match terms.kind.worse() {
            Worse::Higher => critical <= warning,
            Worse::Lower => critical >= warning,
        },
        _ => false,
    };
    if crossed {
        let words = match terms.kind.worse() {
            Worse::Higher => "Critical must be above the warning's threshold.",
            Worse::Lower => "Critical must be below the warning's threshold.",
        };
        problems.add("critical", words);
    }
}

async fn key(
    conn: &mut Conn,
    tenant: &str,
    problems: &mut Problems,
    draft: &AlertDraft,
    kind: AlertKind,
) -> Result<String> {
    let text = draft.key.trim();
    if text.is_empty() || !kind.is_of_keys() {
        return Ok(String::new());
    }
    let scope = measure::Scope {
        tenant,
        environment: "",
        key: text,
        endpoint: "",
    };
    // An id that is none, and another tenant's, are not there.
    let there = text.parse::<ApiKeyId>().is_ok() && !measure::keys(conn, &scope).await?.is_empty();
    if !there {
        problems.add("key", "This key was not found. Choose one of the list.");
    }
    Ok(text.to_owned())
}

async fn webhook(
    conn: &mut Conn,
    tenant: &str,
    problems: &mut Problems,
    draft: &AlertDraft,
    kind: AlertKind,
) -> Result<String> {
    let text = draft.webhook.trim();
    if text.is_empty() || kind != AlertKind::WebhookFailing {
        return Ok(String::new());
    }
    let there =
        text.parse::<WebhookId>().is_ok() && !measure::endpoints(conn, tenant, text).await?.is_empty();
    if !there {
        problems.add("webhook", "This webhook was not found. Choose one of the list.");
    }
    Ok(text.to_owned())
}

/// A row a channel, in the order of the ids.
async fn routes(
    conn: &mut Conn,
    tenant: &str,
    problems: &mut Problems,
    draft: &AlertDraft,
) -> Result<Vec<RouteRow>> {
    let known = store::channels::list(conn, tenant).await?;
    let mut routes: Vec<RouteRow> = Vec::new();
    let warnings = draft.warning_channels.iter().map(|id| (id, true));
    let critical_times = draft.critical_channels.iter().map(|id| (id, false));
    for (id, warning) in warnings.chain(critical_times) {
        let id = id.trim();
        if id.parse::<AlertChannelId>().is_err() || known.iter().all(|channel| channel.id != id) {
            problems.add(
                "channels",
                "One of these channels was not found. Choose from the list.",
            );
            continue;
        }
        let place = routes.iter_mut().find(|route| route.channel_id == id);
        if let Some(route) = place {
            route.warning |= warning;
            route.critical |= !warning;
        } else {
            routes.push(RouteRow {
                channel_id: id.to_owned(),
                warning,
                critical: !warning,
            });
        }
    }
    routes.sort_by(|a, b| a.channel_id.cmp(&b.channel_id));
    Ok(routes)
}
