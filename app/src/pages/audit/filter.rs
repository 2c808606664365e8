//! The filters of the log: what is often asked for at once, the rest behind a word.

use leptos::prelude::*;
use types::{
    SignInMethod,
    audit::{LogChoice, LogDesk, SavedSearch},
    console::{AuditFilter, AuditResult},
};

use super::{Log, kind_words, way_words};
use crate::{
    components::{
        ActiveFilter, ActiveFilters, FilterBar, FilterInput, FilterSelect, Glyph, Icon, link, short_id,
    },
    time::Here,
};

const KINDS: [&str; 6] = ["user", "staff", "api_key", "person", "system", "anonymous"];

/// The query of a page with these filters.
pub(super) fn query(filter: &AuditFilter) -> Vec<(&'static str, String)> {
    filter
        .set()
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .collect()
}

fn label(name: &str) -> &'static str {
    match name {
        "q" => "Words",
        "action" => "Action",
        "actor" => "Actor",
        "kind" => "Kind of actor",
        "behalf" => "On behalf of",
        "target" => "Target",
        "result" => "Result",
        "reason" => "Reason",
        "request" => "Request",
        "session" => "Session",
        "authentication" => "Signed in by",
        "region" => "Region",
        "address" => "Address",
        "agent" => "User agent",
        "from" => "From",
        "to" => "To",
        "zone" => "Time zone",
        _ => "Log of",
    }
}

/// The filters in the words of the page: "Result: Refused; From: 2026-01-01".
pub(super) fn told(filter: &AuditFilter, desk: Option<&LogDesk>) -> String {
    let set = filter.set().into_iter();
    let parts: Vec<_> = set
        .map(|(name, value)| {
            let logs = desk.map_or(&[][..], |desk| &desk.logs);
            format!("{}: {}", label(name), shown(name, value, logs))
        })
        .collect();
    parts.join("; ")
}

const fn result_words(result: AuditResult) -> &'static str {
    match result {
        AuditResult::Success => "Done",
        AuditResult::Denied => "Refused",
        AuditResult::Failed => "Failed",
    }
}

fn shown(name: &str, value: &str, logs: &[LogChoice]) -> String {
    match name {
        "result" => {
            let known = AuditResult::ALL.iter().find(|known| known.to_string() == value);
            known.map_or_else(|| value.to_owned(), |known| result_words(*known).to_owned())
        }
        "kind" => kind_words(value).to_owned(),
        "authentication" => way_words(value).to_owned(),
        "organisation" if value == "installation" => "the installation".to_owned(),
        "organisation" => {
            let found = logs.iter().find(|log| log.id.to_string() == value);
            found.map_or_else(|| short_id(value), |log| log.name.clone())
        }
        "from" | "to" => value.replace('T', " "),
        "q" | "action" | "reason" | "agent" | "address" | "zone" | "region" => value.to_owned(),
        _ => short_id(value),
    }
}

#[component]
pub(super) fn Filters(
    log: Log,
    filter: AuditFilter,
    desk: LogDesk,
    /// What of it cannot be: field and words.
    wrong: Vec<(String, String)>,
) -> impl IntoView {
    let active = filter.set().into_iter().filter_map(|(name, value)| {
        // A zone alone takes nothing away.
        let known = AuditFilter::PARTS.into_iter().find(|known| *known == name)?;
        Some(ActiveFilter {
            name: known,
            label: label(name),
            value: value.to_owned(),
            shown: shown(name, value, &desk.logs),
        })
    });
    let active: Vec<_> = active.collect();
    let seldom = [
        "kind",
        "behalf",
        "reason",
        "request",
        "session",
        "authentication",
        "region",
        "address",
        "agent",
        "zone",
    ];
    let open = filter.set().iter().any(|(name, _)| seldom.contains(name))
        || wrong.iter().any(|(name, _)| seldom.contains(&name.as_str()));
    let error = move |name: &str| {
        let found = wrong.iter().find(|(known, _)| known == name);
        found.map(|(_, problem)| problem.clone())
    };
    let codes: Vec<_> = desk
        .codes
        .iter()
        .map(|(code, told)| view! { <option value=code.clone() label=format!("… {told}") /> })
        .collect();
    let logs = log.is_staff().then(|| {
        let mut options = vec![("installation".to_owned(), "The installation".to_owned())];
        options.extend(desk.logs.iter().map(|log| (log.id.to_string(), log.name.clone())));
        view! {
            <FilterSelect
                name="organisation"
                label="Log of"
                all="Everybody"
                options
                chosen=filter.organisation.clone()
                error=error("organisation")
            />
        }
    });
    let results = AuditResult::ALL
        .iter()
        .map(|result| (result.to_string(), result_words(*result).to_owned()));
    let results: Vec<_> = results.collect();
    let own_zone = if log.is_staff() {
        "UTC".to_owned()
    } else {
        Here::current().zone_name()
    };
    let zone = filter.zone.clone().unwrap_or(own_zone);
    let hint = format!("Times are in {zone}; the last minute is included.");
    let (from, to) = (
        whole(filter.from.as_deref(), "00:00"),
        whole(filter.to.as_deref(), "23:59"),
    );
    let (from_error, to_error) = (error("from"), error("to"));
    // Said where somebody is about to type, not only once they are refused.
    let within = (log.is_staff() && filter.organisation.is_none()).then(|| {
        view! {
            <p class="filter-zone" id="filter-within">
                "Words, reasons, addresses and user agents are searched in one log at a time: choose it under “Log of” first. Ids, actions and times are found in all of them."
            </p>
        }
    });
    let words_hint = within.is_some().then_some("filter-within");
    let words_error = error("q");
    let action_error = error("action");
    let result_error = error("result");
    let after_error = error("after");
    let seldom = seldom_fields(&filter, words_hint, &error);
    view! {
        <FilterBar path=log.path()>
            {logs}
            <FilterInput name="q" label="Words or an id" value=filter.q.clone() kind="search" placeholder="refused passkey" error=words_error hint=words_hint />
            <FilterInput name="action" label="Action" value=filter.action.clone() placeholder="api_key" error=action_error list="audit-codes" />
            <FilterInput name="actor" label="Actor" value=filter.actor.clone() placeholder="Id or e-mail address" />
            <FilterInput name="target" label="Target" value=filter.target.clone() placeholder="Any id" />
            <FilterSelect name="result" label="Result" all="Any" options=results chosen=filter.result.clone() error=result_error />
            <FilterInput name="from" label="From" value=from kind="datetime-local" placeholder="YYYY-MM-DDTHH:MM" error=from_error hint="filter-zone" />
            <FilterInput name="to" label="To" value=to kind="datetime-local" placeholder="YYYY-MM-DDTHH:MM" error=to_error hint="filter-zone" />
            <p class="filter-zone" id="filter-zone">
                {hint}
            </p>
            {within}
            <details class="filters-more" open=open>
                <summary>"More filters"</summary>
                <div class="filters-fields">{seldom}</div>
            </details>
            <datalist id="audit-codes">{codes}</datalist>
        </FilterBar>
        {after_error.map(|text| view! { <p class="field-error">{text}</p> })}
        <ActiveFilters path=log.path() filters=active />
    }
    .into_any()
}

