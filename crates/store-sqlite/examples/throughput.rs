//! Measures commits and reads:
//! `cargo run --release -p grantor-store-sqlite --example throughput -- [grants] [seconds] [work]`.
//!
//! Loads that many grants into a new database below the working folder. Then 64 callers wait for one answer each, over
//! and over: new grants; rotations of grants picked at random; rotations with a read before each, as the token endpoint
//! does it; reads alone.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use grantor_protocol::Change;
use grantor_protocol::record::{ActiveGrant, Grant, GrantState, PendingCode, RefreshState};
use grantor_store::Store;
use grantor_store_sqlite::{Options, SqliteStore};
use grantor_types::{
    ClientId, CodeChallenge, GrantId, RedirectUri, Resource, Scope, SecretHash, SessionId, Timestamp, UserId,
};

type Failure = Box<dyn Error + Send + Sync>;

const CALLERS: u64 = 64;
const USERS: u64 = 100_000;
const CLIENTS: u64 = 50;

/// What a caller does over and over.
#[derive(Clone, Copy, Debug)]
enum Work {
    NewGrants,
    Rotations,
    ReadsAndRotations,
    Reads,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let grants: u64 = arguments.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let seconds: u64 = arguments.next().map_or(Ok(8), |text| text.parse())?;
    let only = arguments.next();
    let folder = tempfile::tempdir_in(".")?;
    let path = folder.path().join("grantor.db");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path, Options::default())?);

    let sample = Arc::new(Sample::new()?);
    let begin = Instant::now();
    for first in (0..grants).step_by(500) {
        let grants = (first..grants.min(first + 500)).map(|number| create(sample.active(number)));
        store.commit(grants.collect()).await?;
    }
    println!("loaded {grants} grants in {:.1?}; {}", begin.elapsed(), memory());
    let works = [
        Work::NewGrants,
        Work::Rotations,
        Work::ReadsAndRotations,
        Work::Reads,
    ];
    for work in works {
        if only.as_ref().is_some_and(|only| *only != format!("{work:?}")) {
            continue;
        }
        measure((&store, &sample), work, grants, Duration::from_secs(seconds)).await?;
        let bytes = |name: &str| std::fs::metadata(folder.path().join(name)).map_or(0, |file| file.len());
        let (file, log) = (bytes("grantor.db") >> 20, bytes("grantor.db-wal") >> 20);
        println!("    {}; file {file} MiB, log {log} MiB", memory());
    }
    let begin = Instant::now();
    drop(store);
    println!("closed in {:.1?}", begin.elapsed());
    Ok(())
}

/// Lets the callers work for so long, and prints how often and how long each waited.
async fn measure(
    (store, sample): (&Arc<dyn Store>, &Arc<Sample>),
    work: Work,
    grants: u64,
    time: Duration,
) -> Result<(), Failure> {
    let (begin, cpu) = (Instant::now(), cpu_ticks());
    let next = Arc::new(AtomicU64::new(grants));
    let mut callers = tokio::task::JoinSet::new();
    for number in 0..CALLERS {
        let own = grants / CALLERS;
        let caller = Caller {
            store: Arc::clone(store),
            sample: Arc::clone(sample),
            next: Arc::clone(&next),
            own: number * own..(number + 1) * own,
            generations: vec![0; usize::try_from(own)?],
            dice: Dice(number),
        };
        callers.spawn(caller.work(work, begin + time));
    }
    let mut waits = Vec::new();
    while let Some(caller) = callers.join_next().await {
        waits.extend(caller??);
    }
    let rate = waits.len() as f64 / begin.elapsed().as_secs_f64();
    let cpu = (cpu_ticks() - cpu) as f64 * 10_000.0 / waits.len() as f64;
    waits.sort_unstable();
    let at = |share: usize| {
        waits
            .get((waits.len() - 1) * share / 1_000)
            .copied()
            .unwrap_or_default()
    };
    println!(
        "{work:?}: {rate:.0}/s, CPU {cpu:.1} µs each, p50 {:.2?}, p99 {:.2?}, longest {:.2?}",
        at(500),
        at(990),
        at(1_000)
    );
    Ok(())
}

/// One of many who wait for an answer each. It has grants of its own, so that no rotation is a conflict.
struct Caller {
    store: Arc<dyn Store>,
    sample: Arc<Sample>,
    next: Arc<AtomicU64>,
    own: std::ops::Range<u64>,
    generations: Vec<u32>,
    dice: Dice,
}

