//! `mail.*`: how mails leave this installation; and `accounts.*`: how people come in and back.

use std::{fmt, fs, path::PathBuf};

use platform::accounts::Policy;
use zeroize::Zeroizing;

use super::{
    check::{quoted, whole},
    read::Reader,
};

/// How mails leave this installation.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// The mail server; none, and mails stay in the local outbox.
    pub smtp: Option<Smtp>,
}

/// A mail server that takes our mails.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Its host name, which its certificate must have.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub tls: MailTls,
    /// Certificates that are trusted for it, instead of the public ones.
    pub ca_file: Option<PathBuf>,
    /// Name and password, if it wants them.
    pub login: Option<Login>,
    /// What mails are from, such as `Loomwire <loomwire@example.com>`.
    pub from: String,
}

/// Name and password at the mail server.
#[derive(Clone)]
pub struct Login {
    /// The name.
    pub user: String,
    /// **Secret**: the password.
    pub password: Zeroizing<String>,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("redacted")
    }
}

/// How the connection to the mail server is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTls {
    /// TLS from the first byte (RFC 8314, section 3.3), mostly port 465.
    Implicit,
    /// STARTTLS, and nothing without it (RFC 3207), mostly port 587.
    StartTls,
    /// None: for a server on this machine.
    None,
}

pub(super) fn check(reader: &mut Reader) -> Option<Mail> {
    let by_smtp = reader.one("mail.transport", "outbox", |text| match text {
        "outbox" => Ok((false, quoted(text))),
        "smtp" => Ok((true, quoted(text))),
        _ => Err("give outbox or smtp".to_owned()),
    });
    let host = reader.one("mail.host", "", |text| {
        let plain = text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b));
        let host = plain.then(|| text.to_owned());
        host.map(|host| (host, quoted(text)))
            .ok_or_else(|| "give a host name, such as smtp.example.com; the port is mail.port".to_owned())
    });
    let port = reader.one("mail.port", "465", whole(1..=u16::MAX, "ports"));
    let tls = reader.one("mail.tls", "implicit", |text| match text {
        "implicit" => Ok((MailTls::Implicit, quoted(text))),
        "starttls" => Ok((MailTls::StartTls, quoted(text))),
        "none" => Ok((MailTls::None, quoted(text))),
        _ => Err("give implicit, starttls, or none for a server on this machine".to_owned()),
    });
    let ca_file = reader.one("mail.ca_file", "", |path| {
        Ok(((!path.is_empty()).then(|| PathBuf::from(path)), quoted(path)))
    });
    let user = reader.one("mail.user", "", |text| Ok((text.to_owned(), quoted(text))));
    let password = reader.one("mail.password_file", "", password);
    let from = reader.one("mail.from", "", from);
    let (by_smtp, host, port, tls) = (by_smtp?, host?, port?, tls?);
    let (ca_file, user, password, from) = (ca_file?, user?, password?, from?);
    if !by_smtp {
        return Some(Mail::default());
    }
    let mut sound = true;
    let mut hold = |holds: bool, problem: &str| {
        if !holds {
            reader.problem(problem.to_owned());
            sound = false;
        }
    };
    hold(
        !host.is_empty(),
        "mail.host: give the mail server, as mail.transport is smtp",
    );
    hold(
        !from.is_empty(),
        "mail.from: give the sender, such as Loomwire <loomwire@example.com>",
    );
    hold(
        tls != MailTls::None || is_loopback(&host),
        "mail.tls: none is for a mail server on this machine only, since mails hold secret links",
    );
    hold(
        user.is_empty() == password.is_none(),
        "mail.user: give it with mail.password_file, or neither",
    );
    sound.then_some(Mail {
        smtp: Some(Smtp {
            host,
            port,
            tls,
            ca_file,
            login: password.map(|password| Login { user, password }),
            from,
        }),
    })
}

/// `accounts.*`.
pub(super) fn accounts(reader: &mut Reader) -> Option<Policy> {
    let sign_up = reader.one("accounts.sign_up", "false", |text| match text {
        "true" => Ok((true, text.to_owned())),
        "false" => Ok((false, text.to_owned())),
        _ => Err("give true or false".to_owned()),
    });
    // With less than an hour nobody would read the mail that lets them cancel.
    let delay = reader.one("accounts.recovery_delay_hours", "24", whole(1..=720_i64, "hours"));
    Some(Policy {
        sign_up: sign_up?,
        recovery_delay: delay? * 3600,
    })
}

pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

fn password(path: &str) -> Result<(Option<Zeroizing<String>>, String), String> {
    if path.is_empty() {
        return Ok((None, quoted(path)));
    }
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let text = Zeroizing::new(text);
    let line = text.trim_end_matches(['\r', '\n']);
    if line.is_empty() || line.contains('\n') {
        return Err(format!("{path} is to hold the password, on one line"));
    }
    Ok((Some(Zeroizing::new(line.to_owned())), quoted(path)))
}

fn from(text: &str) -> Result<(String, String), String> {
    if text.is_empty() || text.parse::<lettre::message::Mailbox>().is_ok() {
        return Ok((text.to_owned(), quoted(text)));
    }
    Err("give a sender, such as Loomwire <loomwire@example.com>".to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::MailTls;
    use crate::config::{Config, Environment};

    fn load(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let pairs = pairs
            .iter()
            .map(|(k, v)| (format!("LOOMWIRE_{k}"), (*v).to_owned()));
        Config::load(None, &pairs.collect::<Environment>()).map_err(|problems| problems.to_string())
    }

    const SMTP: [(&str, &str); 3] = [
        ("MAIL__TRANSPORT", "smtp"),
        ("MAIL__HOST", "smtp.example.com"),
        ("MAIL__FROM", "Loomwire <loomwire@example.com>"),
    ];

    fn with(more: &[(&str, &str)]) -> Result<Config, String> {
        load(&[&SMTP[..], more].concat())
    }

    #[test]
    fn mails_stay_here_unless_a_server_is_named() {
        assert!(load(&[]).unwrap().mail.smtp.is_none());
        let smtp = with(&[]).unwrap().mail.smtp.unwrap();
        assert_eq!((smtp.port, smtp.tls), (465, MailTls::Implicit));
        assert!(smtp.login.is_none());
        for (missing, name) in [(1, "mail.host"), (2, "mail.from")] {
            let mut pairs = SMTP.to_vec();
            pairs.remove(missing);
            assert!(load(&pairs).unwrap_err().contains(name));
        }
        for (bad, name) in [
            (("MAIL__TRANSPORT", "pigeon"), "mail.transport"),
            (("MAIL__PORT", "0"), "mail.port"),
            (("MAIL__TLS", "maybe"), "mail.tls"),
            (("MAIL__TLS", "none"), "mail.tls"),
            (("MAIL__FROM", "nobody"), "mail.from"),
            (("MAIL__HOST", "smtp://x"), "mail.host"),
            (("MAIL__USER", "loomwire"), "mail.user"),
        ] {
            let problem = with(&[bad]).unwrap_err();
            assert!(problem.contains(name), "{bad:?}: {problem}");
        }
        assert!(with(&[("MAIL__TLS", "none"), ("MAIL__HOST", "127.0.0.1")]).is_ok());
    }

    #[test]
    fn the_password_is_read_from_a_file_and_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        let path = path.to_str().unwrap();
        fs::write(path, "hunter2\n").unwrap();
        let pairs = [("MAIL__USER", "loomwire"), ("MAIL__PASSWORD_FILE", path)];
        let config = with(&pairs).unwrap();
        let shown = format!("{config:?}{}", config.show());
        assert!(!shown.contains("hunter2"), "{shown}");
        let login = config.mail.smtp.unwrap().login.unwrap();
        assert_eq!(
            (login.user.as_str(), login.password.as_str()),
            ("loomwire", "hunter2")
        );
        fs::write(path, "\n").unwrap();
        assert!(with(&pairs).is_err());
    }

    #[test]
    fn signing_up_is_off_and_a_recovery_waits_a_day_unless_said_otherwise() {
        let accounts = load(&[]).unwrap().accounts;
        assert_eq!((accounts.sign_up, accounts.recovery_delay), (false, 86_400));
        let pairs = [
            ("ACCOUNTS__SIGN_UP", "true"),
            ("ACCOUNTS__RECOVERY_DELAY_HOURS", "48"),
        ];
        let accounts = load(&pairs).unwrap().accounts;
        assert_eq!((accounts.sign_up, accounts.recovery_delay), (true, 172_800));
        for bad in [
            ("ACCOUNTS__SIGN_UP", "perhaps"),
            ("ACCOUNTS__RECOVERY_DELAY_HOURS", "0"),
        ] {
            assert!(load(&[bad]).is_err(), "{bad:?}");
        }
    }
}
