//! One key takes over from another; what is known of who uses them; who is told of their end.

use db::on;
use platform::{Error, api_keys};
use testkit::{Cluster, Installation};
use tokio::task::JoinSet;
use types::{
    Environment,
    keys::{KeySource, KeyTerms, Scope},
};

use super::{DAY, calling, some, used};

async fn cut_over(home: &Installation) {
    let (user, _) = home.first_person().await;
    let terms = KeyTerms {
        allow_list: vec!["192.0.2.0/24".into()],
        expires_at: Some(user.now().plus_seconds(100 * DAY)),
        calls_per_minute: Some(30),
        note: "In the safe".into(),
        ..some(&[Scope::VerificationsRead])
    };
    let old = api_keys::create(&user, Environment::Live, &terms).await.unwrap();
    used(home, &old.key, "192.0.2.1", "shop/1").await;
    home.clock.advance(10 * DAY);
    let until = user.now().plus_seconds(7 * DAY);
    let new = api_keys::rotate(&user, old.row.id, until).await.unwrap();
    assert_ne!(old.key, new.key);
    assert_eq!((new.key.len(), new.row.generation), (old.key.len(), 2));
    assert_eq!(
        (
            &new.row.scopes,
            &new.row.allow_list,
            &new.row.note,
            new.row.calls_per_minute
        ),
        (&old.row.scopes, &old.row.allow_list, &old.row.note, Some(30))
    );
    assert_eq!(
        new.row.expires_at,
        Some(user.now().plus_seconds(100 * DAY)),
        "as long a life as the old one had"
    );

    home.clock.advance(60);
    used(home, &old.key, "192.0.2.1", "shop/1").await;
    used(home, &old.key, "192.0.2.2", "till/2").await;
    home.clock.advance(60);
    used(home, &new.key, "192.0.2.1", "shop/1").await;
    used(home, &new.key, "192.0.2.1", "shop/1").await;
    let page = api_keys::page(&user, new.row.id).await.unwrap();
    let places = |sources: &[KeySource]| {
        let mut places: Vec<_> = sources
            .iter()
            .map(|source| (source.address.clone(), source.user_agent.clone(), source.calls))
            .collect();
        places.sort();
        places
    };
    let place = |address: &str, program: &str, calls| (address.to_owned(), program.to_owned(), calls);
    assert_eq!(
        places(&page.behind),
        [place("192.0.2.1", "shop/1", 2), place("192.0.2.2", "till/2", 1)]
    );
    assert_eq!(places(&page.sources), [place("192.0.2.1", "shop/1", 2)]);
    assert_eq!(page.predecessor.as_ref().map(|row| row.id), Some(old.row.id));
    let page = api_keys::page(&user, old.row.id).await.unwrap();
    assert_eq!(page.successor.map(|row| row.id), Some(new.row.id));

    let third = api_keys::rotate(&user, new.row.id, until).await;
    assert!(
        matches!(third, Err(Error::Conflict(_))),
        "two generations work already"
    );
    let twice = api_keys::rotate(&user, old.row.id, until).await;
    assert!(matches!(twice, Err(Error::Conflict(_))), "it was rotated already");
    let alone = api_keys::end_at(&user, new.row.id, until).await;
    assert!(
        matches!(alone, Err(Error::Conflict(_))),
        "nothing took over from it"
    );
    let far = api_keys::end_at(&user, old.row.id, user.now().plus_seconds(91 * DAY)).await;
    assert!(matches!(far, Err(Error::Invalid { .. })));

    api_keys::end_at(&user, old.row.id, until.plus_seconds(DAY))
        .await
        .unwrap();
    home.clock.advance(8 * DAY - 121);
    calling(home, &old.key, "192.0.2.1", "shop/1").await.unwrap();
    home.clock.advance(1);
    assert!(
        calling(home, &old.key, "192.0.2.1", "shop/1").await.is_err(),
        "its end has come"
    );
    calling(home, &new.key, "192.0.2.1", "shop/1").await.unwrap();
    let next = api_keys::rotate(&user, new.row.id, user.now()).await.unwrap();
    assert_eq!(next.row.generation, 3);
    assert!(
        calling(home, &new.key, "192.0.2.1", "shop/1").await.is_err(),
        "at once"
    );
    calling(home, &next.key, "192.0.2.1", "shop/1").await.unwrap();
}

