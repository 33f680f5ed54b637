//! Thousands of pseudo-random changes, played on the engine and on [`MemoryStore`] at once: every answer and every
//! read must be the same.

use grantor_protocol::record::{
    ActiveGrant, DeviceAuthorization, GrantState, InitialAccessToken, PersonalAccessToken, PushedRequest,
    RefreshState, Revision, RevocationReason,
};
use grantor_protocol::{Change, Expect};
use grantor_types::{Thumbprint, Timestamp};

use super::Database;
use super::sample::flow::{
    approve, create_device, create_job, delete_issuer, delete_personal, deny_device, device, initial,
    initial_hash, job, job_id, join, make, make_initial, personal, personal_hash, push, pushed, put_issuer,
    redeem_device, touch, trusted_issuer, use_initial, use_once, user_code,
};
use super::sample::{
    active_grant, at, attempt_key, bare_grant, client, client_id, consent, create, deny, grant, grant_id,
    key, put_client, put_user, resource, resource_server, revoked_grant, scope_definition, session,
    session_id, user, user_id,
};
use super::snapshot::{ATTEMPT_KEYS, NUMBERS, Snapshot};
use crate::{CommitError, MemoryStore, Store};

const STEPS: u32 = 6_000;
const SEED: u64 = 0x6772_616e_746f_7200;

const CLIENTS: u32 = 5;
const USERS: u32 = 5;
const GRANTS: u32 = 60;
const SESSIONS: u32 = 1_000;

/// The play: commits of one to five changes, a sweep now and then, all reads compared every so often.
pub async fn random_changes(database: &Database) {
    let store = database.open().await;
    let mut play = Play {
        reference: MemoryStore::new(),
        dice: Dice(SEED),
        now: 0,
    };
    let mut applied = 0;
    let mut positions = (
        store.event_position().await.unwrap(),
        play.reference.event_position().await.unwrap(),
    );
    for step in 0..STEPS {
        play.now += u64::from(play.dice.below(30));
        let changes = play.changes().await;
        let shown = format!("step {step} of seed {SEED:#x}: {changes:?}");
        let expected = answer(play.reference.commit(changes.clone()).await);
        assert_eq!(answer(store.commit(changes).await), expected, "{shown}");
        applied += u32::from(expected);

        // Engines number their events as they like, but tell the same.
        let (events, next) = store.events_since(positions.0).await.unwrap();
        let (expected, expected_next) = play.reference.events_since(positions.1).await.unwrap();
        assert_eq!(events, expected, "{shown}");
        positions = (next, expected_next);
        if play.dice.below(40) == 0 {
            let now = at(play.now);
            let swept = store.sweep(now, 1_000_000).await.unwrap();
            assert_eq!(
                swept,
                play.reference.sweep(now, 1_000_000).await.unwrap(),
                "{shown}"
            );
        }
        if step % 25 == 0 || step + 1 == STEPS {
            assert_eq!(
                Snapshot::of(&*store).await,
                Snapshot::of(&play.reference).await,
                "{shown}"
            );
        }
    }
    assert!(
        applied > STEPS / 3 && applied < STEPS * 9 / 10,
        "{applied} commits applied: a dull play"
    );
}

/// Whether a commit was applied.
fn answer(outcome: Result<(), CommitError>) -> bool {
    match outcome {
        Ok(()) => true,
        Err(CommitError::Conflict) => false,
        Err(CommitError::Store(error)) => panic!("{error}: {:?}", error.source),
    }
}

struct Play {
    reference: MemoryStore,
    dice: Dice,
    now: u64,
}

impl Play {
    async fn changes(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        for _ in 0..=self.dice.below(5).saturating_sub(1) {
            changes.push(self.change().await);
        }
        changes
    }

