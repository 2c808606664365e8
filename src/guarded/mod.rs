//! Speaking to an address that somebody typed into a form, without being made to speak to our
//! own network in their name (server-side request forgery: OWASP ASVS 5.0.0, 1.3.6).
//!
//! - https only. http is for the developer's own machine, on an installation that is there itself.
//! - A name is looked up once. Every address that it has must be one of the public internet, or
//!   of a network that the operator allows; the connection goes to what was looked at, so that a
//!   name which changes its mind a moment later gains nothing.
//! - Redirects are answers like others: nobody follows them. No proxy of the environment is asked.
//! - An answer is read to a limit, and everything together has a limit on time.
//!
//! It is not for addresses that the operator configures (mail, traces, the database): those may
//! well be inside.
//!
//! **Invariant**: [`Guarded::connect`] is the only place here that opens a connection.

mod address;
mod connect;
mod error;
mod request;

#[cfg(test)]
mod tests;

use std::{io, net::SocketAddr, sync::Arc};

use ipnet::IpNet;
use rustls::ClientConfig;

pub use address::Policy;
pub use connect::{Protection, Wire};
pub use error::GuardedError;
pub use request::Beginning;

/// Looks names up.
#[async_trait::async_trait]
pub trait Resolver: Send + Sync {
    /// Every address of a name.
    ///
    /// # Errors
    /// If the name has none, or nobody can say.
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// As the operating system does.
pub struct SystemResolver;

#[async_trait::async_trait]
impl Resolver for SystemResolver {
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((host, port)).await?.collect())
    }
}

/// Opens connections to addresses that others gave. A clone is another handle to the same one.
#[derive(Clone)]
pub struct Guarded {
    policy: Arc<Policy>,
    resolver: Arc<dyn Resolver>,
    /// Trusts the public authorities.
    public: Arc<ClientConfig>,
}

impl std::fmt::Debug for Guarded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guarded")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl Guarded {
    /// For an installation that people reach at this address, with networks that the operator
    /// allows beside the public internet.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn new(public_url: &url::Url, allowed: Vec<IpNet>) -> io::Result<Self> {
        let policy = Policy {
            allowed,
            development: public_url.scheme() == "http",
        };
        Self::with(policy, Arc::new(SystemResolver))
    }

    /// With a way of its own to look names up.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn with(policy: Policy, resolver: Arc<dyn Resolver>) -> io::Result<Self> {
        Ok(Self {
            policy: Arc::new(policy),
            resolver,
            public: connect::public_roots().map_err(io::Error::other)?,
        })
    }
}
