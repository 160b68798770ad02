//! From addressees to visibility and back (the table of the field: Public in `to` is public, in `cc` unlisted, the
//! author's followers private, nobody but named actors direct).

use crate::protocol::activitystreams::types::{Audience, Object, PUBLIC};
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;

/// Who a remote object is for. Its own addressing wins; an object without any is as the activity around it; with
/// none at all it is direct, because only somebody who was meant gets it into an inbox.
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

/// Who an activity of this author is for.
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

/// The author's followers collection, as its document names it; else anything on its host that ends like one.
fn is_followers_of(id: &str, author: &Actor) -> bool {
    match &author.followers_uri {
        Some(uri) => id == uri,
        None => id.ends_with("/followers") && crate::domain::urls::host_of(id).as_deref() == Some(author.host.as_str()),
    }
}

/// The addressees of a post of ours.
pub fn address(visibility: Visibility, followers: &str, mentioned: &[String]) -> Audience {
    let (public, followers, mentioned) = (PUBLIC.to_owned(), followers.to_owned(), mentioned.to_vec());
    match visibility {
        Visibility::Public => Audience { to: vec![public], cc: [vec![followers], mentioned].concat() },
        Visibility::Unlisted => Audience { to: vec![followers], cc: [vec![public], mentioned].concat() },
        Visibility::Private => Audience { to: vec![followers], cc: mentioned },
        Visibility::Direct => Audience { to: mentioned, cc: vec![] },
    }
}
