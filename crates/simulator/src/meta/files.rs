//! Files at the simulated Meta, for tests and customers.

use std::time::Duration;

use anyhow::ensure;
use bytes::Bytes;

use super::Meta;
use crate::calls::RecordedCall;
use crate::clock;
use crate::faults::MediaRule;
use crate::files::{MediaHandle, RecordedUpload};

impl Meta {
    /// A customer's file arrives at Meta; webhooks can name it from now on.
    pub fn put_media(&self, bytes: impl Into<Bytes>, mime_type: &str) -> MediaHandle {
        self.inner.state().files.put(bytes.into(), mime_type, None)
    }

    /// The bytes of a file, received or uploaded.
    pub fn media_bytes(&self, id: &str) -> Option<Bytes> {
        self.inner
            .state()
            .files
            .get(id)
            .map(|stored| stored.bytes.clone())
    }

    /// A fresh address of a file, good for five minutes, as webhooks since v24 carry it.
    pub fn media_url(&self, id: &str) -> String {
        self.inner.media_url(id)
    }

    /// An address of a file on a host that is not Meta's, though it answers; for checks of where a token goes.
    pub fn stranger_url(&self, id: &str) -> String {
        let port = self.graph_url().rsplit(':').next().unwrap_or_default();
        format!("http://localhost:{port}/elsewhere/{id}")
    }

    /// Every address handed out so far is answered with 404 from now on.
    pub fn expire_media_urls(&self) {
        self.inner.state().files.expire();
    }

    /// The file is gone, as after seven days.
    pub fn forget_media(&self, id: &str) {
        self.inner.state().files.remove(id);
    }

    /// Whether `file_size` is written as a text; both are seen in the wild.
    pub fn set_file_size_as_text(&self, as_text: bool) {
        self.inner.state().files.size_as_text = as_text;
    }

    /// Every upload so far, refused ones included.
    pub fn uploads(&self) -> Vec<RecordedUpload> {
        self.inner.state().files.uploads.clone()
    }

    /// Spoils the next request for a file, or as many and as chosen as the rule says.
    pub fn media_fault(&self, rule: impl Into<MediaRule>) {
        self.inner.state().media_rules.add(rule.into());
    }

    /// Every request that was no send, in order of arrival.
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.inner.state().calls.clone()
    }

    /// Waits until the calls look as wanted, and returns them.
    ///
    /// # Errors
    /// When that takes longer than `timeout`; the error shows the calls.
    pub async fn wait_for_calls(
        &self,
        wanted: impl Fn(&[RecordedCall]) -> bool,
        timeout: Duration,
    ) -> anyhow::Result<Vec<RecordedCall>> {
        let mut written = self.inner.written.subscribe();
        let waiting = written.wait_for(|_| wanted(&self.inner.state().calls));
        let in_time = tokio::time::timeout(timeout, waiting).await.is_ok();
        let calls = self.calls();
        ensure!(
            in_time,
            "the calls did not come as expected within {timeout:?}: {calls:#?}"
        );
        Ok(calls)
    }
}

impl super::Inner {
    pub(crate) fn media_url(&self, id: &str) -> String {
        let ticket = self.state().files.ticket(id, clock::unix_seconds());
        format!("{}/files/{ticket}", self.graph_url)
    }
}
