use leptos::prelude::*;
use types::console::{Checklist, DayCount, Overview as Figures};

use super::verification::VerificationTable;
use crate::{
    PageContext,
    components::{
        Card, Change, CodeTabs, Console, DayChart, Glyph, Icon, Load, PageHeader, Place, StatTile,
        start_samples,
    },
    server::verification,
};

#[component]
pub fn Overview() -> impl IntoView {
    view! {
        <Console here=Place::Overview>
            <PageHeader
                title="Overview"
                sentence="What happened in the last 30 days, live and test together."
            >
                <a class="button" href="/verifications">
                    "View verifications"
                </a>
            </PageHeader>
            <Load from=verification::overview() let:figures>
                <Content figures />
            </Load>
        </Console>
    }
}

#[component]
fn Content(figures: Figures) -> impl IntoView {
    let Figures {
        checklist,
        days,
        before,
        active_keys,
        recent,
        ..
    } = figures;
    let done = checklist.key_made && checklist.verification_started && checklist.verification_decided;
    let quiet = recent.is_empty();
    view! {
        {(!done).then(|| view! { <FirstSteps checklist /> })}
        <Tiles days=days.clone() before active_keys />
        {(!quiet)
            .then(|| {
                view! {
                    <Card title="Verifications by day" sentence="By where they stand now.">
                        <DayChart days />
                    </Card>
                    <Card title="Most recent" flush=true>
                        <VerificationTable caption="Most recent verifications" rows=recent />
                    </Card>
                }
            })}
    }
}

fn sum(days: &[DayCount], of: fn(&DayCount) -> u64) -> u64 {
    days.iter().map(of).sum()
}

fn started(day: &DayCount) -> u64 {
    day.approved + day.denied + day.rejected + day.open
}

/// The share of approvals among decisions, in whole percent.
fn approval(approved: u64, denied: u64) -> Option<u64> {
    let decided = approved + denied;
    // Half of the divisor, so that the division rounds.
    (approved * 100 + decided / 2).checked_div(decided)
}

#[component]
fn Tiles(days: Vec<DayCount>, before: DayCount, active_keys: u64) -> impl IntoView {
    let all = sum(&days, started);
    let approved = sum(&days, |day| day.approved);
    let denied = sum(&days, |day| day.denied);
    let rate = approval(approved, denied);
    let rate_before = approval(before.approved, before.denied);
    let trend = |of: fn(&DayCount) -> u64| {
        if all == 0 {
            Vec::new()
        } else {
            days.iter().map(of).collect()
        }
    };
    let keys_note = if active_keys == 0 {
        "Make one to begin"
    } else {
        "working now"
    };
    view! {
        <dl class="tiles" aria-label="Last 30 days">
            <StatTile
                name="Verifications"
                value=all.to_string()
                note="in 30 days"
                change=Change::between(all, started(&before))
                trend=trend(started)
            />
            <StatTile
                name="Approved"
                value=approved.to_string()
                note="in 30 days"
                change=Change::between(approved, before.approved)
                trend=trend(|day| day.approved)
            />
            <StatTile
                name="Approval rate"
                value=rate.map_or_else(|| "–".to_owned(), |rate| format!("{rate} %"))
                note="of those decided"
                change=rate.zip(rate_before).map(|(now, before)| Change::points(now, before))
            />
            <StatTile name="API keys" value=active_keys.to_string() note=keys_note change=None />
        </dl>
    }
}

/// What a new organisation does first; gone once all of it is done.
#[component]
fn FirstSteps(checklist: Checklist) -> impl IntoView {
    let done = [
        checklist.key_made,
        checklist.verification_started,
        checklist.verification_decided,
    ];
    let count = done.iter().filter(|done| **done).count();
    let next = done.iter().position(|done| !done).unwrap_or(done.len());
    let samples = start_samples(&PageContext::current().public_url, None);
    view! {
        <section class="card" aria-labelledby="first-steps">
            <header class="card-head steps-head">
                <div>
                    <h2 id="first-steps">"First steps"</h2>
                    <p>"From nothing to a verified person, in about five minutes."</p>
                </div>
                <p class="steps-count">
                    <progress max="3" value=count.to_string() aria-label="First steps done"></progress>
                    {format!("{count} of 3")}
                </p>
            </header>
            <ol class="steps">
                <Step
                    done=checklist.key_made
                    open=next == 0
                    title="Make a test key"
                    text="Test keys are free and never reach a paid provider. The key is shown once."
                >
                    <a class="button primary" href="/keys">
                        <Icon of=Glyph::Key />
                        "Create API key"
                    </a>
                </Step>
                <Step
                    done=checklist.verification_started
                    open=next == 1
                    title="Start a verification"
                    text="One call. Its answer carries sessionUrl, the page for the person."
                >
                    <CodeTabs samples />
                </Step>
                <Step
                    done=checklist.verification_decided
                    open=next == 2
                    title="See it decided"
                    text="Open the sessionUrl as the person would, consent, and enter the lines of a document. The outcome appears here, and nothing of the document does."
                >
                    <a class="button" href="/verifications">
                        "View verifications"
                    </a>
                </Step>
            </ol>
        </section>
    }
}

#[component]
fn Step(
    done: bool,
    open: bool,
    title: &'static str,
    text: &'static str,
    children: Children,
) -> impl IntoView {
    let (class, glyph, word) = if done {
        ("step done", Glyph::CircleCheck, "Done: ")
    } else if open {
        ("step now", Glyph::CircleDot, "Next: ")
    } else {
        ("step", Glyph::CircleDashed, "Later: ")
    };
    view! {
        <li class=class>
            <Icon of=glyph size=20 />
            <div class="min-w-0 flex-1">
                <h3>
                    <span class="sr-only">{word}</span>
                    {title}
                </h3>
                {(!done).then(|| view! { <p class="text-muted">{text}</p> })}
                {open.then(|| view! { <div class="mt-3">{children()}</div> })}
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::approval;

    #[test]
    fn the_approval_rate_counts_decisions_only() {
        assert_eq!(approval(0, 0), None);
        assert_eq!(approval(2, 1), Some(67));
        assert_eq!(approval(5, 0), Some(100));
    }
}
