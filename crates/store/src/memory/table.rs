//! A map that can take back what was written since the last commit.

use std::collections::BTreeMap;

/// Rows by key, with a journal of what they were before the commit that is under way.
#[derive(Debug)]
pub(super) struct Table<K, V> {
    rows: BTreeMap<K, V>,
    journal: Vec<(K, Option<V>)>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            journal: Vec::new(),
        }
    }
}

impl<K: Ord + Clone, V> Table<K, V> {
    /// The rows as they stand, for reading.
    pub(super) fn rows(&self) -> &BTreeMap<K, V> {
        &self.rows
    }

    /// Inserts or replaces a row. Always true: there is always something to change.
    pub(super) fn put(&mut self, key: K, row: V) -> bool {
        let before = self.rows.insert(key.clone(), row);
        self.journal.push((key, before));
        true
    }

    /// Deletes a row and says whether there was one.
    pub(super) fn delete(&mut self, key: &K) -> bool {
        let before = self.rows.remove(key);
        let found = before.is_some();
        if found {
            self.journal.push((key.clone(), before));
        }
        found
    }

    /// Deletes every row that the test picks and returns the keys, in order.
    pub(super) fn delete_where(&mut self, picked: impl Fn(&K, &V) -> bool) -> Vec<K> {
        let keys: Vec<K> = self
            .rows
            .iter()
            .filter(|(key, row)| picked(key, row))
            .map(|(key, _)| key.clone())
            .collect();
        for key in &keys {
            self.delete(key);
        }
        keys
    }

    /// Keeps what was written.
    pub(super) fn keep(&mut self) {
        self.journal.clear();
    }

    /// Takes back what was written since the last [`Table::keep`], newest first.
    pub(super) fn take_back(&mut self) {
        while let Some((key, before)) = self.journal.pop() {
            match before {
                Some(row) => self.rows.insert(key, row),
                None => self.rows.remove(&key),
            };
        }
    }
}
