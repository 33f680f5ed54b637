//! The storage contract: typed reads, one commit of guarded changes, the memory engine.
