//! What templates are given. The one place where a stored status becomes an HTML view.

mod history;
mod parts;

use serde::Serialize;

pub use history::{EditView, states};
pub use parts::{Excerpt, Poll, PollOption, Quote, Reaction};

use super::avatar_placeholder;
use super::templates::{Html, Time, time};
use crate::app::App;
use crate::domain::account::profile;
use crate::domain::queries::status_view::{NotificationView, StatusView};
use crate::limits;
use crate::protocol::activitystreams::types::{ActorKind, Emoji, Interaction, MediaKind};
use crate::protocol::html;
use crate::protocol::visibility::Visibility;
use crate::store::actors::Actor;
use crate::store::media::Media;
use crate::store::statuses::Status;

/// Somebody, as posts and lists show them.
#[derive(Debug, Clone, Serialize)]
pub struct Person {
    /// Our id for them.
    pub id: String,
    /// Display name, or user name where there is none, with custom emoji.
    pub name: Html,
    /// The same as plain text.
    pub plain_name: String,
    /// `user@domain`.
    pub handle: String,
    /// `user`, which posts show.
    pub username: String,
    /// Their page: on this server for the owner, for others our copy of it.
    pub link: String,
    /// Their page on their own server.
    pub url: String,
    /// Their avatar.
    pub avatar: String,
    /// They are a program.
    pub bot: bool,
    /// They are a group.
    pub group: bool,
    /// They are the owner.
    pub own: bool,
    /// They are a bridge of an account on another network: its name.
    pub bridge: Option<&'static str>,
}

/// The network that an account is a bridge of: as it says itself, or by the host of the two bridges that do not.
fn bridge(actor: &Actor) -> Option<&'static str> {
    let protocol = actor.proxy_of.as_ref().map(|(_, protocol)| protocol.to_ascii_lowercase()).unwrap_or_default();
    let named = |name: &str| protocol.contains(name);
    match actor.host.as_str() {
        _ if named("nostr") => Some("Nostr"),
        _ if named("atproto") || named("bluesky") => Some("Bluesky"),
        _ if actor.proxy_of.is_some() => Some("another network"),
        "bsky.brid.gy" => Some("Bluesky"),
        "web.brid.gy" | "fed.brid.gy" => Some("the web"),
        "mostr.pub" => Some("Nostr"),
        _ => None,
    }
}

/// Somebody's picture; a default where there is none.
pub fn picture(app: &App, actor: &Actor, file: Option<&str>, default: &str) -> String {
    match file {
        Some(file) if actor.local => app.domain.site.media(file),
        Some(url) => url.to_owned(),
        None => default.to_owned(),
    }
}

/// Somebody's picture for other servers' previews, which read no SVG.
pub fn preview(app: &App, actor: &Actor) -> String {
    picture(app, actor, actor.avatar.as_deref(), &app.domain.site.url("/static/avatar.png"))
}

/// Somebody. `owner` says whether the owner looks: links then stay on this server.
pub fn person(app: &App, actor: &Actor, owner: bool) -> Person {
    let url = actor.url.clone().unwrap_or_else(|| actor.uri.clone());
    let handle = profile::handle(&app.domain, actor);
    let link = match (actor.local, owner) {
        (true, _) => format!("/@{}", actor.username),
        (false, true) => format!("/u/{handle}"),
        (false, false) => url.clone(),
    };
    let plain = if actor.display_name.is_empty() { &actor.username } else { &actor.display_name };
    Person {
        id: actor.id.to_string(),
        name: with_emoji(&html::escape(plain), &actor.emoji),
        plain_name: plain.clone(),
        username: actor.username.clone(),
        link,
        url,
        avatar: picture(
            app,
            actor,
            actor.avatar.as_deref(),
            &avatar_placeholder::path([plain, &actor.username], &actor.uri),
        ),
        bot: actor.kind == ActorKind::Service,
        group: actor.kind == ActorKind::Group,
        own: actor.local,
        bridge: bridge(actor),
        handle,
    }
}

/// Puts custom emoji into the HTML of a name.
pub fn with_emoji(html_text: &str, emoji: &[Emoji]) -> Html {
    Painter::new(emoji, limits::EMOJI_HTML_IN_NAME).paint(html_text)
}

/// Puts custom emoji into the texts of one post: in text only, never inside a tag, and pictures of at most so many bytes
/// of HTML in all texts together. Beyond that the shortcodes stay.
pub struct Painter<'a> {
    emoji: &'a [Emoji],
    room: usize,
}