    async fn change(&mut self) -> Change {
        let (user, client) = (self.dice.below(USERS), self.dice.below(CLIENTS));
        match self.dice.below(60) {
            0 => self.put_client(client).await,
            1 => Change::DeleteClient(client_id(client)),
            2 | 3 => self.put_user(user).await,
            4 => Change::PutScope(scope_definition(user)),
            5 => Change::DeleteScope(scope_definition(user).name),
            6 => Change::PutResource(resource_server(user)),
            7 => Change::DeleteResource(resource(user)),
            8..=11 => self.create_session(user),
            12 => Change::EndSession(session_id(self.dice.below(SESSIONS))),
            13 if self.dice.below(8) == 0 => Change::EndSessionsOf(user_id(user)),
            13..=15 => self.add_consent(user, client),
            16 => Change::DeleteConsent {
                user: user_id(user),
                client: client_id(client),
            },
            17..=22 => self.create_grant(user, client),
            23..=30 => self.grant_change().await,
            31 => self.revoke_grants_of(user, client),
            32 | 33 => deny(self.dice.below(12), self.end()),
            34..=36 => self.count_attempt(),
            37 => Change::ForgetLoginAttempts(self.attempt_key()),
            38 | 39 => self.put_key(),
            _ => self.flow_change(user),
        }
    }

    /// A time not long from now: mostly later, sometimes past.
    fn end(&mut self) -> u64 {
        (self.now + u64::from(self.dice.below(4_000))).saturating_sub(500)
    }

    async fn put_client(&mut self, number: u32) -> Change {
        let mut client = client(number);
        let found = self.reference.client(&client.id).await.unwrap();
        let expect = self.expect(found.map(|found| found.revision));
        client.revision = Revision(u64::from(self.dice.below(3)));
        client.disabled = self.dice.below(4) == 0;
        client.name = format!("Client at {}", self.now);
        put_client(client, expect)
    }

    async fn put_user(&mut self, number: u32) -> Change {
        let mut user = user(number);
        let found = self.reference.user(user.id).await.unwrap();
        let expect = self.expect(found.map(|found| found.revision));
        user.revision = Revision(u64::from(self.dice.below(3)));
        user.username = format!("Name-{}", self.dice.below(USERS * 2));
        put_user(user, expect)
    }

    /// Mostly what is there, sometimes something else.
    fn expect(&mut self, found: Option<Revision>) -> Expect {
        match (self.dice.below(5), found) {
            (0, _) => Expect::Absent,
            (1, _) => Expect::Revision(Revision(1)),
            (_, Some(revision)) => Expect::Revision(revision),
            (_, None) => Expect::Absent,
        }
    }

    fn create_session(&mut self, user: u32) -> Change {
        let mut session = session(self.dice.below(SESSIONS), user);
        session.expires_at = at(self.end() + 60_000);
        match self.dice.below(4) {
            0 => Change::RenewSession(session),
            1 => Change::RequireSession(session.id),
            _ => Change::CreateSession(session),
        }
    }

    fn add_consent(&mut self, user: u32, client: u32) -> Change {
        let mut consent = consent(user, client, ["a", "b c", "a d", ""][self.dice.pick(4)]);
        consent.resources = vec![resource(self.dice.below(4))];
        consent.granted_at = at(self.end());
        Change::AddConsent(consent)
    }

    fn create_grant(&mut self, user: u32, client: u32) -> Change {
        let number = self.dice.below(GRANTS);
        let mut grant = match self.dice.below(8) {
            0 => bare_grant(number, user, client),
            1 => active_grant(number, user, client, Some(0)),
            2 => revoked_grant(number, user, client),
            _ => grant(number, user, client),
        };
        grant.expires_at = at(self.end());
        create(grant)
    }

