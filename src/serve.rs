//! Listening, and stopping without cutting anybody off.

use std::{convert::Infallible, future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo};
use http::Request;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::timeout,
};
use tower::ServiceExt;

use crate::{config::Limits, http::Health, tls::Acceptor};

/// How long to wait when the system has no more sockets to give.
const BREATH: Duration = Duration::from_millis(500);
/// At most so many requests of one HTTP/2 connection at a time.
const STREAMS: u32 = 100;

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every request was answered.
    Drained,
    /// The limit was reached, and this many connections were cut off.
    CutOff(usize),
}

/// What a connection is before it is HTTP.
#[derive(Clone)]
pub enum Transport {
    /// TCP; https, if any, is a proxy's.
    Plain,
    /// TLS.
    Tls(Acceptor),
}

/// Serves until `stop` is done; then takes no new connection, answers what is open, and gives
/// up after `limits.drain`.
pub async fn serve(
    listener: TcpListener,
    transport: Transport,
    router: Router,
    limits: Limits,
    health: Health,
    stop: impl Future<Output = ()>,
) -> Ended {
    let open = GracefulShutdown::new();
    let stopping = watch::Sender::new(false);
    let host = Arc::new(Host {
        builder: builder(&limits),
        transport,
        router,
        patience: limits.header,
    });
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // Nothing is awaited here: a peer that is slow keeps nobody else waiting.
                    let host = Arc::clone(&host);
                    tokio::spawn(host.receive(stream, peer, open.watcher(), stopping.subscribe()));
                }
                Err(error) => rest(&error).await,
            },
        }
    }
    health.drain();
    drop(listener);
    stopping.send_replace(true);
    tracing::info!(connections = open.count(), "stopping");
    let count = open.count();
    match timeout(limits.drain, open.shutdown()).await {
        Ok(()) => Ended::Drained,
        Err(_) => Ended::CutOff(count),
    }
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_buf_size(limits.header_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .keep_alive_interval(limits.header)
        .keep_alive_timeout(limits.header);
    builder
}

/// What all connections of a listener have in common.
struct Host {
    builder: Builder<TokioExecutor>,
    transport: Transport,
    router: Router,
    /// How long a handshake may take.
    patience: Duration,
}

impl Host {
    async fn receive(
        self: Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        open: Watcher,
        mut stopping: watch::Receiver<bool>,
    ) {
        // Small answers are sent at once and not held back for more (Nagle).
        if stream.set_nodelay(true).is_err() {
            return;
        }
        match &self.transport {
            Transport::Plain => self.answer(stream, peer, open).await,
            Transport::Tls(acceptor) => {
                // Nothing was asked yet, so a stop that comes first cuts nobody off.
                let secured = tokio::select! {
                    secured = timeout(self.patience, acceptor.accept(stream)) => secured.ok().flatten(),
                    _ = stopping.wait_for(|stopping| *stopping) => None,
                };
                if let Some(secured) = secured {
                    self.answer(secured, peer, open).await;
                }
            }
        }
    }

    async fn answer<S>(&self, stream: S, peer: SocketAddr, open: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let router = self.router.clone();
        let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            let router = router.clone();
            async move { Ok::<_, Infallible>(infallible(router.oneshot(request).await)) }
        });
        let connection = self
            .builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        // A peer that goes away is no event: nothing here is worth a line in the log.
        drop(open.watch(connection).await);
    }
}

fn infallible<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

/// After a failed accept: one lost connection is nothing, a lack of sockets passes.
async fn rest(error: &io::Error) {
    let lost = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    );
    if !lost {
        tracing::warn!(error = %error, "cannot take a connection at the moment");
        tokio::time::sleep(BREATH).await;
    }
}

