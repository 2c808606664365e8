//! Outside parties: given once at start, reached through here.

use std::sync::Arc;

use super::{Ctx, Platform};
use crate::{leaks::KeySource, mail::Mailer, streams::Carrier, webhooks::Courier};

impl Platform {
    /// Gives the mails to this carrier from now on. Called once, before anything is sent: a
    /// second carrier is passed over.
    pub fn deliver_with(&self, mailer: Arc<dyn Mailer>) {
        drop(self.0.mailer.set(mailer));
    }

    /// Fetches the keys that sign reports of leaked API keys from here. Called once, as
    /// [`Self::deliver_with`].
    pub fn leak_keys_from(&self, source: Arc<dyn KeySource>) {
        drop(self.0.leak_keys.source.set(source));
    }

    /// Gives the streams of audit events to this carrier from now on. Called once, as
    /// [`Self::deliver_with`].
    pub fn stream_with(&self, carrier: Arc<dyn Carrier>) {
        drop(self.0.carrier.set(carrier));
    }

    /// Gives the deliveries of webhooks to this courier from now on. Called once, as
    /// [`Self::deliver_with`].
    pub fn post_with(&self, courier: Arc<dyn Courier>) {
        drop(self.0.courier.set(courier));
    }
}

impl Ctx {
    /// Whoever carries mails, if anybody does.
    pub(crate) fn mailer(&self) -> Option<&Arc<dyn Mailer>> {
        self.shared.mailer.get()
    }

    /// Whoever carries streams, if anybody does.
    pub(crate) fn carrier(&self) -> Option<&Arc<dyn Carrier>> {
        self.shared.carrier.get()
    }

    /// As [`Platform::post_with`], for an invented past alone.
    pub(crate) fn post_with(&self, courier: Arc<dyn Courier>) {
        drop(self.shared.courier.set(courier));
    }

    /// Whoever carries deliveries of webhooks, if anybody does.
    pub(crate) fn courier(&self) -> Option<&Arc<dyn Courier>> {
        self.shared.courier.get()
    }
}
