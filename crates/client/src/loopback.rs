//! Logging in from a program on the user's own machine ([RFC 8252 §7.3](https://www.rfc-editor.org/rfc/rfc8252#section-7.3)).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use grantor_types::is_loopback;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout, timeout_at};
use url::{Host, Url};

use crate::notice::{self, CONTENT_SECURITY_POLICY};
use crate::pending::UNREADABLE;
use crate::{Error, InvalidAnswer, Misuse, PendingAuthorization, ValidatedCallback};

/// How long a browser may take to send one request.
const REQUEST_TIME: Duration = Duration::from_secs(5);
/// The longest head of a request that is read, in bytes.
const MAX_HEAD: usize = 16 * 1024;
/// Said on the page when all is well.
const DONE: &str = "You are signed in. You can close this window and go back to the program.";
/// Said when the provider refused.
const REFUSED: &str = "Signing in did not work. Close this window; the program says why.";
/// Said to whoever brings something else.
const NOT_OURS: &str = "This is not the answer that the program waits for.";

/// Waits on this machine for the browser to come back, on a free port of 127.0.0.1.
///
/// Register `http://127.0.0.1/callback`; a provider lets the port differ (RFC 8252 §7.3).
///
/// ```no_run
/// # async fn example(builder: grantor_client::ClientBuilder) -> Result<(), grantor_client::Error> {
/// use std::time::Duration;
/// use grantor_client::LoopbackReceiver;
///
/// let receiver = LoopbackReceiver::bind("/callback").await?;
/// let client = builder.redirect_uri(receiver.redirect_uri()).discover().await?;
/// let login = client.authorization().scope("openid").start().await?;
/// println!("Open {}", login.url);
/// let callback = receiver.receive(login.pending, Duration::from_secs(300)).await?;
/// let tokens = client.exchange(callback).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LoopbackReceiver {
    listener: TcpListener,
    path: String,
    redirect_uri: String,
}

impl LoopbackReceiver {
    /// Listens on a port that the system chooses. `path` begins with a slash.
    ///
    /// # Errors
    /// [`Misuse::Listen`] when there is no port; [`Misuse::Setting`] when the path is none.
    pub async fn bind(path: &str) -> Result<Self, Error> {
        let is_path = path.starts_with('/')
            && path
                .bytes()
                .all(|b| b.is_ascii_graphic() && !matches!(b, b'?' | b'#'));
        if !is_path {
            return Err(Error::setting("the path", "it begins with / and has no query"));
        }
        // RFC 8252 §8.3: "Specifying a redirect URI with the loopback IP literal rather than localhost avoids inadvertently
        // listening on network interfaces other than the loopback interface."
        let (listener, port) = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        Ok(Self {
            listener,
            path: path.to_owned(),
            redirect_uri: format!("http://127.0.0.1:{port}{path}"),
        })
    }

    /// Listens where this redirect URI leads, for a provider that compares all of it, the port too. Without a port the system
    /// chooses one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), grantor_client::Error> {
    /// use grantor_client::LoopbackReceiver;
    ///
    /// let receiver = LoopbackReceiver::bind_at("http://localhost/signed-in").await?;
    /// assert!(receiver.redirect_uri().starts_with("http://localhost:"));
    /// assert!(LoopbackReceiver::bind_at("http://app.example/signed-in").await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Misuse::Listen`] when the port is taken; [`Misuse::Setting`] unless it is http on this machine, without query and
    /// fragment.
    pub async fn bind_at(redirect_uri: &str) -> Result<Self, Error> {
        let elsewhere = || {
            Error::setting(
                "the redirect URI",
                "it is not http on this machine, or has a query",
            )
        };
        let mut url = Url::parse(redirect_uri).map_err(|_| elsewhere())?;
        let is_bare = url.query().is_none() && url.fragment().is_none();
        if url.scheme() != "http" || !is_loopback(&url) || !is_bare {
            return Err(elsewhere());
        }
        let host = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            // Browsers take localhost for either address, and come to this one when nobody is at the other.
            Some(Host::Domain(_)) | None => IpAddr::V4(Ipv4Addr::LOCALHOST),
        };
        let named = url.port();
        let (listener, port) = listen(SocketAddr::from((host, named.unwrap_or(0)))).await?;
        let path = url.path().to_owned();
        // As it was written where nothing had to be added: it is compared exactly.
        let redirect_uri = match named {
            Some(_) => redirect_uri.to_owned(),
            None => {
                url.set_port(Some(port)).map_err(|()| elsewhere())?;
                url.into()
            }
        };
        Ok(Self {
            listener,
            path,
            redirect_uri,
        })
    }

    /// Where the provider has to send the browser.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits for the browser. What does not belong to this login (another `state`, parameters that cannot be read, another
    /// path, something that is no HTTP) is answered and passed over: any page in any browser can send requests here.
    ///
    /// # Errors
    /// [`Error::TimedOut`] when nobody came; otherwise as [`PendingAuthorization::validate`] of an answer with our `state`.
    pub async fn receive(
        self,
        pending: PendingAuthorization,
        wait: Duration,
    ) -> Result<ValidatedCallback, Error> {
        let deadline = Instant::now() + wait;
        loop {
            let accepted = timeout_at(deadline, self.listener.accept()).await;
            let Ok((mut browser, _)) = accepted.map_err(|_| Error::TimedOut)? else {
                continue;
            };
            let until = deadline.min(Instant::now() + REQUEST_TIME);
            let Ok(Some(target)) = timeout_at(until, read_target(&mut browser)).await else {
                answer(&mut browser, "400 Bad Request", NOT_OURS).await;
                continue;
            };
            let (path, query) = target.split_once('?').unwrap_or((&target, ""));
            if path != self.path {
                answer(&mut browser, "404 Not Found", NOT_OURS).await;
                continue;
            }
            match pending.check(query) {
                Err(Error::InvalidAnswer(InvalidAnswer::State | InvalidAnswer::Member(UNREADABLE))) => {
                    answer(&mut browser, "400 Bad Request", NOT_OURS).await;
                }
                Err(error) => {
                    answer(&mut browser, "400 Bad Request", REFUSED).await;
                    return Err(error);
                }
                Ok(code) => {
                    answer(&mut browser, "200 OK", DONE).await;
                    let pending = pending.0;
                    return Ok(ValidatedCallback { code, pending });
                }
            }
        }
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, u16), Error> {
    let failed = |error: std::io::Error| Error::Misuse(Misuse::Listen(error.to_string()));
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    Ok((listener, port))
}

/// The target of a GET, once the whole head is there.
async fn read_target(browser: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut chunk = [0; 2048];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = browser.read(&mut chunk).await.ok()?;
        if read == 0 || head.len() + read > MAX_HEAD {
            return None;
        }
        head.extend_from_slice(chunk.get(..read)?);
    }
    let line = head.split(|byte| *byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some("GET"), Some(target), Some(version), None) if version.starts_with("HTTP/1.") => {
            Some(target.to_owned())
        }
        _ => None,
    }
}

/// Answers with a page. A browser that has gone misses nothing.
async fn answer(browser: &mut TcpStream, status: &str, text: &str) {
    let page = notice::page(text, None);
    let response = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: {CONTENT_SECURITY_POLICY}\r\n\
         Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n{page}",
        page.len()
    );
    let send = async {
        browser.write_all(response.as_bytes()).await?;
        browser.shutdown().await
    };
    // Whether the page arrives changes nothing for the program.
    drop(timeout(REQUEST_TIME, send).await);
}

#[cfg(test)]
mod tests;
