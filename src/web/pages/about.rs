//! The about page.

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::instance::{self, TextKind};
use crate::error::Result;
use crate::http::{Request, Response};
use crate::web::render;
use crate::web::templates::{Time, time};

/// A text that the owner wrote.
#[derive(Serialize)]
struct Section {
    id: &'static str,
    label: &'static str,
    /// Cleaned HTML.
    html: String,
    time: Time,
}

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
    let (texts, rules) = app.domain.store.read(|c| {
        let sections = [
            (TextKind::Description, "description", ""),
            (TextKind::Privacy, "privacy", "Privacy policy"),
            (TextKind::Terms, "terms", "Terms of service"),
        ];
        let mut texts = Vec::new();
        for (kind, id, label) in sections {
            texts.extend(instance::text(c, kind)?.map(|t| Section {
                id,
                label,
                html: t.html,
                time: time(t.updated_at),
            }));
        }
        let rules: Vec<String> = instance::rules(c)?.into_iter().map(|rule| rule.text).collect();
        Ok((texts, rules))
    })?;
    let context = context! { heading => app.title(), lines, link, texts, rules };
    render::public_page(app, request, "about.html", context)
}