impl<'a> Painter<'a> {
    /// A painter of these emoji.
    pub fn new(emoji: &'a [Emoji], room: usize) -> Self {
        Self { emoji, room }
    }

    /// The HTML with pictures.
    pub fn paint(&mut self, html_text: &str) -> Html {
        if self.emoji.is_empty() || !html_text.contains(':') {
            return Html(html_text.to_owned());
        }
        let mut out = String::with_capacity(html_text.len() + html_text.len() / 2);
        let mut rest = html_text;
        while let Some(open) = rest.find('<') {
            self.replace(&rest[..open], &mut out);
            let close = rest[open..].find('>').map_or(rest.len(), |c| open + c + 1);
            out.push_str(&rest[open..close]);
            rest = &rest[close..];
        }
        self.replace(rest, &mut out);
        Html(out)
    }

    fn replace(&mut self, text: &str, out: &mut String) {
        let mut rest = text;
        while let Some(start) = rest.find(':') {
            let (before, after) = rest.split_at(start);
            out.push_str(before);
            let picture = self.picture(&after[1..]).filter(|(picture, _)| picture.len() <= self.room);
            match picture {
                Some((picture, tail)) => {
                    self.room -= picture.len();
                    out.push_str(&picture);
                    rest = tail;
                }
                None => {
                    out.push(':');
                    rest = &after[1..];
                }
            }
        }
        out.push_str(rest);
    }

    /// The picture of the shortcode that a text begins with, and the text after its second colon.
    fn picture<'t>(&self, text: &'t str) -> Option<(String, &'t str)> {
        let within = &text.as_bytes()[..text.len().min(limits::EMOJI_CHARS + 1)];
        let (code, tail) = text.split_at(within.iter().position(|b| *b == b':')?);
        let found = self.emoji.iter().find(|e| e.shortcode == code)?;
        let (url, code) = (html::escape(&found.url), html::escape(&found.shortcode));
        let picture = format!(
            "<img class=\"emoji\" src=\"{url}\" alt=\":{code}:\" title=\":{code}:\" loading=\"lazy\" referrerpolicy=\"no-referrer\">"
        );
        Some((picture, &tail[1..]))
    }
}

/// A media attachment.
#[derive(Debug, Clone, Serialize)]
pub struct Attachment {
    /// `image`, `video`, `audio` or `unknown`.
    pub kind: &'static str,
    /// The whole file.
    pub url: String,
    /// What a page shows of it.
    pub preview: String,
    /// Its description; empty where nobody wrote one.
    pub alt: String,
    /// Width in pixels, if known.
    pub width: Option<u32>,
    /// Height in pixels, if known.
    pub height: Option<u32>,
}

fn attachment(app: &App, m: &Media) -> Attachment {
    let url = m.file.as_deref().map(|f| app.domain.site.media(f)).or_else(|| m.remote_url.clone()).unwrap_or_default();
    let preview = m.preview.as_deref().map_or_else(|| url.clone(), |f| app.domain.site.media(f));
    let size = m.preview_size.or(m.size);
    Attachment {
        kind: match m.kind {
            MediaKind::Image => "image",
            MediaKind::Gifv | MediaKind::Video => "video",
            MediaKind::Audio => "audio",
            MediaKind::Unknown => "unknown",
        },
        url,
        preview,
        alt: m.description.clone().unwrap_or_default(),
        width: size.map(|s| s.0),
        height: size.map(|s| s.1),
    }
}

/// Who a post is for, in words.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Audience {
    /// The API's name.
    pub value: &'static str,
    /// For people.
    pub label: &'static str,
    /// Not everybody may read it.
    pub closed: bool,
}

/// Who a post is for, in words.
pub fn audience(v: Visibility) -> Audience {
    let label = match v {
        Visibility::Public => "Everyone",
        Visibility::Unlisted => "Everyone, quietly",
        Visibility::Private => "Followers",
        Visibility::Direct => "Only people mentioned",
    };
    Audience { value: v.as_str(), label, closed: !v.is_open() }
}

