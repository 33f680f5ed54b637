//! Password logins beside Argon2id itself, and tokens under a flood of logins.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};

use super::report::Report;
use super::{client_credentials, median, same, timed};
use crate::data::{SECRET, USERS};
use crate::load::{Pace, Script};
use crate::process::Server;
use crate::script::LoginAgain;
use crate::wire::Connection;
use crate::{Failed, Options};

/// People who log in at once.
const PEOPLE: usize = 16;
/// Least number of runs, each beside the hash alone.
const PAIRS: usize = 9;

pub(super) async fn measure(options: &Options, server: &Server, report: &mut Report) -> Result<(), Failed> {
    eprintln!("logins");
    // A machine that is shared is not as fast in one moment as in the next, by a quarter and more. So each run stands
    // between two measurements of the hash alone, and the ratios are compared, not the rates.
    let hash_alone = || argon2_alone(Duration::from_secs_f64(options.seconds));
    let mut before = hash_alone();
    let mut pairs = Vec::new();
    for _ in 0..options.runs.max(PAIRS) {
        let logins = timed(options, server, people(server).await?, Pace::Closed).await?;
        let after = hash_alone();
        pairs.push((logins.0.rate, (before + after) / 2.0));
        before = after;
    }
    pairs.sort_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1)));
    let (logins, ceiling) = pairs.get(pairs.len() / 2).copied().unwrap_or_default();
    let share = logins / ceiling * 100.0;
    report.fact(
        "password logins",
        format!("{logins:.0}/s, {share:.0} % of Argon2id alone ({ceiling:.0}/s)"),
        "90 %",
    );

    eprintln!("client credentials under a flood of logins");
    let token = client_credentials("es256");
    let (mut quiet, mut flooded) = (Vec::new(), Vec::new());
    for _ in 0..options.runs {
        quiet.push(same(options, server, &token, 16, Pace::Closed).await?);
        let flood = timed(options, server, people(server).await?, Pace::Closed);
        let (under, flood) = tokio::join!(same(options, server, &token, 16, Pace::Closed), flood);
        flood?;
        flooded.push(under?);
    }
    let (quiet, flooded) = (median(quiet).0.rate, median(flooded).0.rate);
    let share = flooded / quiet * 100.0;
    report.fact(
        "client credentials under a flood of logins",
        format!("{flooded:.0}/s, {share:.0} % of {quiet:.0}/s without"),
        "50 %",
    );
    Ok(())
}

async fn people(server: &Server) -> Result<Vec<Box<dyn Script>>, Failed> {
    let mut connection = Connection::open(server.address).await?;
    let mut people: Vec<Box<dyn Script>> = Vec::new();
    for person in 0..PEOPLE.min(usize::try_from(USERS).unwrap_or(1)) {
        people.push(Box::new(LoginAgain::begin(&mut connection, person).await?));
    }
    Ok(people)
}

/// Hashes a second on every core, with memory that is used again: what no login server can exceed.
fn argon2_alone(time: Duration) -> f64 {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let end = Instant::now() + time;
    let threads: Vec<_> = (0..cores)
        .map(|_| std::thread::spawn(move || hashes_until(end)))
        .collect();
    let hashes: u32 = threads.into_iter().map(|thread| thread.join().unwrap_or(0)).sum();
    f64::from(hashes) / time.as_secs_f64()
}

fn hashes_until(end: Instant) -> u32 {
    let Ok(params) = Params::new(19_456, 2, 1, Some(32)) else {
        return 0;
    };
    let mut memory = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let (mut hashes, mut output) = (0, [0; 32]);
    while Instant::now() < end {
        if argon2
            .hash_password_into_with_memory(SECRET.as_bytes(), &[7; 16], &mut output, &mut memory)
            .is_err()
        {
            return 0;
        }
        hashes += 1;
    }
    hashes
}
