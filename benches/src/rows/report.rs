//! The table that is printed.

use super::Run;

/// A row beside its ceiling.
pub(crate) struct Line {
    name: String,
    connections: usize,
    target: f64,
    own: Run,
    ceiling: Run,
    open: Option<crate::load::Measured>,
}

impl Line {
    pub(crate) fn new(
        name: &str,
        connections: usize,
        target: f64,
        own: Run,
        ceiling: Run,
        open: Option<crate::load::Measured>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            connections,
            target,
            own,
            ceiling,
            open,
        }
    }
}

/// Everything that was measured.
#[derive(Default)]
pub(crate) struct Report {
    facts: Vec<(String, String, String)>,
    lines: Vec<Line>,
}

impl Report {
    /// Adds a single figure with its target.
    pub(crate) fn fact(&mut self, name: &str, value: String, target: &str) {
        self.facts.push((name.to_owned(), value, target.to_owned()));
    }

    /// Adds a row.
    pub(crate) fn line(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Prints the table in Markdown.
    pub(crate) fn print(&self) {
        println!(
            "| row | connections | req/s | ceiling req/s | of ceiling | target | p50 ms | p99 ms | open loop p99 ms | \
             server CPU us/req | ceiling CPU us/req |"
        );
        println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        for line in &self.lines {
            let (own, ceiling) = (&line.own, &line.ceiling);
            let ratio = own.0.rate / ceiling.0.rate;
            let mark = if ratio >= line.target { "" } else { " (short)" };
            let open = line
                .open
                .as_ref()
                .map_or_else(String::new, |open| format!("{:.2}", open.percentile(0.99)));
            println!(
                "| {} | {} | {:.0} | {:.0} | {:.0} %{mark} | {:.0} % | {:.2} | {:.2} | {open} | {:.1} | {:.1} |",
                line.name,
                line.connections,
                own.0.rate,
                ceiling.0.rate,
                ratio * 100.0,
                line.target * 100.0,
                own.0.percentile(0.5),
                own.0.percentile(0.99),
                own.1,
                ceiling.1,
            );
        }
        println!("\n| figure | measured | target |\n|---|--:|--:|");
        for (name, value, target) in &self.facts {
            println!("| {name} | {value} | {target} |");
        }
    }
}
