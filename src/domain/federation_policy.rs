//! Domain policies: the owner's decisions about hosts, and the default for all others.
//!
//! The policy is checked ([`of`]) for everything that is received, sent or fetched. What is stored already is hidden by the
//! severity on its actors, which the visibility rule checks.

use std::sync::Arc;

use super::notifications;
use super::relationships::block;
use super::urls::host_of;
use super::{Domain, Tx};
use crate::error::refusal::SettingRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::store::database::settings;
use crate::store::peers::domain_policies::{self, ActorHosts, HostPolicy, Severity};
use crate::store::queues::deliveries;
use crate::store::relationships::follows;
use crate::store::{Conn, actors};

/// The policy that applies to a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HostStanding {
    /// How far the host is restricted.
    pub severity: Severity,
    /// Media of the host are rejected.
    pub reject_media: bool,
}

impl HostStanding {
    /// True if nothing is received from the host or sent to it.
    pub fn is_suspended(self) -> bool {
        self.severity == Severity::Suspend
    }
}

/// The policy for a host: that for its name, or for the nearest parent domain, or the default.
pub fn of(conn: &Conn, domain: &Domain, host: &str) -> Result<HostStanding> {
    for name in names(host) {
        if let Some(found) = domain_policies::get(conn, name)? {
            return Ok(HostStanding { severity: found.severity, reject_media: found.reject_media });
        }
    }
    let severity = if domain.allow_list { Severity::Suspend } else { Severity::Allow };
    Ok(HostStanding { severity, reject_media: false })
}

/// The policy for a host, in a read of its own.
pub fn of_host(domain: &Domain, host: &str) -> Result<HostStanding> {
    domain.store.read(|c| of(c, domain, host))
}

