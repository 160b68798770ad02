//! Notifications in groups. Opening the list of all marks them read.

pub(crate) mod requests;

use minijinja::context;

use super::{next, next_of, page};
use crate::app::App;
use crate::domain::queries::listing::Listing;
use crate::domain::queries::notifications::groups::{self, GROUPED, GroupView};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::store::account::markers;
use crate::store::notifications::groups::GroupedKinds;
use crate::store::notifications::{NotificationKind, Selection, requests as rows};
use crate::web::locale::Message;
use crate::web::pages::people;
use crate::web::{render, view};

/// A tab of the page.
struct Tab {
    /// Its name in the address; empty for the first.
    name: &'static str,
    label: Message,
    /// The text of the empty list.
    empty: Message,
    kinds: &'static [NotificationKind],
}

/// Every tab, in their order.
static TABS: [Tab; 5] = [
    Tab {
        name: "",
        label: Message::new("notifications-all"),
        empty: Message::new("notifications-all-empty"),
        kinds: &NotificationKind::ALL,
    },
    Tab {
        name: "mentions",
        label: Message::new("notifications-mentions"),
        empty: Message::new("notifications-mentions-empty"),
        kinds: &[NotificationKind::Mention, NotificationKind::Quote],
    },
    Tab {
        name: "reactions",
        label: Message::new("notifications-reactions"),
        empty: Message::new("notifications-reactions-empty"),
        kinds: &[NotificationKind::Boost, NotificationKind::Favourite, NotificationKind::Reaction],
    },
    Tab {
        name: "follows",
        label: Message::new("notifications-follows"),
        empty: Message::new("notifications-follows-empty"),
        kinds: &[NotificationKind::Follow, NotificationKind::FollowRequest],
    },
    Tab {
        name: "updates",
        label: Message::new("notifications-updates"),
        empty: Message::new("notifications-updates-empty"),
        kinds: &[
            NotificationKind::Poll,
            NotificationKind::Update,
            NotificationKind::QuotedUpdate,
            NotificationKind::Status,
            NotificationKind::Report,
            NotificationKind::Severed,
        ],
    },
];

fn path(tab: &Tab) -> String {
    if tab.name.is_empty() { "/notifications".to_owned() } else { format!("/notifications/{}", tab.name) }
}

/// `GET /notifications`.
pub(crate) fn all(app: &App, request: &Request) -> Result<Response> {
    let listing = read(app, request, &Selection::all())?;
    let seen = last_read(app)?;
    if let Some(newest) = listing.first().map(|group| group.newest.row.id.0).filter(|newest| *newest > seen) {
        let now = app.domain.now();
        app.domain.store.write(move |c| markers::set(c, "notifications", newest, now))?;
    }
    show(app, request, &TABS[0], &listing, seen)
}

/// `GET /notifications/TAB`.
pub(crate) fn tab(app: &App, request: &Request) -> Result<Response> {
    let name = request.param("tab");
    let tab = TABS.iter().find(|tab| tab.name == name && !name.is_empty()).ok_or(Error::NotFound)?;
    let listing = read(app, request, &Selection::of(tab.kinds))?;
    show(app, request, tab, &listing, last_read(app)?)
}

fn last_read(app: &App) -> Result<i64> {
    Ok(app.domain.store.read(|c| markers::get(c, "notifications"))?.map_or(0, |m| m.last_read_id))
}

fn read(app: &App, request: &Request, selection: &Selection) -> Result<Listing<GroupView>> {
    groups::list(&app.domain, selection, GroupedKinds::of(&GROUPED), &page(request)?)
}

fn show(app: &App, request: &Request, tab: &Tab, listing: &Listing<GroupView>, seen: i64) -> Result<Response> {
    let (waiting, _) = app.domain.store.read(rows::count)?;
    let context = context! {
        notifications => view::notifications(app, listing, seen, app.domain.as_owner()?),
        tabs => TABS.iter().map(|t| context! { path => path(t), label => t.label }).collect::<Vec<_>>(),
        empty => tab.empty,
        waiting,
        next => next_of(request, listing.next()),
    };
    render::page(app, request, "notifications.html", context)
}

/// `GET /notifications/groups/KEY`: all actors of a group.
pub(crate) fn group(app: &App, request: &Request) -> Result<Response> {
    let (key, page) = (request.param("key"), page(request)?);
    let found = groups::get(&app.domain, key)?;
    let rows = groups::actors(&app.domain, key, &page)?;
    let next = next(request, &page, rows.len(), rows.last().map(|(cursor, _)| *cursor));
    let actors: Vec<_> = rows.into_iter().map(|(_, actor)| actor).collect();
    let notification = view::notifications(app, &[found], i64::MAX, app.domain.as_owner()?).pop();
    // Favourites and reactions share their groups.
    let heading = match key.split('-').next() {
        Some("favourite") => Message::new("group-favourites"),
        Some("reblog") => Message::new("group-boosts"),
        Some("follow") => Message::new("group-followers"),
        _ => Message::new("group-other"),
    };
    let context = context! { heading, notification, people => people::rows(app, &actors)?, next };
    render::page(app, request, "notification_group.html", context)
}
