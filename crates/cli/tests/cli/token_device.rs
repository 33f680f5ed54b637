//! `grantor token`: getting tokens from a server that runs.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::{Http, Server, approve_device, grantor};

/// The person sees the code, once to scan and once to type, and the device gets its tokens when they have answered.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_waits_for_the_answer() {
    let server = Server::dev();
    let http = Http::new(&server.issuer());
    let mut device = Command::new(env!("CARGO_BIN_EXE_grantor"))
        .args([
            "token", "device", "--client", "tv", "--scope", "openid", "--issuer",
        ])
        .arg(server.issuer())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(device.stderr.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let mut drawn = 0;
    let code = lines.find(|line| {
        drawn += u32::from(line.contains('\u{2588}'));
        line.starts_with("    ") && line.trim().len() == 9 && line.contains('-')
    });
    assert!(drawn > 10, "no QR code");
    approve_device(&http, code.unwrap().trim(), ("demo", "demo-password")).await;
    let mut output = String::new();
    device.stdout.take().unwrap().read_to_string(&mut output).unwrap();
    assert!(device.wait().unwrap().success());
    let tokens: Value = serde_json::from_str(&output).unwrap();
    assert_eq!(tokens["scope"], "openid");
    assert!(http.is_active(tokens["access_token"].as_str().unwrap()).await);
}

#[test]
fn a_device_that_cannot_ask_is_told_why() {
    let server = Server::dev();
    let run = |more: &[&str]| {
        let issuer = server.issuer();
        let start = ["token", "device", "--issuer", &issuer];
        grantor(&[&start, more].concat())
    };
    run(&["--client", "service", "--secret-variable", "NO_SUCH_VARIABLE"])
        .refused(2, "NO_SUCH_VARIABLE is not set");
    run(&["--client", "nobody"]).refused(1, "invalid_client");
    run(&["--client", "spa"]).refused(1, "unauthorized_client");
    run(&["--client", "tv", "--scope", "admin"]).refused(1, "invalid_scope");
    let elsewhere = format!("http://127.0.0.1:{}", server.address.port());
    grantor(&["token", "device", "--issuer", &elsewhere, "--client", "tv"])
        .refused(1, "name that with --issuer");
}
