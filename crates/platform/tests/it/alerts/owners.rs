//! Whose alerts are whose, who may do what, and what a form may say.

use platform::{Ctx, Error, alerts};
use testkit::Installation;
use types::{AlertChannelId, AlertRuleId, Environment, Permission, Role, alerts::AlertDraft};

use super::{receiver, requests, rule, webhook_channel};

#[tokio::test]
async fn another_tenant_s_are_not_there() {
    let home = Installation::in_memory().await;
    receiver(&home);
    let (user, _) = home.first_person().await;
    let (channel, _) = webhook_channel(&user, "ops").await;
    let id = rule(&user, &requests()).await;
    let other = platform::access::create_organisation(&user, "Other", "UTC")
        .await
        .unwrap();
    let owner = home.joined(other, "Olga Owner", Role::Owner, None).await.ctx;
    let not_there =
        |result: Result<(), Error>| assert!(matches!(result, Err(Error::NotFound(_))), "{result:?}");
    for (ctx, id, channel) in [
        (&owner, id, channel),
        (&user, AlertRuleId::from_u128(7), AlertChannelId::from_u128(7)),
    ] {
        not_there(alerts::one(ctx, id, None).await.map(drop));
        not_there(alerts::choices(ctx, Some(id)).await.map(drop));
        not_there(alerts::update(ctx, id, &requests()).await);
        not_there(alerts::enable(ctx, id).await);
        not_there(alerts::disable(ctx, id).await);
        not_there(alerts::delete(ctx, id).await);
        not_there(alerts::silence(ctx, id, 3_600).await.map(drop));
        not_there(alerts::unsilence(ctx, id).await);
        not_there(alerts::acknowledge(ctx, id).await);
        not_there(alerts::channel(ctx, channel).await.map(drop));
        not_there(alerts::test_channel(ctx, channel).await.map(drop));
        not_there(alerts::delete_channel(ctx, channel).await);
    }
    assert!(alerts::page(&owner).await.unwrap().rows.is_empty());
    assert!(alerts::channels(&owner).await.unwrap().rows.is_empty());
    let (key_id, _) = {
        let (_, key) = home.api_key(&user, Environment::Test).await;
        let platform::Actor::ApiKey { id, .. } = *key.actor() else {
            panic!("it is a key");
        };
        (id, key)
    };
    // Nor may another's channel, key or webhook stand in a rule.
    let foreign = AlertDraft {
        critical_channels: vec![channel.to_string()],
        key: key_id.to_string(),
        ..requests()
    };
    let fields = refused(alerts::create(&owner, &foreign).await.map(drop));
    assert_eq!(fields, ["key", "channels"]);
    assert!(alerts::create(&user, &foreign).await.is_ok());
}

/// The fields that were refused.
fn refused(result: Result<(), Error>) -> Vec<String> {
    match result {
        Err(Error::Invalid { fields }) => fields.into_iter().map(|(field, _)| field).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_may_read_and_who_may_change() {
    let home = Installation::in_memory().await;
    receiver(&home);
    let (user, _) = home.first_person().await;
    let (channel, _) = webhook_channel(&user, "ops").await;
    let id = rule(&user, &requests()).await;
    for (seed, role) in [(41, Role::Auditor), (42, Role::Billing), (43, Role::Support)] {
        let email = format!("{role}@example.com");
        let (reader, _) = home.colleague(&user, role, &email, seed).await;
        assert_eq!(alerts::page(&reader).await.unwrap().rows.len(), 1);
        assert!(alerts::one(&reader, id, None).await.is_ok());
        assert!(alerts::channel(&reader, channel).await.is_ok());
        assert!(alerts::channels(&reader).await.unwrap().members.is_empty());
        let forbidden = |result: Result<(), Error>| {
            assert!(
                matches!(result, Err(Error::Forbidden(Permission::AlertsManage))),
                "{result:?}"
            );
        };
        forbidden(alerts::create(&reader, &requests()).await.map(drop));
        forbidden(alerts::preview(&reader, &requests()).await.map(drop));
        forbidden(alerts::update(&reader, id, &requests()).await);
        forbidden(alerts::acknowledge(&reader, id).await);
        forbidden(alerts::silence(&reader, id, 3_600).await.map(drop));
        forbidden(alerts::delete(&reader, id).await);
        forbidden(alerts::test_channel(&reader, channel).await.map(drop));
        forbidden(alerts::delete_channel(&reader, channel).await);
    }
    let (developer, _) = home
        .colleague(&user, Role::Developer, "dev@example.com", 44)
        .await;
    alerts::silence(&developer, id, 3_600).await.unwrap();
    let draft = AlertDraft {
        name: "Other name".into(),
        ..requests()
    };
    alerts::update(&developer, id, &draft).await.unwrap();
    assert_eq!(alerts::page(&user).await.unwrap().rows[0].name, "Other name");
}

/// What a form says that it should not.
type Change = fn(&mut AlertDraft);

async fn fields_of(user: &Ctx, change: impl FnOnce(&mut AlertDraft)) -> Vec<String> {
    let mut draft = requests();
    change(&mut draft);
    let by_preview = refused(alerts::preview(user, &draft).await.map(drop));
    let by_create = refused(alerts::create(user, &draft).await.map(drop));
    assert_eq!(by_preview, by_create);
    by_create
}

#[tokio::test]
async fn what_a_form_may_not_say() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    for text in [
        "NaN",
        "inf",
        "-5",
        "0",
        "1e9",
        "ten",
        "1.2345",
        "99999999999999999999",
    ] {
        let fields = fields_of(&user, |draft| text.clone_into(&mut draft.warning)).await;
        assert_eq!(fields, ["warning"], "{text}");
    }
    let none = fields_of(&user, |draft| {
        draft.warning.clear();
        draft.critical.clear();
    })
    .await;
    assert_eq!(none, ["warning"]);
    let crossed = fields_of(&user, |draft| draft.critical = "5".into()).await;
    assert_eq!(crossed, ["critical"], "critical is milder than the warning");
    let crossed = fields_of(&user, |draft| {
        draft.kind = "key_expiring".into();
        draft.warning = "3".into();
        draft.critical = "14".into();
    })
    .await;
    assert_eq!(crossed, ["critical"], "fewer days are worse");
    let cases: [(&str, Change); 8] = [
        ("kind", |draft| draft.kind = "nonsense".into()),
        ("kind", |draft| draft.kind = "quota".into()),
        ("kind", |draft| draft.kind = "spend".into()),
        ("window", |draft| draft.window = "7".into()),
        ("hysteresis", |draft| draft.hysteresis = "91".into()),
        ("clear_after", |draft| draft.clear_after = "0".into()),
        ("endpoint", |draft| draft.endpoint = "/nowhere".into()),
        ("name", |draft| draft.name = "x".repeat(81)),
    ];
    for (field, change) in cases {
        assert_eq!(fields_of(&user, change).await, [field]);
    }
    assert!(alerts::page(&user).await.unwrap().rows.is_empty());
}
