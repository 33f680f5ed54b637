//! The browser of the person at this machine.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use url::Url;

/// Whether there is a browser that the person can see. Over SSH it would open on the wrong screen, or on none.
pub(crate) fn is_here() -> bool {
    is_in(std::env::consts::OS, |name| std::env::var_os(name))
}

/// Opens a page. Whether it could be tried: what the browser does with it nobody says.
pub(crate) fn open(url: &Url) -> bool {
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
}
