//! Batches over https, signed as Standard Webhooks 1.0 has it: HMAC-SHA256 over id, moment and
//! body, so that a receiver can tell who sent it, when, and what was sent before.

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use platform::streams::{Parcel, StreamError, Target, signature};
use url::Url;

use super::told;
use crate::guarded::Guarded;

/// Posts the batch; any 2xx is an acknowledgement.
pub(super) async fn post(
    guarded: &Guarded,
    url: &Url,
    target: &Target,
    parcel: &Parcel,
) -> Result<(), StreamError> {
    let request = request(url, target, parcel)?;
    let answer = guarded.send(request, target.authorities.as_deref()).await;
    acknowledged(answer.map_err(|error| told(&error))?.status())
}

pub(super) fn request(url: &Url, target: &Target, parcel: &Parcel) -> Result<Request<Bytes>, StreamError> {
    let body = parcel.json_lines();
    let moment = parcel.sent_at.as_seconds().to_string();
    let signed = signature(&target.secrets, &parcel.id, &moment, &body);
    let signed =
        signed.ok_or_else(|| StreamError::Unusable("The stream has no secret to sign with.".into()))?;
    Request::builder()
        .method(Method::POST)
        .uri(url.as_str())
        .header(header::CONTENT_TYPE, "application/x-ndjson")
        .header(
            header::USER_AGENT,
            concat!("Loomwire/", env!("CARGO_PKG_VERSION")),
        )
        .header("webhook-id", &parcel.id)
        .header("webhook-timestamp", moment)
        .header("webhook-signature", signed)
        .body(Bytes::from(body))
        .map_err(|_| StreamError::Unusable("The address cannot be used.".into()))
}

/// What an answer's status means.
fn acknowledged(status: StatusCode) -> Result<(), StreamError> {
    if status.is_success() {
        return Ok(());
    }
    let code = status.as_u16();
    Err(StreamError::Refused(if status.is_redirection() {
        format!("it answered {code}, which leads elsewhere; give the address that it leads to")
    } else {
        format!("it answered {code}")
    }))
}
