//! What the index has of a status: marks for its properties, and its words.

use std::fmt;

use rusqlite::{Connection, Result, Row};

use crate::limits;
use crate::protocol::html;
use crate::protocol::ids::StatusId;
use crate::protocol::search::{Part, Trait, words};

/// A property of a status as a word of the index, which no text contains.
pub(super) enum Mark<'a> {
    From(i64),
    To(i64),
    Has(Part),
    Is(Trait),
    Language(&'a str),
    Hashtag(&'a str),
    Library,
    Public,
    Unlisted,
    Private,
    Direct,
}

impl fmt::Display for Mark<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::From(actor) => write!(f, "from:{actor}"),
            Self::To(actor) => write!(f, "to:{actor}"),
            Self::Language(tag) => write!(f, "language:{tag}"),
            Self::Hashtag(tag) => write!(f, "#{tag}"),
            Self::Has(part) => f.write_str(match part {
                Part::Media => "has:media",
                Part::Image => "has:image",
                Part::Video => "has:video",
                Part::Audio => "has:audio",
                Part::Poll => "has:poll",
                Part::Link => "has:link",
                Part::Embed => "has:embed",
                Part::Quote => "has:quote",
            }),
            Self::Is(Trait::Reply) => f.write_str("is:reply"),
            Self::Is(Trait::Sensitive) => f.write_str("is:sensitive"),
            Self::Library => f.write_str("in:library"),
            Self::Public => f.write_str("in:public"),
            Self::Unlisted => f.write_str("in:unlisted"),
            Self::Private => f.write_str("in:private"),
            Self::Direct => f.write_str("in:direct"),
        }
    }
}

/// The rows that [`of_row`] reads: what is queued, with what is stored of it. Boosts have no document.
///
/// The library are the owner's posts, and those with something of the owner: a mention, favourite, reaction, bookmark, boost or
/// vote.
const ROWS: &str = "
    SELECT u.status_id, u.words, s.actor_id, s.visibility, s.language, s.sensitive, s.in_reply_to_uri IS NOT NULL,
      s.in_reply_to_actor_id, s.quote_uri IS NOT NULL, s.content, s.title, s.summary,
      (SELECT group_concat(kind) FROM media WHERE status_id = s.id),
      (SELECT group_concat(description, char(10)) FROM media WHERE status_id = s.id),
      (SELECT group_concat(title, char(10)) FROM poll_options WHERE status_id = s.id),
      (SELECT group_concat(actor_id) FROM mentions WHERE status_id = s.id AND silent = 0),
      (SELECT group_concat(tag, char(10)) FROM status_tags WHERE status_id = s.id),
      (SELECT c.kind IN (2, 3) FROM status_cards sc JOIN preview_cards c ON c.id = sc.card_id WHERE sc.status_id = s.id),
      s.local = 1
        OR EXISTS (SELECT 1 FROM mentions WHERE status_id = s.id AND actor_id = o.id)
        OR EXISTS (SELECT 1 FROM favourites WHERE status_id = s.id AND actor_id = o.id)
        OR EXISTS (SELECT 1 FROM reactions WHERE status_id = s.id AND actor_id = o.id)
        OR EXISTS (SELECT 1 FROM bookmarks WHERE status_id = s.id)
        OR EXISTS (SELECT 1 FROM statuses b WHERE b.boost_of_id = s.id AND b.actor_id = o.id)
        OR EXISTS (SELECT 1 FROM poll_votes WHERE status_id = s.id AND actor_id = o.id)
    FROM temp.unindexed_statuses u CROSS JOIN main.statuses s ON s.id = u.status_id AND s.boost_of_id IS NULL
    LEFT JOIN (SELECT CAST(value AS INTEGER) AS id FROM settings WHERE key = 'owner') o";

/// The documents of all queued statuses that are stored.
pub(crate) fn of_queued(conn: &Connection) -> Result<Vec<(StatusId, String)>> {
    conn.prepare_cached(ROWS)?.query_map([], of_row)?.collect()
}

