//! Mails over SMTP (RFC 5321), with rustls.
//!
//! The library builds the headers from typed parts, so that no name or address can add one.

use std::{fs, io, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, CertificateStore, Tls, TlsParameters},
        extension::ClientId,
    },
};
use platform::mail::{MailError, Mailer, Outgoing};

use crate::config::{MailTls, Smtp};

/// How long the server may take for one step of the conversation.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail server, as the operator named it.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl SmtpMailer {
    /// Makes ready to speak to the server; nothing is sent yet. `own_name` is what we call
    /// ourselves there.
    ///
    /// # Errors
    /// If the certificates cannot be read.
    pub fn new(settings: &Smtp, own_name: &str) -> io::Result<Self> {
        let host = settings.host.as_str();
        let tls = match settings.tls {
            MailTls::Implicit => Tls::Wrapper(parameters(settings)?),
            MailTls::StartTls => Tls::Required(parameters(settings)?),
            MailTls::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(settings.port)
            .tls(tls)
            .hello_name(ClientId::Domain(own_name.to_owned()))
            .timeout(Some(PATIENCE));
        if let Some(login) = &settings.login {
            let credentials = Credentials::new(login.user.clone(), login.password.to_string());
            builder = builder.credentials(credentials);
        }
        Ok(Self {
            transport: builder.build(),
            from: settings.from.parse().map_err(io::Error::other)?,
        })
    }

    /// Whether the server answers, and takes our name and password.
    ///
    /// # Errors
    /// If it does not.
    pub async fn greet(&self) -> Result<(), MailError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailError::Unreachable),
            Err(error) => Err(told(&error)),
        }
    }

    fn message(&self, mail: &Outgoing) -> Option<Message> {
        let to: Mailbox = mail.to.parse().ok()?;
        Message::builder()
            .message_id(Some(format!("<{}>", mail.message_id)))
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject.clone())
            // RFC 3834, section 5: nobody's holiday note answers.
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .ok()
    }
}

/// `Auto-Submitted: auto-generated`.
#[derive(Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn parameters(settings: &Smtp) -> io::Result<TlsParameters> {
    let builder = TlsParameters::builder(settings.host.clone());
    let builder = match &settings.ca_file {
        None => builder.certificate_store(CertificateStore::WebpkiRoots),
        Some(path) => {
            let pem = fs::read(path)?;
            let certificates = Certificate::from_pem(&pem).map_err(io::Error::other)?;
            builder
                .certificate_store(CertificateStore::None)
                .add_root_certificate(certificates)
        }
    };
    builder.build_rustls().map_err(io::Error::other)
}

/// Without the server's own words, which may name the address.
fn told(error: &lettre::transport::smtp::Error) -> MailError {
    if let Some(code) = error.status() {
        return MailError::Refused(code.into());
    }
    if error.is_timeout() {
        return MailError::TimedOut;
    }
    MailError::Unreachable
}

#[async_trait::async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Outgoing) -> Result<(), MailError> {
        let message = self.message(mail).ok_or(MailError::Unusable)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => Err(told(&error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
        net::{TcpListener, TcpStream},
        task::JoinHandle,
    };

    use super::*;

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

    /// A server of one conversation: what the client said.
    async fn server(answer: &'static str) -> (u16, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            converse(stream, answer).await
        });
        (port, task)
    }

    async fn converse(stream: TcpStream, answer: &'static str) -> Vec<String> {
        let mut stream = BufReader::new(stream);
        let mut said = Vec::new();
        stream.write_all(b"220 test ESMTP\r\n").await.unwrap();
        let (mut line, mut in_data) = (String::new(), false);
        loop {
            line.clear();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return said;
            }
            let text = line.trim_end().to_owned();
            said.push(text.clone());
            let reply = match text.split(' ').next().unwrap_or_default() {
                "." if in_data => {
                    in_data = false;
                    answer
                }
                _ if in_data => continue,
                "EHLO" => "250-test\r\n250 8BITMIME",
                "DATA" => {
                    in_data = true;
                    "354 go on"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            stream.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
            if text == "QUIT" {
                return said;
            }
        }
    }

    #[tokio::test]
    async fn a_mail_has_both_parts_and_our_message_id() {
        let (port, task) = server("250 taken").await;
        let mailer = SmtpMailer::new(&settings(port), "verify.example").unwrap();
        mailer.send(&mail()).await.unwrap();
        drop(mailer);
        let said = task.await.unwrap();
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
        let (port, task) = server("554 no such person ada@example.com").await;
        let mailer = SmtpMailer::new(&settings(port), "verify.example").unwrap();
        assert_eq!(mailer.send(&mail()).await, Err(MailError::Refused(554)));
        drop(mailer);
        task.await.unwrap();
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = nobody.local_addr().unwrap().port();
        drop(nobody);
        let mailer = SmtpMailer::new(&settings(port), "verify.example").unwrap();
        assert_eq!(mailer.send(&mail()).await, Err(MailError::Unreachable));
        assert_eq!(mailer.greet().await, Err(MailError::Unreachable));
    }

    #[tokio::test]
    async fn without_starttls_nothing_is_said_to_a_server_that_should_have_it() {
        let (port, task) = server("250 taken").await;
        let mut strict = settings(port);
        strict.tls = MailTls::StartTls;
        let mailer = SmtpMailer::new(&strict, "verify.example").unwrap();
        assert!(mailer.send(&mail()).await.is_err());
        drop(mailer);
        let said = task.await.unwrap();
        assert!(!said.iter().any(|line| line.starts_with("MAIL")), "{said:?}");
    }
}
