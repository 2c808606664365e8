//! One order: from the account to the certificate (RFC 8555, section 7.4).

use std::{io, time::Duration};

use instant_acme::{
    Account, AuthorizationHandle, AuthorizationStatus, ChallengeType, Error as AcmeError, Identifier,
    NewAccount, NewOrder, Order, OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, DistinguishedName, KeyPair};
use zeroize::Zeroizing;

use super::Authority;
use crate::tls::{self, Certificate};

/// How long the authority may take to look, and to issue.
const PATIENCE: Duration = Duration::from_mins(2);
const UNKNOWN_ACCOUNT: &str = "urn:ietf:params:acme:error:accountDoesNotExist";

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub(in crate::tls) enum Failure {
    /// The authority said no, or could not be reached.
    #[error("{0}")]
    Authority(#[from] AcmeError),
    /// It looked, and did not find what it should.
    #[error("the authority could not see that {domain} is this server: {reason}")]
    NotProven { domain: String, reason: String },
    /// It does not go on, and gives no reason.
    #[error("the authority closed the order and gives no reason")]
    Closed,
    /// It offers no way that is known here.
    #[error("the authority offers no {0} for {1}: see docs/TLS.md for what the other way needs")]
    NotOffered(&'static str, String),
    /// The key or the request could not be made.
    #[error("the request could not be made: {0}")]
    Request(#[from] rcgen::Error),
    /// The answer to tls-alpn-01 could not be made.
    #[error("the proof could not be made: {0}")]
    Proof(Box<dyn std::error::Error + Send + Sync>),
    /// What was issued is of no use.
    #[error("what the authority issued cannot be used: {0}")]
    Useless(#[from] tls::Error),
    /// Account or certificate could not be kept.
    #[error("the folder tls.acme.folder cannot be used: {0}")]
    Folder(#[from] io::Error),
}

impl Authority {
    /// Orders a certificate, and keeps it.
    pub(super) async fn order(&self) -> Result<Certificate, Failure> {
        let placed = self.place().await;
        self.challenges.clear();
        placed
    }

    async fn place(&self) -> Result<Certificate, Failure> {
        let mut order = self.begin_order().await?;
        self.prove(&mut order).await?;
        let policy = RetryPolicy::new().timeout(PATIENCE);
        match order.poll_ready(&policy).await {
            Ok(OrderStatus::Ready) => {}
            Ok(_) => return Err(not_proven(&mut order).await?.unwrap_or(Failure::Closed)),
            // What is said of a domain tells more than what is said of the order.
            Err(error @ AcmeError::Api(_)) => {
                return Err(not_proven(&mut order).await?.unwrap_or(Failure::Authority(error)));
            }
            Err(error) => return Err(error.into()),
        }
        // A fresh key each time (P-256): the old one may be in a backup.
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(self.acme.domains.clone())?;
        params.distinguished_name = DistinguishedName::new();
        order.finalize_csr(params.serialize_request(&key)?.der()).await?;
        let chain = order.poll_certificate(&policy).await?;
        let key = Zeroizing::new(key.serialize_pem());
        let certificate = Certificate::from_pem(chain.as_bytes(), key.as_bytes(), self.clock.now())?;
        self.folder.keep_certificate(&key, &chain)?;
        Ok(certificate)
    }

    /// The order under the account that is kept, or under a new one if the authority does not know
    /// it any more.
    async fn begin_order(&self) -> Result<Order, Failure> {
        let names: Vec<_> = self.acme.domains.iter().cloned().map(Identifier::Dns).collect();
        let new = NewOrder::new(&names);
        match self.account().await?.new_order(&new).await {
            Err(AcmeError::Api(problem)) if problem.r#type.as_deref() == Some(UNKNOWN_ACCOUNT) => {
                tracing::warn!("the authority does not know our account any more: a new one is made");
                self.folder.forget_account()?;
                Ok(self.account().await?.new_order(&new).await?)
            }
            placed => Ok(placed?),
        }
    }

    async fn account(&self) -> Result<Account, Failure> {
        let builder = Account::builder_with_http(self.client.clone().into());
        if let Some(kept) = self.folder.account()? {
            return Ok(builder.from_credentials(kept).await?);
        }
        let contact: Vec<_> = self.acme.contact.iter().map(String::as_str).collect();
        let new = NewAccount {
            contact: &contact,
            // Who sets the directory's address agrees: docs/TLS.md says so.
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let (account, credentials) = builder
            .create(&new, self.acme.directory.to_string(), None)
            .await?;
        self.folder.keep_account(&credentials)?;
        Ok(account)
    }

    /// Puts up every answer, and asks the authority to look.
    async fn prove(&self, order: &mut Order) -> Result<(), Failure> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            match authorization.status {
                AuthorizationStatus::Valid => {}
                AuthorizationStatus::Pending => self.answer(&mut authorization).await?,
                _ => {
                    let domain = authorization.identifier().to_string();
                    let reason = "the authorization is no longer open".to_owned();
                    return Err(Failure::NotProven { domain, reason });
                }
            }
        }
        Ok(())
    }

    async fn answer<'a>(&self, authorization: &'a mut AuthorizationHandle<'a>) -> Result<(), Failure> {
        let domain = authorization.identifier().to_string();
        let word = if self.kind == ChallengeType::Http01 {
            "http-01"
        } else {
            "tls-alpn-01"
        };
        let Some(mut challenge) = authorization.challenge(self.kind.clone()) else {
            return Err(Failure::NotOffered(word, domain));
        };
        let proof = challenge.key_authorization();
        if self.kind == ChallengeType::Http01 {
            self.challenges.over_http(&challenge.token, proof.as_str());
        } else {
            let digest = <[u8; 32]>::try_from(proof.digest().as_ref())
                .map_err(|error| Failure::Proof(error.into()))?;
            self.challenges
                .over_tls(&domain, &digest)
                .map_err(Failure::Proof)?;
        }
        Ok(challenge.set_ready().await?)
    }
}

/// What the authority says about the first domain that it did not accept.
async fn not_proven(order: &mut Order) -> Result<Option<Failure>, AcmeError> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        authorization.refresh().await?;
        if authorization.status == AuthorizationStatus::Valid {
            continue;
        }
        let said = authorization
            .challenges
            .iter()
            .find_map(|challenge| challenge.error.as_ref());
        return Ok(Some(Failure::NotProven {
            domain: authorization.identifier().to_string(),
            reason: said.map_or_else(|| "it gives no reason".to_owned(), ToString::to_string),
        }));
    }
    Ok(None)
}
