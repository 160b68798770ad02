//! Converts addressing to visibility and back, as Mastodon does: the public collection in `to` means public, in `cc`
//! unlisted; the author's followers mean private; only single actors mean direct.

use crate::protocol::activitystreams::types::{Audience, Object, PUBLIC};
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;

/// The visibility of a remote object. Its own addressing counts first, then that of the activity around it. Without any it
/// is direct, because only addressees get it delivered.
pub fn visibility_of(object: &Object, activity: Option<&Audience>, author: &Actor) -> Visibility {
    if object.direct_message {
        return Visibility::Direct;
    }
    let own = &object.audience;
    let audience = match activity {
        Some(outer) if own.to.is_empty() && own.cc.is_empty() => outer,
        _ => own,
    };
    visibility(audience, author)
}

/// The visibility of an activity of this author.
pub fn visibility(audience: &Audience, author: &Actor) -> Visibility {
    let has = |list: &[String], wanted: &dyn Fn(&str) -> bool| list.iter().any(|a| wanted(a));
    let public = |a: &str| a == PUBLIC;
    let followers = |a: &str| is_followers_of(a, author);
    if has(&audience.to, &public) {
        Visibility::Public
    } else if has(&audience.cc, &public) {
        Visibility::Unlisted
    } else if has(&audience.to, &followers) || has(&audience.cc, &followers) {
        Visibility::Private
    } else {
        Visibility::Direct
    }
}

/// True for the id of the author's followers collection. If the author's document does not state it, any id on its host
/// that ends in `/followers` counts.
fn is_followers_of(id: &str, author: &Actor) -> bool {
    match &author.followers_uri {
        Some(uri) => id == uri,
        None => id.ends_with("/followers") && crate::domain::urls::host_of(id).as_deref() == Some(author.host.as_str()),
    }
}

/// The addressing of a post of the owner.
pub fn address(visibility: Visibility, followers: &str, mentioned: &[String]) -> Audience {
    let (public, followers, mentioned) = (PUBLIC.to_owned(), followers.to_owned(), mentioned.to_vec());
    match visibility {
        Visibility::Public => Audience { to: vec![public], cc: [vec![followers], mentioned].concat() },
        Visibility::Unlisted => Audience { to: vec![followers], cc: [vec![public], mentioned].concat() },
        Visibility::Private => Audience { to: vec![followers], cc: mentioned },
        Visibility::Direct => Audience { to: mentioned, cc: vec![] },
    }
}