fn of_row(r: &Row<'_>) -> Result<(StatusId, String)> {
    let mut document = Document(String::new());
    let content: &str = r.get_ref(9)?.as_str()?;
    document.mark(&Mark::From(r.get(2)?));
    document.mark(&match r.get(3)? {
        0 => Mark::Public,
        1 => Mark::Unlisted,
        2 => Mark::Private,
        _ => Mark::Direct,
    });
    document.language(r.get_ref(4)?.as_str_or_null()?);
    document.mark_if(r.get(5)?, &Mark::Is(Trait::Sensitive));
    document.mark_if(r.get(6)?, &Mark::Is(Trait::Reply));
    document.mark_if(r.get(8)?, &Mark::Has(Part::Quote));
    document.media(r.get_ref(12)?.as_str_or_null()?.unwrap_or_default());
    let options = r.get_ref(14)?.as_str_or_null()?;
    document.mark_if(options.is_some(), &Mark::Has(Part::Poll));
    document.mark_if(content.contains("<a ") && !html::links(content).is_empty(), &Mark::Has(Part::Link));
    document.mark_if(r.get::<_, Option<bool>>(17)?.unwrap_or(false), &Mark::Has(Part::Embed));
    document.mark_if(r.get(18)?, &Mark::Library);
    let replied: Option<i64> = r.get(7)?;
    document.mentions(r.get_ref(15)?.as_str_or_null()?.unwrap_or_default(), replied);
    document.hashtags(r.get_ref(16)?.as_str_or_null()?.unwrap_or_default());
    match r.get_ref(1)?.as_str_or_null()? {
        Some(words) => document.0.push_str(words),
        None => {
            document.text(r.get_ref(11)?.as_str()?);
            document.text(&html::to_text(content));
        }
    }
    for text in [r.get_ref(10)?.as_str_or_null()?, r.get_ref(13)?.as_str_or_null()?, options].into_iter().flatten() {
        document.text(text);
    }
    Ok((r.get(0)?, document.0))
}

/// Words that are separated by spaces.
struct Document(String);

impl Document {
    fn mark(&mut self, mark: &Mark<'_>) {
        self.0 += &format!("{mark} ");
    }

    fn mark_if(&mut self, holds: bool, mark: &Mark<'_>) {
        if holds {
            self.mark(mark);
        }
    }

    /// A post in `pt-BR` is found by `pt` too.
    fn language(&mut self, tag: Option<&str>) {
        let Some(tag) = tag.map(str::to_ascii_lowercase) else { return };
        self.mark(&Mark::Language(&tag));
        if let Some((primary, _)) = tag.split_once('-') {
            self.mark(&Mark::Language(primary));
        }
    }

    /// Media kinds as stored: 0 image, 1 silent video, 2 video, 3 audio.
    fn media(&mut self, kinds: &str) {
        self.mark_if(!kinds.is_empty(), &Mark::Has(Part::Media));
        self.mark_if(kinds.contains('0'), &Mark::Has(Part::Image));
        self.mark_if(kinds.contains(['1', '2']), &Mark::Has(Part::Video));
        self.mark_if(kinds.contains('3'), &Mark::Has(Part::Audio));
    }

    fn mentions(&mut self, ids: &str, replied: Option<i64>) {
        let mentioned = ids.split(',').filter_map(|id| id.parse().ok()).take(limits::INDEXED_NAMES);
        for id in mentioned.filter(|id| Some(*id) != replied).chain(replied) {
            self.mark(&Mark::To(id));
        }
    }

    fn hashtags(&mut self, tags: &str) {
        let is_plain = |tag: &&str| {
            !tag.is_empty() && !tag.contains(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_')
        };
        for tag in tags.split('\n').filter(is_plain).take(limits::INDEXED_NAMES) {
            self.mark(&Mark::Hashtag(tag));
        }
    }

    fn text(&mut self, text: &str) {
        self.0 += &words::index(text);
    }
}
