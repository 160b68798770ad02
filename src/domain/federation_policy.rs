//! Whom this server has to do with: decisions on single hosts, and in allow-list mode on all the others.
//!
//! The question is asked wherever something comes in, goes out or is fetched ([`of`]); what is already here is hidden
//! by a mark on its actors, which the one visibility rule looks at.

use std::sync::Arc;

use super::Domain;
use super::relationships::follow::{self, FollowResponse};
use super::urls::host_of;
use crate::error::{Error, Result};
use crate::store::database::settings;
use crate::store::peers::domain_policies::{self, ActorHosts, HostPolicy, Severity};
use crate::store::queues::deliveries;
use crate::store::relationships::follows;
use crate::store::{Conn, actors};

/// What holds for a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HostStanding {
    /// How far it is let in.
    pub severity: Severity,
    /// Its media are not taken.
    pub reject_media: bool,
}

impl HostStanding {
    /// Nothing comes from there and nothing goes there.
    pub fn is_suspended(self) -> bool {
        self.severity == Severity::Suspend
    }
}

/// What holds for a host: what was decided on it, else on the nearest name above it, else what holds for all.
///
/// # Errors
/// When the database cannot be read.
pub fn of(conn: &Conn, domain: &Domain, host: &str) -> Result<HostStanding> {
    for name in names(host) {
        if let Some(found) = domain_policies::get(conn, name)? {
            return Ok(HostStanding { severity: found.severity, reject_media: found.reject_media });
        }
    }
    let severity = if domain.allow_list { Severity::Suspend } else { Severity::Allow };
    Ok(HostStanding { severity, reject_media: false })
}

/// What holds for a host, read by itself.
pub fn of_host(domain: &Domain, host: &str) -> Result<HostStanding> {
    domain.store.read(|c| of(c, domain, host))
}

