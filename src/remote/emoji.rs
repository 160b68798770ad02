//! Fetches custom emoji of other servers that the owner copies.

use std::time::Instant;

use serde::Deserialize;

use super::signed_client::{Fetcher, malformed};
use super::transport::http_client::{Fetched, Get};
use crate::domain::urls::host_of;
use crate::error::{Error, Lookup, Result};
use crate::limits;

/// An emoji in the list of a server, or in the answer of Misskey.
#[derive(Deserialize)]
struct Listed {
    #[serde(alias = "name")]
    shortcode: String,
    url: String,
}

impl Fetcher {
    /// The URL of the picture of an emoji: in the list of its server (Mastodon and most others), or in the answer to its
    /// name (Misskey).
    pub(super) fn find_emoji(&self, host: &str, shortcode: &str) -> Result<String> {
        let root = self.root_of(host);
        let list =
            self.emoji_document(&format!("{root}/api/v1/custom_emojis"), limits::EMOJI_LIST).and_then(|fetched| {
                serde_json::from_slice::<Vec<Listed>>(&fetched.body).map_err(|e| malformed(&e.to_string()))
            });
        let failure = match list {
            Ok(list) => match list.into_iter().find(|emoji| emoji.shortcode == shortcode) {
                Some(found) => return Ok(found.url),
                None => Error::Absent { what: Lookup::Emoji, host: host.to_owned() },
            },
            Err(e) => e,
        };
        let named = self.emoji_document(&format!("{root}/api/emoji?name={shortcode}"), limits::DISCOVERY_BODY);
        let found = named.ok().and_then(|fetched| serde_json::from_slice::<Listed>(&fetched.body).ok());
        found.filter(|emoji| emoji.shortcode == shortcode).map(|emoji| emoji.url).ok_or(failure)
    }

    /// The picture at the URL of an emoji.
    pub(super) fn fetch_emoji(&self, url: &str) -> Result<Vec<u8>> {
        Ok(self.emoji_document(url, limits::EMOJI_UPLOAD_BYTES)?.body)
    }

    fn emoji_document(&self, url: &str, max_bytes: usize) -> Result<Fetched> {
        let host = host_of(url).unwrap_or_default();
        self.take_page_quota(&host)?;
        let target = self.http_client.url(url)?;
        let request =
            Get { accept: "*/*", max_bytes, deadline: limits::FETCH_TIMEOUT, same_origin_redirects: false, sign: None };
        let since = Instant::now();
        let fetched = self.http_client.get(&target, request);
        if let Err(error) = &fetched {
            self.note_page_failure(&host, error, since);
        }
        let fetched = fetched?;
        self.check_policy(&host_of(fetched.url.as_str()).unwrap_or_default())?;
        Ok(fetched)
    }
}
