//! What a program at a terminal shows and opens: the browser of the person at this machine, and codes for the one in their hand.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use url::Url;

/// Whether there is a browser that the person can see. Over SSH it would open on the wrong screen, or on none: use the device
/// grant there.
///
/// ```
/// let way = if grantor_client::terminal::has_browser() { "a browser" } else { "a code" };
/// ```
pub fn has_browser() -> bool {
    is_in(std::env::consts::OS, |name| std::env::var_os(name))
}

/// Opens a page in the browser of the desktop, or in the one that the environment variable `BROWSER` names. Says whether it could
/// be tried; what the browser does with it nobody says, so print the address too.
///
/// ```no_run
/// # async fn example(client: &grantor_client::Client) -> Result<(), grantor_client::Error> {
/// use grantor_client::{LoopbackReceiver, terminal};
///
/// let receiver = LoopbackReceiver::bind("/callback").await?;
/// let login = client.authorization().redirect_uri(receiver.redirect_uri()).start().await?;
/// if !(terminal::has_browser() && terminal::open_browser(&login.url)) {
///     println!("Open {}", login.url);
/// }
/// # Ok(())
/// # }
/// ```
pub fn open_browser(url: &Url) -> bool {
    let url = url.as_str();
    // Who sets BROWSER wants that one. The others take what the desktop is set up for.
    let chosen = std::env::var_os("BROWSER").filter(|browser| !browser.is_empty());
    let mut command = match (chosen, std::env::consts::OS) {
        (Some(browser), _) => Command::new(browser),
        (None, "macos") => Command::new("open"),
        (None, "windows") => {
            let mut command = Command::new("rundll32");
            command.arg("url.dll,FileProtocolHandler");
            command
        }
        (None, _) => Command::new("xdg-open"),
    };
    // Standard output is for scripts, and what a browser says there is for nobody.
    let spawned = command
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    spawned.is_ok()
}

/// An address as a picture of text, to be scanned from a terminal: light on dark, as terminals mostly are; readers take both.
/// `None` when it is too long for a code.
///
/// ```
/// let drawing = grantor_client::terminal::qr_code("https://id.example/device?user_code=WDJB-MJHT").unwrap();
/// assert!(drawing.lines().count() > 10);
/// ```
pub fn qr_code(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::L).ok()?;
    let drawing = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .build();
    Some(drawing)
}

fn is_in(system: &str, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    if is_set("BROWSER") {
        return true;
    }
    if is_set("SSH_CONNECTION") || is_set("SSH_TTY") {
        return false;
    }
    matches!(system, "macos" | "windows") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_where_there_is_a_screen() {
        let cases: [(&str, &[&str], bool); 10] = [
            ("linux", &[], false),
            ("linux", &["DISPLAY"], true),
            ("linux", &["WAYLAND_DISPLAY"], true),
            ("linux", &["DISPLAY", "SSH_CONNECTION"], false),
            ("linux", &["SSH_TTY", "BROWSER"], true),
            ("freebsd", &["DISPLAY"], true),
            ("macos", &[], true),
            ("macos", &["SSH_TTY"], false),
            ("windows", &[], true),
            ("windows", &["SSH_CONNECTION"], false),
        ];
        for (system, set, expected) in cases {
            let variable = |name: &str| set.contains(&name).then(|| OsString::from("x"));
            assert_eq!(is_in(system, variable), expected, "{system} {set:?}");
        }
        assert!(!is_in("linux", |_| Some(OsString::new())));
    }
    #[test]
    fn addresses_are_drawn_until_they_are_too_long() {
        let drawing = qr_code("https://id.example/device").unwrap();
        let widths: Vec<_> = drawing.lines().map(|line| line.chars().count()).collect();
        assert!(
            widths.iter().all(|width| *width == widths[0]) && widths[0] > 20,
            "{widths:?}"
        );
        assert_eq!(qr_code(&"x".repeat(3_000)), None);
    }
}
