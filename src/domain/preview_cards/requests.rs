//! Link previews: which link of a post has one, and when its page is fetched.
//!
//! Only posts that reach a timeline of the owner cause a fetch: once for each link, by a job after a random delay, because all
//! servers of the fediverse receive a post at the same time.

use std::time::Duration;

use url::Url;

use crate::domain::{Domain, id_lookup};
use crate::error::Result;
use crate::limits;
use crate::protocol::html;
use crate::protocol::links::is_web_link;
use crate::store::preview_cards;
use crate::store::queues::jobs::{self, Cause, Task};
use crate::store::statuses::{self, Status};
use crate::store::{Conn, actors, media, timelines};

/// Gives a post that reached a timeline its card, and requests the fetch of the page unless it was fetched recently. A boost stands
/// for the boosted post.
pub(crate) fn request(conn: &Conn, domain: &Domain, status: &Status, cause: Cause) -> Result<()> {
    if !domain.link_previews || !preview_cards::are_enabled(conn)? {
        return Ok(());
    }
    match status.boost_of {
        Some(of) => match statuses::get(conn, of)?.filter(|boosted| boosted.boost_of.is_none()) {
            Some(boosted) => request_own(conn, domain, &boosted, cause),
            None => Ok(()),
        },
        None => request_own(conn, domain, status, cause),
    }
}

/// As [`request`], for a post that is not a boost.
fn request_own(conn: &Conn, domain: &Domain, status: &Status, cause: Cause) -> Result<()> {
    if preview_cards::link_of(conn, status.id)?.is_some() {
        return Ok(());
    }
    match link_of(conn, domain, status)? {
        Some(url) => give(conn, domain, status, (&url, cause)),
        None => Ok(()),
    }
}

fn give(conn: &Conn, domain: &Domain, status: &Status, (url, cause): (&str, Cause)) -> Result<()> {
    let now = domain.now();
    let (card, is_due) = preview_cards::add(conn, url, now)?;
    preview_cards::attach(conn, status.id, card)?;
    if is_due {
        let task = Task::PreviewCard(url.to_owned());
        jobs::enqueue_for(conn, &task, cause, now.plus(delay(cause)))?;
    }
    Ok(())
}

/// Replaces the card of an edited post if its link has changed.
pub(crate) fn renew(conn: &Conn, domain: &Domain, status: &Status) -> Result<()> {
    let before = preview_cards::link_of(conn, status.id)?;
    let now = link_of(conn, domain, status)?;
    if before == now {
        return Ok(());
    }
    preview_cards::detach(conn, status.id)?;
    let cause = match () {
        () if status.local => Cause::Owner,
        () if domain.owner_follows(conn, status.actor_id)? => Cause::Followed,
        () => Cause::Stranger,
    };
    match timelines::showing(conn, status.id)?.is_empty() {
        true => Ok(()),
        false => request(conn, domain, status, cause),
    }
}

/// A random delay, between a quarter of the longest and the longest: posts with the same link that arrive together cause one
/// fetch.
fn delay(cause: Cause) -> Duration {
    let longest = if cause == Cause::Owner { limits::CARD_DELAY_OF_OWNER } else { limits::CARD_DELAY };
    let mut bytes = [0_u8; 2];
    // Without randomness there is no jitter, which is not an error.
    let _ = getrandom::fill(&mut bytes);
    longest.mul_f64(0.25 + 0.75 * f64::from(u16::from_ne_bytes(bytes)) / f64::from(u16::MAX))
}

/// The link of a post that has a preview: the first that leads to another site and not to a post or account that is stored.
/// Posts with attachments or a quote have none, because those are shown instead.
fn link_of(conn: &Conn, domain: &Domain, status: &Status) -> Result<Option<String>> {
    if status.quote.is_some() || !media::of_status(conn, status.id)?.is_empty() {
        return Ok(None);
    }
    for link in html::links(&status.content) {
        let Some(url) = page_url(&link) else { continue };
        let is_known = domain.site.owns(&url)
            || statuses::is_known(conn, &link)?
            || actors::id_by_uri(conn, &link)?.is_some()
            || id_lookup::id_of(conn, domain, &link)?.is_some();
        if !is_known {
            return Ok(Some(url));
        }
    }
    Ok(None)
}

/// A link as cards are stored: normalised, without fragment.
pub fn page_url(link: &str) -> Option<String> {
    let mut url = Url::parse(link).ok().filter(|_| is_web_link(link))?;
    url.set_fragment(None);
    Some(String::from(url)).filter(|url| url.len() <= limits::URL)
}
