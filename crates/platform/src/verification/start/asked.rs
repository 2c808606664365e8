//! A start that is asked for, and not yet written.

use types::{ApiKeyId, Environment, OrganisationId, VerificationId};
use zeroize::Zeroizing;

use super::{
    super::store::NewVerification,
    StartRequest,
    check::{Checked, check},
};
use crate::{
    Actor, Ctx, Error, Result,
    audit::Tx,
    codec,
    keyring::{INSTALLATION, Purpose},
};

/// Everything that writing it needs.
pub(in crate::verification) struct Asked {
    /// Who asks.
    pub(in crate::verification) ctx: Ctx,
    pub(in crate::verification) organisation: OrganisationId,
    pub(super) key: ApiKeyId,
    pub(in crate::verification) environment: Environment,
    /// What the verification will be called.
    pub(in crate::verification) id: VerificationId,
    /// The secret of its session link.
    pub(in crate::verification) secret: Zeroizing<String>,
    pub(in crate::verification) request: StartRequest,
    checked: Checked,
}

impl Asked {
    /// # Errors
    /// `Unauthenticated` if the actor is no API key; `Invalid`; `WrongRegion`.
    pub(super) fn new(ctx: &Ctx, request: StartRequest) -> Result<Self> {
        let Actor::ApiKey {
            id: key,
            organisation,
            environment,
            ..
        } = *ctx.actor()
        else {
            return Err(Error::Unauthenticated("Start verifications with an API key."));
        };
        Ok(Self {
            ctx: ctx.clone(),
            organisation,
            key,
            environment,
            id: VerificationId::new(ctx.clock(), ctx.rng()),
            secret: codec::secret(ctx.rng()).into(),
            checked: check(ctx, &request)?,
            request,
        })
    }

    /// SHA-256 of the business's own name for it.
    pub(in crate::verification) fn name(&self) -> Option<Vec<u8>> {
        self.request.idempotency_key.as_deref().map(codec::digest)
    }

    /// Its row. Who the person's device is, is in it as keyed hashes alone.
    pub(super) async fn row(&self, tx: &mut Tx) -> Result<NewVerification> {
        let ctx = &self.ctx;
        let abuse = ctx.data_key(tx, Purpose::Abuse, INSTALLATION).await?;
        let tenant = self.organisation.to_string();
        // The tenant is in the hash: equal devices cannot be told across tenants.
        let keyed = |field: &str, value: &Option<String>| {
            value.as_ref().map(|value| {
                let message = [field, "\0", &tenant, "\0", value].concat();
                codec::hmac_sha256(abuse.key.bytes(), message.as_bytes()).to_vec()
            })
        };
        let now = ctx.now();
        Ok(NewVerification {
            id: self.id.to_string(),
            user_agent_digest: keyed("userAgent", &self.request.user_agent),
            address_digest: keyed("ip", &self.request.ip),
            organisation_id: tenant,
            api_key_id: self.key.to_string(),
            environment: self.environment,
            reference: self.checked.reference.clone(),
            minimum_age: self.checked.minimum_age,
            return_url: self.checked.return_url.clone(),
            link_digest: codec::digest(&self.secret),
            created_at: now,
            expires_at: now.plus_seconds(ctx.settings().verification_ttl),
        })
    }
}
