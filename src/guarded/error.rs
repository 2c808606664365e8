//! Why nothing was said, or no answer came. In words for whoever gave the address; never what
//! the other side said.

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuardedError {
    /// The address may not be spoken to.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Nothing can be made of the address, or of the certificates.
    #[error("{0}")]
    Unusable(&'static str),
    /// The name has no address.
    #[error("the name of the host is not known")]
    UnknownName,
    /// Nobody answers there, or the connection broke.
    #[error("{0}")]
    Unreachable(&'static str),
    /// TLS failed.
    #[error("{0}")]
    Insecure(&'static str),
    /// It took too long.
    #[error("{0}")]
    TimedOut(&'static str),
    /// The answer is longer than any that makes sense.
    #[error("the answer is too long")]
    TooLong,
    /// What came is no answer.
    #[error("what answers there does not speak HTTP")]
    NoAnswer,
}

impl GuardedError {
    /// What a failed handshake means.
    pub(super) fn of_handshake(error: &std::io::Error) -> Self {
        use rustls::{CertificateError as C, Error as E};
        let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<E>());
        Self::Insecure(match cause {
            Some(E::InvalidCertificate(C::UnknownIssuer)) => {
                "the certificate is of an authority that is not trusted; give that authority's certificate"
            }
            Some(E::InvalidCertificate(C::Expired | C::ExpiredContext { .. })) => {
                "the certificate has expired"
            }
            Some(E::InvalidCertificate(C::NotValidYet | C::NotValidYetContext { .. })) => {
                "the certificate is not valid yet"
            }
            Some(E::InvalidCertificate(C::NotValidForName | C::NotValidForNameContext { .. })) => {
                "the certificate is for another name"
            }
            Some(E::InvalidCertificate(_)) => "the certificate does not hold",
            Some(E::AlertReceived(_)) => "the other side refused the handshake",
            Some(E::PeerIncompatible(_)) => "the other side speaks no version of TLS from 1.2 on",
            Some(E::InvalidMessage(_)) => "what answers there does not speak TLS",
            Some(_) => "the handshake failed",
            None => "the connection ended during the handshake",
        })
    }
}
