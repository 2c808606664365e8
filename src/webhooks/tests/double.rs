//! A customer's program, over HTTP on this machine; and signatures, computed anew.

use std::{collections::BTreeMap, fmt::Write as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
        oneshot,
    },
};

/// A request that arrived, and the way to answer it.
pub(super) struct Arrived {
    /// Method and path.
    pub(super) line: String,
    /// Names in lower case.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
    answer: oneshot::Sender<String>,
}

impl Arrived {
    /// Answers with this status line and nothing more.
    pub(super) fn answer(self, status: &str) {
        self.answer_in_full(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
    }

    pub(super) fn answer_in_full(self, text: String) {
        // The other side may have gone.
        let _ = self.answer.send(text);
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// Whether `webhook-signature` has a signature with this secret.
    pub(super) fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let text = format!(
            "{}.{}.{}",
            self.header("webhook-id"),
            self.header("webhook-timestamp"),
            self.body
        );
        let own = format!("v1,{}", STANDARD.encode(hmac(&key, text.as_bytes())));
        self.header("webhook-signature").split(' ').any(|one| one == own)
    }

    /// Whether `x-webhook-signature` is made with this secret.
    pub(super) fn is_simply_signed_with(&self, secret: &str) -> bool {
        let own = hmac(secret.as_bytes(), self.body.as_bytes());
        let hex = own.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        self.header("x-webhook-signature") == hex
    }
}

/// HMAC-SHA256 from its definition (RFC 2104, section 2), so that nothing of ours checks itself.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    if key.len() > 64 {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let padded = |pad: u8| block.iter().map(|byte| byte ^ pad).collect::<Vec<_>>();
    let inner = Sha256::digest([padded(0x36).as_slice(), text].concat());
    Sha256::digest([padded(0x5c).as_slice(), inner.as_slice()].concat()).to_vec()
}

/// A server: its address, and what arrives.
pub(super) async fn server() -> (String, UnboundedReceiver<Arrived>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, arrived) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, tell.clone()));
        }
    });
    (format!("http://{address}/in"), arrived)
}

async fn serve(mut stream: TcpStream, tell: UnboundedSender<Arrived>) {
    let mut bytes = Vec::new();
    let (head, length) = loop {
        let mut some = [0; 4096];
        let read = stream.read(&mut some).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        bytes.extend_from_slice(&some[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let line = line.to_lowercase();
            line.strip_prefix("content-length: ")
                .and_then(|text| text.parse().ok())
        });
        let length: usize = length.unwrap_or(0);
        if body.len() >= length {
            break (head.to_owned(), length);
        }
    };
    let body = String::from_utf8(bytes[head.len() + 4..][..length].to_vec()).unwrap();
    let mut lines = head.lines();
    let line = lines.next().unwrap_or_default().to_owned();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let (answer, answered) = oneshot::channel();
    let _ = tell.send(Arrived {
        line,
        headers,
        body,
        answer,
    });
    if let Ok(text) = answered.await {
        let _ = stream.write_all(text.as_bytes()).await;
    }
}
