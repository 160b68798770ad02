//! ActivityPub and discovery: the endpoints for peer servers.

pub(crate) mod authenticate;
mod collections;
mod discovery;
mod inbox;
mod objects;

pub(crate) use inbox::check_head;

use crate::app::{Handler, Route};
use crate::http::{Access, Class, Surface, Verb};
use crate::limits;

const fn get(path: &'static str, handler: Handler) -> Route {
    Route {
        method: Verb::Get,
        path,
        surface: Surface::Federation,
        access: Access::Signed,
        class: Class::Page,
        body: 0,
        quick: false,
        handler,
    }
}

/// A route that needs no signature in secure mode either: without it, peers could not verify our signatures.
const fn open(path: &'static str, handler: Handler) -> Route {
    Route { access: Access::Public, ..get(path, handler) }
}

const fn deliver(path: &'static str) -> Route {
    Route { method: Verb::Post, class: Class::Inbox, body: limits::INBOX_BODY, ..open(path, inbox::post) }
}

/// The routes for peer servers.
pub const ROUTES: &[Route] = &[
    deliver("/inbox"),
    deliver("/users/{name}/inbox"),
    // PieFed looks for the actor of a server at the root.
    open("/", objects::instance_actor),
    open("/actor", objects::instance_actor),
    get("/actor/outbox", collections::instance_outbox),
    get("/actor/follows/{id}", objects::relay_follow),
    open("/users/{name}", objects::actor),
    open("/@{name}", objects::actor),
    get("/users/{name}/outbox", collections::outbox),
    get("/users/{name}/followers", collections::followers),
    get("/users/{name}/following", collections::following),
    get("/users/{name}/liked", collections::liked),
    get("/users/{name}/followers_synchronization", collections::followers_synchronization),
    get("/users/{name}/approvals/{id}", objects::approval),
    get("/users/{name}/collections/featured", collections::featured),
    get("/users/{name}/collections/tags", collections::featured_tags),
    get("/users/{name}/follows/{id}", objects::follow),
    get("/users/{name}/likes/{id}", objects::like),
    get("/users/{name}/reactions/{id}", objects::reaction),
    get("/users/{name}/dislikes/{id}", objects::reaction),
    get("/users/{name}/statuses/{id}", objects::status),
    get("/@{name}/{id}", objects::status),
    get("/users/{name}/statuses/{id}/activity", objects::activity),
    get("/users/{name}/statuses/{id}/replies", collections::replies),
    get("/users/{name}/statuses/{id}/likes", collections::likes),
    get("/users/{name}/statuses/{id}/shares", collections::shares),
    get("/users/{name}/statuses/{id}/context", collections::context),
    open("/emoji/{id}", objects::emoji),
    open("/.well-known/webfinger", discovery::webfinger),
    open("/.well-known/host-meta", discovery::host_meta),
    open("/.well-known/host-meta.json", discovery::host_meta_json),
    open("/.well-known/nodeinfo", discovery::nodeinfo_links),
    open("/nodeinfo/2.0", discovery::nodeinfo_20),
    open("/nodeinfo/2.1", discovery::nodeinfo_21),
];