/// However many ask at once, one key takes over.
async fn at_once(home: &Installation) {
    const MANY: usize = 16;
    let (user, _) = home.first_person().await;
    let terms = KeyTerms::usual("Busy");
    // Each with a connection that is open already, so that they do meet.
    let mut warm = JoinSet::new();
    for _ in 0..MANY {
        let (user, terms) = (user.clone(), terms.clone());
        warm.spawn(async move { api_keys::create(&user, Environment::Test, &terms).await });
    }
    let made = warm.join_all().await;
    let old = made.into_iter().next().unwrap().unwrap().row.id;
    let mut rotations = JoinSet::new();
    for _ in 0..MANY {
        let user = user.clone();
        rotations.spawn(async move { api_keys::rotate(&user, old, user.now()).await });
    }
    let done = rotations.join_all().await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1);
    for one in done {
        assert!(matches!(one, Ok(_) | Err(Error::Conflict(_))), "{one:?}");
    }
    assert_eq!(api_keys::list(&user).await.unwrap().len(), MANY + 1);
}

#[tokio::test]
async fn of_many_rotations_at_once_one_is_made() {
    at_once(&Installation::in_memory().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_it_is_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    at_once(&Installation::at(&cluster.database().await.unwrap()).await).await;
}

#[tokio::test]
async fn one_key_takes_over_from_another() {
    cut_over(&Installation::in_memory().await).await;
}

#[tokio::test]
async fn and_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    cut_over(&Installation::at(&cluster.database().await.unwrap()).await).await;
}

#[tokio::test]
async fn addresses_of_sources_are_sealed_and_go_after_ninety_days() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let new = api_keys::create(&user, Environment::Test, &KeyTerms::usual("Seen"))
        .await
        .unwrap();
    used(&home, &new.key, "203.0.113.77", "program-of-the-customer/9").await;
    let mut read = home.db.read().await.unwrap();
    let sealed = on!(read, |c| sqlx::query_scalar::<_, Vec<u8>>(
        "SELECT sealed FROM api_key_sources"
    )
    .fetch_one(c)
    .await)
    .unwrap();
    drop(read);
    let text = String::from_utf8_lossy(&sealed).into_owned();
    assert!(!text.contains("203.0.113.77") && !text.contains("program"));
    home.clock.advance(90 * DAY - 60);
    home.mails().await;
    assert_eq!(api_keys::page(&user, new.row.id).await.unwrap().sources.len(), 1);
    home.clock.advance(3600);
    home.mails().await;
    assert!(
        api_keys::page(&user, new.row.id)
            .await
            .unwrap()
            .sources
            .is_empty()
    );
}

#[tokio::test]
async fn owners_are_told_before_a_key_ends() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let terms = KeyTerms {
        expires_at: Some(user.now().plus_seconds(40 * DAY)),
        ..KeyTerms::usual("Ends")
    };
    api_keys::create(&user, Environment::Live, &terms).await.unwrap();
    let rotated = api_keys::create(&user, Environment::Live, &KeyTerms::usual("Rotated"))
        .await
        .unwrap();
    api_keys::rotate(&user, rotated.row.id, user.now().plus_seconds(40 * DAY))
        .await
        .unwrap();
    let mut told = Vec::new();
    for day in 1..=40 {
        home.clock.advance(DAY);
        if day < 40 {
            used(&home, &rotated.key, "192.0.2.1", "shop/1").await;
        }
        home.mails().await;
        for mail in home.mails().await.into_iter().rev() {
            let known = told.iter().any(|(_, subject)| *subject == mail.subject);
            if mail.subject.contains("API key") && !known {
                told.push((day, mail.subject));
            }
        }
    }
    let told: Vec<_> = told
        .iter()
        .map(|(day, subject)| (*day, subject.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (10, "An API key expires within 30 days"),
            (26, "An API key expires within 14 days"),
            (33, "An API key expires within 7 days"),
            (39, "An API key expires within a day"),
            (39, "An API key that was rotated is still used"),
        ]
    );
}