/// Done at the first SIGTERM or SIGINT. Call it inside the runtime, before anything is begun.
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {},
            _ = interrupt.recv() => {},
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::routing::get;
    use platform::limits::Policy;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::{Notify, oneshot},
        task::JoinHandle,
    };

    use super::*;

    const LIMITS: Limits = Limits {
        body_bytes: 1024,
        request: Duration::from_secs(5),
        header: Duration::from_millis(100),
        header_bytes: 8192,
        drain: Duration::from_secs(5),
        calls: Policy::NONE,
    };

    struct Server {
        address: SocketAddr,
        stop: oneshot::Sender<()>,
        ended: JoinHandle<Ended>,
        health: Health,
    }

    async fn server(router: Router, limits: Limits) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let health = Health::new(|| async { true });
        let ended = tokio::spawn(serve(
            listener,
            Transport::Plain,
            router,
            limits,
            health.clone(),
            async {
                stopped.await.unwrap();
            },
        ));
        Server {
            address,
            stop,
            ended,
            health,
        }
    }

    /// Answers once it is let go, and says when it is reached.
    fn slow() -> (Router, Arc<Notify>, Arc<Notify>) {
        let (reached, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (at, on) = (Arc::clone(&reached), Arc::clone(&go));
        let handler = move || async move {
            at.notify_one();
            on.notified().await;
            "done"
        };
        (Router::new().route("/", get(handler)), reached, go)
    }

    async fn ask(address: SocketAddr) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            .await
            .unwrap();
        stream
    }

    async fn read(mut stream: TcpStream) -> String {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    #[tokio::test]
    async fn an_open_request_is_answered_before_the_end() {
        let (router, reached, go) = slow();
        let server = server(router, LIMITS).await;
        let stream = ask(server.address).await;
        reached.notified().await;
        server.stop.send(()).unwrap();
        // Not ready any more once it is stopping, while the request is still open.
        let draining = async {
            while !server.health.is_draining() {
                tokio::task::yield_now().await;
            }
        };
        timeout(LIMITS.drain, draining).await.unwrap();
        go.notify_one();
        assert!(read(stream).await.ends_with("done"));
        assert_eq!(server.ended.await.unwrap(), Ended::Drained);
        assert!(TcpStream::connect(server.address).await.is_err());
    }

    #[tokio::test]
    async fn a_request_that_does_not_end_is_cut_off_at_the_limit() {
        let (router, reached, _go) = slow();
        let server = server(
            router,
            Limits {
                drain: Duration::from_millis(20),
                ..LIMITS
            },
        )
        .await;
        let _stream = ask(server.address).await;
        reached.notified().await;
        server.stop.send(()).unwrap();
        assert_eq!(server.ended.await.unwrap(), Ended::CutOff(1));
    }

    #[tokio::test]
    async fn headers_that_do_not_arrive_end_the_connection() {
        let server = server(Router::new(), LIMITS).await;
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: ").await.unwrap();
        let answer = read(stream).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 408"),
            "{answer}"
        );
        server.stop.send(()).unwrap();
        assert_eq!(server.ended.await.unwrap(), Ended::Drained);
    }

    #[tokio::test]
    async fn headers_that_are_too_long_are_refused() {
        let server = server(Router::new(), LIMITS).await;
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let long = format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "a".repeat(20_000));
        // The server may close while this is still being sent.
        drop(stream.write_all(long.as_bytes()).await);
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer).await);
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"));
        server.stop.send(()).unwrap();
        assert_eq!(server.ended.await.unwrap(), Ended::Drained);
    }

    #[tokio::test]
    async fn the_route_learns_the_peers_address() {
        let handler = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() };
        let server = server(Router::new().route("/", get(handler)), LIMITS).await;
        let mut stream = ask(server.address).await;
        let mut answer = [0; 1024];
        let length = stream.read(&mut answer).await.unwrap();
        assert!(answer[..length].ends_with(b"127.0.0.1"));
        drop(stream);
        server.stop.send(()).unwrap();
        server.ended.await.unwrap();
    }
}
