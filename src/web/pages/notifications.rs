//! Notifications. Opening the page marks them read.

use minijinja::context;

use super::{next_of, page};
use crate::app::App;
use crate::domain::queries;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::store::account::markers;
use crate::store::notifications::Selection;
use crate::web::{render, view};

/// `GET /notifications`.
pub(crate) fn notifications(app: &App, request: &Request) -> Result<Response> {
    let page = page(request)?;
    let views = queries::notifications::list(&app.domain, &Selection::all(), &page)?;
    if let Some(newest) = views.first().map(|v| v.row.id.0) {
        let now = app.domain.now();
        let read = app.domain.store.read(|c| markers::get(c, "notifications"))?.map_or(0, |m| m.last_read_id);
        if newest > read {
            app.domain.store.write(move |c| markers::set(c, "notifications", newest, now))?;
        }
    }
    let viewer = app.domain.as_owner()?;
    let notifications: Vec<_> = views.iter().map(|n| view::notification(app, n, viewer)).collect();
    let next = next_of(request, views.next());
    render::page(app, request, "notifications.html", context! { notifications, next })
}
