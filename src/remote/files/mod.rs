//! Fetches files of other servers: images, videos and recordings.

use std::time::Instant;

use super::signed_client::Fetcher;
use super::transport::download::{FileHead, Receiver, Rest};
use crate::domain::federation_policy;
use crate::domain::ports::FileSink;
use crate::domain::urls::host_of;
use crate::error::{Error, RemoteError, Result};
use crate::limits;

impl Fetcher {
    /// Fetches a file. If the connection breaks, and the server supports it, the rest is requested.
    ///
    /// # Errors
    /// [`Error::Remote`], and the errors of the sink.
    pub(super) fn fetch_file(&self, url: &str, sink: &mut dyn FileSink) -> Result<()> {
        let host = host_of(url).unwrap_or_default();
        self.check_media_policy(&host)?;
        if let Some(error) = self.backoff_of(&host) {
            return Err(error.into());
        }
        let (since, mut attempt) = (Instant::now(), 1);
        let mut transfer = Transfer { fetcher: self, sink, arrived: 0, length: None, etag: None, has_begun: false };
        loop {
            let result = transfer.attempt(url);
            let Err(Error::Remote(error)) = &result else { return result };
            if !transfer.can_continue(error) || attempt >= limits::REMOTE_FILE_ATTEMPTS {
                self.note_backoff(&host, error, since.elapsed());
                return result;
            }
            attempt += 1;
        }
    }

    /// Refuses suspended hosts, and those whose media are rejected.
    fn check_media_policy(&self, host: &str) -> Result<()> {
        self.check_policy(host)?;
        match federation_policy::of_host(&self.domain, host)?.reject_media {
            true => Err(RemoteError::Refused("media of that server are rejected".into()).into()),
            false => Ok(()),
        }
    }
}

/// A file that is being fetched, perhaps in several parts.
struct Transfer<'a> {
    fetcher: &'a Fetcher,
    sink: &'a mut dyn FileSink,
    arrived: u64,
    length: Option<u64>,
    etag: Option<String>,
    has_begun: bool,
}

impl Transfer<'_> {
    fn attempt(&mut self, url: &str) -> Result<()> {
        let url = self.fetcher.http_client.url(url)?;
        let etag = self.etag.clone().filter(|_| self.arrived > 0);
        let rest = etag.map(|etag| Rest { from: self.arrived, etag });
        let client = self.fetcher.http_client.clone();
        client.download(&url, rest.as_ref(), self)?;
        match self.length {
            Some(length) if length != self.arrived => {
                Err(RemoteError::NoAnswer(format!("it sent {} of {length} bytes", self.arrived)).into())
            }
            _ => Ok(()),
        }
    }

    /// Returns `true` if the rest can be requested after this error.
    fn can_continue(&self, error: &RemoteError) -> bool {
        error.is_silence() && self.arrived > 0 && self.etag.is_some()
    }
}

impl Receiver for Transfer<'_> {
    fn head(&mut self, head: FileHead) -> Result<()> {
        self.fetcher.check_media_policy(&host_of(head.url.as_str()).unwrap_or_default())?;
        (self.length, self.etag) = (head.length, head.etag);
        if self.has_begun {
            return Ok(());
        }
        self.has_begun = true;
        self.sink.begin(head.length)
    }

    fn piece(&mut self, bytes: &[u8]) -> Result<()> {
        self.arrived += bytes.len() as u64;
        self.sink.write(bytes)
    }
}
