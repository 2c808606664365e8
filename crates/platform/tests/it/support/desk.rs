//! The search box, timelines, notes and hand-overs.

use platform::{
    Error, api_keys, recovery, support,
    verification::{self, StartRequest},
};
use types::{
    Environment, Permission as P, UserId,
    support::{Source, Subject, Understood},
};

use super::desks;

/// A call that only read left no event: the log of requests knows it.
#[tokio::test]
async fn a_call_that_only_read_is_found_by_its_request() {
    let (desks, _cluster) = desks().await;
    for desk in desks {
        let (_, key) = desk.home.api_key(&desk.owner.ctx, Environment::Test).await;
        let (id, call) = crate::usage::asked(&desk.home, &key);
        platform::metering::record(&call, &crate::metering::answered("/verify/status", 404));
        platform::metering::flush(&desk.home.platform.system())
            .await
            .unwrap();
        let result = support::search(&desk.helper.ctx, &id.to_string()).await.unwrap();
        let about: Vec<_> = result.found.iter().map(|found| found.about.as_str()).collect();
        assert_eq!(about, ["GET /verify/status was answered 404 NOT_FOUND."]);
        let subject = Subject::Request(id);
        let page = support::subject(&desk.helper.ctx, subject, None, None)
            .await
            .unwrap();
        let related: Vec<_> = page.head.related.iter().map(|one| one.subject).collect();
        assert!(related.contains(&Subject::Organisation(desk.organisation)) && related.len() == 2);
        assert_eq!((page.head.facts.len(), page.timeline.rows.len()), (4, 0));
        support::add_note(&desk.helper.ctx, subject, "Asked why it is a 404")
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn one_box_finds_what_there_is_and_the_log_does_not_hold_what_was_typed() {
    let (desks, _cluster) = desks().await;
    for desk in desks {
        let (text, key) = desk.home.api_key(&desk.owner.ctx, Environment::Test).await;
        let started = verification::start(&key, StartRequest::default()).await.unwrap();
        let row = api_keys::list(&desk.owner.ctx).await.unwrap().remove(0);
        let verification = started.id.to_string();
        let organisation = desk.organisation.to_string();
        for (asked, understood, expected) in [
            (
                verification.as_str(),
                Understood::VerificationId,
                Some(Subject::Verification(started.id)),
            ),
            (
                row.prefix.as_str(),
                Understood::KeyPrefix,
                Some(Subject::ApiKey(row.id)),
            ),
            (text.as_str(), Understood::WholeKey, Some(Subject::ApiKey(row.id))),
            (
                " OLGA.owner@example.com ",
                Understood::Email,
                Some(Subject::Person(desk.owner.id)),
            ),
            ("nobody@example.com", Understood::Email, None),
            (
                &organisation,
                Understood::OrganisationId,
                Some(Subject::Organisation(desk.organisation)),
            ),
            (
                "customer l",
                Understood::OrganisationName,
                Some(Subject::Organisation(desk.organisation)),
            ),
            ("no such thing", Understood::OrganisationName, None),
            ("req_00000000000000000000000001", Understood::RequestId, None),
        ] {
            let result = support::search(&desk.helper.ctx, asked).await.unwrap();
            assert_eq!(result.understood, understood, "{asked}");
            let found: Vec<_> = result.found.iter().map(|found| found.subject).collect();
            assert_eq!(found, Vec::from_iter(expected), "{asked}");
        }
        assert_eq!(
            desk.count("support.looked_up").await,
            (9, 0),
            "in no tenant's log"
        );
        let log = desk.log().await;
        for typed in ["olga.owner", "nobody@example.com", "no such thing", &text[..40]] {
            assert!(!log.to_lowercase().contains(&typed.to_lowercase()), "{typed}");
        }
        let looked = support::search(&desk.owner.ctx, "customer").await;
        assert!(matches!(looked, Err(Error::Forbidden(P::SupportDesk))));
    }
}

#[tokio::test]
async fn a_timeline_joins_every_source_page_by_page_and_opens_nothing_sealed() {
    let (desks, _cluster) = desks().await;
    for desk in desks {
        let (_, key) = desk.home.api_key(&desk.owner.ctx, Environment::Test).await;
        for _ in 0..60 {
            verification::start(&key, StartRequest::default()).await.unwrap();
            desk.home.clock.advance(1);
        }
        let organisation = Subject::Organisation(desk.organisation);
        let mut after: Option<String> = None;
        let mut times = Vec::new();
        let mut seen = Vec::new();
        loop {
            let page = support::subject(&desk.helper.ctx, organisation, None, after.as_deref())
                .await
                .unwrap();
            for row in page.timeline.rows {
                times.push(row.at);
                seen.push((row.source, row.related, row.sentence, row.at));
            }
            after = page.timeline.next;
            if after.is_none() {
                break;
            }
        }
        assert!(times.is_sorted_by(|a, b| a >= b), "newest first, over pages too");
        let of = |source| seen.iter().filter(|row| row.0 == source).count();
        assert_eq!(of(Source::Verifications), 60);
        assert!(of(Source::Audit) >= 61, "{}", of(Source::Audit));
        let mut distinct = seen.clone();
        distinct.dedup();
        assert_eq!(distinct.len(), seen.len(), "nothing comes twice");

        // Mails to its members: what about, when and how they fared; never to which address.
        recovery::start_for_account(&desk.helper.ctx, desk.owner.id)
            .await
            .unwrap();
        let page = support::subject(&desk.helper.ctx, organisation, Some(Source::Mails), None)
            .await
            .unwrap();
        let mails = page.timeline.rows;
        assert!(!mails.is_empty());
        let told = format!("{mails:?}");
        assert!(
            !told.contains('@') && !told.contains(&desk.owner.id.to_string()),
            "{told}"
        );
        assert!(
            mails
                .iter()
                .all(|row| row.at <= desk.helper.ctx.now() && row.sentence.contains("mail"))
        );
        let elsewhere = Subject::Organisation(
            platform::access::create_organisation(&desk.operator, "Elsewhere", "UTC")
                .await
                .unwrap(),
        );
        let page = support::subject(&desk.helper.ctx, elsewhere, Some(Source::Mails), None)
            .await
            .unwrap();
        assert!(
            page.timeline.rows.iter().all(|row| !mails.contains(row)),
            "whoever belongs to another organisation alone"
        );

        // A person: what was done by them and to them, mails, sessions, signals.
        let person = Subject::Person(desk.owner.id);
        platform::signals::report(&desk.owner.ctx, "/keys", "Somebody telephoned me")
            .await
            .unwrap();
        let page = support::subject(&desk.helper.ctx, person, None, None)
            .await
            .unwrap();
        for source in [Source::Audit, Source::Mails, Source::Signals, Source::Sessions] {
            assert!(
                page.timeline.rows.iter().any(|row| row.source == source),
                "{source}"
            );
            let only = support::subject(&desk.helper.ctx, person, Some(source), None)
                .await
                .unwrap();
            assert!(only.timeline.rows.iter().all(|row| row.source == source));
            assert!(!only.timeline.rows.is_empty());
        }
        assert!(page.head.recovery.is_some());
        let shown = format!("{:?}", page.timeline);
        assert!(!shown.contains("telephoned"), "a report's words are sealed");
        let wrong = support::subject(&desk.helper.ctx, person, Some(Source::Verifications), None).await;
        assert!(matches!(wrong, Err(Error::Invalid { .. })), "{wrong:?}");
        let wrong = support::subject(&desk.helper.ctx, person, None, Some("x")).await;
        assert!(matches!(wrong, Err(Error::Invalid { .. })), "{wrong:?}");
        let (installation, others) = desk.count("support.subject_read").await;
        assert!(installation >= 8 && others == 0, "{installation} {others}");
    }
}

#[tokio::test]
async fn notes_are_sealed_and_what_is_handed_over_is_told_and_closed() {
    let (desks, _cluster) = desks().await;
    for desk in desks {
        let about = Subject::Person(desk.owner.id);
        let text = "Her telephone was stolen in Lisbon";
        support::add_note(&desk.helper.ctx, about, text).await.unwrap();
        let to = |user: UserId| support::hand_over(&desk.helper.ctx, about, user, "You speak Portuguese");
        for wrong in [desk.helper.id, desk.owner.id] {
            assert!(matches!(to(wrong).await, Err(Error::Invalid { .. })));
        }
        to(desk.second.id).await.unwrap();
        let page = support::subject(&desk.second.ctx, about, None, None)
            .await
            .unwrap();
        let texts: Vec<_> = page
            .notes
            .iter()
            .filter_map(|note| note.text.as_deref())
            .collect();
        assert_eq!(texts, ["You speak Portuguese", text]);
        let mail = desk.home.mail_to("sia.second@example.com").await;
        assert!(
            !format!("{mail:?}").contains("Portuguese"),
            "the mail says where, not what"
        );

        let inbox = support::desk(&desk.second.ctx).await.unwrap().inbox;
        let [handed] = inbox.as_slice() else {
            panic!("{inbox:?}")
        };
        assert_eq!(
            (handed.subject, handed.open, handed.may_close),
            (about, true, true)
        );
        let meddling = support::close(&desk.operator, handed.id).await;
        assert!(matches!(meddling, Err(Error::NotFound(_))), "{meddling:?}");
        support::close(&desk.second.ctx, handed.id).await.unwrap();
        let again = support::close(&desk.second.ctx, handed.id).await;
        assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
        assert!(support::desk(&desk.second.ctx).await.unwrap().inbox.is_empty());

        let mut read = desk.home.db.read().await.unwrap();
        let sealed: Vec<Vec<u8>> = db::on!(read, |c| sqlx::query_scalar("SELECT sealed FROM support_notes")
            .fetch_all(c)
            .await)
        .unwrap();
        drop(read);
        assert_eq!(sealed.len(), 2);
        let holds = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
        assert!(!sealed.iter().any(|bytes| holds(bytes, "Lisbon")));
        assert!(!desk.log().await.contains("Lisbon"));
        for (action, often) in [
            ("support.note_added", 1),
            ("support.handed_over", 1),
            ("support.handover_closed", 1),
        ] {
            assert_eq!(desk.count(action).await, (often, 0), "{action}");
        }
    }
}
