//! Whether mails can leave.

use super::Finding;
use crate::{config::Config, smtp::SmtpMailer};

const NAME: &str = "mail";

pub(super) async fn check(config: Config) -> Vec<Finding> {
    let Some(smtp) = &config.mail.smtp else {
        let says = "Nothing is sent: mails stay in the local outbox.";
        return vec![if config.is_https() {
            Finding::warn(
                NAME,
                says,
                "Set mail.transport to smtp and name a server, or nobody can be invited or recover an account.",
            )
        } else {
            Finding::ok(NAME, format!("{says} They are at /dev/outbox."))
        }];
    };
    let own_name = config.public_url.host_str().unwrap_or("localhost");
    let answer = match SmtpMailer::new(smtp, own_name) {
        Ok(mailer) => mailer.greet().await.map_err(|error| error.to_string()),
        Err(error) => Err(format!("Its certificates cannot be used: {error}.")),
    };
    vec![match answer {
        Ok(()) => Finding::ok(NAME, format!("{} takes our mails.", smtp.host)),
        Err(says) => Finding::fail(
            NAME,
            format!("{}: {says}", smtp.host),
            "Look at mail.host, mail.port, mail.tls, mail.user and mail.password_file, and at the firewall.",
        ),
    }]
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use tempfile::TempDir;
    use tokio::net::TcpListener;

    use super::*;
    use crate::{
        config::Environment,
        doctor::finding::Level,
        smtp::double::{Double, Speaks},
        tls::tests::Pki,
    };

    fn config(pairs: &[(&str, &str)]) -> Config {
        let pairs = pairs
            .iter()
            .map(|(k, v)| (format!("LOOMWIRE_{k}"), (*v).to_owned()));
        Config::load(None, &pairs.collect::<Environment>()).unwrap()
    }

    /// With a mail server on this port of this machine, and what it is trusted by.
    async fn asked(port: u16, ca: &Path) -> Finding {
        let config = config(&[
            ("MAIL__TRANSPORT", "smtp"),
            ("MAIL__HOST", "localhost"),
            ("MAIL__PORT", &port.to_string()),
            ("MAIL__FROM", "loomwire@example.com"),
            ("MAIL__CA_FILE", ca.to_str().unwrap()),
        ]);
        let mut found = check(config).await;
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    #[tokio::test]
    async fn a_server_that_takes_our_mails_is_found_good_and_is_sent_none() {
        let (pki, folder) = (Pki::new(), TempDir::new().unwrap());
        let ca = folder.path().join("ca.pem");
        fs::write(&ca, pki.root()).unwrap();
        let issued = pki.issue(&["localhost"], (2020, 1, 1), (2100, 1, 1));
        let server = Double::taking(Speaks::Tls(&issued)).await;
        let found = asked(server.port, &ca).await;
        assert_eq!(
            (found.level, found.says.as_str()),
            (Level::Ok, "localhost takes our mails.")
        );
        assert!(!server.said().await.anywhere("MAIL"));
    }

    #[tokio::test]
    async fn a_certificate_that_does_not_hold_is_told_as_that() {
        let (pki, folder) = (Pki::new(), TempDir::new().unwrap());
        let ca = folder.path().join("ca.pem");
        fs::write(&ca, Pki::new().root()).unwrap();
        let issued = pki.issue(&["localhost"], (2020, 1, 1), (2100, 1, 1));
        let server = Double::taking(Speaks::Tls(&issued)).await;
        let found = asked(server.port, &ca).await;
        assert_eq!(found.level, Level::Fail);
        assert!(found.says.contains("certificate was refused"), "{}", found.says);
        fs::write(&ca, "nothing").unwrap();
        let found = asked(1, &ca).await;
        assert_eq!(found.level, Level::Fail);
        assert!(found.says.contains("holds no certificate"), "{}", found.says);
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_told_with_what_to_look_at() {
        let folder = TempDir::new().unwrap();
        let ca = folder.path().join("ca.pem");
        fs::write(&ca, Pki::new().root()).unwrap();
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = nobody.local_addr().unwrap().port();
        drop(nobody);
        let found = asked(port, &ca).await;
        assert_eq!(found.level, Level::Fail);
        assert!(found.says.contains("was not reached"), "{}", found.says);
        assert!(found.advice.unwrap().contains("mail.port"));
    }

    #[tokio::test]
    async fn a_local_outbox_is_good_for_trying_out_and_a_warning_for_real_use() {
        let here = check(config(&[("PUBLIC_URL", "http://localhost:3000")])).await;
        assert_eq!(here[0].level, Level::Ok);
        assert!(here[0].says.contains("/dev/outbox"), "{}", here[0].says);
        let real = check(config(&[("PUBLIC_URL", "https://verify.example")])).await;
        assert_eq!(real[0].level, Level::Warn);
        assert!(real[0].advice.as_ref().unwrap().contains("mail.transport"));
    }
}
