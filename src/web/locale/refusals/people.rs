//! Other accounts, lists, hashtags and filters.

use crate::error::refusal::{FilterRefusal, HashtagRefusal, PeopleRefusal};
use crate::web::locale::Message;

pub(super) fn people(refusal: &PeopleRefusal) -> Message {
    match refusal {
        PeopleRefusal::FollowSelf => Message::new("error-follow-self"),
        PeopleRefusal::BlockSelf => Message::new("error-block-self"),
        PeopleRefusal::MuteSelf => Message::new("error-mute-self"),
        PeopleRefusal::Blocked => Message::new("error-blocked"),
        PeopleRefusal::MuteTooLong(maximum) => Message::new("error-mute-long").with("maximum", *maximum),
        PeopleRefusal::EndorseNotFollowed => Message::new("error-endorse-not-followed"),
        PeopleRefusal::TooManyLists(maximum) => Message::new("error-lists").with("maximum", *maximum),
        PeopleRefusal::ListFull(maximum) => Message::new("error-list-full").with("maximum", *maximum),
        PeopleRefusal::InListAlready => Message::new("error-list-member"),
        PeopleRefusal::NotAnAccount(text) => Message::new("error-not-an-account").with("text", text.as_str()),
        PeopleRefusal::PostNotAccount => Message::new("error-post-not-account"),
    }
}

pub(super) fn hashtag(refusal: &HashtagRefusal) -> Message {
    match refusal {
        HashtagRefusal::Malformed => Message::new("error-hashtag"),
        HashtagRefusal::FeaturedAlready => Message::new("error-hashtag-taken"),
        HashtagRefusal::TooManyFeatured(maximum) => Message::new("error-hashtags-featured").with("maximum", *maximum),
        HashtagRefusal::TooManyFollowed(maximum) => Message::new("error-hashtags-followed").with("maximum", *maximum),
    }
}

pub(super) fn filter(refusal: &FilterRefusal) -> Message {
    match refusal {
        FilterRefusal::TooMany(maximum) => Message::new("error-filters").with("maximum", *maximum),
        FilterRefusal::TooManyKeywords(maximum) => Message::new("error-keywords").with("maximum", *maximum),
        FilterRefusal::KeywordsTooLong(maximum) => Message::new("error-keywords-long").with("maximum", *maximum),
        FilterRefusal::TooManyPosts(maximum) => Message::new("error-filter-posts").with("maximum", *maximum),
    }
}
