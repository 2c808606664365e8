//! Mails over SMTP (RFC 5321), with rustls.
//!
//! The library builds the headers from typed parts, so that no name or address can add one.

#[cfg(test)]
pub(crate) mod double;
#[cfg(test)]
mod tests;

use std::{error::Error, fs, io, time::Duration};

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
use rustls::pki_types::{CertificateDer, pem::PemObject};

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
            // With none at all every certificate would be refused, and nobody would know why.
            if CertificateDer::pem_slice_iter(&pem).next().is_none() {
                return Err(io::Error::other("mail.ca_file holds no certificate"));
            }
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
    if is_untrusted(error) {
        return MailError::Untrusted;
    }
    MailError::Unreachable
}

/// Whether TLS failed since the server's certificate did not hold.
fn is_untrusted(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |&one| one.source())
        .filter_map(|one| {
            one.downcast_ref::<io::Error>()?
                .get_ref()?
                .downcast_ref::<rustls::Error>()
        })
        .any(|one| matches!(one, rustls::Error::InvalidCertificate(_)))
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
