//! The keyboard shortcuts: their list, and the switch that WCAG 2.1.4 requires for shortcuts of one key.

use minijinja::context;

use crate::app::App;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::store::database::settings;
use crate::web::locale::Message;
use crate::web::render;

/// What the keys do, in groups. The script has the same keys.
const GROUPS: [(Message, &[(&str, Message)]); 3] = [
    (
        Message::new("shortcuts-posts"),
        &[
            ("j", Message::new("shortcuts-next")),
            ("k", Message::new("shortcuts-previous")),
            ("o", Message::new("shortcuts-open")),
            ("r", Message::new("shortcuts-reply")),
            ("f", Message::new("shortcuts-favourite")),
            ("b", Message::new("shortcuts-boost")),
            ("d", Message::new("shortcuts-bookmark")),
            ("m", Message::new("shortcuts-mention")),
            ("u", Message::new("shortcuts-author")),
            ("x", Message::new("shortcuts-unveil")),
            ("h", Message::new("shortcuts-media")),
        ],
    ),
    (
        Message::new("shortcuts-page"),
        &[
            ("n", Message::new("shortcuts-write")),
            (".", Message::new("shortcuts-new")),
            ("/", Message::new("shortcuts-search")),
            ("?", Message::new("shortcuts-help")),
            ("Esc", Message::new("shortcuts-close")),
            ("Ctrl Enter", Message::new("shortcuts-send")),
        ],
    ),
    (
        Message::new("shortcuts-places"),
        &[
            ("g h", Message::new("shortcuts-home")),
            ("g n", Message::new("shortcuts-notifications")),
            ("g m", Message::new("shortcuts-messages")),
            ("g l", Message::new("shortcuts-lists")),
            ("g d", Message::new("shortcuts-drafts")),
            ("g b", Message::new("shortcuts-bookmarks")),
            ("g f", Message::new("shortcuts-favourites")),
            ("g p", Message::new("shortcuts-profile")),
            ("g s", Message::new("shortcuts-settings")),
        ],
    ),
];

/// `GET /shortcuts`.
pub(crate) fn show(app: &App, request: &Request) -> Result<Response> {
    let group = |(heading, rows): &(Message, &[(&str, Message)])| {
        let row = |(keys, what): &(&str, Message)| context! { keys => keys.split(' ').collect::<Vec<_>>(), what };
        context! { heading, rows => rows.iter().map(row).collect::<Vec<_>>() }
    };
    render::page(app, request, "shortcuts.html", context! { groups => GROUPS.iter().map(group).collect::<Vec<_>>() })
}

/// `POST /shortcuts`.
pub(crate) fn save(app: &App, request: &Request) -> Result<Response> {
    let is_on = request.form()?.checkbox("enabled")?;
    app.domain.store.write_quietly(move |c| match is_on {
        true => settings::remove(c, settings::KEYBOARD_SHORTCUTS).map(drop),
        false => settings::set(c, settings::KEYBOARD_SHORTCUTS, "off"),
    })?;
    Ok(Response::see_other("/shortcuts?done=settings-saved"))
}
