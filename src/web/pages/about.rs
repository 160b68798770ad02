//! The about page.

use minijinja::context;

use crate::app::App;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::web::render;

/// `GET /about`.
pub(crate) fn about(app: &App, request: &Request) -> Result<Response> {
    let owner = app.domain.owner()?;
    let handle = format!("@{}", app.domain.site.handle_of(&owner.username));
    let mut lines = Vec::new();
    if !app.config.description.is_empty() {
        lines.push(app.config.description.clone());
    }
    lines.push(format!("This server has one account, {handle}. Sign-up is not available."));
    lines.push(format!("It runs Dassie {}, free software for the fediverse.", env!("CARGO_PKG_VERSION")));
    if !app.config.contact_email.is_empty() {
        lines.push(format!("Contact: {}", app.config.contact_email));
    }
    let link = (format!("/@{}", owner.username), format!("Go to {handle}"));
    render::public_page(app, request, "message.html", context! { heading => app.title(), lines, link })
}
