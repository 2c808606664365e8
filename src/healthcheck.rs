//! `loomwire healthcheck`: asks the server on this machine whether it is ready, where there is no
//! other program that could ask, as in a container that has only ours.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{config::Config, start::Failure, tls};

/// `/readyz` itself gives the database 2 s.
const PATIENCE: Duration = Duration::from_secs(4);
/// No answer of `/readyz` is as long.
const LONGEST: u64 = 8192;
const QUESTION: &[u8] = b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// Fails, with what the server says, unless it is ready.
pub async fn run(config: Config) -> Result<(), Failure> {
    let address = reachable(config.listen);
    let answer = match timeout(PATIENCE, answer(&config, address)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            return Err(Failure::NotReady(format!(
                "nothing answers on {address}: {error}"
            )));
        }
        Err(_) => return Err(Failure::NotReady(format!("no answer on {address} in time"))),
    };
    judge(&answer).map_err(Failure::NotReady)
}

/// A server that listens on every address is reached on this machine's own.
pub(crate) fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, listen.port())
}

async fn answer(config: &Config, address: SocketAddr) -> io::Result<String> {
    let stream = TcpStream::connect(address).await?;
    if config.tls.is_none() {
        return ask(stream).await;
    }
    let host = config.public_url.host_str().unwrap_or_default();
    ask(tls::shake_hands(stream, host).await?).await
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<String> {
    stream.write_all(QUESTION).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn judge(answer: &str) -> Result<(), String> {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let line = head.lines().next().unwrap_or_default();
    let status = line
        .strip_prefix("HTTP/1.1 ")
        .ok_or("what answers is no Loomwire")?;
    if status.starts_with("200") {
        return Ok(());
    }
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let message = body.pointer("/error/message").and_then(serde_json::Value::as_str);
    Err(message.unwrap_or(status).to_owned())
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use tokio::{net::TcpListener, sync::oneshot};

    use super::*;
    use crate::{
        config::Environment,
        http::{Frame, Health, frame},
        serve,
        source::{OsEntropy, SystemClock},
    };

    fn config(listen: SocketAddr) -> Config {
        let pairs = [("LOOMWIRE_LISTEN".to_owned(), listen.to_string())];
        Config::load(None, &Environment::from(pairs)).unwrap()
    }

    /// What is said about a server that is, or is not, ready.
    async fn said(ready: bool) -> Result<(), Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let config = config(listener.local_addr().unwrap());
        let health = Health::new(move || async move { ready });
        let around = Frame::new(
            &config,
            std::sync::Arc::new(SystemClock),
            std::sync::Arc::new(OsEntropy),
        );
        let router: Router = frame(health.clone().routes(), &around);
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(serve::serve(
            listener,
            serve::Transport::Plain,
            router,
            config.limits,
            health,
            async {
                drop(stopped.await);
            },
        ));
        let said = run(config).await;
        drop(stop);
        server.await.unwrap();
        said
    }

    #[tokio::test]
    async fn a_ready_server_is_well_and_another_says_why_not() {
        said(true).await.unwrap();
        let why = said(false).await.unwrap_err().to_string();
        assert!(why.contains("The database does not answer"), "{why}");
    }

    #[tokio::test]
    async fn where_nobody_listens_the_address_is_named() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let why = run(config(address)).await.unwrap_err().to_string();
        assert!(why.contains(&address.to_string()), "{why}");
    }

    #[test]
    fn every_address_is_asked_on_the_machines_own() {
        for (listen, asked) in [
            ("0.0.0.0:3000", "127.0.0.1:3000"),
            ("[::]:3000", "[::1]:3000"),
            ("10.0.0.7:80", "10.0.0.7:80"),
        ] {
            assert_eq!(reachable(listen.parse().unwrap()).to_string(), asked);
        }
    }

    #[test]
    fn something_else_on_the_port_is_told_apart() {
        assert!(judge("SSH-2.0-OpenSSH_9.2\r\n").is_err());
        assert!(judge("").is_err());
        assert_eq!(
            judge("HTTP/1.1 404 Not Found\r\n\r\n"),
            Err("404 Not Found".to_owned())
        );
        assert_eq!(judge("HTTP/1.1 200 OK\r\n\r\n{}"), Ok(()));
    }
}
