use leptos::prelude::*;
use types::accounts::OutboxMail;

use crate::{
    components::{Card, EmptyState, Glyph, Load, Plain, Title},
    server::mail,
};

/// The mails of an installation that sends none, on somebody's own machine.
#[component]
pub fn Outbox() -> impl IntoView {
    view! {
        <Title text="Outbox" />
        <Plain>
            <Load from=mail::outbox() let:mails>
                <section class="stack outbox min-w-0 wrap-anywhere">
                    <h1 class="text-2xl font-semibold">"Outbox"</h1>
                    <p class="text-muted">
                        "This installation sends no mails: they stay here, for this machine only. To send them, set "
                        <code>"mail.transport"</code> " to " <code>"smtp"</code> "."
                    </p>
                    {if mails.is_empty() {
                        view! {
                            <EmptyState
                                glyph=Glyph::Archive
                                title="No mails yet"
                                text="Invite a colleague, or ask for a recovery: what would be sent shows here."
                            />
                        }
                            .into_any()
                    } else {
                        mails
                            .into_iter()
                            .map(|mail| view! { <Mail mail /> })
                            .collect::<Vec<_>>()
                            .into_any()
                    }}
                </section>
            </Load>
        </Plain>
    }
}

#[component]
fn Mail(mail: OutboxMail) -> impl IntoView {
    let paragraphs: Vec<_> = mail
        .paragraphs
        .into_iter()
        .map(|text| view! { <p>{text}</p> })
        .collect();
    let links: Vec<_> = mail
        .links
        .into_iter()
        .map(|(label, path)| {
            view! {
                <p>
                    <a href=path>{label}</a>
                </p>
            }
        })
        .collect();
    view! {
        <Card title=mail.subject sentence=format!("To {}", mail.to)>
            <div class="stack">{paragraphs} {links}</div>
        </Card>
    }
    .into_any()
}
