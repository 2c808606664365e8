//! Passwords, one-time codes, recovery codes, and the ways to sign in that a person has.

mod on_postgresql;
mod passkeys;
mod stricter;

use platform::{
    Actor, Ctx, Error,
    identity::{self, NewSession, totp::code_at},
    sessions,
};
use testkit::{Authenticator, Fault, Installation, people};
use types::{SignInMethod, StepUp, console::AuditFilter};

const ORIGIN: &str = "http://localhost:3000";
const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "correct walrus bagpipe lantern";
const GOOGLE: u128 = 0xea9b8d66_4d01_1d21_3ce4_b6b48cb575d4;

/// A customer with a password and an app.
struct Person {
    home: Installation,
    /// Signed in, with everything confirmed.
    ctx: Ctx,
    passkey: Authenticator,
    /// The app's secret.
    secret: String,
    codes: Vec<String>,
}

impl Person {
    async fn new() -> Self {
        Self::on(Installation::in_memory().await).await
    }

    async fn on(home: Installation) -> Self {
        let (ctx, passkey, _) = home.customer().await;
        let secret = identity::begin_totp(&ctx);
        let code = code_at(&secret, ctx.now()).unwrap();
        let codes = identity::password_totp_set(&ctx, PASSWORD, &secret, &code)
            .await
            .unwrap();
        // The code that set it up is used.
        home.clock.advance(30);
        Self {
            home,
            ctx,
            passkey,
            secret,
            codes,
        }
    }

    fn code(&self) -> String {
        code_at(&self.secret, self.ctx.now()).unwrap()
    }

    async fn sign_in(&self, email: &str, password: &str, code: &str) -> Result<NewSession, Error> {
        identity::sign_in_with_password(&self.home.anonymous(), email, password, code).await
    }

    async fn last_action(&self) -> String {
        last_action(&self.ctx).await
    }
}

async fn last_action(ctx: &Ctx) -> String {
    let log = platform::audit::list(ctx, &AuditFilter::default()).await.unwrap();
    log.rows[0].action.clone()
}

async fn mails(home: &Installation, kind: &str) -> i64 {
    let mut read = home.db.read().await.unwrap();
    db::on!(read, |c| sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM mails WHERE kind = $1"
    )
    .bind(kind)
    .fetch_one(c)
    .await)
    .unwrap()
}