    /// A redemption, a rotation or a revocation: mostly the one that fits the grant as it stands.
    async fn grant_change(&mut self) -> Change {
        let id = grant_id(self.dice.below(GRANTS));
        let state = self.reference.grant(id).await.unwrap().map(|grant| grant.state);
        let (fits_rotation, generation) = match state {
            Some(GrantState::Active(ActiveGrant { refresh })) => (true, refresh.map_or(0, |r| r.generation)),
            Some(GrantState::Pending(_) | GrantState::Revoked { .. }) | None => (false, 0),
        };
        let (expires_at, now): (Timestamp, Timestamp) = (at(self.end()), at(self.now));
        match (self.dice.below(6), fits_rotation) {
            (0, _) => Change::RevokeGrant {
                grant: id,
                at: now,
                reason: RevocationReason::ALL[self.dice.pick(6)],
            },
            (1, false) | (2.., true) => Change::RotateRefreshToken {
                grant: id,
                from: generation,
                at: now,
                expires_at,
            },
            (1, true) | (_, false) => Change::RedeemCode {
                grant: id,
                refresh: (self.dice.below(4) > 0).then_some(RefreshState {
                    generation: 0,
                    rotated_at: now,
                }),
                dpop_key: (self.dice.below(2) > 0).then(|| Thumbprint::from_digest([9; 32])),
                expires_at,
            },
        }
    }

    fn revoke_grants_of(&mut self, user: u32, client: u32) -> Change {
        Change::RevokeGrantsOf {
            user: user_id(user),
            client: (self.dice.below(3) > 0).then(|| client_id(client)),
            at: at(self.now),
            reason: RevocationReason::User,
        }
    }

    fn count_attempt(&mut self) -> Change {
        // Nothing is forgotten, or what is a little older, or everything.
        let since = match self.dice.below(3) {
            0 => 0,
            1 => self.now.saturating_sub(u64::from(self.dice.below(1_000))),
            _ => self.now + 1,
        };
        Change::CountLoginAttempt {
            key: self.attempt_key(),
            at: at(self.now),
            since: at(since),
        }
    }

    fn attempt_key(&mut self) -> grantor_protocol::record::AttemptKey {
        attempt_key(u8::try_from(self.dice.below(u32::from(ATTEMPT_KEYS))).unwrap())
    }

    /// A change of what flows leave behind while they are under way.
    fn flow_change(&mut self, user: u32) -> Change {
        let number = self.dice.below(NUMBERS);
        match self.dice.below(27) {
            20 | 21 => join(self.dice.below(SESSIONS), user, self.end()),
            22 => make_initial(InitialAccessToken {
                hash: initial_hash(self.dice.below(NUMBERS)),
                expires_at: at(self.end()),
                ..initial(number)
            }),
            23 => use_initial(number),
            24 => create_job(job(number, self.now)),
            25 => Change::DeleteJob(job_id(number)),
            26 => Change::RevokeGrantsOfSession {
                user: user_id(user),
                session: session_id(number),
                at: at(self.now),
            },
            0..=2 => use_once(number, self.end()),
            3..=5 => create_device(DeviceAuthorization {
                user_code: user_code(self.dice.below(NUMBERS)),
                expires_at: at(self.end()),
                ..device(number)
            }),
            6 | 7 => approve(number, user),
            8 => deny_device(number),
            9 | 10 => redeem_device(number, user),
            11..=13 => push(PushedRequest {
                expires_at: at(self.end()),
                ..pushed(number)
            }),
            14 | 15 => make(PersonalAccessToken {
                hash: personal_hash(self.dice.below(NUMBERS)),
                expires_at: at(self.end()),
                ..personal(number, user)
            }),
            16 => touch(number, self.end()),
            17 => delete_personal(number, user),
            18 if self.dice.below(4) == 0 => Change::DeletePersonalAccessTokensOf(user_id(user)),
            18 => delete_issuer(user),
            _ => put_issuer(trusted_issuer(user)),
        }
    }

    fn put_key(&mut self) -> Change {
        let mut key = key(self.dice.below(6), self.now);
        key.retire_at = (self.dice.below(2) == 0).then(|| at(self.end()));
        Change::PutKey(key)
    }
}

/// The SplitMix64 generator: the same numbers on every machine from the same seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u32) -> u32 {
        u32::try_from(self.next() % u64::from(limit)).expect("below a u32")
    }

    fn pick(&mut self, length: u32) -> usize {
        self.below(length) as usize
    }
}
