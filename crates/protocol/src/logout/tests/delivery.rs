//! How often a client is told, and when it is given up.

use grantor_types::{JobId, Seconds};

use super::super::{Answer, Fate, after, claim};
use super::{client, session};
use crate::Change;
use crate::fixture::{NOW, user};
use crate::record::{Job, Task};

#[test]
fn a_token_is_tried_five_times_in_ten_minutes() {
    let mut job = Job {
        id: JobId::from_bytes([1; 16]),
        task: Task::BackchannelLogout {
            client: client().id,
            user: user().id,
            session: session().id,
        },
        attempts: 0,
        due_at: NOW,
    };
    let mut now = NOW;
    for (attempt, delay) in [
        (1, Some(15)),
        (2, Some(45)),
        (3, Some(135)),
        (4, Some(405)),
        (5, None),
    ] {
        let (claimed, change) = claim(now, &job);
        let leased = Change::MoveJob {
            job: job.id,
            from: now,
            to: now.plus(Seconds(60)),
            attempts: attempt,
        };
        assert_eq!(change, leased);
        for (answer, fate) in [
            (Answer::Status(200), Fate::Delivered),
            (Answer::Status(204), Fate::Delivered),
            (Answer::Status(400), Fate::GivenUp),
            (Answer::Moot, Fate::Moot),
        ] {
            assert_eq!(after(now, &claimed, answer), (fate, Change::DeleteJob(job.id)));
        }
        for answer in [
            Answer::None,
            Answer::Status(302),
            Answer::Status(404),
            Answer::Status(503),
        ] {
            let expected = match delay {
                Some(delay) => {
                    let again = Change::MoveJob {
                        job: job.id,
                        from: claimed.due_at,
                        to: now.plus(Seconds(delay)),
                        attempts: attempt,
                    };
                    (Fate::Again, again)
                }
                None => (Fate::GivenUp, Change::DeleteJob(job.id)),
            };
            assert_eq!(after(now, &claimed, answer), expected, "{attempt} {answer:?}");
        }
        now = now.plus(Seconds(delay.unwrap_or_default()));
        job = Job {
            due_at: now,
            ..claimed
        };
    }
}
