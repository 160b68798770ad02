//! A post within its thread.

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::backfill::{self, BackfillReason};
use crate::domain::queries;
use crate::domain::queries::conversations;
use crate::domain::queries::status_view::StatusView;
use crate::domain::queries::thread::{self, ThreadPage, ThreadPosition};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::limits;
use crate::protocol::ids::StatusId;
use crate::protocol::visibility::Visibility;
use crate::store::filters::FilterContext;
use crate::store::queues::delivery_report;
use crate::store::statuses::Status;
use crate::store::statuses::tombstones;
use crate::store::visibility::Viewer;
use crate::web::locale::Message;
use crate::web::pages::Fetched;
use crate::web::{render, view};

/// The posts that a path gives access to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The posts of the owner.
    OwnPosts,
    /// All stored posts, for the owner.
    AllPosts,
}

/// `GET /@NAME/ID`: a post of the owner.
pub(crate) fn own(app: &App, request: &Request) -> Result<Response> {
    let id = id_of_own(app, request)?;
    match show(app, request, id, Scope::OwnPosts) {
        Err(Error::NotFound) => Err(not_found_or_gone(app, request, id)?),
        other => other,
    }
}

/// The error for a post of the owner that was not found: whether it was deleted, if the requester may know.
pub(super) fn not_found_or_gone(app: &App, request: &Request, id: StatusId) -> Result<Error> {
    let uri = app.domain.site.status(&app.domain.owner()?.username, id);
    Ok(match app.domain.store.read(|c| tombstones::own(c, &uri))? {
        Some(gone) if gone.open || render::is_owner(request) => Error::Gone,
        _ => Error::NotFound,
    })
}

/// The id in a path that begins with the owner's name.
pub(crate) fn id_of_own(app: &App, request: &Request) -> Result<StatusId> {
    if !request.param("name").eq_ignore_ascii_case(&app.domain.owner()?.username) {
        return Err(Error::NotFound);
    }
    request.id("id")
}

/// `GET /users/NAME/statuses/ID` in a browser.
pub(crate) fn redirect(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?;
    let id: StatusId = request.id("id")?;
    Ok(Response::see_other(&format!("/@{}/{id}", owner.username)))
}

/// `GET /t/ID`: any post, for the owner.
pub(crate) fn thread(app: &App, request: &Request) -> Result<Response> {
    show(app, request, request.id("id")?, Scope::AllPosts)
}

fn show(app: &App, request: &Request, id: StatusId, scope: Scope) -> Result<Response> {
    let viewer = request.viewer(app.domain.owner()?.id);
    let found = queries::statuses::get(&app.domain, viewer, id)?;
    if scope == Scope::OwnPosts && !found.author.local {
        return Err(Error::NotFound);
    }
    let form = request.form()?;
    let position = ThreadPosition { above: form.number("above").unwrap_or(1), page: form.number("page").unwrap_or(1) };
    let thread = thread::page(&app.domain, viewer, found.content().status.id, position)?;
    let fetched = if viewer.is_owner() { queue_backfill(app, &thread.focus.status)? } else { None };
    if viewer.is_owner() && thread.focus.status.visibility == Visibility::Direct {
        conversations::mark_read(&app.domain, thread.focus.status.thread.0)?;
    }
    let focus = view::Post { excerpt: None, ..view::post(app, &thread.focus, viewer) };
    let status = &thread.focus.status;
    let open = status.visibility.is_open() && thread.ancestors.iter().all(|a| a.status.visibility.is_open());
    let context = context! {
        public => status.local && status.visibility.is_open(),
        noindex => !may_be_indexed(&thread.focus),
        activity => status.uri,
        oembed => oembed(app, &thread.focus),
        summary => view::headline(status),
        preview => view::link_preview(app, &thread.focus),
        fetched,
        undelivered => if viewer.is_owner() && status.local { undelivered(app, status.id)? } else { Vec::new() },
        only_owner => viewer.is_owner() && status.local && status.visibility == Visibility::Direct
            && thread.focus.mentions.iter().all(|m| m.actor_id == status.actor_id),
        ancestors => view::posts(app, &thread.ancestors, viewer, FilterContext::Thread),
        descendants => replies(app, &thread, viewer),
        pages => Pages::of(&thread, &request.path),
        focus,
    };
    if open {
        render::public_page(app, request, "status.html", context)
    } else {
        render::page(app, request, "status.html", context)
    }
}

/// Returns `true` if search engines may show a post: a public one, whose author lets others search for it.
fn may_be_indexed(found: &StatusView) -> bool {
    found.status.visibility == Visibility::Public && found.author.indexable
}

/// The URL of the description of a post for pages that embed it.
fn oembed(app: &App, found: &StatusView) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("url", found.page()).finish();
    app.domain.site.url(&format!("/api/oembed?{query}"))
}

fn replies(app: &App, thread: &ThreadPage, viewer: Viewer) -> Vec<view::Post> {
    let reply = |(depth, reply): &(usize, _)| view::Post {
        depth: (*depth).min(5),
        ..view::post_in(app, reply, viewer, FilterContext::Thread)
    };
    thread.descendants.iter().map(reply).collect()
}

/// The part of a thread that a page shows, and the links to the rest.
#[derive(Debug, Serialize)]
struct Pages {
    /// The number of posts above the shown ones, and the link to their page.
    earlier: usize,
    earlier_url: String,
    /// The number of posts between the shown ones and the focused post, and the link to their page.
    later: usize,
    later_url: String,
    /// The number of all replies, in words.
    total: Message,
    page: usize,
    pages: usize,
    first: String,
    previous: Option<String>,
    next: Option<String>,
    last: String,
}

impl Pages {
    fn of(thread: &ThreadPage, path: &str) -> Self {
        let (earlier, later) = (thread.earlier_ancestors, thread.later_ancestors);
        let above = |above: usize| format!("{path}?above={above}");
        let replies = |page: usize| format!("{path}?page={page}#replies");
        let (page, pages) = (thread.page, thread.pages);
        Self {
            earlier,
            earlier_url: above(thread.above + 1),
            later,
            later_url: above(thread.above.saturating_sub(1)),
            total: match thread.is_counted_in_part {
                true => Message::new("thread-replies-more").with("count", thread.total),
                false => Message::new("thread-replies").with("count", thread.total),
            },
            first: replies(1),
            previous: (page > 1).then(|| replies(page - 1)),
            next: (page < pages).then(|| replies(page + 1)),
            last: replies(pages),
            page,
            pages,
        }
    }
}

/// The servers that a post could not be delivered to, with the reason of each.
fn undelivered(app: &App, id: StatusId) -> Result<Vec<minijinja::Value>> {
    let report = app.domain.store.read(|c| delivery_report::of_status(c, id))?;
    let given_up = report.into_iter().filter(|r| r.at.is_some()).filter_map(|r| Some((r.host, r.error?)));
    Ok(given_up.take(limits::UNDELIVERED_SHOWN).map(|(host, reason)| context! { host, reason }).collect())
}

/// Queues the backfill of a thread, and returns the state of the last one.
fn queue_backfill(app: &App, status: &Status) -> Result<Option<Fetched>> {
    if let Err(e) = backfill::thread(&app.domain, status, BackfillReason::Opened) {
        tracing::warn!(error = %e, "cannot queue the backfill of a thread");
    }
    Ok(backfill::thread_report(&app.domain, status.id)?.map(Fetched::of))
}
