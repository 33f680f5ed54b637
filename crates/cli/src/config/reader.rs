//! Reads settings one by one: each is declared once, where it is used, with its default and its documentation. From
//! that come its value, every problem with it, and its row in the reference.

use std::collections::BTreeSet;

use toml::{Table, Value};

/// A value that a setting can have.
pub(crate) trait Setting: Sized {
    /// What to write, for the reference.
    const KIND: &'static str;
    /// Reads it.
    fn read(value: &Value) -> Result<Self, String>;
    /// Writes it, for the reference.
    fn show(&self) -> String;
}

/// Something that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Problem {
    /// The setting, as `section.key`.
    pub(crate) path: String,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

/// A row of the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) path: String,
    pub(crate) kind: &'static str,
    pub(crate) default: String,
    pub(crate) documentation: &'static str,
}

/// What reading a configuration found out.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) problems: Vec<Problem>,
    /// The `danger_…` settings that are on.
    pub(crate) dangers: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// Where environment variables come from. Tests have their own.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A table of settings under a path.
pub(crate) struct Section<'a> {
    path: String,
    table: Table,
    known: BTreeSet<String>,
    report: &'a mut Report,
    environment: Environment<'a>,
}

impl<'a> Section<'a> {
    /// The whole configuration.
    pub(crate) fn root(table: Table, report: &'a mut Report, environment: Environment<'a>) -> Self {
        Self {
            path: String::new(),
            table,
            known: BTreeSet::new(),
            report,
            environment,
        }
    }

    /// Reads a section of this one.
    pub(crate) fn section<R>(&mut self, key: &str, read: impl FnOnce(&mut Section<'_>) -> R) -> R {
        self.known.insert(key.to_owned());
        let path = self.path_of(key);
        let table = match self.table.remove(key) {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(_) => {
                self.problem(key, "has to be a section, written as [".to_owned() + &path + "]");
                Table::new()
            }
        };
        let environment = self.environment;
        let mut section = Section {
            path,
            table,
            known: BTreeSet::new(),
            report: &mut *self.report,
            environment,
        };
        let result = read(&mut section);
        section.finish();
        result
    }

    /// Reads a setting that has a default.
    pub(crate) fn setting<T: Setting>(&mut self, key: &str, default: T, documentation: &'static str) -> T {
        self.row::<T>(key, default.show(), documentation);
        self.read(key).unwrap_or(default)
    }

    /// Reads a setting that may be absent.
    pub(crate) fn optional<T: Setting>(&mut self, key: &str, documentation: &'static str) -> Option<T> {
        self.row::<T>(key, String::new(), documentation);
        self.read(key)
    }

    /// Reads a setting that weakens the server: off unless it is spelt out, logged at start and shown by `check`.
    pub(crate) fn danger(&mut self, key: &str, documentation: &'static str) -> bool {
        let on = self.setting(key, false, documentation);
        if on {
            self.report
                .dangers
                .push(format!("{}: {documentation}", self.path_of(key)));
        }
        on
    }

    /// Notes that a setting of this section weakens the server as it is: logged at start and shown by `check`.
    pub(crate) fn weakness(&mut self, key: &str, what: &str) {
        let path = self.path_of(key);
        self.report.dangers.push(format!("{path}: {what}"));
    }

    /// Notes a problem with a setting of this section.
    pub(crate) fn problem(&mut self, key: &str, message: impl Into<String>) {
        let path = self.path_of(key);
        self.report.problems.push(Problem {
            path,
            message: message.into(),
        });
    }

    /// Whether a problem with a setting of this section was noted.
    pub(crate) fn has_problem(&self, key: &str) -> bool {
        let path = self.path_of(key);
        self.report.problems.iter().any(|problem| problem.path == path)
    }

    /// Notes what nobody asked for.
    pub(crate) fn finish(self) {
        for key in self.table.keys().filter(|key| !self.known.contains(*key)) {
            let known: Vec<&str> = self.known.iter().map(String::as_str).collect();
            let message = format!("is not a setting; this section has: {}", known.join(", "));
            let path = join(&self.path, key);
            self.report.problems.push(Problem { path, message });
        }
    }

    fn read<T: Setting>(&mut self, key: &str) -> Option<T> {
        self.known.insert(key.to_owned());
        let value = self.environment_value(key).or_else(|| self.table.remove(key))?;
        match T::read(&value) {
            Ok(value) => Some(value),
            Err(message) => {
                self.problem(key, message);
                None
            }
        }
    }

    /// `GRANTOR_SERVER_ISSUER` sets `server.issuer`. What reads as a TOML value is one, anything else is text.
    fn environment_value(&self, key: &str) -> Option<Value> {
        let name = format!("GRANTOR_{}", self.path_of(key).replace('.', "_").to_uppercase());
        let text = (self.environment)(&name)?;
        let parsed = toml::from_str::<Table>(&format!("value = {text}")).ok();
        parsed
            .and_then(|mut table| table.remove("value"))
            .or(Some(Value::String(text)))
    }

    fn row<T: Setting>(&mut self, key: &str, default: String, documentation: &'static str) {
        let path = self.path_of(key);
        self.report.rows.push(Row {
            path,
            kind: T::KIND,
            default,
            documentation,
        });
    }

    fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}
