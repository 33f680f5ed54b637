//! Closed and open loops over many connections, and what they measured.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::Failed;
use crate::wire::{Answer, Connection};

/// What one connection does again and again.
pub(crate) trait Script: Send {
    /// The next request.
    fn request(&mut self) -> &[u8];
    /// Looks at the answer; an error ends the run.
    fn answer(&mut self, answer: &Answer<'_>) -> Result<(), Failed>;
}

/// Sends the same request for ever and wants one status.
pub(crate) struct Same {
    pub(crate) request: Arc<[u8]>,
    pub(crate) status: u16,
}

impl Script for Same {
    fn request(&mut self) -> &[u8] {
        &self.request
    }

    fn answer(&mut self, answer: &Answer<'_>) -> Result<(), Failed> {
        answer.expect(self.status)
    }
}

/// What a run measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured {
    /// Answers a second.
    pub(crate) rate: f64,
    /// Latencies in microseconds, sorted.
    pub(crate) latencies: Vec<u32>,
}

impl Measured {
    /// The latency that this share of requests stayed under, in milliseconds.
    pub(crate) fn percentile(&self, share: f64) -> f64 {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index"
        )]
        let index = (self.latencies.len() as f64 * share) as usize;
        let last = self.latencies.len().saturating_sub(1);
        self.latencies
            .get(index.min(last))
            .map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    }
}

/// How a run is paced.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// The next request follows the answer.
    Closed,
    /// Requests are due at a fixed rate a second over all connections; latency counts from when they were due, so that
    /// queueing is not hidden.
    Open(f64),
}

/// Runs one script a connection for `warm_up` and then for `time`.
pub(crate) async fn run(
    address: SocketAddr,
    scripts: Vec<Box<dyn Script>>,
    pace: Pace,
    warm_up: Duration,
    time: Duration,
) -> Result<Measured, Failed> {
    let connections = u32::try_from(scripts.len()).unwrap_or(u32::MAX);
    let begin = Instant::now() + warm_up;
    let mut tasks = Vec::new();
    for script in scripts {
        let gap = match pace {
            Pace::Closed => None,
            Pace::Open(rate) => Some(Duration::from_secs_f64(f64::from(connections) / rate)),
        };
        tasks.push(tokio::spawn(connection(address, script, gap, begin, time)));
    }
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await.map_err(|error| Failed(error.to_string()))??);
    }
    latencies.sort_unstable();
    #[allow(clippy::cast_precision_loss, reason = "a rate")]
    let rate = latencies.len() as f64 / time.as_secs_f64();
    Ok(Measured { rate, latencies })
}

async fn connection(
    address: SocketAddr,
    mut script: Box<dyn Script>,
    gap: Option<Duration>,
    begin: Instant,
    time: Duration,
) -> Result<Vec<u32>, Failed> {
    let mut connection = Connection::open(address).await?;
    let mut latencies = Vec::with_capacity(1 << 14);
    let end = begin + time;
    let mut due = Instant::now();
    loop {
        let started = match gap {
            None => Instant::now(),
            Some(gap) => {
                due += gap;
                tokio::time::sleep_until(due.into()).await;
                due
            }
        };
        if started >= end {
            return Ok(latencies);
        }
        let answer = connection.exchange(script.request()).await?;
        script.answer(&answer)?;
        let ended = Instant::now();
        if started >= begin && ended <= end {
            latencies.push(u32::try_from(ended.duration_since(started).as_micros()).unwrap_or(u32::MAX));
        }
    }
}
