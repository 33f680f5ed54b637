//! Counts of what passed and what failed.

use std::fmt;

/// What one part found.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
    ignored: u64,
    /// What could not be checked here, and why.
    not_checked: Option<String>,
}

impl Tally {
    /// One check that failed.
    pub(super) const FAILED: Self = Self {
        passed: 0,
        failed: 1,
        ignored: 0,
        not_checked: None,
    };
    /// One check that passed.
    pub(super) const PASSED: Self = Self {
        passed: 1,
        failed: 0,
        ignored: 0,
        not_checked: None,
    };

    /// A part that cannot be checked here. It says so, and counts neither way.
    pub(super) fn not_checked(why: impl Into<String>) -> Self {
        Self {
            not_checked: Some(why.into()),
            ..Self::default()
        }
    }

    /// Adds the counts of a line of the Rust test harness; other lines add nothing.
    pub(super) fn read(&mut self, line: &str) {
        let Some(counts) = line.strip_prefix("test result: ") else {
            return;
        };
        let counts = counts.split_once(". ").map_or(counts, |(_, counts)| counts);
        for count in counts.split("; ") {
            let (number, what) = count.split_once(' ').unwrap_or_default();
            let number = number.parse().unwrap_or(0);
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }

    /// What cargo said of the whole: a failure without a failed test, such as code that does not compile, counts as one.
    pub(super) fn ended(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }

    /// Both together.
    pub(super) fn plus(&self, other: &Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            ignored: self.ignored + other.ignored,
            not_checked: None,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(why) = &self.not_checked {
            return write!(f, "not checked here: {why}");
        }
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 {
            write!(f, ", {} ignored", self.ignored)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn lines_of_the_harness_are_counted() {
        let mut tally = Tally::default();
        for line in [
            "running 4 tests",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ] {
            tally.read(line);
        }
        assert_eq!(tally.to_string(), "8 passed, 2 failed, 1 ignored");
        assert_eq!(Tally::default().ended(false).to_string(), "0 passed, 1 failed");
    }
}
