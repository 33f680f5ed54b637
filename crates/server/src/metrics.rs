//! Metrics in the text format of Prometheus. Each is one documented field; its documentation is its help text.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use grantor_protocol::Cause;
use grantor_types::GrantType;
use http::StatusCode;
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};

/// Bounds of the duration histogram, in seconds.
const BUCKETS: [f64; 10] = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.05, 0.25, 1.0, 5.0];

/// Every metric.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    described: Vec<MetricReference>,
    /// Answers by route and status class.
    pub requests: Family<RequestLabels, Counter>,
    /// Time from the first byte of a request to its answer, by route, in seconds.
    pub duration: Family<RouteLabel, Histogram, fn() -> Histogram>,
    /// Tokens issued, by grant type.
    pub tokens_issued: Family<GrantLabel, Counter>,
    /// Refusals, by cause.
    pub refusals: Family<CauseLabel, Counter>,
    /// Logins, by outcome.
    pub logins: Family<OutcomeLabel, Counter>,
    /// Attempts to tell a client that a session has ended, by outcome.
    pub backchannel_logouts: Family<OutcomeLabel, Counter>,
    /// Commits that met a failed guard and were decided again.
    pub commit_conflicts: Counter,
    /// Grants and tokens that are revoked and could still be presented.
    pub revocations_held: Gauge<i64, std::sync::atomic::AtomicI64>,
    /// Rows that the sweep has deleted.
    pub rows_swept: Counter<u64, AtomicU64>,
}

/// A metric as the reference shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricReference {
    /// Its name; counters end in `_total` on the wire.
    pub name: String,
    /// `counter`, `gauge` or `histogram`.
    pub kind: &'static str,
    /// What it says.
    pub help: &'static str,
}

struct List {
    registry: Registry,
    described: Vec<MetricReference>,
}

impl List {
    fn add<M: Metric + Clone>(&mut self, name: &str, kind: &'static str, help: &'static str, metric: M) -> M {
        self.registry.register(name, help, metric.clone());
        self.described.push(MetricReference {
            name: format!("grantor_{name}"),
            kind,
            help,
        });
        metric
    }
}

/// Labels of `grantor_requests`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    /// The route.
    pub route: &'static str,
    /// `2xx`, `3xx`, `4xx` or `5xx`.
    pub status: &'static str,
}

/// Label of `grantor_request_duration_seconds`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RouteLabel {
    /// The route.
    pub route: &'static str,
}

/// Label of `grantor_tokens_issued`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct GrantLabel {
    /// The grant type.
    pub grant_type: &'static str,
}

/// Label of `grantor_refusals`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct CauseLabel {
    /// The stable id of the cause.
    pub cause: &'static str,
}

/// Label of `grantor_logins` and `grantor_backchannel_logouts`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OutcomeLabel {
    /// Of logins `success`, `wrong_password`, `blocked` or `overloaded`; of logouts `delivered`, `failed` or `given_up`.
    pub outcome: &'static str,
}

/// The metrics of one route, looked up once.
#[derive(Clone, Debug)]
pub(crate) struct RouteMetrics {
    duration: Histogram,
    classes: [Counter; 4],
}

impl RouteMetrics {
    /// Counts an answer.
    pub(crate) fn observe(&self, elapsed: Duration, status: StatusCode) {
        self.duration.observe(elapsed.as_secs_f64());
        let [success, redirect, refused, failed] = &self.classes;
        let class = match status.as_u16() {
            ..300 => success,
            300..400 => redirect,
            400..500 => refused,
            500.. => failed,
        };
        class.inc();
    }
}

fn duration_histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Registers every metric.
    pub fn new() -> Self {
        let mut list = List {
            registry: Registry::with_prefix("grantor"),
            described: Vec::new(),
        };
        let duration = Family::new_with_constructor(duration_histogram as fn() -> Histogram);
        Self {
            requests: list.add(
                "requests",
                "counter",
                "Answers by route and status class",
                Family::default(),
            ),
            duration: list.add(
                "request_duration_seconds",
                "histogram",
                "Time from the head of a request to its answer, by route",
                duration,
            ),
            tokens_issued: list.add(
                "tokens_issued",
                "counter",
                "Token responses, by grant type",
                Family::default(),
            ),
            refusals: list.add("refusals", "counter", "Refusals, by cause", Family::default()),
            logins: list.add("logins", "counter", "Logins, by outcome", Family::default()),
            backchannel_logouts: list.add(
                "backchannel_logouts",
                "counter",
                "Attempts to tell a client that a session has ended, by outcome",
                Family::default(),
            ),
            commit_conflicts: list.add(
                "commit_conflicts",
                "counter",
                "Commits that met a failed guard and were decided again",
                Counter::default(),
            ),
            revocations_held: list.add(
                "revocations_held",
                "gauge",
                "Grants and tokens that are revoked and could still be presented",
                Gauge::default(),
            ),
            rows_swept: list.add(
                "rows_swept",
                "counter",
                "Rows that the sweep has deleted",
                Counter::default(),
            ),
            described: list.described,
            registry: list.registry,
        }
    }

    /// Every metric as the reference shows it.
    pub fn described(&self) -> &[MetricReference] {
        &self.described
    }

    /// The metrics of a route.
    pub(crate) fn route(&self, route: &'static str) -> RouteMetrics {
        let class = |status| {
            self.requests
                .get_or_create(&RequestLabels { route, status })
                .clone()
        };
        RouteMetrics {
            duration: self.duration.get_or_create(&RouteLabel { route }).clone(),
            classes: ["2xx", "3xx", "4xx", "5xx"].map(class),
        }
    }

    /// Counts a token response.
    pub fn token_issued(&self, grant_type: GrantType) {
        self.tokens_issued
            .get_or_create(&GrantLabel {
                grant_type: grant_type.as_str(),
            })
            .inc();
    }

    /// Counts a login.
    pub fn login(&self, outcome: &'static str) {
        self.logins.get_or_create(&OutcomeLabel { outcome }).inc();
    }

    /// Counts an attempt to tell a client that a session has ended.
    pub fn backchannel_logout(&self, outcome: &'static str) {
        self.backchannel_logouts
            .get_or_create(&OutcomeLabel { outcome })
            .inc();
    }

    /// Counts a refusal.
    pub fn refused(&self, cause: Cause) {
        self.refusals
            .get_or_create(&CauseLabel { cause: cause.id() })
            .inc();
    }

    /// The text that Prometheus reads.
    pub fn render(&self) -> String {
        let mut text = String::new();
        // Writing to a String fails only without memory; an empty answer is then as good as any.
        if encode(&mut text, &self.registry).is_err() {
            text.clear();
        }
        text
    }
}
