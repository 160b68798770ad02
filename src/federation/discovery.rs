//! WebFinger, host-meta and NodeInfo.

use serde_json::json;

use crate::app::App;
use crate::domain::outbox::builders::media_type_of_file;
use crate::domain::urls::Site;
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::protocol::discovery::nodeinfo::{self, ServerInfo};
use crate::protocol::discovery::webfinger::{self, Account, Resource};
use crate::store::{actors, statuses};

/// `GET /.well-known/webfinger?resource=…`: the owner, or the server itself.
pub(super) fn webfinger(app: &App, request: &Request) -> Result<Response> {
    let form = request.form()?;
    let resource = match form.all("resource").as_slice() {
        [] => return Err(Error::bad_request("The parameter `resource` is missing")),
        [one] => *one,
        _ => return Err(Error::bad_request("There is more than one parameter `resource`")),
    };
    let resource = Resource::parse(resource).map_err(|e| Error::bad_request(e.to_string()))?;
    let site = &app.domain.site;
    let instance = app.domain.instance()?;
    let is_instance = match &resource {
        Resource::Account { username, host } => {
            [site.host(), site.authority()].contains(&username.as_str()) && site.owns_domain(host)
        }
        Resource::Url(url) => *url == instance.uri || is_front_page(site, url),
        Resource::Other => false,
    };
    if is_instance {
        let account = Account {
            subject: format!("{}@{}", site.host(), site.authority()),
            actor: instance.uri,
            page: site.url("/about"),
            avatar: None,
            subscribe: None,
        };
        return Ok(Response::document(webfinger::CONTENT_TYPE, &webfinger::document(&account)).into_public());
    }
    let owner = app.domain.owner_or_former()?;
    let is_owner = match &resource {
        Resource::Account { username, host } => {
            username.eq_ignore_ascii_case(&owner.username) && site.owns_domain(host)
        }
        Resource::Url(url) => *url == owner.uri || *url == site.profile(&owner.username),
        Resource::Other => false,
    };
    if !is_owner {
        return Err(Error::NotFound);
    }
    // The account may be deleted.
    app.domain.owner()?;
    let avatar = app.domain.store.read(|c| actors::get(c, owner.id))?.and_then(|a| a.avatar);
    let account = Account {
        subject: site.handle_of(&owner.username),
        actor: owner.uri.clone(),
        page: site.profile(&owner.username),
        avatar: avatar.map(|file| (media_type_of_file(&file), site.media(&file))),
        subscribe: Some(format!("{}?uri={{uri}}", site.url("/authorize_interaction"))),
    };
    Ok(Response::document(webfinger::CONTENT_TYPE, &webfinger::document(&account)).into_public())
}

/// Returns `true` for the URL of the server itself, which identifies its actor (FEP-d556).
fn is_front_page(site: &Site, url: &str) -> bool {
    let Ok(url) = url::Url::parse(url) else { return false };
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    let authority = format!("{}{port}", url.host_str().unwrap_or_default());
    authority == site.authority() && url.path() == "/" && url.query().is_none() && url.fragment().is_none()
}

/// `GET /.well-known/host-meta`: the WebFinger template as XRD.
pub(super) fn host_meta(app: &App, _: &Request) -> Result<Response> {
    let template = app.domain.site.url("/.well-known/webfinger?resource={uri}");
    let xrd = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
         <Link rel=\"lrdd\" template=\"{template}\"/>\n</XRD>\n"
    );
    Ok(Response::new(hyper::StatusCode::OK, "application/xrd+xml; charset=utf-8", xrd).into_public())
}

/// `GET /.well-known/host-meta.json`: the WebFinger template as JRD.
pub(super) fn host_meta_json(app: &App, _: &Request) -> Result<Response> {
    let template = app.domain.site.url("/.well-known/webfinger?resource={uri}");
    let document = json!({"links": [{"rel": "lrdd", "template": template}]});
    Ok(Response::document("application/json; charset=utf-8", &document).into_public())
}

/// `GET /.well-known/nodeinfo`: links to NodeInfo and to the server's actor (FEP-2677).
pub(super) fn nodeinfo_links(app: &App, _: &Request) -> Result<Response> {
    let document = nodeinfo::links(&app.domain.site.base(), &app.domain.instance()?.uri);
    Ok(Response::document("application/json; charset=utf-8", &document).into_public())
}

fn server_info(app: &App) -> Result<ServerInfo> {
    let local_posts = app.domain.store.read(statuses::count_open_local)?;
    Ok(ServerInfo {
        title: app.title().to_owned(),
        description: app.config.description.clone(),
        users: i64::from(app.domain.owner().is_ok()),
        local_posts,
    })
}

/// `GET /nodeinfo/2.0`.
pub(super) fn nodeinfo_20(app: &App, _: &Request) -> Result<Response> {
    let document = nodeinfo::document("2.0", &server_info(app)?);
    Ok(Response::document(nodeinfo::CONTENT_TYPE_20, &document).into_public())
}

/// `GET /nodeinfo/2.1`.
pub(super) fn nodeinfo_21(app: &App, _: &Request) -> Result<Response> {
    let document = nodeinfo::document("2.1", &server_info(app)?);
    Ok(Response::document(nodeinfo::CONTENT_TYPE_21, &document).into_public())
}
