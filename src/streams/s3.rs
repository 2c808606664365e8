//! Objects in an S3-compatible store: one for each batch, in JSON Lines.
//!
//! An object is named by the first place within, so a batch that is sent again takes the place of
//! what it sent before. `object_store` signs and reads answers; it speaks through [`Guarded`],
//! so it reaches nothing else than a webhook would.

use std::{error::Error as _, time::Duration};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use object_store::{
    ClientOptions, Error, ObjectStoreExt as _, PutPayload, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody,
        HttpService,
    },
    path::Path,
};
use platform::streams::{Destination, Parcel, StreamError, Target};
use types::Timestamp;

use super::told;
use crate::guarded::{Guarded, GuardedError};

/// Puts the batch.
pub(super) async fn put(guarded: &Guarded, target: &Target, parcel: &Parcel) -> Result<(), StreamError> {
    let Destination::S3 { prefix, .. } = &target.destination else {
        return Err(unusable());
    };
    let store = store(guarded, target)?;
    let name = name(prefix, parcel)?;
    let body = PutPayload::from(parcel.json_lines());
    let put = store.put(&name, body).await;
    put.map(|_| ()).map_err(|error| refused(&error))
}

fn unusable() -> StreamError {
    StreamError::Unusable("The settings of this stream cannot be used. Make it anew.".into())
}

pub(super) fn store(guarded: &Guarded, target: &Target) -> Result<AmazonS3, StreamError> {
    let Destination::S3 {
        endpoint,
        region,
        bucket,
        access_key_id,
        ..
    } = &target.destination
    else {
        return Err(unusable());
    };
    let plain = endpoint.as_ref().is_some_and(|url| url.scheme() == "http");
    let connector = Connector {
        guarded: guarded.clone(),
        authorities: target.authorities.clone(),
    };
    // Nothing from the environment: keys of this machine's own are not a customer's to use.
    let mut builder = AmazonS3Builder::new()
        .with_region(region)
        .with_bucket_name(bucket)
        .with_access_key_id(access_key_id)
        .with_secret_access_key(&target.secrets.access_key)
        .with_client_options(ClientOptions::new().with_allow_http(plain))
        // The stream itself is tried again, and shows why.
        .with_retry(RetryConfig {
            max_retries: 0,
            retry_timeout: Duration::from_mins(1),
            ..RetryConfig::default()
        })
        .with_http_connector(connector);
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/'));
    }
    builder.build().map_err(|_| unusable())
}

/// `prefix/2026/11/28/00000000000000000042.jsonl`, by the day (UTC) of the first event.
pub(super) fn name(prefix: &str, parcel: &Parcel) -> Result<Path, StreamError> {
    let day = day(parcel.first_at)?;
    let prefix = if prefix.is_empty() {
        String::new()
    } else {
        format!("{prefix}/")
    };
    let text = match parcel.first {
        first if first >= 0 => format!("{prefix}{day}/{first:020}.jsonl"),
        _ => format!("{prefix}test/{}.jsonl", parcel.id),
    };
    Path::parse(text).map_err(|_| unusable())
}

fn day(at: Timestamp) -> Result<String, StreamError> {
    let moment = jiff::Timestamp::from_millisecond(at.as_millis()).map_err(|_| unusable())?;
    Ok(moment.strftime("%Y/%m/%d").to_string())
}

fn refused(error: &Error) -> StreamError {
    // What kept the connection from being opened is within.
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(guarded) = inner.downcast_ref::<GuardedError>() {
            return told(guarded);
        }
        cause = inner.source();
    }
    StreamError::Refused(
        match error {
            Error::NotFound { .. } => "there is no such bucket, or the key may not know of it",
            Error::PermissionDenied { .. } => "the key may not write there",
            Error::Unauthenticated { .. } => "the store does not know this key, or the secret is another",
            _ => "the store answered with an error",
        }
        .into(),
    )
}

/// Hands `object_store` a client that speaks through [`Guarded`].
#[derive(Clone, Debug)]
struct Connector {
    guarded: Guarded,
    authorities: Option<String>,
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait::async_trait]
impl HttpService for Connector {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let body: Bytes = body.collect().await?.to_bytes();
        let request = http::Request::from_parts(parts, body);
        let answer = self.guarded.send(request, self.authorities.as_deref()).await;
        let answer = answer.map_err(|error| {
            let kind = match &error {
                GuardedError::TimedOut(_) => HttpErrorKind::Timeout,
                GuardedError::TooLong | GuardedError::NoAnswer => HttpErrorKind::Decode,
                _ => HttpErrorKind::Connect,
            };
            HttpError::new(kind, error)
        })?;
        Ok(answer.map(HttpResponseBody::from))
    }
}
