//! The reference of commands, from the declarations that parse them.

use std::fmt::Write as _;

use clap::{Arg, Command, CommandFactory as _};

/// Every command with its arguments.
pub(super) fn page() -> String {
    let mut command = crate::Arguments::command();
    command.build();
    let mut text = "# Commands\n\nWhat `grantor` can do. Exit codes: 0 done, 1 failed, 2 a wrong argument or configuration, 3 \
                    somebody has to sign in, 4 not now: try again later. Commands \
                    on a database work beside a running server, which hears of a change within a quarter of a second. \
                    They take these too:\n\n| argument | what it is |\n|---|---|\n\
                    | `--config <FILE>` | The configuration file of the server |\n\
                    | `--data <FOLDER>` | The folder of a development server, when there is no configuration (default \
                    `.grantor`) |\n| `--json` | Print JSON |\n\n\
                    Those that work on a server too take these in place of a database:\n\n| argument | what it is |\n|---|---|\n\
                    | `--server <URL>` | The issuer of the server. The access token is in `GRANTOR_ADMIN_TOKEN`; \
                    `grantor admin token` makes one |\n| `--token-file <FILE>` | The file with the access token |\n"
        .to_owned();
    section(&mut text, &command);
    text
}

fn section(text: &mut String, command: &Command) {
    for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        if command.get_name() == "help" {
            continue;
        }
        // Some do something by themselves as well.
        let is_a_command = command
            .get_arguments()
            .any(|argument| argument.get_id() != "help");
        if command.has_subcommands() && !is_a_command {
            section(text, command);
            continue;
        }
        let name = command.get_bin_name().unwrap_or_default();
        let about = command.get_long_about().or_else(|| command.get_about());
        let about = about.map(ToString::to_string).unwrap_or_default();
        let has = |id: &str| command.get_arguments().any(|argument| argument.get_id() == id);
        let on_a_database = has("config") && has("data");
        let told_above = |id: &str| {
            id == "help"
                || (on_a_database && ["config", "data", "json", "server", "token_file"].contains(&id))
        };
        let arguments = command
            .get_arguments()
            .filter(|argument| !told_above(argument.get_id().as_str()));
        let on_a_database = match (on_a_database, has("server")) {
            (true, true) => " Works on a database or a server.",
            (true, false) => " Works on a database.",
            (false, _) => "",
        };
        let about = about.trim_end_matches('.');
        let _infallible = write!(text, "\n## {name}\n\n{about}.{on_a_database}\n");
        let rows: Vec<String> = arguments.map(row).collect();
        if !rows.is_empty() {
            let _infallible = write!(text, "\n| argument | what it is |\n|---|---|\n{}", rows.concat());
        }
        section(text, command);
    }
}

fn row(argument: &Arg) -> String {
    let takes_values = argument.get_action().takes_values();
    let names = argument
        .get_value_names()
        .filter(|_| takes_values)
        .unwrap_or_default();
    let value = names
        .iter()
        .map(|name| format!("<{name}>"))
        .collect::<Vec<_>>()
        .join(" ");
    let written = match argument.get_long() {
        Some(long) if value.is_empty() => format!("--{long}"),
        Some(long) => format!("--{long} {value}"),
        None => value,
    };
    let mut help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if !values.is_empty() && takes_values {
        let _infallible = write!(help, ". One of {}", values.join(", "));
    }
    let defaults: Vec<_> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    if takes_values && defaults.iter().any(|default| !default.is_empty()) {
        let _infallible = write!(help, " (default `{}`)", defaults.join(" "));
    }
    format!("| `{written}` | {} |\n", help.replace('|', "\\|"))
}
