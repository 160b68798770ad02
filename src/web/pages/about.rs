//! The about page.

use minijinja::context;
use serde::Serialize;

use crate::app::App;
use crate::domain::instance::{self, TextKind};
use crate::error::Result;
use crate::http::{Request, Response};
use crate::web::locale::Message;
use crate::web::render;
use crate::web::templates::{Time, time};

/// A text that the owner wrote.
#[derive(Serialize)]
struct Section {
    id: &'static str,
    label: Option<Message>,
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
        lines.push(minijinja::Value::from(app.config.description.clone()));
    }
    lines.push(Message::new("about-one-account").with("handle", handle.as_str()).into());
    lines.push(Message::new("about-software").with("version", env!("CARGO_PKG_VERSION")).into());
    if !app.config.contact_email.is_empty() {
        lines.push(Message::new("about-contact").with("address", app.config.contact_email.as_str()).into());
    }
    let link = (format!("/@{}", owner.username), Message::new("about-go").with("handle", handle.as_str()));
    let (texts, rules) = app.domain.store.read(|c| {
        let sections = [
            (TextKind::Description, "description", None),
            (TextKind::Privacy, "privacy", Some(Message::new("about-privacy"))),
            (TextKind::Terms, "terms", Some(Message::new("about-terms"))),
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
