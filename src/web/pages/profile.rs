//! Profiles: the owner's for everyone, remote ones for the owner.

use minijinja::context;
use serde::Serialize;

use super::sitemap::lists_profile;
use super::{Fetched, next_of, page};
use crate::app::App;
use crate::domain::account::handle::NamedAccount;
use crate::domain::backfill::{self, BackfillReason};
use crate::domain::queries;
use crate::domain::queries::status_view::StatusView;
use crate::domain::queries::timelines::AccountPosts;
use crate::domain::relationships::relation::relation;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::limits;
use crate::protocol::discovery::webfinger::Resource;
use crate::protocol::html;
use crate::protocol::text::{link, parse_hashtag};
use crate::store::actors::{self, Actor};
use crate::store::database::pagination::Page;
use crate::store::filters::FilterContext;
use crate::store::statuses::AccountFilter;
use crate::store::visibility::Viewer;
use crate::web::locale::Message;
use crate::web::templates::{Html, Time, time};
use crate::web::{render, view};

#[derive(Debug, Clone, Serialize)]
struct FieldView {
    name: Html,
    value: Html,
    /// When its link was verified.
    verified: Option<Time>,
}

/// Where a tab shows pinned posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pinned {
    /// Above the others.
    First,
    /// Only in their places.
    InPlace,
    /// No others.
    Only,
}

/// Which posts a tab shows.
struct Tab<'a> {
    /// The end of its address.
    path: &'static str,
    filter: AccountFilter,
    tag: Option<&'a str>,
    pinned: Pinned,
}

/// The tabs of a profile: the ends of their addresses, and their labels.
static TABS: [(&str, Message); 4] = [
    ("", Message::new("profile-tab-posts")),
    ("/with_replies", Message::new("profile-tab-replies")),
    ("/media", Message::new("profile-tab-media")),
    ("/pinned", Message::new("profile-tab-pinned")),
];

/// The tab that shows nothing but pictures and videos.
const GALLERY: &str = "/media";
/// The tab that shows nothing but pinned posts.
const PINNED: &str = "/pinned";

/// The tabs that the owner of a profile shows.
fn tabs(actor: &Actor) -> impl Iterator<Item = &'static (&'static str, Message)> {
    let shown = actor.tabs;
    TABS.iter().filter(move |(path, _)| match *path {
        GALLERY => shown.media,
        PINNED => shown.featured,
        _ => true,
    })
}

/// The tab with this name of those that a profile has; empty for the first.
fn tab_of(actor: &Actor, name: &str) -> Option<Tab<'static>> {
    let none = AccountFilter::default();
    let (filter, pinned) = match name {
        "" => (AccountFilter { without_replies: true, ..none }, Pinned::First),
        "with_replies" => (none, Pinned::InPlace),
        "media" => {
            let without_replies = !actor.tabs.media_replies;
            (AccountFilter { only_media: true, without_boosts: true, without_replies, ..none }, Pinned::InPlace)
        }
        "pinned" => (none, Pinned::Only),
        _ => return None,
    };
    let (path, _) = tabs(actor).find(|(path, _)| path.trim_start_matches('/') == name)?;
    Some(Tab { path, filter, tag: None, pinned })
}

/// `GET /`: the owner's profile, or a notice before setup.
pub(crate) fn front(app: &App, request: &Request) -> Result<Response> {
    if app.domain.awaits_setup() {
        let lines = [Message::new("front-not-set-up"), Message::new("front-set-up")];
        return render::page(
            app,
            request,
            "message.html",
            context! { heading => Message::new("front-welcome"), lines },
        );
    }
    let owner = app.domain.owner()?;
    if render::is_owner(request) {
        return Ok(Response::see_other("/home"));
    }
    let actor = app.domain.store.read(|c| actors::get(c, owner.id))?.ok_or(Error::NotFound)?;
    tabbed(app, request, &actor, "")
}

