use std::path::Path;

use tempfile::TempDir;
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use super::{
    double::{Double, Speaks},
    *,
};
use crate::{
    config::Login,
    tls::tests::{Issued, Pki},
};

/// What the servers here are reached by.
const HOST: &str = "localhost";
/// `\0loomwire\0hunter2`, as AUTH PLAIN sends it (RFC 4616).
const PASSWORD: &str = "AUTH PLAIN AGxvb213aXJlAGh1bnRlcjI=";

fn settings(port: u16) -> Smtp {
    Smtp {
        host: "127.0.0.1".into(),
        port,
        tls: MailTls::None,
        ca_file: None,
        login: None,
        from: "Loomwire <loomwire@example.com>".into(),
    }
}

fn mail() -> Outgoing {
    Outgoing {
        message_id: "mai_7@verify.example".into(),
        to: "ada@example.com".into(),
        subject: "Zoë invites you".into(),
        text: "Hello\n.\nBye\n".into(),
        html: "<p>Hello</p>".into(),
    }
}

/// With TLS, a name and a password, and the certificates of this file trusted.
fn secured(port: u16, tls: MailTls, ca: &Path) -> SmtpMailer {
    let settings = Smtp {
        host: HOST.into(),
        tls,
        ca_file: Some(ca.to_owned()),
        login: Some(Login {
            user: "loomwire".into(),
            password: Zeroizing::new("hunter2".into()),
        }),
        ..settings(port)
    };
    SmtpMailer::new(&settings, "verify.example").unwrap()
}

/// Sends a mail to a server with this certificate, and gives what came of it and what was said.
async fn sent(tls: MailTls, issued: &Issued, ca: &Path) -> (Result<(), MailError>, double::Said) {
    let server = Double::taking(match tls {
        MailTls::StartTls => Speaks::StartTls(issued),
        _ => Speaks::Tls(issued),
    });
    let server = server.await;
    let mailer = secured(server.port, tls, ca);
    let sent = mailer.send(&mail()).await;
    drop(mailer);
    (sent, server.said().await)
}

/// An authority and the file in which it is trusted.
fn authority() -> (Pki, TempDir, std::path::PathBuf) {
    let (pki, folder) = (Pki::new(), TempDir::new().unwrap());
    let file = folder.path().join("ca.pem");
    fs::write(&file, pki.root()).unwrap();
    (pki, folder, file)
}

fn named(pki: &Pki, name: &str) -> Issued {
    pki.issue(&[name], (2020, 1, 1), (2100, 1, 1))
}

const BOTH: [MailTls; 2] = [MailTls::Implicit, MailTls::StartTls];

#[tokio::test]
async fn a_mail_has_both_parts_and_our_message_id() {
    let server = Double::taking(Speaks::Clear).await;
    let mailer = SmtpMailer::new(&settings(server.port), "verify.example").unwrap();
    mailer.send(&mail()).await.unwrap();
    drop(mailer);
    let said = server.said().await.in_the_clear;
    assert_eq!(said[0], "EHLO verify.example");
    for line in [
        "MAIL FROM:<loomwire@example.com>",
        "RCPT TO:<ada@example.com>",
        "Message-ID: <mai_7@verify.example>",
        "Auto-Submitted: auto-generated",
        "To: ada@example.com",
        "..",
    ] {
        let found = said.iter().any(|one| one.starts_with(line));
        assert!(found, "{line}: {said:#?}");
    }
    let all = said.join("\n");
    assert!(all.contains("multipart/alternative") && all.contains("text/html"));
    assert!(all.contains("=?utf-8?"), "the subject is encoded: {all}");
}

#[tokio::test]
async fn no_address_or_subject_adds_a_header() {
    let mailer = SmtpMailer::new(&settings(1), "verify.example").unwrap();
    let mut bad = mail();
    bad.subject = "Hello\r\nBcc: eve@example.com\r\n\r\nevil".into();
    let text = String::from_utf8(mailer.message(&bad).unwrap().formatted()).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap();
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    for to in ["ada@example.com\r\nBcc: eve@example.com", "", "nobody"] {
        bad.to = to.into();
        assert_eq!(mailer.send(&bad).await, Err(MailError::Unusable), "{to}");
    }
}

