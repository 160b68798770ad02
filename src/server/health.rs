//! Health checks: `/livez` responds while the process runs, `/readyz` while the database can be read.

use hyper::StatusCode;

use crate::app::{Handler, Route};
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

pub(super) const ROUTES: &[Route] = &[
    get("/livez", |_, _| Ok(text("ok\n"))),
    get("/readyz", |app, _| {
        app.domain.store.read(|c| settings::get(c, "domain"))?;
        Ok(text("ready\n"))
    }),
];