fn owner(app: &App, request: &Request) -> Result<Actor> {
    let owner = app.domain.owner()?;
    if !request.param("name").eq_ignore_ascii_case(&owner.username) {
        return Err(Error::NotFound);
    }
    app.domain.store.read(|c| actors::get(c, owner.id))?.ok_or(Error::NotFound)
}

/// `GET /@NAME`.
pub(crate) fn posts(app: &App, request: &Request) -> Result<Response> {
    // `/@name@host` is how people type a handle into the address bar.
    if let Some((name, host)) = request.param("name").split_once('@') {
        if app.domain.site.owns_domain(host) {
            return Ok(Response::see_other(&format!("/@{name}")));
        }
        return Ok(Response::see_other(&format!("/u/{name}@{host}")));
    }
    tabbed(app, request, &owner(app, request)?, "")
}

/// `GET /@NAME/with_replies`.
pub(crate) fn with_replies(app: &App, request: &Request) -> Result<Response> {
    tabbed(app, request, &owner(app, request)?, "with_replies")
}

/// `GET /@NAME/media`.
pub(crate) fn media(app: &App, request: &Request) -> Result<Response> {
    tabbed(app, request, &owner(app, request)?, "media")
}

/// `GET /@NAME/pinned`.
pub(crate) fn pinned(app: &App, request: &Request) -> Result<Response> {
    tabbed(app, request, &owner(app, request)?, "pinned")
}

/// `GET /@NAME/tagged/TAG`.
pub(crate) fn tagged(app: &App, request: &Request) -> Result<Response> {
    let tag = parse_hashtag(request.param("tag")).ok_or(Error::NotFound)?;
    let tab = Tab { path: "/tagged", filter: AccountFilter::default(), tag: Some(&tag), pinned: Pinned::InPlace };
    show(app, request, &owner(app, request)?, &tab)
}

fn tabbed(app: &App, request: &Request, actor: &Actor, name: &str) -> Result<Response> {
    show(app, request, actor, &tab_of(actor, name).ok_or(Error::NotFound)?)
}

/// `GET /users/NAME` in a browser.
pub(crate) fn redirect(app: &App, request: &Request) -> Result<Response> {
    Ok(Response::see_other(&format!("/@{}", owner(app, request)?.username)))
}

/// `GET /u/HANDLE` and `GET /u/HANDLE/TAB`: the profile of a remote actor, looked up if it is not stored.
pub(crate) fn remote(app: &App, request: &Request) -> Result<Response> {
    let Ok(Resource::Account { username, host }) = Resource::parse(&format!("acct:{}", request.param("handle"))) else {
        return Err(Error::NotFound);
    };
    let id = match queries::accounts::by_handle(&app.domain, &username, &host)? {
        Some(id) => id,
        None => app.domain.remote()?.actor_by_handle(&username, &host)?,
    };
    let actor = app.domain.store.read(|c| actors::get(c, id))?.ok_or(Error::NotFound)?;
    if actor.local {
        return Ok(Response::see_other(&format!("/@{}", actor.username)));
    }
    if let Err(e) = backfill::profile(&app.domain, id, BackfillReason::Opened) {
        tracing::warn!(error = %e, "cannot queue the backfill of a profile");
    }
    tabbed(app, request, &actor, request.param("tab"))
}

