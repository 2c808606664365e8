//! Fields for secrets, and the way out, on the pages that have them.

use platform::{identity, identity::totp::code_at};

use crate::app::App;

/// The tags of a page that take a password.
fn password_fields(page: &str) -> Vec<&str> {
    page.split("<input")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .filter(|tag| tag.contains("name=\"password\"") || tag.contains("name=\"current_password\""))
        .collect()
}

#[tokio::test]
async fn fields_for_secrets_hide_them_and_help_password_managers() {
    let app = App::new().await;
    let (ctx, session, _) = app.customer().await;
    let path = "/account/sign-in-methods/password";
    let setting = app.get(path).session(&session).send().await.text();
    let secret = identity::begin_totp(&ctx);
    let code = code_at(&secret, ctx.now()).unwrap();
    identity::password_totp_set(&ctx, "correct walrus bagpipe lantern", &secret, &code)
        .await
        .unwrap();
    let changing = app.get(path).session(&session).send().await.text();
    let entering = app.get("/sign-in").send().await.text();
    for (page, count, purpose) in [
        (&setting, 1, "new-password"),
        (&changing, 2, "current-password"),
        (&entering, 1, "current-password"),
    ] {
        let fields = password_fields(page);
        assert_eq!(fields.len(), count, "{fields:?}");
        assert!(
            fields
                .iter()
                .any(|tag| tag.contains(&format!("autocomplete=\"{purpose}\""))),
            "{fields:?}"
        );
        for tag in fields {
            assert!(tag.contains("type=\"password\""), "{tag}");
            assert!(
                !tag.contains("onpaste") && !tag.contains("autocomplete=\"off\""),
                "{tag}"
            );
        }
    }
}

#[tokio::test]
async fn every_page_of_the_console_has_the_way_out() {
    let app = App::new().await;
    let (_, session) = app.first_person().await;
    for path in [
        "/",
        "/keys",
        "/audit",
        "/settings",
        "/team",
        "/account",
        "/account/sessions",
        "/staff/access",
    ] {
        let page = app.get(path).session(&session).send().await;
        assert_eq!(page.status, 200, "{path}");
        let text = page.text();
        assert!(
            text.contains("action=\"/sign-out\"") && text.contains("Sign out"),
            "{path}"
        );
    }
}
