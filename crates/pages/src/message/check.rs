//! Checks of message files: the operator's when a theme is loaded, ours in the tests.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::Messages;
use crate::Locale;

/// What is wrong with a message file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageProblem {
    /// The file is not written in Fluent's syntax.
    #[error("line {line}: {reason}")]
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// What the parser says.
        reason: String,
    },
    /// No page uses a message of this name.
    #[error("there is no message `{id}`: check the spelling, or remove it")]
    UnknownMessage {
        /// The name in the file.
        id: String,
    },
    /// The message uses other variables than the one it replaces.
    #[error("message `{id}` must use the variables [{expected}] and uses [{found}]")]
    Variables {
        /// The name of the message.
        id: String,
        /// What the page provides.
        expected: String,
        /// What the message mentions.
        found: String,
    },
    /// The message cannot be put together, for example because it refers to a term that does not exist.
    #[error("message `{id}` cannot be formatted: {reason}")]
    Format {
        /// The name of the message.
        id: String,
        /// What the formatter says.
        reason: String,
    },
}

/// The variables of each message that has a value.
pub(crate) type Variables = BTreeMap<String, BTreeSet<String>>;

/// Reads a message file.
///
/// # Errors
/// The first error of syntax, with its line.
pub(crate) fn parse(text: &str) -> Result<FluentResource, MessageProblem> {
    FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| {
        errors.first().map_or_else(
            || MessageProblem::Syntax {
                line: 1,
                reason: "unreadable".to_owned(),
            },
            |error| MessageProblem::Syntax {
                line: text
                    .get(..error.pos.start)
                    .unwrap_or_default()
                    .matches('\n')
                    .count()
                    + 1,
                reason: error.kind.to_string(),
            },
        )
    })
}

/// Compares an operator's file with the messages it replaces.
///
/// # Errors
/// The first message that no page uses, or whose variables differ: a consent page that forgets the name of the app
/// would be worse than a server that does not start.
pub(crate) fn compare(file: &FluentResource, built_in: &Variables) -> Result<(), MessageProblem> {
    for (id, found) in variables(file) {
        match built_in.get(&id) {
            None => return Err(MessageProblem::UnknownMessage { id }),
            Some(expected) if *expected != found => {
                return Err(MessageProblem::Variables {
                    id,
                    expected: listed(expected),
                    found: listed(&found),
                });
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Puts every message of a locale together once.
///
/// # Errors
/// The first message that cannot be formatted.
pub(crate) fn format_all(
    messages: &Messages,
    locale: Locale,
    built_in: &Variables,
) -> Result<(), MessageProblem> {
    let bundle = messages.bundle(locale);
    for (id, names) in built_in {
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            continue;
        };
        let arguments: FluentArgs = names.iter().map(|name| (name.as_str(), 1)).collect();
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(&arguments), &mut errors);
        if let Some(error) = errors.first() {
            return Err(MessageProblem::Format {
                id: id.clone(),
                reason: error.to_string(),
            });
        }
    }
    Ok(())
}

/// The messages of a file with the variables each mentions.
pub(crate) fn variables(file: &FluentResource) -> Variables {
    let mut all = Variables::new();
    for entry in file.entries() {
        if let Entry::Message(message) = entry {
            let mut found = BTreeSet::new();
            if let Some(pattern) = &message.value {
                in_pattern(pattern, &mut found);
            }
            all.insert(message.id.name.to_owned(), found);
        }
    }
    all
}

fn in_pattern(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, found);
        }
    }
}

fn in_expression(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, found),
        Expression::Select { selector, variants } => {
            in_inline(selector, found);
            for variant in variants {
                in_pattern(&variant.value, found);
            }
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => in_expression(expression, found),
        InlineExpression::FunctionReference { arguments, .. } => in_arguments(arguments, found),
        InlineExpression::TermReference { arguments, .. } => {
            if let Some(arguments) = arguments {
                in_arguments(arguments, found);
            }
        }
        InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. }
        | InlineExpression::MessageReference { .. } => {}
    }
}

fn in_arguments(arguments: &CallArguments<&str>, found: &mut BTreeSet<String>) {
    for positional in &arguments.positional {
        in_inline(positional, found);
    }
    for named in &arguments.named {
        in_inline(&named.value, found);
    }
}

fn listed(names: &BTreeSet<String>) -> String {
    names
        .iter()
        .map(|name| format!("${name}"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::{MessageProblem, compare, format_all, parse, variables};
    use crate::Locale;
    use crate::message::{Messages, built_in_text};

    #[test]
    fn every_locale_has_the_same_messages_with_the_same_variables() {
        let english = variables(&parse(built_in_text(Locale::English)).unwrap());
        for locale in Locale::ALL {
            let other = variables(&parse(built_in_text(locale)).unwrap());
            for (id, expected) in &english {
                assert_eq!(other.get(id), Some(expected), "{} of {}", id, locale.tag());
            }
            assert_eq!(
                other.len(),
                english.len(),
                "{} has messages that English has not",
                locale.tag()
            );
        }
    }

    #[test]
    fn every_message_can_be_formatted() {
        let messages = Messages::new(Vec::new());
        for locale in Locale::ALL {
            let ours = variables(&parse(built_in_text(locale)).unwrap());
            format_all(&messages, locale, &ours).unwrap();
        }
    }

    #[test]
    fn a_message_twice_in_one_file_is_a_mistake() {
        for locale in Locale::ALL {
            let file = parse(built_in_text(locale)).unwrap();
            let messages = file
                .entries()
                .filter(|entry| matches!(entry, super::Entry::Message(_)))
                .count();
            assert_eq!(messages, variables(&file).len(), "{}", locale.tag());
        }
    }

    #[test]
    fn operators_mistakes_are_named() {
        let ours = variables(&parse("a = { $client } asks\nb = B").unwrap());
        let problem = |text: &str| parse(text).and_then(|file| compare(&file, &ours)).unwrap_err();
        assert!(matches!(
            problem("b = B\nc c = C"),
            MessageProblem::Syntax { line: 2, .. }
        ));
        assert_eq!(
            problem("c = C"),
            MessageProblem::UnknownMessage { id: "c".to_owned() }
        );
        assert_eq!(
            problem("a = Somebody asks").to_string(),
            "message `a` must use the variables [$client] and uses []"
        );
        let messages = Messages::new(vec![(Locale::English, parse("brand = { -nothing }").unwrap())]);
        let brand = variables(&parse("brand = x").unwrap());
        assert!(matches!(
            format_all(&messages, Locale::English, &brand),
            Err(MessageProblem::Format { .. })
        ));
    }
}
