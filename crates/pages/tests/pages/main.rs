//! What holds for every page: structure, stable ids, forms, words, and what hostile input may not do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the functions that tests share are tests too, which the lint does not see"
)]

mod guide;
mod hostile;
mod html;
mod ids;
mod sample;
mod structure;
mod words;
