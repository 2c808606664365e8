//! A mail server for tests. It speaks SMTP (RFC 5321) in the clear, with TLS from the first byte
//! (RFC 8314, section 3.3) or with STARTTLS (RFC 3207), has one conversation, and remembers what
//! it was told before TLS and what behind it.

use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::tls::tests::Issued;

/// How the server secures the conversation.
pub(crate) enum Speaks<'c> {
    /// Not at all, and it offers nothing.
    Clear,
    /// TLS from the first byte, showing this certificate.
    Tls(&'c Issued),
    /// STARTTLS, showing this certificate.
    StartTls(&'c Issued),
}

/// What the client said, line by line.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// Whoever listens on the way reads this.
    pub(crate) in_the_clear: Vec<String>,
    /// And not this.
    pub(crate) behind_tls: Vec<String>,
}

impl Said {
    /// Whether anything was said that begins like this, in the clear or behind TLS.
    pub(crate) fn anywhere(&self, start: &str) -> bool {
        let mut lines = self.in_the_clear.iter().chain(&self.behind_tls);
        lines.any(|line| line.starts_with(start))
    }
}

/// A server that waits for its one conversation.
pub(crate) struct Double {
    pub(crate) port: u16,
    task: JoinHandle<Said>,
}

impl Double {
    /// One that answers a mail with this.
    pub(crate) async fn answering(answer: &'static str, how: Speaks<'_>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tls, at_once) = match how {
            Speaks::Clear => (None, false),
            Speaks::Tls(issued) => (Some(issued.acceptor()), true),
            Speaks::StartTls(issued) => (Some(issued.acceptor()), false),
        };
        let task = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let conversation = Conversation {
                answer,
                said: Said::default(),
            };
            conversation.hold(stream, tls, at_once).await
        });
        Self { port, task }
    }

    /// One that takes every mail.
    pub(crate) async fn taking(how: Speaks<'_>) -> Self {
        Self::answering("250 taken", how).await
    }

    /// All that it was told, once the conversation is over.
    pub(crate) async fn said(self) -> Said {
        self.task.await.unwrap()
    }
}

struct Conversation {
    answer: &'static str,
    said: Said,
}

impl Conversation {
    async fn hold(mut self, stream: TcpStream, tls: Option<TlsAcceptor>, at_once: bool) -> Said {
        match (tls, at_once) {
            (None, _) => {
                self.said.in_the_clear = self.lines(stream, true, false).await.0;
            }
            (Some(tls), true) => {
                // A client that does not trust the certificate goes away: it said nothing.
                if let Ok(stream) = tls.accept(stream).await {
                    self.said.behind_tls = self.lines(stream, true, false).await.0;
                }
            }
            (Some(tls), false) => {
                let (said, stream) = self.lines(stream, true, true).await;
                self.said.in_the_clear = said;
                let stream = match stream {
                    Some(stream) => tls.accept(stream).await.ok(),
                    None => None,
                };
                if let Some(stream) = stream {
                    self.said.behind_tls = self.lines(stream, false, false).await.0;
                }
            }
        }
        self.said
    }

    /// Talks until the client goes, or asks for TLS: then the stream goes back.
    async fn lines<S>(&self, stream: S, greets: bool, offers: bool) -> (Vec<String>, Option<S>)
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut stream = BufReader::new(stream);
        let (mut said, mut in_data) = (Vec::new(), false);
        if greets && stream.write_all(b"220 test ESMTP\r\n").await.is_err() {
            return (said, None);
        }
        let mut line = String::new();
        loop {
            line.clear();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return (said, None);
            }
            let text = line.trim_end().to_owned();
            said.push(text.clone());
            let reply = match text.split(' ').next().unwrap_or_default() {
                "." if in_data => {
                    in_data = false;
                    self.answer
                }
                _ if in_data => continue,
                "EHLO" if offers => "250-test\r\n250-STARTTLS\r\n250 8BITMIME",
                "EHLO" => "250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME",
                "STARTTLS" if offers => "220 go on",
                "STARTTLS" => "502 not here",
                "AUTH" => "235 welcome",
                "DATA" => {
                    in_data = true;
                    "354 go on"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            let sent = stream.write_all(format!("{reply}\r\n").as_bytes()).await;
            if sent.is_err() || text == "QUIT" {
                return (said, None);
            }
            if offers && text == "STARTTLS" {
                return (said, Some(stream.into_inner()));
            }
        }
    }
}
