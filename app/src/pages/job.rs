use leptos::prelude::*;
use types::{
    Permission,
    console::{FailedJobRow, JobsPage, Viewer},
};

use crate::{
    components::{
        Card, Cell, Column, Console, DataTable, EmptyState, FormError, Glyph, Icon, Load, Moment, PageHeader,
        Place, Row, StatTile,
    },
    context::Typed,
    number::grouped,
    server::job,
};

#[component]
pub fn Jobs() -> impl IntoView {
    view! {
        <Console here=Place::Jobs>
            <PageHeader
                title="Background jobs"
                sentence="Work that this installation does by itself. What failed for good waits here for you."
            />
            <FormError typed=Typed::current() />
            <Load from=job::page() let:page>
                <Content page />
            </Load>
        </Console>
    }
}

#[component]
fn Content(page: JobsPage) -> impl IntoView {
    let failed = page.failed.len();
    view! {
        <dl class="tiles" aria-label="Jobs now">
            <StatTile
                name="Queued"
                value=grouped(page.queued)
                note="waiting for their time or a worker"

            />
            <StatTile
                name="Running"
                value=grouped(page.running)
                note="at this moment"

            />
            <StatTile name="Failed" value=failed.to_string() note="given up after retries" />
        </dl>
        {if page.failed.is_empty() {
            view! {
                <EmptyState
                    glyph=Glyph::CircleCheck
                    title="No failed jobs"
                    text="A job is tried again with growing pauses. Only one that keeps failing ends up here, with what it said last."
                />
            }
                .into_any()
        } else {
            view! { <Failed rows=page.failed /> }.into_any()
        }}
    }
}

#[component]
fn Failed(rows: Vec<FailedJobRow>) -> impl IntoView {
    let viewer: Option<Viewer> = use_context();
    let may_manage = viewer.is_some_and(|viewer| viewer.may(Permission::JobsManage));
    let columns = vec![
        Column::new("Job"),
        Column::new("Last error"),
        Column::figures("Tries"),
        Column::new("Last tried"),
        Column::actions(),
    ];
    let lines = rows
        .into_iter()
        .map(|row| {
            let path = format!("/staff/jobs/{}/retry", row.id);
            let label = format!("Retry {}", row.kind);
            view! {
                <Row>
                    <Cell name="Job" class="nowrap">
                        <code title=row.id.to_string()>{row.kind}</code>
                    </Cell>
                    <Cell name="Last error" class="said">
                        {row.last_error}
                    </Cell>
                    <Cell name="Tries" class="figures">
                        {row.attempts.to_string()}
                    </Cell>
                    <Cell name="Last tried">
                        <Moment at=row.failed_at />
                    </Cell>
                    <Cell name="" class="actions">
                        {may_manage
                            .then(|| {
                                view! {
                                    <form method="post" action=path>
                                        <button type="submit" class="button small" aria-label=label>
                                            <Icon of=Glyph::Retry size=14 />
                                            "Retry"
                                        </button>
                                    </form>
                                }
                            })}
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card flush=true title="Failed jobs">
            <DataTable caption="Failed jobs, newest first" columns>
                {lines}
            </DataTable>
        </Card>
    }
}
