//! Confirming dangerous actions.

use platform::{Ctx, Error, access, api_keys, audit, identity, sessions, verification};
use testkit::{Authenticator, Fault, Installation, people};
use types::{Environment, StepUp, audit::ExportFormat, console::AuditFilter, console::VerificationFilter};

const ORIGIN: &str = "http://localhost:3000";

async fn key(ctx: &Ctx) -> Result<(), Error> {
    api_keys::create(ctx, Environment::Test, &types::keys::KeyTerms::usual("Staging"))
        .await
        .map(drop)
}

fn needs<T: std::fmt::Debug>(result: &Result<T, Error>, action: StepUp) {
    assert!(
        matches!(result, Err(Error::StepUp(asked)) if *asked == action),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_confirmation_counts_for_its_action_and_five_minutes() {
    let home = Installation::in_memory().await;
    let (_, mut passkey, secret) = home.customer().await;
    let ctx = people::signed_in(&home.platform, &secret).await;
    needs(&key(&ctx).await, StepUp::Keys);
    let (confirmed, secret) = people::confirm(&ctx, &mut passkey, StepUp::Keys).await;
    key(&confirmed).await.unwrap();
    let export = verification::export(&confirmed, &VerificationFilter::default()).await;
    needs(&export.map(drop), StepUp::Export);
    let (filter, format) = (AuditFilter::default(), ExportFormat::JsonLines);
    let export = audit::ask_export(&confirmed, false, &filter, format).await;
    needs(&export.map(drop), StepUp::Export);
    home.clock.advance(299);
    let ctx = people::signed_in(&home.platform, &secret).await;
    key(&ctx).await.unwrap();
    home.clock.advance(1);
    needs(&key(&ctx).await, StepUp::Keys);
    needs(
        &key(&people::signed_in(&home.platform, &secret).await).await,
        StepUp::Keys,
    );
}

#[tokio::test]
async fn a_confirmation_counts_for_its_session_alone() {
    let home = Installation::in_memory().await;
    let (_, mut passkey, first) = home.customer().await;
    let second = people::sign_in(&home.platform, &mut passkey).await;
    let first = people::signed_in(&home.platform, &first).await;
    let second = people::signed_in(&home.platform, &second).await;
    let ceremony = identity::step_up_begin(&first, StepUp::Keys).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    let stolen = identity::step_up_finish(&second, &ceremony.ceremony, answer.clone()).await;
    assert!(
        matches!(stolen, Err(Error::Unauthenticated(_))),
        "begun by the other"
    );
    needs(&key(&second).await, StepUp::Keys);
    let late = identity::step_up_finish(&first, &ceremony.ceremony, answer).await;
    assert!(
        matches!(late, Err(Error::Unauthenticated(_))),
        "used up with the refusal"
    );
    people::confirm(&first, &mut passkey, StepUp::Keys).await;
    needs(&key(&second).await, StepUp::Keys);
}

#[tokio::test]
async fn a_confirmation_gives_the_session_a_fresh_secret() {
    let home = Installation::in_memory().await;
    let (_, mut passkey, before) = home.customer().await;
    let ctx = people::signed_in(&home.platform, &before).await;
    let (_, after) = people::confirm(&ctx, &mut passkey, StepUp::Keys).await;
    assert_ne!(before, after);
    let nobody = home.anonymous();
    assert_eq!(sessions::authenticate(&nobody, &before).await.unwrap(), None);
    assert!(sessions::authenticate(&nobody, &after).await.unwrap().is_some());
}

#[tokio::test]
async fn a_wrong_authenticator_confirms_nothing() {
    for fault in [
        Fault::OtherOrigin,
        Fault::NoUserVerification,
        Fault::BogusSignature,
        Fault::FallingCounter,
    ] {
        let home = Installation::in_memory().await;
        let (all, mut passkey, secret) = home.customer().await;
        let ctx = people::signed_in(&home.platform, &secret).await;
        let ceremony = identity::step_up_begin(&ctx, StepUp::Keys).await.unwrap();
        let answer = passkey.sign_in(&ceremony.options, fault);
        let refused = identity::step_up_finish(&ctx, &ceremony.ceremony, answer).await;
        assert!(matches!(refused, Err(Error::Unauthenticated(_))), "{fault:?}");
        needs(&key(&ctx).await, StepUp::Keys);
        let log = platform::audit::list(&all, &AuditFilter::default())
            .await
            .unwrap();
        let codes: Vec<_> = log.rows.iter().take(2).map(|row| row.action.as_str()).collect();
        let expected = ["session.confirmation_missing", "session.confirmation_refused"];
        assert_eq!(codes, expected, "{fault:?}");
    }
}

#[tokio::test]
async fn a_challenge_confirms_once() {
    let home = Installation::in_memory().await;
    let (_, mut passkey, secret) = home.customer().await;
    let ctx = people::signed_in(&home.platform, &secret).await;
    let ceremony = identity::step_up_begin(&ctx, StepUp::Keys).await.unwrap();
    let answer = passkey.sign_in(&ceremony.options, Fault::None);
    identity::step_up_finish(&ctx, &ceremony.ceremony, answer.clone())
        .await
        .unwrap();
    let again = identity::step_up_finish(&ctx, &ceremony.ceremony, answer.clone()).await;
    assert!(matches!(again, Err(Error::Unauthenticated(_))));
    // An old answer to a new challenge.
    let fresh = identity::step_up_begin(&ctx, StepUp::Keys).await.unwrap();
    let replayed = identity::step_up_finish(&ctx, &fresh.ceremony, answer).await;
    assert!(matches!(replayed, Err(Error::Unauthenticated(_))));
}

#[tokio::test]
async fn a_sign_in_s_answer_confirms_nothing_and_the_other_way_round() {
    let home = Installation::in_memory().await;
    let (_, mut passkey, secret) = home.customer().await;
    let ctx = people::signed_in(&home.platform, &secret).await;
    let sign_in = identity::sign_in_begin(&ctx).await.unwrap();
    let answer = passkey.sign_in(&sign_in.options, Fault::None);
    let confirmed = identity::step_up_finish(&ctx, &sign_in.ceremony, answer).await;
    assert!(matches!(confirmed, Err(Error::Unauthenticated(_))));
    let step_up = identity::step_up_begin(&ctx, StepUp::Keys).await.unwrap();
    let answer = passkey.sign_in(&step_up.options, Fault::None);
    let session = identity::sign_in_finish(&home.anonymous(), &step_up.ceremony, answer).await;
    assert!(matches!(session, Err(Error::Unauthenticated(_))));
}

#[tokio::test]
async fn only_the_person_s_own_passkeys_are_asked_for_and_taken() {
    let home = Installation::in_memory().await;
    let (_, mut passkey, secret) = home.customer().await;
    let ctx = people::signed_in(&home.platform, &secret).await;
    let ceremony = identity::step_up_begin(&ctx, StepUp::Keys).await.unwrap();
    let asked = ceremony.options["publicKey"]["allowCredentials"]
        .as_array()
        .unwrap();
    assert_eq!(asked.len(), 1);
    assert_eq!(ceremony.options["publicKey"]["userVerification"], "required");
    let mut stranger = Authenticator::new(ORIGIN, 99);
    let answer = stranger.sign_in(&ceremony.options, Fault::None);
    let refused = identity::step_up_finish(&ctx, &ceremony.ceremony, answer).await;
    assert!(matches!(refused, Err(Error::Unauthenticated(_))));
    let nobody = identity::step_up_begin(&home.anonymous(), StepUp::Keys).await;
    assert!(matches!(nobody, Err(Error::Unauthenticated(_))));
    people::confirm(&ctx, &mut passkey, StepUp::Keys).await;
}

#[tokio::test]
async fn what_is_dangerous_asks_for_its_own_confirmation() {
    let home = Installation::in_memory().await;
    let (all, _, secret) = home.customer().await;
    let ctx = people::signed_in(&home.platform, &secret).await;
    needs(&key(&ctx).await, StepUp::Keys);
    let made = api_keys::create(&all, Environment::Test, &types::keys::KeyTerms::usual("Staging"))
        .await
        .unwrap();
    needs(&api_keys::revoke(&ctx, made.row.id).await.map(drop), StepUp::Keys);
    let export = verification::export(&ctx, &VerificationFilter::default()).await;
    needs(&export.map(drop), StepUp::Export);
    let change = |accept| access::SettingsChange {
        name: "Engines".into(),
        time_zone: "UTC".into(),
        accept_self_asserted_live: accept,
    };
    needs(
        &access::update_settings(&ctx, change(true)).await,
        StepUp::Security,
    );
    access::update_settings(&ctx, change(false)).await.unwrap();
    access::update_settings(&all, change(true)).await.unwrap();
    access::update_settings(&ctx, change(false)).await.unwrap();
    needs(
        &identity::passkey_add_begin(&ctx).await.map(drop),
        StepUp::Credentials,
    );
    let id = identity::sign_in_methods(&ctx).await.unwrap().passkeys[0].id;
    needs(
        &identity::passkey_rename(&ctx, id, "x").await,
        StepUp::Credentials,
    );
    needs(&identity::passkey_remove(&ctx, id).await, StepUp::Credentials);
    needs(
        &identity::password_change(&ctx, "x", "x").await,
        StepUp::Credentials,
    );
    needs(
        &identity::password_totp_set(&ctx, "x", "x", "x").await.map(drop),
        StepUp::Credentials,
    );
    needs(&identity::password_totp_remove(&ctx).await, StepUp::Credentials);
    needs(&identity::totp_replace(&ctx, "x", "x").await, StepUp::Credentials);
    needs(
        &identity::recovery_codes_make(&ctx).await.map(drop),
        StepUp::Credentials,
    );
}

#[tokio::test]
async fn an_attempt_without_a_confirmation_is_an_event_and_a_question_is_none() {
    let home = Installation::in_memory().await;
    let (_, mut passkey, secret) = home.customer().await;
    let ctx = people::signed_in(&home.platform, &secret).await;
    let told = async || {
        let filter = AuditFilter {
            action: Some("session.confirmation_missing".into()),
            ..AuditFilter::default()
        };
        platform::audit::list(&ctx, &filter).await.unwrap().rows
    };
    assert!(!ctx.is_fresh(StepUp::Keys));
    api_keys::list(&ctx).await.unwrap();
    assert!(told().await.is_empty(), "nobody tried anything");
    needs(&key(&ctx).await, StepUp::Keys);
    let rows = told().await;
    let [row] = rows.as_slice() else {
        panic!("{rows:?}")
    };
    assert_eq!(row.result, types::console::AuditResult::Denied);
    assert_eq!(
        row.sentence,
        "Ada Lovelace was refused the dangerous action keys: it was not confirmed freshly."
    );
    let (confirmed, _) = people::confirm(&ctx, &mut passkey, StepUp::Keys).await;
    key(&confirmed).await.unwrap();
    let export = verification::export(&confirmed, &VerificationFilter::default()).await;
    needs(&export.map(drop), StepUp::Export);
    assert_eq!(told().await.len(), 2);
    // The policy's switch asks before anything is written.
    let change = access::SettingsChange {
        name: "Analytical Engines".into(),
        time_zone: "UTC".into(),
        accept_self_asserted_live: true,
    };
    needs(
        &access::update_settings(&confirmed, change).await,
        StepUp::Security,
    );
    assert_eq!(told().await.len(), 3);
}
