//! The text of a search as a typed query.
//!
//! Operators are those of Mastodon, and `to:`. What is not one is searched as words, so that a text with a colon is found.

use super::period::Period;
use super::words::{self, Phrase};
use crate::limits;
use crate::protocol::discovery::webfinger::Resource;
use crate::protocol::text::{language_tag, parse_hashtag};

/// A search for posts: all its clauses hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query<P = Person> {
    /// The clauses, in their order.
    pub clauses: Vec<Clause<P>>,
    /// The author, besides those of the clauses.
    pub author: Option<P>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause<P = Person> {
    /// Posts for which the term holds are left out.
    pub is_excluded: bool,
    /// What holds.
    pub term: Term<P>,
}

/// What a clause is about; `P` names an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term<P = Person> {
    /// A word, or words in this order.
    Text(Phrase),
    /// A hashtag, as stored.
    Hashtag(String),
    /// The author.
    From(P),
    /// A mentioned account, or one that it replies to.
    To(P),
    /// What a post contains.
    Has(Part),
    /// What a post is.
    Is(Trait),
    /// Among which posts.
    In(Scope),
    /// The language, lower-case.
    Language(String),
    /// Before a period.
    Before(Period),
    /// After a period.
    After(Period),
    /// Within a period.
    During(Period),
}

/// An account in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// The owner.
    Me,
    /// A handle. Without a host it is one of this server.
    Handle {
        /// The part before the `@`, as typed.
        username: String,
        /// The host in canonical form.
        host: Option<String>,
    },
}

/// A part of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Any attachment.
    Media,
    /// A picture.
    Image,
    /// A video.
    Video,
    /// A sound.
    Audio,
    /// A poll.
    Poll,
    /// A link.
    Link,
    /// A player that a linked page offers.
    Embed,
    /// A quoted post.
    Quote,
}

/// A trait of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trait {
    /// A reply.
    Reply,
    /// Hidden behind a warning.
    Sensitive,
}

/// A part of all posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What the owner wrote or interacted with, or is mentioned in.
    Library,
    /// Public posts.
    Public,
}

impl Query {
    /// Parses a query. The first [`limits::SEARCH_CLAUSES`] clauses count.
    pub fn parse(text: &str) -> Self {
        let mut clauses = Vec::new();
        let mut rest = text.trim_start();
        while let (false, true) = (rest.is_empty(), clauses.len() < limits::SEARCH_CLAUSES) {
            let (word, after) = next_word(rest);
            rest = after.trim_start();
            clauses.extend(clause(word));
        }
        Self { clauses, author: None }
    }

    /// The query with the accounts that its names mean.
    ///
    /// # Errors
    /// Those of `resolve`.
    pub fn resolve<P, E>(self, mut resolve: impl FnMut(Person) -> Result<P, E>) -> Result<Query<P>, E> {
        let clauses = self.clauses.into_iter().map(|clause| {
            let term = match clause.term {
                Term::From(person) => Term::From(resolve(person)?),
                Term::To(person) => Term::To(resolve(person)?),
                Term::Text(phrase) => Term::Text(phrase),
                Term::Hashtag(tag) => Term::Hashtag(tag),
                Term::Has(part) => Term::Has(part),
                Term::Is(one) => Term::Is(one),
                Term::In(scope) => Term::In(scope),
                Term::Language(tag) => Term::Language(tag),
                Term::Before(period) => Term::Before(period),
                Term::After(period) => Term::After(period),
                Term::During(period) => Term::During(period),
            };
            Ok(Clause { is_excluded: clause.is_excluded, term })
        });
        let clauses = clauses.collect::<Result<_, E>>()?;
        Ok(Query { clauses, author: self.author.map(resolve).transpose()? })
    }
}

const QUOTES: [char; 4] = ['"', '“', '”', '„'];

/// Splits the next word off: up to a space outside quotation marks. A mark that is not closed is an ordinary character.
fn next_word(text: &str) -> (&str, &str) {
    let mut from = 0;
    while let Some(at) = text[from..].find(|c: char| c.is_whitespace() || QUOTES.contains(&c)).map(|n| from + n) {
        let c = text[at..].chars().next().unwrap_or(' ');
        if c.is_whitespace() {
            return text.split_at(at);
        }
        let inside = at + c.len_utf8();
        from = match text[inside..].char_indices().find(|(_, c)| QUOTES.contains(c)) {
            Some((end, mark)) => inside + end + mark.len_utf8(),
            None => inside,
        };
    }
    (text, "")
}

/// The clause of a word. Returns `None` for words without letters and digits.
fn clause(word: &str) -> Option<Clause> {
    let (is_excluded, bare) = match word.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, word.strip_prefix('+').unwrap_or(word)),
    };
    let operator = bare.split_once(':').and_then(|(name, value)| operator(name, value.trim_matches(QUOTES)));
    let term = match operator {
        // Everything is in all posts.
        Some(None) if !is_excluded => return None,
        Some(Some(term)) => term,
        _ => words(bare)?,
    };
    Some(Clause { is_excluded, term })
}

/// The term of an operator with its value; `Some(None)` for `in:all`, which changes nothing.
fn operator(name: &str, value: &str) -> Option<Option<Term>> {
    let lower = value.to_lowercase();
    let term = match name.to_ascii_lowercase().as_str() {
        "from" => Term::From(person(value)?),
        "to" => Term::To(person(value)?),
        "has" => Term::Has(match lower.as_str() {
            "media" => Part::Media,
            "image" => Part::Image,
            "video" => Part::Video,
            "audio" => Part::Audio,
            "poll" => Part::Poll,
            "link" => Part::Link,
            "embed" => Part::Embed,
            "quote" => Part::Quote,
            _ => return None,
        }),
        "is" => Term::Is(match lower.as_str() {
            "reply" => Trait::Reply,
            "sensitive" => Trait::Sensitive,
            _ => return None,
        }),
        "in" => Term::In(match lower.as_str() {
            "library" => Scope::Library,
            "public" => Scope::Public,
            "all" => return Some(None),
            _ => return None,
        }),
        "language" => Term::Language(language_tag(value)?.to_ascii_lowercase()),
        "before" => Term::Before(Period::parse(value)?),
        "after" => Term::After(Period::parse(value)?),
        "during" => Term::During(Period::parse(value)?),
        _ => return None,
    };
    Some(Some(term))
}

fn person(value: &str) -> Option<Person> {
    if value.eq_ignore_ascii_case("me") {
        return Some(Person::Me);
    }
    let name = value.strip_prefix('@').unwrap_or(value);
    if let Ok(Resource::Account { username, host }) = Resource::parse(name) {
        return Some(Person::Handle { username, host: Some(host) });
    }
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    is_name.then(|| Person::Handle { username: name.to_owned(), host: None })
}

fn words(word: &str) -> Option<Term> {
    if word.starts_with(['#', '＃'])
        && let Some(tag) = parse_hashtag(word)
    {
        return Some(Term::Hashtag(tag));
    }
    let phrase = words::phrase(word, word.ends_with('*'));
    (!phrase.words.is_empty()).then_some(Term::Text(phrase))
}