fn refused(result: Result<NewSession, Error>) -> String {
    match result {
        Err(error @ Error::Unauthenticated(_)) => error.to_string(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("signed in"),
    }
}

#[tokio::test]
async fn a_password_and_a_code_sign_in_and_each_code_works_once() {
    let person = Person::new().await;
    let code = person.code();
    let session = person
        .sign_in(" Ada@Example.COM ", PASSWORD, &code)
        .await
        .unwrap();
    let ctx = people::signed_in(&person.home.platform, &session.secret).await;
    let Actor::User { standing, .. } = ctx.actor() else {
        panic!("a user")
    };
    assert_eq!(standing.method, SignInMethod::PasswordTotp);
    assert_eq!(person.last_action().await, "session.signed_in_with_password");
    refused(person.sign_in(EMAIL, PASSWORD, &code).await);
    person.home.clock.advance(30);
    person.sign_in(EMAIL, PASSWORD, &person.code()).await.unwrap();
}

#[tokio::test]
async fn the_code_that_set_the_app_up_signs_nobody_in() {
    let person = Person::new().await;
    let before = code_at(&person.secret, person.ctx.now().plus_seconds(-30)).unwrap();
    refused(person.sign_in(EMAIL, PASSWORD, &before).await);
}

#[tokio::test]
async fn a_code_counts_one_step_either_way_by_the_clock() {
    for (drift, taken) in [(-60, false), (-30, true), (30, true), (60, false)] {
        let person = Person::new().await;
        // Away from the step of the set-up, which is used.
        person.home.clock.advance(300);
        let code = code_at(&person.secret, person.ctx.now().plus_seconds(drift)).unwrap();
        let signed_in = person.sign_in(EMAIL, PASSWORD, &code).await;
        assert_eq!(signed_in.is_ok(), taken, "{drift} s");
    }
}

#[tokio::test]
async fn of_two_at_once_with_one_code_one_gets_in() {
    let person = Person::new().await;
    let code = person.code();
    let (one, two) = tokio::join!(
        person.sign_in(EMAIL, PASSWORD, &code),
        person.sign_in(EMAIL, PASSWORD, &code)
    );
    assert!(one.is_ok() != two.is_ok());
    let recovery = &person.codes[0];
    let (one, two) = tokio::join!(
        person.sign_in(EMAIL, PASSWORD, recovery),
        person.sign_in(EMAIL, PASSWORD, recovery)
    );
    assert!(one.is_ok() != two.is_ok());
}

#[tokio::test]
async fn a_recovery_code_signs_in_once_and_is_told() {
    let person = Person::new().await;
    assert_eq!(person.codes.len(), 10);
    let typed = person.codes[3].to_lowercase().replace('-', " ");
    person.sign_in(EMAIL, PASSWORD, &typed).await.unwrap();
    assert_eq!(mails(&person.home, "recovery_code.used").await, 1);
    refused(person.sign_in(EMAIL, PASSWORD, &typed).await);
    let left = identity::sign_in_methods(&person.ctx)
        .await
        .unwrap()
        .password
        .unwrap();
    assert_eq!(left.recovery_codes, 9);
    let new = identity::recovery_codes_make(&person.ctx).await.unwrap();
    refused(person.sign_in(EMAIL, PASSWORD, &person.codes[4]).await);
    person.sign_in(EMAIL, PASSWORD, &new[0]).await.unwrap();
}

#[tokio::test]
async fn nobody_learns_which_of_the_three_was_wrong_or_whether_there_is_an_account() {
    let person = Person::new().await;
    let mut answers = Vec::new();
    for (email, password, code) in [
        ("nobody@example.com", PASSWORD, person.code()),
        (EMAIL, "wrong walrus bagpipe lantern", person.code()),
        (EMAIL, PASSWORD, "000000".to_owned()),
        (EMAIL, "wrong walrus bagpipe lantern", "000000".to_owned()),
        ("", "", String::new()),
    ] {
        let before = person.home.platform.password_hashes();
        answers.push(refused(person.sign_in(email, password, &code).await));
        let hashes = person.home.platform.password_hashes() - before;
        assert_eq!(hashes, 1, "the same work for {email}");
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn an_account_without_a_password_is_like_none() {
    let home = Installation::in_memory().await;
    home.customer().await;
    let ctx = home.anonymous();
    let text = refused(identity::sign_in_with_password(&ctx, EMAIL, PASSWORD, "123456").await);
    let unknown = identity::sign_in_with_password(&ctx, "x@example.com", PASSWORD, "123456").await;
    assert_eq!(text, refused(unknown));
    assert_eq!(home.platform.password_hashes(), 2);
}

#[tokio::test]
async fn the_hundredth_failure_in_a_row_disables_password_and_code_and_never_a_passkey() {
    let mut person = Person::new().await;
    for _ in 0..98 {
        person.home.clock.advance(86_400);
        refused(person.sign_in(EMAIL, PASSWORD, "000000").await);
    }
    person.home.clock.advance(86_400);
    person.sign_in(EMAIL, PASSWORD, &person.code()).await.unwrap();
    for count in 1..=100 {
        assert_eq!(
            mails(&person.home, "password.disabled").await,
            0,
            "before {count}"
        );
        person.home.clock.advance(86_400);
        refused(
            person
                .sign_in(EMAIL, "wrong walrus bagpipe lantern", &person.code())
                .await,
        );
    }
    assert_eq!(mails(&person.home, "password.disabled").await, 1);
    person.home.clock.advance(86_400);
    refused(person.sign_in(EMAIL, PASSWORD, &person.code()).await);
    refused(person.sign_in(EMAIL, PASSWORD, &person.codes[0]).await);
    let secret = people::sign_in(&person.home.platform, &mut person.passkey).await;
    let ctx = people::signed_in(&person.home.platform, &secret).await;
    let methods = identity::sign_in_methods(&ctx).await.unwrap();
    assert!(methods.password.unwrap().disabled_at.is_some());
    let by_code = identity::step_up_with_code(&ctx, StepUp::Credentials, &person.code()).await;
    assert!(
        matches!(by_code, Err(Error::Invalid { .. })),
        "nor does a code confirm"
    );
    let (ctx, _) = people::confirm(&ctx, &mut person.passkey, StepUp::Credentials).await;
    identity::password_change(&ctx, "", "seven quiet otters juggle plums")
        .await
        .unwrap();
    let code = person.code();
    person
        .sign_in(EMAIL, "seven quiet otters juggle plums", &code)
        .await
        .unwrap();
}

#[tokio::test]
async fn guessing_is_throttled_also_for_accounts_that_are_none() {
    for email in [EMAIL, "nobody@example.com"] {
        let person = Person::new().await;
        for _ in 0..5 {
            refused(person.sign_in(email, PASSWORD, "000000").await);
        }
        let before = person.home.platform.password_hashes();
        let throttled = person.sign_in(email, PASSWORD, &person.code()).await;
        assert!(matches!(throttled, Err(Error::Throttled { .. })), "{email}");
        assert_eq!(person.home.platform.password_hashes(), before, "no work for it");
    }
}

#[tokio::test]
async fn staff_are_refused_once_both_factors_were_right() {
    let person = Person::new().await;
    let mut tx = person.home.db.begin().await.unwrap();
    db::execute!(tx, sqlx::query("UPDATE users SET staff_role = 'operator_admin'")).unwrap();
    tx.commit().await.unwrap();
    refused(person.sign_in(EMAIL, PASSWORD, "000000").await);
    refused(
        person
            .sign_in(EMAIL, "wrong walrus bagpipe lantern", &person.code())
            .await,
    );
    let told = person.sign_in(EMAIL, PASSWORD, &person.code()).await;
    assert!(matches!(told, Err(Error::Conflict(text)) if text.contains("passkey")));
    refused(person.sign_in(EMAIL, PASSWORD, &person.code()).await);
}

#[tokio::test]
async fn a_session_that_came_with_a_sign_in_is_ended() {
    let mut person = Person::new().await;
    let planted = people::sign_in(&person.home.platform, &mut person.passkey).await;
    let victim = people::signed_in(&person.home.platform, &planted).await;
    let code = person.code();
    let session = identity::sign_in_with_password(&victim, EMAIL, PASSWORD, &code)
        .await
        .unwrap();
    assert_ne!(session.secret, planted);
    let nobody = person.home.anonymous();
    assert_eq!(sessions::authenticate(&nobody, &planted).await.unwrap(), None);
    let victim = people::signed_in(&person.home.platform, &session.secret).await;
    let ceremony = identity::sign_in_begin(&victim).await.unwrap();
    let answer = person.passkey.sign_in(&ceremony.options, Fault::None);
    identity::sign_in_finish(&victim, &ceremony.ceremony, answer)
        .await
        .unwrap();
    assert_eq!(
        sessions::authenticate(&nobody, &session.secret).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn a_password_is_kept_sealed_and_only_as_a_hash() {
    let person = Person::new().await;
    let mut read = person.home.db.read().await.unwrap();
    let sealed: Vec<Vec<u8>> = db::on!(read, |c| sqlx::query_scalar(
        "SELECT sealed FROM passwords UNION ALL SELECT sealed FROM totps"
    )
    .fetch_all(c)
    .await)
    .unwrap();
    assert_eq!(sealed.len(), 2);
    for bytes in sealed {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("argon2") && !text.contains("walrus") && !text.contains(&person.secret));
    }
}

#[tokio::test]
async fn a_password_of_the_person_s_own_words_is_refused_at_its_field() {
    let home = Installation::in_memory().await;
    let (ctx, ..) = home.customer().await;
    let secret = identity::begin_totp(&ctx);
    for bad in ["short", "analytical engines", "adalovelace adalovelace"] {
        let set = identity::password_totp_set(&ctx, bad, &secret, "000000").await;
        let Err(Error::Invalid { fields }) = set else {
            panic!("{bad}")
        };
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["password", "totp_code"], "{bad}");
    }
    assert_eq!(home.platform.password_hashes(), 0);
}

async fn add(ctx: &Ctx, authenticator: &mut Authenticator, name: &str) -> types::PasskeyId {
    let ceremony = identity::passkey_add_begin(ctx).await.unwrap();
    let answer = authenticator.register(&ceremony.options, Fault::None);
    identity::passkey_add_finish(ctx, &ceremony.ceremony, answer, name)
        .await
        .unwrap()
}

#[tokio::test]
async fn passkeys_are_added_named_renamed_and_removed_and_each_is_told() {
    let home = Installation::in_memory().await;
    let (ctx, _, _) = home.customer().await;
    let ceremony = identity::passkey_add_begin(&ctx).await.unwrap();
    let excluded = ceremony.options["publicKey"]["excludeCredentials"]
        .as_array()
        .unwrap();
    assert_eq!(excluded.len(), 1, "the one that is there");
    let mut phone = Authenticator::new(ORIGIN, 9).synced(GOOGLE);
    home.clock.advance(1);
    let id = add(&ctx, &mut phone, " Phone ").await;
    let methods = identity::sign_in_methods(&ctx).await.unwrap();
    let [first, second] = methods.passkeys.as_slice() else {
        panic!("{methods:?}")
    };
    assert_eq!((first.provider.as_deref(), first.synced), (None, Some(false)));
    assert_eq!(second.provider.as_deref(), Some("Google Password Manager"));
    assert_eq!(
        (second.name.as_str(), second.synced, second.last_used_at),
        ("Phone", Some(true), None)
    );
    let secret = people::sign_in(&home.platform, &mut phone).await;
    let signed_in = people::signed_in(&home.platform, &secret).await;
    let Actor::User { standing, .. } = signed_in.actor() else {
        panic!("a user")
    };
    assert_eq!(standing.method, SignInMethod::Passkey, "a copy may be anywhere");
    identity::passkey_rename(&ctx, id, "Old phone").await.unwrap();
    identity::passkey_remove(&ctx, id).await.unwrap();
    assert_eq!(last_action(&ctx).await, "user.passkey_removed");
    assert_eq!(mails(&home, "credential.changed").await, 3);
    let gone = identity::passkey_remove(&ctx, id).await;
    assert!(matches!(gone, Err(Error::NotFound(_) | Error::Conflict(_))));
    let anonymous = home.anonymous();
    let ceremony = identity::sign_in_begin(&anonymous).await.unwrap();
    let answer = phone.sign_in(&ceremony.options, Fault::None);
    refused(identity::sign_in_finish(&anonymous, &ceremony.ceremony, answer).await);
}

#[tokio::test]
async fn an_app_is_replaced_and_the_one_before_gives_no_codes_any_more() {
    let person = Person::new().await;
    let secret = identity::begin_totp(&person.ctx);
    let wrong = identity::totp_replace(&person.ctx, &secret, "000000").await;
    assert!(matches!(wrong, Err(Error::Invalid { .. })));
    let code = code_at(&secret, person.ctx.now()).unwrap();
    identity::totp_replace(&person.ctx, &secret, &code).await.unwrap();
    person.home.clock.advance(60);
    refused(person.sign_in(EMAIL, PASSWORD, &person.code()).await);
    let code = code_at(&secret, person.ctx.now()).unwrap();
    person.sign_in(EMAIL, PASSWORD, &code).await.unwrap();
}
