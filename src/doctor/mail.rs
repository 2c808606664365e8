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
