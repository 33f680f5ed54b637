//! A small HTTP/1.1 client for load: requests are ready bytes, answers are read into one buffer. It costs a few
//! microseconds a request, so that what is measured is the server.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Failed;

/// A keep-alive connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

/// An answer, borrowed from the connection's buffer.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) head: &'a str,
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    /// Checks the status.
    pub(crate) fn expect(&self, status: u16) -> Result<(), Failed> {
        if self.status == status {
            return Ok(());
        }
        let body = String::from_utf8_lossy(self.body);
        let beginning: String = body.chars().take(300).collect();
        Err(Failed(format!(
            "status {} in place of {status}: {beginning}",
            self.status
        )))
    }

    /// The value of a header, named in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            (found == name).then(|| value.trim())
        })
    }
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, Failed> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; 64 * 1024],
            filled: 0,
        })
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>, Failed> {
        self.stream.write_all(request).await?;
        self.filled = 0;
        loop {
            let space = self.buffer.get_mut(self.filled..).unwrap_or_default();
            let read = self.stream.read(space).await?;
            if read == 0 {
                return Err(Failed::new("the server closed the connection"));
            }
            self.filled += read;
            let seen = self.buffer.get(..self.filled).unwrap_or_default();
            if let Some((head, length)) = complete(seen)? {
                let (head_bytes, rest) = self.buffer.split_at(head);
                let head =
                    std::str::from_utf8(head_bytes).map_err(|_| Failed::new("a head that is not text"))?;
                let status = head.get(9..12).and_then(|text| text.parse().ok());
                let status = status.ok_or_else(|| Failed::new("no status line"))?;
                return Ok(Answer {
                    status,
                    head,
                    body: rest.get(..length).unwrap_or_default(),
                });
            }
        }
    }
}

/// Length of the head and of the body, once both are there.
fn complete(seen: &[u8]) -> Result<Option<(usize, usize)>, Failed> {
    let Some(end) = seen.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = end + 4;
    let text = std::str::from_utf8(seen.get(..head).unwrap_or_default())
        .map_err(|_| Failed::new("a head that is not text"))?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    let length = length.ok_or_else(|| Failed::new("an answer without content-length"))?;
    Ok((seen.len() >= head + length).then_some((head, length)))
}

/// A GET.
pub(crate) fn get(path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    request("GET", path, headers, "")
}

/// A form by POST.
pub(crate) fn form(path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Vec<u8> {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    request("POST", path, headers, &body)
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if method == "POST" {
        let length = body.len();
        text.push_str(&format!(
            "content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n"
        ));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}