/// The names of a host whose policy applies to it: the host with and without its port, and its parent domains.
fn names(host: &str) -> impl Iterator<Item = &str> {
    let bare = match host.rsplit_once(':') {
        Some((bare, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !bare.ends_with(':') => bare,
        _ => host,
    };
    // A final dot names the same host in DNS, so that it must not lead past the policy.
    let bare = bare.trim_end_matches('.');
    let is_address = bare.starts_with('[') || bare.parse::<std::net::Ipv4Addr>().is_ok();
    let above = bare.match_indices('.').map(|(i, _)| &bare[i + 1..]).filter(move |_| !is_address);
    (host != bare).then_some(host).into_iter().chain([bare]).chain(above)
}

/// The canonical form of a host name: lower case and ASCII, without a final dot. Wildcards are not host names: a policy for
/// them would never apply.
///
/// # Errors
/// [`Error::Invalid`] if it is not a host name.
fn canonical(host: &str) -> Result<String> {
    let wrong = || Error::invalid(SettingRefusal::NotAHost(host.chars().take(64).collect()));
    let url = url::Url::parse(&format!("https://{}/", host.trim())).map_err(|_| wrong())?;
    let plain = url.path() == "/" && url.username().is_empty() && url.query().is_none();
    let name = url.host_str().filter(|_| plain).ok_or_else(wrong)?.trim_end_matches('.');
    // As DNS has them (RFC 1035 section 2.3.4).
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    let is_name = name.len() <= limits::DOMAIN_CHARS && name.split('.').all(is_label);
    if !name.starts_with('[') && !is_name {
        return Err(wrong());
    }
    Ok(url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}")))
}

/// The owner's decision about a host.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// How far the host is restricted.
    pub severity: Severity,
    /// Media of the host are rejected.
    pub reject_media: bool,
    /// The reason.
    pub comment: String,
}

/// Sets the policy for a host and its subdomains. If the host is suspended, all follows end and its posts are hidden.
///
/// # Errors
/// [`Error::Invalid`] if it is not a host name, or that of this server.
pub fn decide(domain: &Arc<Domain>, host: &str, decision: Decision) -> Result<()> {
    let host = canonical(host)?;
    if domain.site.owns_domain(&host) || domain.site.authority() == host {
        return Err(Error::invalid(SettingRefusal::OwnHost));
    }
    let policy = HostPolicy {
        host,
        severity: decision.severity,
        reject_media: decision.reject_media,
        comment: decision.comment.trim().to_owned(),
        created_at: domain.now(),
    };
    domain.transact(move |tx| {
        domain_policies::set(tx, &policy)?;
        apply(tx)
    })
}

/// Removes the policy for a host.
///
/// # Errors
/// [`Error::NotFound`] if there is none.
pub fn withdraw(domain: &Arc<Domain>, host: &str) -> Result<()> {
    let host = canonical(host)?;
    domain.transact(move |tx| {
        if !domain_policies::remove(tx, &host)? {
            return Err(Error::NotFound);
        }
        apply(tx)
    })
}

/// Applies the federation mode to the stored actors, if the configuration has changed it.
pub fn apply_mode(domain: &Arc<Domain>) -> Result<()> {
    let mode = if domain.allow_list { "allow-list" } else { "open" };
    let before = domain.store.read(|c| settings::get(c, settings::FEDERATION_MODE))?;
    if before.as_deref().unwrap_or("open") == mode || domain.owner().is_err() {
        return Ok(());
    }
    domain.transact(move |tx| {
        settings::set(tx, settings::FEDERATION_MODE, mode)?;
        apply(tx)
    })
}

/// The policy for an actor: the stricter one of the host of its id and the domain of its handle.
pub fn of_place(conn: &Conn, domain: &Domain, (host, handle_domain): &ActorHosts) -> Result<HostStanding> {
    let (id_host, handle_host) = (of(conn, domain, host)?, of(conn, domain, handle_domain)?);
    Ok(HostStanding {
        severity: id_host.severity.max(handle_host.severity),
        reject_media: id_host.reject_media || handle_host.reject_media,
    })
}

/// True if a file of an actor on these hosts is accepted: neither they nor the host of the file are suspended or have their
/// media rejected. The host of the file counts because the owner's browser loads it from there.
pub fn accepts_media(conn: &Conn, domain: &Domain, place: &ActorHosts, url: &str) -> Result<bool> {
    let Some(host) = host_of(url) else { return Ok(false) };
    if of_place(conn, domain, place)?.reject_media {
        return Ok(false);
    }
    let file_host = of(conn, domain, &host)?;
    Ok(domain.site.owns(url) || !file_host.is_suspended() && !file_host.reject_media)
}

/// The accepted ones among several files.
pub fn accepted_media<T: Clone>(
    conn: &Conn,
    domain: &Domain,
    place: &ActorHosts,
    media: &[T],
    url: impl Fn(&T) -> &str,
) -> Result<Vec<T>> {
    let mut accepted = Vec::with_capacity(media.len());
    for file in media {
        if accepts_media(conn, domain, place, url(file))? {
            accepted.push(file.clone());
        }
    }
    Ok(accepted)
}

/// Sets the policy on all stored actors, and ends the follows of suspended ones.
fn apply(tx: &Tx<'_>) -> Result<()> {
    for place in domain_policies::places_of_actors(tx)? {
        let policy = of_place(tx, tx.domain(), &place)?;
        if policy.is_suspended() {
            end_follows(tx, &place)?;
            domain_policies::clear_from_view(tx, &place)?;
        }
        if policy.reject_media {
            domain_policies::remove_media(tx, &place)?;
        }
        domain_policies::limit_actors(tx, &place, policy.severity)?;
    }
    Ok(())
}

/// Ends all follows with actors of a host. Their server is notified, so that its counts stay correct.
fn end_follows(tx: &Tx<'_>, place: &ActorHosts) -> Result<()> {
    let owner = tx.owner()?;
    let (mut followers, mut following) = (0, 0);
    for id in domain_policies::followed_or_following(tx, place)? {
        if let Some(actor) = actors::get(tx, id)? {
            followers += i64::from(follows::is_accepted(tx, id, owner.id)?);
            following += i64::from(follows::is_accepted(tx, owner.id, id)?);
            block::end_follows(tx, &owner, &actor)?;
        }
    }
    let (host, _) = place;
    if followers + following > 0 {
        notifications::notify_of_severance(tx, host, followers, following)?;
    }
    match of(tx, tx.domain(), host)?.is_suspended() {
        true => deliveries::drop_for_host(tx, host, "this server does not federate with that one", tx.now()),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_applies_to_subdomains_and_ports() {
        let all = |host| names(host).collect::<Vec<_>>();
        assert_eq!(all("a.b.example"), ["a.b.example", "b.example", "example"]);
        assert_eq!(all("a.example:81"), ["a.example:81", "a.example", "example"]);
        assert_eq!(all("127.0.0.1:81"), ["127.0.0.1:81", "127.0.0.1"]);
        assert_eq!(all("a.example."), ["a.example.", "a.example", "example"]);
        assert_eq!(all("a.example.:81"), ["a.example.:81", "a.example", "example"]);
        assert_eq!(all("[::1]:81"), ["[::1]:81", "[::1]"]);
    }

    #[test]
    fn host_names_are_canonicalized() {
        assert_eq!(canonical(" EVIL.example ").unwrap(), "evil.example");
        assert_eq!(canonical("bücher.example").unwrap(), "xn--bcher-kva.example");
        assert_eq!(canonical("127.0.0.1:81").unwrap(), "127.0.0.1:81");
        assert_eq!(canonical("Evil.example.").unwrap(), "evil.example");
        assert_eq!(canonical("[2001:DB8::1]:81").unwrap(), "[2001:db8::1]:81");
        for bad in [
            "",
            ".",
            "a..example",
            "*",
            "*.a.example",
            "a,b.example",
            "a b",
            "a/b",
            "me@a.example",
            "https://a.example",
        ] {
            assert!(canonical(bad).is_err(), "{bad}");
        }
    }
}
