//! What the owner missed on the home timeline, grouped by author: originals, replies and boosts apart from each other.

use std::collections::HashMap;
use std::time::Duration;

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::queries;
use crate::domain::queries::status_view::StatusView;
use crate::domain::visits;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::limits;
use crate::protocol::ids::{ActorId, StatusId, first_id_at, time_of};
use crate::store::database::pagination::Page;
use crate::store::filters::FilterContext;
use crate::store::visibility::Viewer;
use crate::web::locale::{Message, Time, time};
use crate::web::{render, view};

/// The parts of the page: the value of `show`, and the label.
static KINDS: [(&str, Message); 3] = [
    ("posts", Message::new("catch-up-posts")),
    ("replies", Message::new("catch-up-replies")),
    ("boosts", Message::new("catch-up-boosts")),
];

/// Hours that the page offers, and that it shows if there was no visit before.
const HOURS: [u64; 4] = [1, 6, 12, 24];
const HOURS_WITHOUT_VISIT: u64 = 12;
/// The longest time that the page shows.
const MOST_HOURS: u64 = 7 * 24;

/// The posts of one author.
#[derive(Debug, Serialize)]
struct Group {
    who: view::Person,
    posts: Vec<Row>,
    #[serde(skip)]
    newest: StatusId,
}

/// A post in two lines.
#[derive(Debug, Serialize)]
struct Row {
    brief: view::Brief,
    time: Time,
    /// The names of those who boosted it.
    boosted_by: Vec<String>,
    #[serde(skip)]
    id: StatusId,
}

/// The index into [`KINDS`] of a post. What continues the author's own thread is no reply to others.
fn kind(view: &StatusView) -> usize {
    let s = &view.status;
    match (&view.boost_of, &s.in_reply_to_uri) {
        (Some(_), _) => 2,
        (None, Some(_)) if s.in_reply_to_actor != Some(s.actor_id) => 1,
        _ => 0,
    }
}

/// `GET /catch-up`: since the last visit, or the last `hours`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let viewer = app.domain.as_owner()?;
    let hours: Option<u64> = form.number("hours");
    let visit = visits::last(&app.domain)?;
    let ago = |hours: u64| app.domain.now().minus(Duration::from_secs(3_600 * hours.clamp(1, MOST_HOURS)));
    let earliest = first_id_at(ago(MOST_HOURS));
    let (above, since) = match (hours, visit) {
        (Some(hours), _) => (first_id_at(ago(hours)), ago(hours)),
        (None, Some(visit)) if visit.read >= earliest => (visit.read, visit.at),
        (None, Some(_)) => (earliest, time_of(earliest)),
        (None, None) => (first_id_at(ago(HOURS_WITHOUT_VISIT)), ago(HOURS_WITHOUT_VISIT)),
    };
    let page = Page { above, ..Page::newest(limits::CATCH_UP_POSTS) };
    let listing = queries::timelines::home(&app.domain, &page)?;
    let others: Vec<&StatusView> = listing.iter().filter(|v| !v.author.local).collect();
    let counts = KINDS.iter().enumerate().map(|(n, _)| others.iter().filter(|v| kind(v) == n).count());
    let counts: Vec<usize> = counts.collect();
    let shown = form.get("show").and_then(|name| KINDS.iter().position(|(known, _)| *known == name));
    let shown = shown.unwrap_or_else(|| counts.iter().position(|count| *count > 0).unwrap_or(0));
    let groups = grouped(app, viewer, others.iter().copied().filter(|v| kind(v) == shown));
    let query = hours.map(|hours| format!("&hours={hours}")).unwrap_or_default();
    let tab = |(n, (name, label)): (usize, &(&str, Message))| {
        context! { path => format!("/catch-up?show={name}{query}"), label, count => counts[n], current => n == shown }
    };
    let context = context! {
        since => time(since),
        total => others.len(),
        is_cut => listing.has_more,
        hours,
        ranges => HOURS,
        tabs => KINDS.iter().enumerate().map(tab).collect::<Vec<_>>(),
        groups,
    };
    render::page(app, request, "catch_up.html", context)
}

/// The posts by author, those who wrote least first: a busy account hides no other. A post that several people boosted is there
/// once.
fn grouped<'a>(app: &App, viewer: Viewer, views: impl Iterator<Item = &'a StatusView>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<ActorId, usize> = HashMap::new();
    for outer in views {
        let inner = outer.content();
        let place = *places.entry(inner.status.actor_id).or_insert_with(|| {
            let who = view::person(app, &inner.author, viewer);
            groups.push(Group { who, posts: Vec::new(), newest: outer.status.id });
            groups.len() - 1
        });
        let posts = &mut groups[place].posts;
        let row = match posts.iter().position(|row| row.id == inner.status.id) {
            Some(row) => row,
            None => {
                posts.push(Row {
                    brief: view::brief_in(app, outer, viewer, FilterContext::Home),
                    time: time(inner.status.created_at),
                    boosted_by: Vec::new(),
                    id: inner.status.id,
                });
                posts.len() - 1
            }
        };
        if outer.boost_of.is_some() {
            posts[row].boosted_by.push(view::person(app, &outer.author, viewer).plain_name);
        }
    }
    groups.sort_by_key(|group| (group.posts.len(), std::cmp::Reverse(group.newest)));
    groups
}