/// A post.
#[derive(Debug, Clone, Serialize)]
pub struct Post {
    /// Our id for it (of a boost: of what it boosts).
    pub id: String,
    /// Our id for the row that brought it here: the cursor of timelines.
    pub cursor: String,
    /// Who boosted it.
    pub boosted_by: Option<Person>,
    /// Its author.
    pub author: Person,
    /// Its content, with custom emoji.
    pub content: Html,
    /// Its content warning, with custom emoji; empty for none.
    pub warning: Html,
    /// Media are hidden at first.
    pub sensitive: bool,
    /// Its language.
    pub language: Option<String>,
    /// Who it is for.
    pub audience: Audience,
    /// It answers another post.
    pub is_reply: bool,
    /// The address of what it replies to, if that is not stored, and whether it is known to be gone.
    pub absent_parent: Option<AbsentParent>,
    /// Its page here (for the owner, remote posts too).
    pub link: String,
    /// Its page on its own server.
    pub url: String,
    /// When it was written.
    pub time: Time,
    /// When it was edited.
    pub edited: Option<Time>,
    /// Where its former states are shown, if it was edited and they are here.
    pub history: Option<String>,
    /// Its media.
    pub media: Vec<Attachment>,
    /// Its poll.
    pub poll: Option<Poll>,
    /// What it quotes.
    pub quote: Option<Quote>,
    /// The emoji that others reacted with.
    pub reactions: Vec<Reaction>,
    /// The community that it is in.
    pub group: Option<Person>,
    /// The beginning of a long article, for lists.
    pub excerpt: Option<Excerpt>,
    /// How long a recording is.
    pub duration: Option<String>,
    /// It is an event with a date.
    pub event: bool,
    /// What its author lets the owner do with it only when asked, or not at all.
    pub terms: Vec<String>,
    /// The owner may answer it.
    pub answerable: bool,
    /// The owner may quote it.
    pub quotable: bool,
    /// What the author of the answered post says to this reply of the owner, unless it is a yes.
    pub reply_state: Option<&'static str>,
    /// Replies.
    pub replies: i64,
    /// Boosts.
    pub boosts: i64,
    /// Favourites.
    pub favourites: i64,
    /// The owner favourited it.
    pub favourited: bool,
    /// The owner boosted it.
    pub boosted: bool,
    /// The owner bookmarked it.
    pub bookmarked: bool,
    /// It is pinned.
    pub pinned: bool,
    /// The owner wrote it.
    pub own: bool,
    /// It can be boosted.
    pub boostable: bool,
    /// How deep it is in its thread, 0 to 5.
    pub depth: usize,
}

/// A post that is replied to and is not stored.
#[derive(Debug, Clone, Serialize)]
pub struct AbsentParent {
    /// Its id.
    pub uri: String,
    /// It was deleted, or its server does not have it.
    pub gone: bool,
}

fn absent_parent(s: &Status) -> Option<AbsentParent> {
    let uri = s.in_reply_to_uri.as_ref().filter(|_| s.in_reply_to.is_none())?;
    Some(AbsentParent { uri: uri.clone(), gone: s.parent_gone })
}

/// The page of a post: here for the owner and of the owner, elsewhere for others.
fn link(view: &StatusView, owner: bool) -> String {
    match (view.status.local, owner) {
        (true, _) => format!("/@{}/{}", view.author.username, view.status.id),
        (false, true) => format!("/t/{}", view.status.id),
        (false, false) => view.page().to_owned(),
    }
}

/// A post as pages show it.
pub fn post(app: &App, view: &StatusView, owner: bool) -> Post {
    let inner = view.content();
    let s = &inner.status;
    let mut emoji = Painter::new(&s.emoji, limits::EMOJI_HTML);
    Post {
        id: s.id.to_string(),
        cursor: view.status.id.to_string(),
        boosted_by: view.boost_of.is_some().then(|| person(app, &view.author, owner)),
        author: person(app, &inner.author, owner),
        warning: emoji.paint(&html::escape(&s.summary)),
        content: emoji.paint(&s.content),
        sensitive: s.sensitive,
        language: s.language.clone(),
        audience: audience(s.visibility),
        is_reply: s.in_reply_to_uri.is_some(),
        absent_parent: absent_parent(s),
        history: (s.edited_at.is_some() && (s.local || owner)).then(|| format!("{}/history", link(inner, owner))),
        link: link(inner, owner),
        url: inner.page().to_owned(),
        time: time(s.created_at),
        edited: s.edited_at.map(time),
        media: inner.media.iter().map(|m| attachment(app, m)).collect(),
        poll: parts::poll(inner, owner, &mut emoji),
        quote: parts::quote(app, inner, owner),
        reactions: parts::reactions(inner),
        group: inner.group.as_ref().map(|g| person(app, g, owner)),
        excerpt: parts::excerpt(s),
        duration: parts::duration(s),
        event: s.details.as_ref().is_some_and(|d| d.starts_at.is_some()),
        terms: parts::terms(inner),
        answerable: !parts::is_forbidden(inner, Interaction::Reply),
        quotable: !parts::is_forbidden(inner, Interaction::Quote),
        reply_state: parts::reply_state(s).filter(|_| owner),
        replies: s.replies_count,
        boosts: s.boosts_count,
        favourites: s.favourites_count,
        favourited: inner.marks.favourited,
        boosted: inner.marks.boosted,
        bookmarked: inner.marks.bookmarked,
        pinned: s.pinned_at.is_some(),
        own: inner.author.local,
        boostable: s.visibility.is_open() || (inner.author.local && s.visibility == Visibility::Private),
        depth: 0,
    }
}

