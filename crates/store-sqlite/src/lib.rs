//! The SQLite engine, with a group-commit writer.
