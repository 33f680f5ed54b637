//! The load script of a published example, as its tool runs it: users come and go by stages, and each asks for a token,
//! calls an API with it and has it introspected, again and again, without a pause.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::report::Report;
use crate::process::Server;
use crate::script::member;
use crate::wire::{Connection, form, get};
use crate::{Failed, Options};

/// The name of the row.
pub(super) const NAME: &str = "seed load";
/// How many users there are at the end of each stage, and how long it takes to get there.
const STAGES: [(u64, usize); 4] = [(30, 10), (60, 50), (120, 100), (30, 0)];
/// Among other rows, each stage takes this part of its time.
const SHORTENED: f64 = 0.1;
/// What the script asks for: 95 of 100 requests within this many milliseconds.
const P95_MS: u64 = 500;

pub(super) async fn measure(options: &Options, report: &mut Report) -> Result<(), Failed> {
    eprintln!("{NAME}");
    let folder = tempfile::tempdir()?;
    let server = Server::dev(&options.binary, folder.path()).await?;
    let scale = match options.only {
        Some(_) => 1.0,
        None => SHORTENED,
    };
    let load = Arc::new(Load {
        server: server.address,
        begin: Instant::now(),
        scale,
        most: AtomicUsize::new(0),
    });
    let users: usize = STAGES.iter().map(|(_, users)| *users).max().unwrap_or(0);
    let started: Vec<_> = (0..users)
        .map(|user| tokio::spawn(Arc::clone(&load).user(user)))
        .collect();
    let mut seen = Seen::default();
    for user in started {
        seen.add(user.await.map_err(Failed::of)?);
    }
    server.stop().await?;
    report.fact(
        NAME,
        seen.shown(&load),
        &format!("p95 under {P95_MS} ms, no failure"),
    );
    if seen.failures > 0 {
        return Err(Failed(format!("{NAME}: {} requests failed", seen.failures)));
    }
    Ok(())
}

struct Load {
    server: std::net::SocketAddr,
    begin: Instant,
    /// What the times of the stages are multiplied by.
    scale: f64,
    /// The most users that were there at once.
    most: AtomicUsize,
}

impl Load {
    /// How many users there should be now; `None` when it is over.
    fn wanted(&self) -> Option<usize> {
        let mut now = self.begin.elapsed().as_secs_f64() / self.scale;
        let mut before = 1.0;
        for (length, users) in STAGES {
            let (length, users) = (Duration::from_secs(length).as_secs_f64(), as_f64(users));
            if now < length {
                let between = before + (users - before) * now / length;
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a number of users, from 0 to 100"
                )]
                return Some(between.round() as usize);
            }
            (now, before) = (now - length, users);
        }
        None
    }

    /// A user: there while the stages want one more than those before it. A turn that has begun is finished.
    async fn user(self: Arc<Self>, number: usize) -> Seen {
        let mut seen = Seen::default();
        let mut connection = None;
        while let Some(wanted) = self.wanted() {
            if number >= wanted {
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            }
            self.most.fetch_max(wanted, Ordering::Relaxed);
            if self.turn(&mut connection, &mut seen).await.is_err() {
                connection = None;
            }
        }
        seen
    }

    async fn turn(&self, connection: &mut Option<Connection>, seen: &mut Seen) -> Result<(), Failed> {
        let connection = match connection {
            Some(connection) => connection,
            None => connection.insert(Connection::open(self.server).await?),
        };
        let token = form(
            "/oauth/token",
            &[],
            &[
                ("grant_type", "client_credentials"),
                ("client_id", "load-test-client"),
                ("client_secret", "load-test-secret"),
                ("scope", "read"),
            ],
        );
        let token = member(&seen.request(connection, &token).await?, "access_token")?;
        let bearer = format!("Bearer {token}");
        let _people = seen
            .request(connection, &get("/users", &[("authorization", &bearer)]))
            .await?;
        let fields = [("token", token.as_str()), ("token_type_hint", "access_token")];
        let found = seen
            .request(connection, &form("/oauth/introspect", &[], &fields))
            .await?;
        if !found.starts_with(br#"{"active":true"#) {
            seen.failures += 1;
        }
        Ok(())
    }
}

fn as_f64(users: usize) -> f64 {
    u32::try_from(users).map_or(0.0, f64::from)
}

/// What users saw.
#[derive(Default)]
struct Seen {
    /// How long each request took, in microseconds.
    latencies: Vec<u32>,
    failures: usize,
}

impl Seen {
    async fn request(&mut self, connection: &mut Connection, request: &[u8]) -> Result<Vec<u8>, Failed> {
        let started = Instant::now();
        let answer = connection.exchange(request).await;
        let took = started.elapsed().as_micros();
        self.latencies.push(u32::try_from(took).unwrap_or(u32::MAX));
        match answer {
            Ok(answer) if answer.status == 200 => Ok(answer.body.to_vec()),
            Ok(answer) => {
                self.failures += 1;
                Err(Failed(format!("status {}", answer.status)))
            }
            Err(failed) => {
                self.failures += 1;
                Err(failed)
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.failures += other.failures;
    }

    fn shown(&mut self, load: &Load) -> String {
        self.latencies.sort_unstable();
        let measured = crate::load::Measured {
            rate: as_f64(self.latencies.len()) / load.begin.elapsed().as_secs_f64(),
            latencies: std::mem::take(&mut self.latencies),
        };
        format!(
            "{} requests ({:.0}/s) by up to {} users, {} failed, p95 {:.1} ms",
            measured.latencies.len(),
            measured.rate,
            load.most.load(Ordering::Relaxed),
            self.failures,
            measured.percentile(0.95),
        )
    }
}