/// Posts as pages show them.
pub fn posts(app: &App, views: &[StatusView], owner: bool) -> Vec<Post> {
    views.iter().map(|v| post(app, v, owner)).collect()
}

/// A notification.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// The API's name of its kind.
    pub kind: &'static str,
    /// What happened, after the name of who did it.
    pub words: Html,
    /// Who did it.
    pub who: Person,
    /// When.
    pub time: Time,
    /// With which post.
    pub post: Option<Post>,
    /// What a report says, in the words of who sent it.
    pub comment: Option<String>,
    /// The posts that a report is about.
    pub about: Vec<Post>,
    /// Its id: the cursor.
    pub cursor: String,
}

/// A notification as pages show it.
pub fn notice(app: &App, view: &NotificationView) -> Notice {
    use crate::store::notifications::NotificationKind;
    let words = match view.row.kind {
        NotificationKind::Mention => "mentioned you",
        NotificationKind::Boost => "boosted your post",
        NotificationKind::Favourite => "favourited your post",
        NotificationKind::Follow => "follows you now",
        NotificationKind::FollowRequest => "asks to follow you",
        NotificationKind::Poll => "ran a poll that has ended",
        NotificationKind::Update => "edited a post that you boosted",
        NotificationKind::Status => "posted",
        NotificationKind::Reaction => "reacted to your post",
        NotificationKind::Quote => "quoted your post",
        NotificationKind::Report => "reported you or one of your posts",
    };
    let words = match &view.reaction {
        Some(reaction) => format!("reacted with {} to your post", parts::face(reaction).0),
        None => words.to_owned(),
    };
    Notice {
        kind: view.row.kind.as_str(),
        words: Html(words),
        who: person(app, &view.actor, true),
        time: time(view.row.created_at),
        post: view.status.as_ref().map(|s| post(app, s, true)),
        comment: view.report.as_ref().map(|(report, _)| report.comment.clone()).filter(|c| !c.trim().is_empty()),
        about: view.report.iter().flat_map(|(_, posts)| posts).map(|s| post(app, s, true)).collect(),
        cursor: view.row.id.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_stand_in_text_and_never_in_tags() {
        let emoji = [Emoji { shortcode: "ok".into(), url: "https://a.example/ok.png?a=1&b=\"".into() }];
        let html = with_emoji("<a href=\"https://x/:ok:\">:ok: :no: :ok</a>", &emoji).0;
        assert!(html.starts_with("<a href=\"https://x/:ok:\"><img class=\"emoji\""), "{html}");
        assert!(html.ends_with(" :no: :ok</a>") && html.contains("&amp;b=&quot;"), "{html}");
    }

    #[test]
    fn pictures_of_emoji_are_bounded_in_one_post() {
        let emoji = [Emoji { shortcode: "ok".into(), url: format!("https://a.example/{}", "x".repeat(2_000)) }];
        let (text, most) = (":ok:".repeat(10_000), limits::EMOJI_HTML);
        let mut painter = Painter::new(&emoji, most);
        let html = painter.paint(&text).0;
        assert!(
            html.starts_with("<img") && html.ends_with(":ok:") && html.len() <= text.len() + most,
            "{}",
            html.len()
        );
        assert_eq!(painter.paint(":ok:").0, ":ok:", "all texts of a post share the room");
    }

    /// Each colon looks for its second within the length of a shortcode.
    #[test]
    fn a_text_of_colons_is_painted_in_linear_time() {
        let emoji = [Emoji { shortcode: "ok".into(), url: "https://a.example/ok.png".into() }];
        let began = std::time::Instant::now();
        let text = format!("{}é", ": a".repeat(20_000));
        assert_eq!(with_emoji(&text, &emoji).0, text);
        assert!(began.elapsed().as_secs() < 2);
    }
}
