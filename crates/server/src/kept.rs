//! Values kept in memory beside the store.

use std::future::Future;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};

use grantor_store::StoreError;
use quick_cache::sync::Cache;

/// What was read, kept until it changes. A read that began before a change must not put the old value back after it:
/// the count of changes is looked at again once the value is in place.
pub(crate) struct Kept<K, V> {
    values: Cache<K, V>,
    changes: AtomicU64,
}

impl<K, V> Kept<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Keeps at most so many values.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            values: Cache::new(capacity),
            changes: AtomicU64::new(0),
        }
    }

    /// The value of a key, read when it is not kept.
    pub(crate) async fn read(
        &self,
        key: &K,
        read: impl Future<Output = Result<Option<V>, StoreError>>,
    ) -> Result<Option<V>, StoreError> {
        if let Some(value) = self.values.get(key) {
            return Ok(Some(value));
        }
        let before = self.changes.load(Ordering::Acquire);
        let found = read.await?;
        if let Some(value) = &found {
            self.values.insert(key.clone(), value.clone());
            if self.changes.load(Ordering::Acquire) != before {
                self.values.remove(key);
            }
        }
        Ok(found)
    }

    /// The value has changed.
    pub(crate) fn forget(&self, key: &K) {
        self.changes.fetch_add(1, Ordering::AcqRel);
        self.values.remove(key);
    }

    /// Every value may have changed.
    pub(crate) fn forget_all(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
        self.values.clear();
    }
}

impl<K, V> std::fmt::Debug for Kept<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept")
            .field("changes", &self.changes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;

    #[tokio::test]
    async fn a_read_that_a_change_overtook_is_not_kept() {
        let kept: Kept<u8, &str> = Kept::new(10);
        let overtaken = async {
            kept.forget(&1);
            Ok(Some("old"))
        };
        assert_eq!(kept.read(&1, overtaken).await.unwrap(), Some("old"));
        assert_eq!(
            kept.read(&1, async { Ok(Some("new")) }).await.unwrap(),
            Some("new")
        );
        assert_eq!(
            kept.read(&1, async { Ok(Some("newer")) }).await.unwrap(),
            Some("new")
        );
        kept.forget(&1);
        assert_eq!(kept.read(&1, async { Ok(None) }).await.unwrap(), None);
    }
}
