//! From where the operator's staff did what they did is not the customer's to see.

use platform::{Ctx, audit, ledger as ours, streams, support};
use types::{
    audit::ExportFormat,
    console::{AuditFilter, AuditRow},
    retention::LogScope,
    streams::StreamDraft,
};

use super::{Desk, desks};

const ADDRESS: &str = "192.0.2.7";
const AGENT: &str = "Test browser";

fn values(row: &AuditRow) -> Vec<&str> {
    let personal = row
        .details
        .iter()
        .filter(|(name, _)| name == "address" || name == "userAgent");
    personal.map(|(_, value)| value.as_str()).collect()
}

async fn everything(ctx: &Ctx, format: ExportFormat, of_staff: bool, filter: &AuditFilter) -> String {
    let id = audit::ask_export(ctx, of_staff, filter, format).await.unwrap();
    let mut download = audit::open_export(ctx, of_staff, id).await;
    while download.is_err() {
        assert!(
            audit::make_due(&ctx.acting_as(platform::Actor::System))
                .await
                .unwrap()
        );
        download = audit::open_export(ctx, of_staff, id).await;
    }
    let mut download = download.unwrap();
    download.begin(0, download.length() - 1).await.unwrap();
    let mut all = Vec::new();
    while let Some(piece) = download.next().await.unwrap() {
        all.extend(piece);
    }
    String::from_utf8(all).unwrap()
}

async fn place(desk: &Desk) {
    let system = desk.home.platform.system();
    let mut sequencer = ours::Sequencer::new(&system);
    while matches!(sequencer.step(&system).await.unwrap(), ours::Step::Grown { .. }) {}
    sequencer.end(&system).await.unwrap();
    while audit::index(&system).await.unwrap() {}
}

#[tokio::test]
async fn a_customer_sees_that_staff_came_and_not_from_where() {
    let (desks, _cluster) = desks().await;
    for desk in desks {
        desk.consented(1).await;
        let inside = desk.inside().await;
        support::note_request(&inside, "/keys", true).await.unwrap();
        platform::api_keys::create(
            &desk.owner.ctx,
            types::Environment::Test,
            &types::keys::KeyTerms::usual("Hers"),
        )
        .await
        .unwrap();
        place(&desk).await;
        let owner = &desk.owner.ctx;

        let began = desk.told("support.look_began").await.remove(0);
        assert_eq!(began.kind, "staff");
        let seen = values(&began);
        assert!(
            !seen.is_empty() && seen.iter().all(|value| value.starts_with("not shown")),
            "{seen:?}"
        );
        assert_eq!(values(&desk.told("api_key.created").await[0]), [ADDRESS, AGENT]);
        let page = audit::page(owner, began.id).await.unwrap();
        assert!(
            values(&page.row)
                .iter()
                .all(|value| value.starts_with("not shown"))
        );

        // Nor is it found out by looking for it.
        let of_address = AuditFilter {
            address: Some(ADDRESS.into()),
            ..AuditFilter::default()
        };
        let found = audit::list(owner, &of_address).await.unwrap().rows;
        assert!(
            !found.is_empty() && found.iter().all(|row| row.kind != "staff"),
            "{found:?}"
        );

        // The proof is there, and its commitment stays closed.
        let proven = audit::proven(owner, began.id, None).await.unwrap();
        assert!(proven.bundle.opened.is_empty());

        let all = AuditFilter::default();
        for format in [ExportFormat::Csv, ExportFormat::JsonLines, ExportFormat::Ocsf] {
            let text = everything(owner, format, false, &all).await;
            let id = began.id.to_string();
            let lines: Vec<_> = text
                .lines()
                .filter(|line| line.contains("support.look_began"))
                .collect();
            assert!(
                lines.iter().any(|line| line.contains(&id)),
                "{format}: the event is in it"
            );
            assert!(
                lines
                    .iter()
                    .all(|line| !line.contains(AGENT) && !line.contains(ADDRESS)),
                "{format}"
            );
            let own = text
                .lines()
                .find(|line| line.contains("api_key.created"))
                .unwrap();
            assert!(own.contains(ADDRESS), "{format}: her own");
            let text = everything(owner, format, false, &of_address).await;
            assert!(!text.contains("support.look_began"), "{format}");
        }

        // A stream with personal fields has none of theirs.
        let draft = StreamDraft {
            name: "SIEM".into(),
            kind: "webhook".into(),
            format: "json".into(),
            url: "https://siem.example.com/in".into(),
            from_start: true,
            with_personal: true,
            ..StreamDraft::default()
        };
        let siem = std::sync::Arc::new(crate::streams::Siem::default());
        desk.home.platform.stream_with(siem.clone());
        streams::create(owner, LogScope::Organisation, &draft)
            .await
            .unwrap();
        crate::streams::send(&desk.home.platform.system()).await;
        let sent = siem.lines();
        let of = |code: &str| sent.iter().find(|line| line.action == code).unwrap().json.clone();
        assert!(of("api_key.created").contains(ADDRESS));
        assert!(!of("support.look_began").contains(ADDRESS) && !of("support.look_began").contains(AGENT));

        // Staff who read every log see it.
        let filter = AuditFilter {
            organisation: Some(desk.organisation.to_string()),
            action: Some("support.look_began".into()),
            ..AuditFilter::default()
        };
        let theirs = audit::list_all(&desk.operator, &filter).await.unwrap().rows;
        assert_eq!(values(&theirs[0]), [ADDRESS, AGENT]);
        let text = everything(&desk.operator, ExportFormat::JsonLines, true, &filter).await;
        assert!(text.contains(ADDRESS));
    }
}
