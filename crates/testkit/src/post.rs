//! Mails: read from the local outbox, or recorded by a mailer that a test decides on.

use std::sync::{Mutex, PoisonError};

use platform::{
    jobs,
    mail::{MailError, Mailer, Outgoing},
};
use types::accounts::OutboxMail;

use crate::Installation;

/// A mailer that keeps what it is given, or refuses it.
#[derive(Default)]
pub struct RecordingMailer {
    sent: Mutex<Vec<Outgoing>>,
    refusal: Mutex<Option<MailError>>,
}

impl RecordingMailer {
    /// What was sent so far.
    pub fn sent(&self) -> Vec<Outgoing> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Refuses everything like this from now on, or nothing any more.
    pub fn refuse(&self, refusal: Option<MailError>) {
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = refusal;
    }
}

#[async_trait::async_trait]
impl Mailer for RecordingMailer {
    async fn send(&self, mail: &Outgoing) -> Result<(), MailError> {
        let refusal = *self.refusal.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.push(mail.clone());
        Ok(())
    }
}

impl Installation {
    /// Runs what is due and gives the mails in the local outbox, newest first.
    pub async fn mails(&self) -> Vec<OutboxMail> {
        let system = self.platform.system();
        while jobs::run_due(&system).await.unwrap() > 0 {}
        platform::mail::outbox(&system).await.unwrap()
    }

    /// The newest mail to this address.
    pub async fn mail_to(&self, address: &str) -> OutboxMail {
        let mails = self.mails().await;
        let found = mails.into_iter().find(|mail| mail.to == address);
        found.unwrap_or_else(|| panic!("a mail to {address}"))
    }

    /// The secret at the end of the newest mail's link that begins with this path.
    pub async fn link_to(&self, address: &str, path: &str) -> String {
        let mails = self.mails().await;
        let links = mails.into_iter().filter(|mail| mail.to == address);
        let mut links = links.flat_map(|mail| mail.links);
        let found = links.find_map(|(_, link)| link.strip_prefix(path).map(ToOwned::to_owned));
        found.unwrap_or_else(|| panic!("a link {path} to {address}"))
    }
}
