//! One request, on a connection of its own.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use super::{Guarded, GuardedError, connect::Protection, connect::Wire};

/// For everything together.
const PATIENCE: Duration = Duration::from_secs(20);
/// More than any answer needs that is only looked at for its status.
const ANSWER: usize = 65_536;

/// The beginning of an answer.
#[derive(Debug)]
pub struct Beginning {
    /// The answer, its body cut.
    pub answer: Response<Bytes>,
    /// Whether there was more.
    pub cut: bool,
}

/// How much of an answer is read.
#[derive(Clone, Copy)]
enum Reading {
    /// All of it; it is an error if that is more.
    Whole(usize),
    /// So much, and what comes then is left.
    Beginning(usize),
}

const BROKE: GuardedError = GuardedError::Unreachable("the connection broke before there was an answer");

impl Guarded {
    /// Sends a request whose address is whole (`https://..`), and gives the answer, whatever it
    /// says. `authorities`: certificates (PEM) that are trusted in place of the public ones.
    ///
    /// # Errors
    /// If there is no answer, or the address is none that may be spoken to.
    pub async fn send(
        &self,
        request: Request<Bytes>,
        authorities: Option<&str>,
    ) -> Result<Response<Bytes>, GuardedError> {
        let exchange = self.exchange(request, authorities, Reading::Whole(ANSWER));
        let beginning = timeout(PATIENCE, exchange)
            .await
            .unwrap_or(Err(GuardedError::TimedOut("the whole exchange")))?;
        Ok(beginning.answer)
    }

    /// Sends a request as [`Self::send`] does, within this time, and reads no more of the answer
    /// than so many bytes: a longer one is no error.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn send_and_cut(
        &self,
        request: Request<Bytes>,
        patience: Duration,
        most: usize,
    ) -> Result<Beginning, GuardedError> {
        timeout(patience, self.exchange(request, None, Reading::Beginning(most)))
            .await
            .unwrap_or(Err(GuardedError::TimedOut("the whole exchange")))
    }

    async fn exchange(
        &self,
        mut request: Request<Bytes>,
        authorities: Option<&str>,
        reading: Reading,
    ) -> Result<Beginning, GuardedError> {
        const NO_ADDRESS: GuardedError = GuardedError::Unusable("The address has no host.");
        let uri = request.uri().clone();
        let authority = uri.authority().ok_or(NO_ADDRESS)?;
        if authority.as_str().contains('@') {
            return Err(GuardedError::Forbidden(
                "Leave user and password out of the address.",
            ));
        }
        let (protection, usual) = match uri.scheme_str() {
            Some("https") => (Protection::Tls(authorities), 443),
            Some("http") => (Protection::Plain, 80),
            _ => return Err(GuardedError::Forbidden("Only https may be spoken.")),
        };
        let host = authority.host().trim_matches(['[', ']']);
        let port = authority.port_u16().unwrap_or(usual);
        let named = HeaderValue::try_from(authority.as_str()).map_err(|_| NO_ADDRESS)?;
        request.headers_mut().insert(header::HOST, named);
        let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        *request.uri_mut() = path.parse::<Uri>().map_err(|_| NO_ADDRESS)?;
        let wire = self.connect(host, port, protection).await?;
        converse(wire, request, reading).await
    }
}

async fn converse(
    wire: Box<dyn Wire>,
    request: Request<Bytes>,
    reading: Reading,
) -> Result<Beginning, GuardedError> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(wire)).await.map_err(|_| BROKE)?;
    let open = AbortOnDrop(tokio::spawn(connection));
    let answer = sender.send_request(request.map(Full::new)).await;
    let answer = answer.map_err(|error| {
        if error.is_parse() {
            GuardedError::NoAnswer
        } else {
            BROKE
        }
    })?;
    let (parts, body) = answer.into_parts();
    let (body, cut) = match reading {
        Reading::Whole(most) => (whole(body, most).await?, false),
        Reading::Beginning(most) => beginning(body, most).await?,
    };
    drop(open);
    Ok(Beginning {
        answer: Response::from_parts(parts, body),
        cut,
    })
}

async fn whole(body: Incoming, most: usize) -> Result<Bytes, GuardedError> {
    let read = Limited::new(body, most).collect().await;
    let read = read.map_err(|error| {
        if error.is::<http_body_util::LengthLimitError>() {
            GuardedError::TooLong
        } else {
            BROKE
        }
    })?;
    Ok(read.to_bytes())
}

async fn beginning(mut body: Incoming, most: usize) -> Result<(Bytes, bool), GuardedError> {
    let mut kept = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BROKE)?.into_data() else {
            continue;
        };
        let left = most.saturating_sub(kept.len());
        kept.extend(data.iter().take(left));
        if data.len() > left {
            return Ok((kept.freeze(), true));
        }
    }
    Ok((kept.freeze(), false))
}

/// Ends the connection with whoever waited for the answer, also when they gave up.
struct AbortOnDrop(tokio::task::JoinHandle<hyper::Result<()>>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
