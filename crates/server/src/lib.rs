//! The HTTP server: endpoints and pages over the rules.
