//! Ending everybody's sessions at once.

use platform::{Actor, Ctx, Error, audit, sessions};
use testkit::{Cluster, Installation, people, who};
use types::{Role, StaffRole, StepUp, console::AuditFilter};

/// Whoever the secret still stands for, with every dangerous action confirmed.
async fn signed_in(home: &Installation, secret: &str) -> Option<Ctx> {
    let ctx = home.anonymous();
    let actor = sessions::authenticate(&ctx, secret).await.unwrap()?;
    Some(people::confirmed(&ctx.acting_as(actor)))
}

async fn all_end(home: Installation) {
    let (ada, _) = home.first_person().await;
    let (_, organisation) = who(&ada);
    let guard = home
        .joined(
            organisation,
            "Sia Security",
            Role::Support,
            Some(StaffRole::Security),
        )
        .await;
    let member = home.joined(organisation, "Mia Member", Role::Owner, None).await;
    home.confirm_all(member.id).await;
    let open = sessions::open(&guard.ctx).await.unwrap();
    assert_eq!((open.sessions, open.people), (3, 3));

    let refused = sessions::end_everybodys(&guard.ctx, "Everyone").await;
    assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
    assert!(
        signed_in(&home, &member.secret).await.is_some(),
        "nothing was ended"
    );
    let ended = sessions::end_everybodys(&guard.ctx, sessions::EVERYBODY).await;
    assert_eq!(ended.unwrap(), 2);
    assert!(signed_in(&home, &member.secret).await.is_none());
    let here = signed_in(&home, &guard.secret).await.expect("this one goes on");
    let open = sessions::open(&here).await.unwrap();
    assert_eq!((open.sessions, open.people), (1, 1));
    let mut read = home.db.read().await.unwrap();
    let confirmed: i64 = db::on!(&mut *read, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM step_ups"
    )
    .fetch_one(c)
    .await)
    .unwrap();
    assert_eq!(confirmed, 0, "what an ended session confirmed goes with it");
    drop(read);

    let log = audit::list(&ada, &AuditFilter::default()).await.unwrap();
    assert_eq!(
        log.rows[0].sentence,
        "Sia Security ENDED EVERYBODY'S SESSIONS (2)."
    );
}

#[tokio::test]
async fn security_staff_end_every_session_but_their_own_at_once() {
    all_end(Installation::in_memory().await).await;
}

#[tokio::test]
async fn and_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    all_end(Installation::at(&cluster.database().await.unwrap()).await).await;
}

#[tokio::test]
async fn it_asks_for_the_permission_and_for_a_fresh_confirmation_of_staff_s() {
    let home = Installation::in_memory().await;
    let (ada, _) = home.first_person().await;
    let (_, organisation) = who(&ada);
    for (name, role) in [
        ("Mia Member", None),
        ("Sol Support", Some(StaffRole::Support)),
        ("Cleo Clerk", Some(StaffRole::Billing)),
    ] {
        let one = home.joined(organisation, name, Role::Owner, role).await;
        let refused = sessions::open(&one.ctx).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{role:?}");
        let refused = sessions::end_everybodys(&one.ctx, "everybody").await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{role:?}");
    }
    let mut actor = ada.actor().clone();
    if let Actor::User { standing, .. } = &mut actor {
        let confirmed = &mut std::sync::Arc::make_mut(standing).confirmed;
        confirmed.retain(|(action, _)| *action != StepUp::Staff);
    }
    let other = sessions::end_everybodys(&ada.acting_as(actor), "everybody").await;
    assert!(matches!(other, Err(Error::StepUp(_))), "{other:?}");
}
