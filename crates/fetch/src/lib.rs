//! Outgoing HTTP with limits of size, time, address and redirects.
