//! Hashtags that the owner follows, or features on the profile.

use std::sync::Arc;

use crate::domain::Domain;
use crate::error::refusal::HashtagRefusal;
use crate::error::{Error, Result};
use crate::limits;
use crate::protocol::text::{bare_hashtag, parse_hashtag};
use crate::store::account::{featured_hashtags, followed_hashtags};

/// The hashtag that a name stands for, lower-case without `#`.
///
/// # Errors
/// [`Error::Invalid`] if it is not a hashtag: letters, digits and `_`, and not digits alone.
pub fn parse(name: &str) -> Result<String> {
    parse_hashtag(name).ok_or_else(|| Error::invalid(HashtagRefusal::Malformed))
}

/// Follows a hashtag: new public posts with it appear in the home timeline.
///
/// # Errors
/// [`Error::Invalid`] if it is not a hashtag, or too many are followed.
pub fn follow(domain: &Arc<Domain>, name: &str) -> Result<String> {
    let tag = parse(name)?;
    domain.transact(move |tx| {
        if followed_hashtags::count(tx)? >= limits::FOLLOWED_TAGS {
            return Err(Error::invalid(HashtagRefusal::TooManyFollowed(limits::FOLLOWED_TAGS)));
        }
        followed_hashtags::insert(tx, tx.next_id(), &tag)?;
        Ok(tag)
    })
}

/// Unfollows a hashtag. Posts that are in the home timeline only because of it leave it.
///
/// # Errors
/// [`Error::Invalid`] if it is not a hashtag.
pub fn unfollow(domain: &Arc<Domain>, name: &str) -> Result<String> {
    let tag = parse(name)?;
    domain.transact(move |tx| {
        followed_hashtags::remove(tx, tx.owner()?.id, &tag)?;
        Ok(tag)
    })
}

/// Features a hashtag on the profile. Returns it.
///
/// # Errors
/// [`Error::Invalid`] if it is not a hashtag, is featured already, or too many are.
pub fn feature(domain: &Arc<Domain>, name: &str) -> Result<String> {
    let tag = parse(name)?;
    let name = bare_hashtag(name).to_owned();
    domain.transact(move |tx| {
        let featured = featured_hashtags::all(tx, tx.owner()?.id)?;
        if featured.iter().any(|f| f.tag == tag) {
            return Err(Error::invalid(HashtagRefusal::FeaturedAlready));
        }
        if featured.len() >= limits::FEATURED_TAGS {
            return Err(Error::invalid(HashtagRefusal::TooManyFeatured(limits::FEATURED_TAGS)));
        }
        featured_hashtags::insert(tx, tx.next_id(), &tag, &name)?;
        Ok(tag)
    })
}

/// Features a hashtag no longer. Returns it.
///
/// # Errors
/// [`Error::Invalid`] if it is not a hashtag.
pub fn end_feature(domain: &Arc<Domain>, name: &str) -> Result<String> {
    let tag = parse(name)?;
    domain.transact(move |tx| {
        featured_hashtags::remove(tx, &tag)?;
        Ok(tag)
    })
}

/// Features the hashtag with this id no longer.
///
/// # Errors
/// [`Error::NotFound`] if no featured hashtag has this id.
pub fn end_feature_by_id(domain: &Arc<Domain>, id: i64) -> Result<()> {
    domain.transact(move |tx| {
        let tag = featured_hashtags::tag_of(tx, id)?.ok_or(Error::NotFound)?;
        featured_hashtags::remove(tx, &tag).map(|_| ())
    })
}