/// A host and every name above it, each also without its port: `a.example:81`, `a.example`, `example`.
fn names(host: &str) -> impl Iterator<Item = &str> {
    let bare = match host.rsplit_once(':') {
        Some((bare, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !bare.ends_with(':') => bare,
        _ => host,
    };
    let is_address = bare.starts_with('[') || bare.parse::<std::net::Ipv4Addr>().is_ok();
    let above = bare.match_indices('.').map(|(i, _)| &bare[i + 1..]).filter(move |_| !is_address);
    (host != bare).then_some(host).into_iter().chain([bare]).chain(above)
}

/// As the host is written: in lower case and ASCII.
///
/// # Errors
/// [`Error::Invalid`] when it is no host name.
fn canonical(host: &str) -> Result<String> {
    let wrong = || Error::invalid(format!("`{host}` is no host name; write it like example.org"));
    let url = url::Url::parse(&format!("https://{}/", host.trim())).map_err(|_| wrong())?;
    let plain = url.path() == "/" && url.username().is_empty() && url.query().is_none();
    let name = url.host_str().filter(|_| plain).ok_or_else(wrong)?;
    Ok(url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}")))
}

/// What the owner decides on a host.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// How far it is let in.
    pub severity: Severity,
    /// Its media are not taken.
    pub reject_media: bool,
    /// Why.
    pub comment: String,
}

/// Decides on a host and everything below it. Of a suspended one every follow ends, and what it wrote is hidden.
///
/// # Errors
/// [`Error::Invalid`] when it is no host name, or our own.
pub fn decide(domain: &Arc<Domain>, host: &str, decision: Decision) -> Result<()> {
    let host = canonical(host)?;
    if domain.site.owns_domain(&host) || domain.site.authority() == host {
        return Err(Error::invalid("this is the server itself"));
    }
    let policy = HostPolicy {
        host,
        severity: decision.severity,
        reject_media: decision.reject_media,
        comment: decision.comment.trim().to_owned(),
        created_at: domain.now(),
    };
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        domain_policies::set(conn, &policy)?;
        apply(conn, &ctx)
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

/// Takes a decision back.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn withdraw(domain: &Arc<Domain>, host: &str) -> Result<()> {
    let (host, ctx) = (canonical(host)?, domain.clone());
    domain.store.write(move |conn| {
        if !domain_policies::remove(conn, &host)? {
            return Err(Error::NotFound);
        }
        apply(conn, &ctx)
    })?;
    domain.signals.delivery.notify();
    Ok(())
}

/// Brings what is here in step with the mode of this server, if that was changed.
///
/// # Errors
/// When the database cannot be written.
pub fn apply_mode(domain: &Arc<Domain>) -> Result<()> {
    let mode = if domain.allow_list { "allow-list" } else { "open" };
    let before = domain.store.read(|c| settings::get(c, settings::FEDERATION_MODE))?;
    if before.as_deref().unwrap_or("open") == mode || domain.owner().is_err() {
        return Ok(());
    }
    let ctx = domain.clone();
    domain.store.write(move |conn| {
        settings::set(conn, settings::FEDERATION_MODE, mode)?;
        apply(conn, &ctx)
    })
}

/// What holds for an actor: the stricter of what holds for the host of its document and for the domain of its handle,
/// which may be another.
///
/// # Errors
/// When the database cannot be read.
pub fn of_place(conn: &Conn, domain: &Domain, (host, handle_domain): &ActorHosts) -> Result<HostStanding> {
    let (one, other) = (of(conn, domain, host)?, of(conn, domain, handle_domain)?);
    Ok(HostStanding {
        severity: one.severity.max(other.severity),
        reject_media: one.reject_media || other.reject_media,
    })
}

/// True if this server takes a file or picture of an actor of this place: its media are taken, and the file lies on no host
/// that is suspended or whose media are not, because the owner's browser asks that host for it.
///
/// # Errors
/// When the database cannot be read.
pub fn takes_media(conn: &Conn, domain: &Domain, place: &ActorHosts, url: &str) -> Result<bool> {
    let Some(host) = host_of(url) else { return Ok(false) };
    if of_place(conn, domain, place)?.reject_media {
        return Ok(false);
    }
    let there = of(conn, domain, &host)?;
    Ok(domain.site.owns(url) || !there.is_suspended() && !there.reject_media)
}

/// Those of several files or pictures that are taken.
///
/// # Errors
/// When the database cannot be read.
pub fn taken_media<T: Clone>(
    conn: &Conn,
    domain: &Domain,
    place: &ActorHosts,
    media: &[T],
    url: impl Fn(&T) -> &str,
) -> Result<Vec<T>> {
    let mut taken = Vec::with_capacity(media.len());
    for one in media {
        if takes_media(conn, domain, place, url(one))? {
            taken.push(one.clone());
        }
    }
    Ok(taken)
}

/// Marks every known actor with what holds for it, and ends what must end.
fn apply(conn: &Conn, domain: &Domain) -> Result<()> {
    for place in domain_policies::places_of_actors(conn)? {
        let standing = of_place(conn, domain, &place)?;
        if standing.is_suspended() {
            end_follows(conn, domain, &place)?;
            domain_policies::clear_from_view(conn, &place)?;
        }
        if standing.reject_media {
            domain_policies::remove_media(conn, &place)?;
        }
        domain_policies::limit_actors(conn, &place, standing.severity)?;
    }
    Ok(())
}

/// The other side is told, so that it does not go on counting us.
fn end_follows(conn: &Conn, domain: &Domain, place: &ActorHosts) -> Result<()> {
    let owner = domain.owner()?;
    for id in domain_policies::followed_or_following(conn, place)? {
        let Some(actor) = actors::get(conn, id)? else { continue };
        if let Some(followed) = follows::between(conn, owner.id, id)? {
            follow::end(conn, domain, &owner, &actor, &followed)?;
        }
        if let Some(follower) = follows::between(conn, id, owner.id)? {
            follow::send_answer(conn, domain, &owner, &follower, FollowResponse::Reject)?;
            follows::remove(conn, &follower)?;
        }
    }
    let (host, _) = place;
    match of(conn, domain, host)?.is_suspended() {
        true => deliveries::drop_for_host(conn, host, "this server does not federate with that one", domain.now()),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_meant_with_everything_below_it() {
        let all = |host| names(host).collect::<Vec<_>>();
        assert_eq!(all("a.b.example"), ["a.b.example", "b.example", "example"]);
        assert_eq!(all("a.example:81"), ["a.example:81", "a.example", "example"]);
        assert_eq!(all("127.0.0.1:81"), ["127.0.0.1:81", "127.0.0.1"]);
        assert_eq!(all("[::1]:81"), ["[::1]:81", "[::1]"]);
    }

    #[test]
    fn hosts_are_taken_as_people_write_them() {
        assert_eq!(canonical(" EVIL.example ").unwrap(), "evil.example");
        assert_eq!(canonical("bücher.example").unwrap(), "xn--bcher-kva.example");
        assert_eq!(canonical("127.0.0.1:81").unwrap(), "127.0.0.1:81");
        for bad in ["", "a b", "a/b", "me@a.example", "https://a.example"] {
            assert!(canonical(bad).is_err(), "{bad}");
        }
    }
}