impl Caller {
    async fn work(mut self, work: Work, end: Instant) -> Result<Vec<Duration>, Failure> {
        let mut waits = Vec::new();
        while Instant::now() < end {
            let begin = Instant::now();
            match work {
                Work::NewGrants => {
                    let number = self.next.fetch_add(1, Ordering::Relaxed);
                    self.store
                        .commit(vec![create(self.sample.pending(number))])
                        .await?;
                }
                Work::Rotations => self.rotate().await?,
                Work::ReadsAndRotations => {
                    let grant = self.read().await?;
                    let from = generation(&grant);
                    self.store.commit(vec![rotation(grant.id, from)]).await?;
                }
                Work::Reads => drop(self.read().await?),
            }
            waits.push(begin.elapsed());
        }
        Ok(waits)
    }

    async fn rotate(&mut self) -> Result<(), Failure> {
        let number = self.pick();
        let own = usize::try_from(number - self.own.start)?;
        let generation = self.generations.get_mut(own).ok_or("a grant of another caller")?;
        let from = u64::from(*generation);
        *generation += 1;
        Ok(self.store.commit(vec![rotation(grant_id(number), from)]).await?)
    }

    async fn read(&mut self) -> Result<Grant, Failure> {
        let id = grant_id(self.pick());
        let found = self.store.grant(id).await?;
        found.ok_or_else(|| "a grant is gone".into())
    }

    fn pick(&mut self) -> u64 {
        self.own.start + self.dice.next() % (self.own.end - self.own.start)
    }
}

fn create(grant: Grant) -> Change {
    Change::CreateGrant(Box::new(grant))
}

fn rotation(grant: GrantId, from: u64) -> Change {
    Change::RotateRefreshToken {
        grant,
        from,
        at: Timestamp::from_seconds(1_800_000_000),
        expires_at: Timestamp::from_seconds(1_900_000_000),
    }
}

fn generation(grant: &Grant) -> u64 {
    match &grant.state {
        GrantState::Active(active) => active.refresh.map_or(0, |refresh| refresh.generation),
        GrantState::Pending(_) | GrantState::Revoked { .. } => 0,
    }
}

/// Ids as they come at ten grants a millisecond.
fn grant_id(number: u64) -> GrantId {
    let [a, b, c, d, e, f, g, h] = Dice(number).next().to_be_bytes();
    let made = Timestamp::from_milliseconds(1_700_000_000_000 + number / 10);
    GrantId::new(made, [a, b, c, d, e, f, g, h, a, b])
}

/// What the grants share.
struct Sample {
    client: ClientId,
    scope: Scope,
    resource: Resource,
    redirect_uri: RedirectUri,
}

impl Sample {
    fn new() -> Result<Self, Failure> {
        Ok(Self {
            client: ClientId::parse("client")?,
            scope: Scope::parse("email offline_access openid profile")?,
            resource: Resource::parse("https://api.example/v1")?,
            redirect_uri: RedirectUri::parse("https://app.example/callback")?,
        })
    }

    fn pending(&self, number: u64) -> Grant {
        let mut dice = Dice(number);
        let now = Timestamp::from_seconds(1_700_000_000);
        let [a, b, c, d, e, f, g, h] = (dice.next() % USERS).to_le_bytes();
        let client = ClientId::parse(&format!("client-{:04}", dice.next() % CLIENTS));
        Grant {
            id: grant_id(number),
            client: client.unwrap_or_else(|_| self.client.clone()),
            user: UserId::new(now, [a, b, c, d, e, f, g, h, a, b]),
            session: Some(SessionId::new(now, [7; 10])),
            scope: self.scope.clone(),
            resources: vec![self.resource.clone()],
            nonce: Some(format!("{:016x}", dice.next())),
            auth_time: now,
            authentication_methods: vec!["pwd".into()],
            code: SecretHash::from_digest([5; 32]),
            salt: [6; 16],
            dpop_key: None,
            exchange: None,
            openid: None,
            created_at: now,
            expires_at: Timestamp::from_seconds(1_800_000_000),
            state: GrantState::Pending(PendingCode {
                redirect_uri: Some(self.redirect_uri.to_string()),
                response_uri: self.redirect_uri.clone(),
                challenge: Some(CodeChallenge::from_digest([8; 32])),
            }),
        }
    }

    fn active(&self, number: u64) -> Grant {
        let refresh = RefreshState {
            generation: 0,
            rotated_at: Timestamp::from_seconds(1_700_000_000),
        };
        Grant {
            state: GrantState::Active(ActiveGrant {
                refresh: Some(refresh),
            }),
            ..self.pending(number)
        }
    }
}

/// CPU time of this process, user and system, in hundredths of a second.
fn cpu_ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    // The 14th and 15th fields; the name in brackets is the second.
    fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum()
}

/// Memory of this process, as the kernel counts it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap_or("VmRSS: unknown");
    resident.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The SplitMix64 generator.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