#[tokio::test]
async fn a_refusal_is_told_by_its_code_alone() {
    let server = Double::answering("554 no such person ada@example.com", Speaks::Clear).await;
    let mailer = SmtpMailer::new(&settings(server.port), "verify.example").unwrap();
    assert_eq!(mailer.send(&mail()).await, Err(MailError::Refused(554)));
    drop(mailer);
    server.said().await;
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    let mailer = SmtpMailer::new(&settings(port), "verify.example").unwrap();
    assert_eq!(mailer.send(&mail()).await, Err(MailError::Unreachable));
    assert_eq!(mailer.greet().await, Err(MailError::Unreachable));
}

#[tokio::test]
async fn over_tls_mail_and_password_go_behind_it_alone() {
    let (pki, _folder, ca) = authority();
    let issued = named(&pki, HOST);
    for tls in BOTH {
        let (sent, said) = sent(tls, &issued, &ca).await;
        sent.unwrap();
        for line in [PASSWORD, "MAIL FROM:<loomwire@example.com>", "."] {
            let found = said
                .behind_tls
                .iter()
                .any(|one| one == line || one.starts_with(line));
            assert!(found, "{tls:?}, {line}: {said:#?}");
        }
        let clear: Vec<_> = said.in_the_clear.iter().map(String::as_str).collect();
        match tls {
            MailTls::StartTls => assert_eq!(clear, ["EHLO verify.example", "STARTTLS"]),
            _ => assert!(clear.is_empty(), "{clear:?}"),
        }
    }
}

#[tokio::test]
async fn a_certificate_of_an_authority_that_is_not_trusted_is_refused() {
    let (_, _folder, ca) = authority();
    let issued = named(&Pki::new(), HOST);
    for tls in BOTH {
        let (sent, said) = sent(tls, &issued, &ca).await;
        assert_eq!(sent, Err(MailError::Untrusted), "{tls:?}");
        assert!(
            !said.anywhere("MAIL") && !said.anywhere("AUTH"),
            "{tls:?}: {said:?}"
        );
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let (pki, _folder, ca) = authority();
    let issued = named(&pki, "mail.example");
    for tls in BOTH {
        let (sent, said) = sent(tls, &issued, &ca).await;
        assert_eq!(sent, Err(MailError::Untrusted), "{tls:?}");
        assert!(
            !said.anywhere("MAIL") && !said.anywhere("AUTH"),
            "{tls:?}: {said:?}"
        );
    }
}

#[tokio::test]
async fn a_certificate_that_has_expired_is_refused() {
    let (pki, _folder, ca) = authority();
    let issued = pki.issue(&[HOST], (2020, 1, 1), (2021, 1, 1));
    let (sent, said) = sent(MailTls::Implicit, &issued, &ca).await;
    assert_eq!(sent, Err(MailError::Untrusted));
    assert!(!said.anywhere("MAIL"), "{said:?}");
}

#[tokio::test]
async fn where_tls_is_asked_for_nothing_is_said_to_a_server_without_it() {
    let (_, _folder, ca) = authority();
    for tls in BOTH {
        let server = Double::taking(Speaks::Clear).await;
        let mailer = secured(server.port, tls, &ca);
        let sent = mailer.send(&mail()).await;
        assert_eq!(sent, Err(MailError::Unreachable), "{tls:?}");
        drop(mailer);
        let said = server.said().await;
        assert!(
            !said.anywhere("MAIL") && !said.anywhere("AUTH"),
            "{tls:?}: {said:?}"
        );
    }
}

#[tokio::test]
async fn a_file_of_authorities_that_holds_none_is_told_at_the_start() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("ca.pem");
    for text in [None, Some("not a certificate")] {
        if let Some(text) = text {
            fs::write(&file, text).unwrap();
        }
        let settings = Smtp {
            tls: MailTls::Implicit,
            ca_file: Some(file.clone()),
            ..settings(1)
        };
        assert!(SmtpMailer::new(&settings, "verify.example").is_err(), "{text:?}");
    }
}
