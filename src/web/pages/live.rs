//! What the script of the owner's pages loads while a page is open: a stream of what happens, new posts, and changed posts.

use minijinja::context;

use crate::app::App;
use crate::domain::account::oauth::Scopes;
use crate::domain::queries;
use crate::domain::queries::listing::Listing;
use crate::domain::queries::thread;
use crate::domain::streaming::{Requested, Subscription};
use crate::error::{Error, Result};
use crate::http::streams::{StreamHolder, StreamStart, Transport};
use crate::http::{Request, Response};
use crate::limits;
use crate::protocol::ids::{ListId, StatusId};
use crate::store::database::pagination::Page;
use crate::store::filters::FilterContext;
use crate::store::relationships::lists;
use crate::web::{render, view};

/// The timeline that a page shows.
enum Timeline {
    Home,
    List(ListId),
}

impl Timeline {
    /// The timeline that the address names, if any: `home`, or the id of a list.
    fn requested(app: &App, request: &Request) -> Result<Option<Self>> {
        match request.form()?.filled("timeline") {
            None => Ok(None),
            Some("home") => Ok(Some(Self::Home)),
            Some(id) => {
                let id = ListId(id.parse().map_err(|_| Error::NotFound)?);
                app.domain.store.read(|c| lists::get(c, id))?.ok_or(Error::NotFound)?;
                Ok(Some(Self::List(id)))
            }
        }
    }

    /// The posts next above a cursor.
    fn above(&self, app: &App, cursor: i64) -> Result<Listing> {
        let page = Page { above: cursor, from_oldest: true, ..Page::newest(limits::LIVE_POSTS) };
        match self {
            Self::Home => queries::timelines::home(&app.domain, &page),
            Self::List(id) => queries::timelines::list(&app.domain, *id, &page),
        }
    }
}

/// The post whose thread a page shows, if any.
fn requested_thread(request: &Request) -> Result<Option<StatusId>> {
    Ok(request.form()?.number("thread").map(StatusId))
}

/// The number of posts of a thread that are new to a page that shows `shown` of them. A page shows all of a thread or is not live.
fn growth(app: &App, id: StatusId, shown: usize) -> Result<usize> {
    Ok(thread::count(&app.domain, app.domain.as_owner()?, id)?.saturating_sub(shown))
}

/// `GET /live`: the events of the streaming API for a page, with the session instead of a token.
pub(crate) fn stream(app: &App, request: &Request) -> Result<Response> {
    let scopes = Scopes::parse("read")?;
    let subscribe = |requested| Subscription::new(&scopes, requested);
    let mut subscriptions = match Timeline::requested(app, request)? {
        Some(Timeline::List(id)) => {
            let id = id.to_string();
            vec![
                subscribe(Requested { stream: "list", list: Some(&id), tag: None })?,
                subscribe(Requested { stream: "user:notification", ..Requested::default() })?,
            ]
        }
        Some(Timeline::Home) | None => vec![subscribe(Requested { stream: "user", ..Requested::default() })?],
    };
    if let Some(id) = requested_thread(request)? {
        let found = queries::statuses::get(&app.domain, app.domain.as_owner()?, id)?;
        subscriptions.push(Subscription::to_thread(found.status.thread));
    }
    let holder = StreamHolder::Session(request.session()?.id);
    let start = StreamStart { holder, scopes, subscriptions, transport: Transport::ServerSentEvents };
    Ok(Response { stream: Some(Box::new(start)), ..Response::event_stream() })
}

/// `GET /live/new`: what is new above `above` in a timeline, or in a thread of which a page shows `above` posts, and the number of
/// unread notifications. With `posts`, the posts of the timeline.
pub(crate) fn new(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let above = form.number("above").unwrap_or(0);
    let found = Timeline::requested(app, request)?.map(|timeline| timeline.above(app, above)).transpose()?;
    let (posts, newest, more) = match &found {
        Some(found) => {
            let posts = view::posts(app, found, app.domain.as_owner()?, FilterContext::Home);
            (posts, found.cursors.map_or(above, |(newest, _)| newest), found.has_more)
        }
        None => (Vec::new(), above, false),
    };
    let count = match requested_thread(request)? {
        Some(id) => growth(app, id, above.try_into().unwrap_or(0))?,
        None => posts.len(),
    };
    let context = context! { count, posts => form.is_set("posts").then_some(posts), newest, more };
    render::page(app, request, "live.html", context)
}

/// `GET /live/posts/ID`: a post as lists show it.
pub(crate) fn post(app: &App, request: &Request) -> Result<Response> {
    let id: StatusId = request.id("id")?;
    let viewer = app.domain.as_owner()?;
    let found = queries::statuses::get(&app.domain, viewer, id)?;
    let posts = vec![view::post_in(app, &found, viewer, FilterContext::Home)];
    render::page(app, request, "live.html", context! { count => 1, posts, newest => 0, more => false })
}