/// A day as the moment that a field for moments can show.
fn whole(text: Option<&str>, time: &str) -> Option<String> {
    let text = text?;
    let is_day = text.len() == 10 && !text.contains('T');
    Some(if is_day {
        format!("{text}T{time}")
    } else {
        text.to_owned()
    })
}

fn seldom_fields(
    filter: &AuditFilter,
    within: Option<&'static str>,
    error: &impl Fn(&str) -> Option<String>,
) -> AnyView {
    let filter = filter.clone();
    let kinds = KINDS
        .map(|kind| (kind.to_owned(), kind_words(kind).to_owned()))
        .to_vec();
    let mut ways: Vec<_> = SignInMethod::ALL
        .iter()
        .map(|way| (way.to_string(), way_words(way.as_str()).to_owned()))
        .collect();
    ways.push(("api_key".to_owned(), "API key".to_owned()));
    let (kind_error, way_error, reason_error, zone_error) = (
        error("kind"),
        error("authentication"),
        error("reason"),
        error("zone"),
    );
    let (address_error, agent_error) = (error("address"), error("agent"));
    view! {
        <FilterSelect name="kind" label="Kind of actor" all="Any" options=kinds chosen=filter.kind error=kind_error />
        <FilterSelect name="authentication" label="Signed in by" all="Anything" options=ways chosen=filter.authentication error=way_error />
        <FilterInput name="reason" label="Reason" value=filter.reason placeholder="Words of it" error=reason_error hint=within />
        <FilterInput name="request" label="Request" value=filter.request placeholder="req_…" />
        <FilterInput name="session" label="Session" value=filter.session placeholder="ses_…" />
        <FilterInput name="behalf" label="On behalf of" value=filter.behalf placeholder="Any id" />
        <FilterInput name="address" label="Address" value=filter.address placeholder="203.0.113.9, whole" error=address_error hint=within />
        <FilterInput name="agent" label="User agent" value=filter.agent placeholder="Whole, as it was sent" error=agent_error hint=within />
        <FilterInput name="region" label="Region" value=filter.region />
        <FilterInput name="zone" label="Time zone" value=filter.zone placeholder="Europe/London" error=zone_error />
    }
    .into_any()
}

/// The viewer's saved searches, and the way to save this one.
#[component]
pub(super) fn Saved(log: Log, searches: Vec<SavedSearch>, filter: AuditFilter) -> impl IntoView {
    let save = (!filter.set().is_empty()).then(|| link(log.searches(), &query(&filter)));
    if searches.is_empty() && save.is_none() {
        return ().into_any();
    }
    let links: Vec<_> = searches
        .iter()
        .map(|search| {
            view! {
                <li>
                    <a class="chip" href=format!("{}?{}", log.path(), search.query)>
                        {search.name.clone()}
                    </a>
                </li>
            }
        })
        .collect();
    let manage = (!searches.is_empty()).then(|| {
        view! {
            <a class="quiet-link" href=log.searches()>
                "Manage"
            </a>
        }
    });
    view! {
        <nav class="saved-searches" aria-label="Saved searches">
            <Icon of=Glyph::Search size=14 />
            <ul>{links}</ul>
            {save
                .map(|href| {
                    view! {
                        <a class="quiet-link" href=href>
                            "Save this search"
                        </a>
                    }
                })}
            {manage}
        </nav>
    }
    .into_any()
}
