//! The server is killed under load, again and again, and started on what it left. Everything that it had acknowledged
//! has to hold; what was under way may have happened or not, but never twice.
//!
//! SIGKILL ends the process and not the system: that data reaches the disk before the answer is for other tests to show.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod audit;
mod ledger;
mod load;

use std::sync::Arc;

use fastrand::Rng;
use grantor_tests::Server;

use crate::audit::Found;
use crate::ledger::Ledger;

const ROUNDS: u32 = 20;
/// The moment of a kill is an amount of acknowledged work, so that it depends on the seed and not on the machine.
const WORK_BEFORE_A_KILL: std::ops::Range<i64> = 10..200;
const SEED: u64 = 20_260_701;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_happens_twice() {
    let seed = std::env::var("GRANTOR_CRASH_SEED").map_or(SEED, |seed| seed.parse().unwrap());
    println!("GRANTOR_CRASH_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    let mut server = Server::start().await;
    let ledger = Arc::new(Ledger::open(&server).await);
    let mut sum = Found::default();
    for round in 1..=ROUNDS {
        let work = random.i64(WORK_BEFORE_A_KILL);
        load::run_and_kill(&mut server, &ledger, work, &mut random).await;
        server.restart().await;
        let found = audit::audit(&server, &ledger, &mut random).await;
        println!("round {round}, killed after {work} acknowledgements: {found:?}");
        sum.add(&found);
    }
    assert!(sum.is_about_everything(), "{sum:?}");
}
