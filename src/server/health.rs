//! Health checks: `/livez` responds while the process runs, `/readyz` while the database can be read, and `/health` as
//! Mastodon's.

use hyper::StatusCode;

use crate::app::{App, Handler, Route};
use crate::error::Result;
use crate::http::{Access, Class, Response, Surface, Verb};
use crate::store::database::settings;

const fn get(path: &'static str, handler: Handler) -> Route {
    Route {
        method: Verb::Get,
        path,
        surface: Surface::Api,
        access: Access::Public,
        class: Class::Free,
        body: 0,
        quick: false,
        handler,
    }
}

fn text(body: &'static str) -> Response {
    Response::new(StatusCode::OK, "text/plain; charset=utf-8", body)
}

fn check_database(app: &App) -> Result<()> {
    app.domain.store.read(|c| settings::get(c, "domain")).map(|_| ())
}

pub(super) const ROUTES: &[Route] = &[
    get("/livez", |_, _| Ok(text("ok\n"))),
    get("/readyz", |app, _| {
        check_database(app)?;
        Ok(text("ready\n"))
    }),
    get("/health", |app, _| {
        check_database(app)?;
        Ok(Response::json(&serde_json::json!({"status": "OK"})))
    }),
];
