//! From what a mail says to what is sent: plain text, and the same as simple HTML.

use url::Url;

use super::{
    mailer::Outgoing,
    queue::{Letter, Message},
};

/// The mail with this id, as it is sent from the installation at this address.
pub(super) fn compose(id: &str, letter: &Letter, public_url: &Url) -> Outgoing {
    let origin = public_url.origin().ascii_serialization();
    let host = public_url.host_str().unwrap_or("localhost");
    Outgoing {
        message_id: format!("{id}@{host}"),
        to: letter.to.clone(),
        subject: one_line(&letter.message.subject),
        text: text(&letter.message, &origin),
        html: html(&letter.message, &origin),
    }
}

/// A subject is one line, whatever name stands in it.
fn one_line(subject: &str) -> String {
    subject
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

fn text(message: &Message, origin: &str) -> String {
    let paragraphs = message.paragraphs.iter().cloned();
    let links = message.links.iter();
    let links = links.map(|(label, path)| format!("{label}:\n{origin}{path}"));
    let foot = format!("Sent by Loomwire at {origin}");
    let all: Vec<_> = paragraphs.chain(links).chain([foot]).collect();
    format!("{}\n", all.join("\n\n"))
}

fn html(message: &Message, origin: &str) -> String {
    let mut body = String::new();
    for paragraph in &message.paragraphs {
        body = format!("{body}<p>{}</p>", escape(paragraph));
    }
    for (label, path) in &message.links {
        let address = escape(&format!("{origin}{path}"));
        // The address in words too: a person should see where a button leads.
        body = format!(
            "{body}<p><a href=\"{address}\">{}</a><br><small>{address}</small></p>",
            escape(label)
        );
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
         <body style=\"font:16px/24px system-ui,sans-serif;max-width:560px\">{body}\
         <p><small>Sent by Loomwire at {}</small></p></body></html>\n",
        escape(&one_line(&message.subject)),
        escape(origin)
    )
}

/// Text as HTML text.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_name_says_is_text_in_both_parts_and_never_a_second_header() {
        let message = Message::new("test", "cause", "Hello <b>\r\nBcc: eve@example.com")
            .text("Ada <script>alert(1)</script> & co")
            .link("Open \"it\"", "/invitations/abc");
        let letter = Letter {
            to: "ada@example.com".into(),
            message,
        };
        let url = Url::parse("https://verify.example").unwrap();
        let mail = compose("mai_1", &letter, &url);
        assert_eq!(mail.message_id, "mai_1@verify.example");
        assert_eq!(mail.subject, "Hello <b>  Bcc: eve@example.com");
        assert!(!mail.html.contains("<script>") && mail.html.contains("&lt;script&gt;"));
        assert!(
            mail.html
                .contains("href=\"https://verify.example/invitations/abc\"")
        );
        assert!(
            mail.text
                .contains("Open \"it\":\nhttps://verify.example/invitations/abc\n")
        );
        let shown = format!("{mail:?}");
        assert!(!shown.contains("ada@") && !shown.contains("abc"), "{shown}");
    }
}