fn show(app: &App, request: &Request, actor: &Actor, tab: &Tab<'_>) -> Result<Response> {
    let viewer = request.viewer(app.domain.owner()?.id);
    let Listed { pinned, views, next } = listed(app, request, actor, tab)?;
    let (relation, fetched) = match actor.local || !viewer.is_owner() {
        true => (None, None),
        false => {
            let relation = app.domain.store.read(|c| relation(c, app.domain.owner()?.id, actor.id))?;
            (Some(view::relation(relation)), backfill::profile_report(&app.domain, actor.id)?.map(Fetched::of))
        }
    };
    let who = view::person(app, actor, viewer);
    let address = view::emoji_address(app, viewer);
    let header = actor.header.as_deref().map(|h| view::picture(app, actor, Some(h), "", viewer));
    let moved = actor.moved_to.as_deref().map(|uri| app.domain.store.read(|c| NamedAccount::load(c, &app.domain, uri)));
    let moved = moved.transpose()?.map(|to| context! { uri => to.uri, name => to.name() });
    let context = context! {
        own => actor.local,
        noindex => !lists_profile(actor),
        tab => tab.path,
        tabs => tabs(actor).collect::<Vec<_>>(),
        base => if actor.local { format!("/@{}", actor.username) } else { format!("/u/{}", who.handle) },
        tag => tab.tag,
        featured => if actor.local && actor.tabs.featured { featured(app)? } else { Vec::new() },
        header,
        header_alt => actor.header_alt,
        avatar_alt => actor.avatar_alt,
        image => view::preview(app, actor),
        note => view::content(&mut view::Painter::new(&actor.emoji, limits::EMOJI_HTML, &address), &actor.note),
        summary => view::short(&html::to_text(&actor.note)),
        fields => fields(actor, &address),
        original => original(actor),
        counts => counts(actor, viewer),
        fetched,
        since => time(actor.created_at),
        locked => actor.locked,
        moved,
        activity => actor.uri,
        relation,
        who,
        next,
        gallery => tab.path == GALLERY,
        pinned => view::posts(app, &pinned, viewer, FilterContext::Account),
        posts => view::posts(app, &views, viewer, FilterContext::Account),
    };
    render::public_page(app, request, "profile.html", context)
}

/// The posts of one page of a tab.
struct Listed {
    pinned: Vec<StatusView>,
    views: Vec<StatusView>,
    /// The next page.
    next: Option<String>,
}

fn listed(app: &App, request: &Request, actor: &Actor, tab: &Tab<'_>) -> Result<Listed> {
    let viewer = request.viewer(app.domain.owner()?.id);
    let page = page(request)?;
    let is_first = page.below == i64::MAX;
    let all = Page::newest(u32::MAX);
    let pinned = match tab.pinned {
        Pinned::First | Pinned::Only if is_first => queries::timelines::pinned(&app.domain, viewer, actor.id, &all)?,
        _ => Vec::new(),
    };
    if tab.pinned == Pinned::Only {
        return Ok(Listed { pinned, views: Vec::new(), next: None });
    }
    let posts = AccountPosts { actor: actor.id, filter: tab.filter, tag: tab.tag };
    let listing = queries::timelines::account(&app.domain, viewer, posts, &page)?;
    Ok(Listed { pinned, next: next_of(request, listing.next()), views: listing.views })
}

fn fields(actor: &Actor, address: &dyn Fn(&str) -> String) -> Vec<FieldView> {
    let with_emoji = |html: &str| view::with_emoji(html, &actor.emoji, address);
    actor
        .fields
        .iter()
        .map(|f| FieldView {
            name: with_emoji(&html::escape(&f.name)),
            value: with_emoji(&f.value),
            verified: f.verified_at.map(time),
        })
        .collect()
}

/// The hashtags that the owner features.
fn featured(app: &App) -> Result<Vec<String>> {
    Ok(queries::hashtags::featured(&app.domain)?.into_iter().map(|f| f.name).collect())
}

/// The account on another network that a bridge mirrors: a link, or its identifier (`npub1…`, `did:…`).
fn original(actor: &Actor) -> Option<Html> {
    let (address, _) = actor.proxy_of.as_ref()?;
    Some(Html(if html::is_web_link(address) { link(address) } else { html::escape(address) }))
}

/// The counts stated by the actor's server; where it states none, of what is stored.
fn counts(actor: &Actor, viewer: Viewer) -> minijinja::Value {
    let [posts, followers, following] = actor.shown_counts(viewer.is_owner());
    context! { posts, followers, following }
}
