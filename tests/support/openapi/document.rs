//! The OpenAPI document: the operations of the table, with the access of the route table.

use dassie::app::Route;
use dassie::domain::account::oauth::SCOPES;
use dassie::domain::push::ALERTS;
use dassie::http::Access;
use serde_json::{Map, Value, json};

use super::schema;
use super::tables::{self, NO_JSON, Operation, Parameter};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

const DESCRIPTION: &str = "The client API of Mastodon as Dassie serves it. Responses are complete: members that are not \
    optional are always present. A scope of an operation is also covered by the coarse one: `read` covers \
    `read:statuses`. Bodies may be JSON, forms or multipart; the names of nested form fields are in brackets. Clients \
    should ignore members that they do not know.";

/// The parameters that change the profile.
const PROFILE: &str = "display_name:string note:string avatar:file header:file avatar_description:string \
    header_description:string locked:boolean bot:boolean discoverable:boolean indexable:boolean \
    show_media:boolean show_media_replies:boolean show_featured:boolean \
    attribution_domains[]:string fields_attributes[][name]:string fields_attributes[][value]:string \
    source[privacy]:\"public\"|\"unlisted\"|\"private\"|\"direct\" source[sensitive]:boolean source[language]:string \
    source[quote_policy]:\"public\"|\"followers\"|\"nobody\"";

/// One parameter with the type of its value.
struct Single {
    name: String,
    required: bool,
    kind: String,
}

fn single(name: &str, kind: &str) -> Single {
    Single { name: name.into(), required: false, kind: kind.into() }
}

fn group(name: &str) -> Vec<Single> {
    match name {
        "@page" => {
            let cursors = ["max_id", "since_id", "min_id"].map(|name| single(name, "id"));
            cursors.into_iter().chain([single("limit", "integer")]).collect()
        }
        "@slice" => vec![single("limit", "integer"), single("offset", "integer")],
        "@profile" => {
            PROFILE.split_whitespace().map(|word| word.split_once(':').unwrap()).map(|(n, k)| single(n, k)).collect()
        }
        "@alerts" => ALERTS.iter().map(|alert| single(&format!("data[alerts][{alert}]"), "boolean")).collect(),
        other => panic!("{other} is not a group of parameters"),
    }
}

fn parameters(of: &Operation) -> Vec<Single> {
    let each = |parameter: &Parameter| match parameter {
        Parameter::Group(name) => group(name),
        Parameter::Single { name, required, kind } => {
            vec![Single { name: name.clone(), required: *required, kind: kind.clone() }]
        }
    };
    of.parameters.iter().flat_map(each).collect()
}

/// The type of one parameter: the name of a list ends in `[]`.
fn value_schema(parameter: &Single) -> Value {
    match parameter.name.ends_with("[]") {
        true => json!({"type": "array", "items": schema::of(&parameter.kind)}),
        false => schema::of(&parameter.kind),
    }
}

fn in_path(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameter = |name: &str| {
        let kind = if matches!(name, "id" | "quote") { "id" } else { "string" };
        json!({"name": name, "in": "path", "required": true, "schema": schema::of(kind)})
    };
    names.map(parameter).collect()
}

/// The groups of parameters that many operations have: they are described once.
const SHARED: [&str; 2] = ["@page", "@slice"];

fn shared_parameters() -> Map<String, Value> {
    SHARED.iter().flat_map(|name| group(name)).map(|p| (p.name.clone(), in_query(&p))).collect()
}

/// The parameters of the query.
fn all_in_query(of: &Operation) -> Vec<Value> {
    let is_shared = |name: &str| SHARED.iter().any(|shared| group(shared).iter().any(|p| p.name == name));
    let each = |parameter: &Single| match is_shared(&parameter.name) {
        true => json!({"$ref": format!("#/components/parameters/{}", parameter.name)}),
        false => in_query(parameter),
    };
    parameters(of).iter().map(each).collect()
}

fn in_query(parameter: &Single) -> Value {
    json!({"name": parameter.name, "in": "query", "required": parameter.required, "schema": value_schema(parameter)})
}

/// The schema of a form: every field by its name in brackets.
fn form_schema(fields: &[Single]) -> Value {
    let properties: Map<String, Value> = fields.iter().map(|f| (f.name.clone(), value_schema(f))).collect();
    object(properties, fields.iter().filter(|f| f.required).map(|f| f.name.clone()).collect())
}

fn object(properties: Map<String, Value>, required: Vec<String>) -> Value {
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The schema of a JSON body: brackets become objects and lists.
fn json_schema(fields: &[Single]) -> Value {
    let mut root = json!({"type": "object", "properties": {}});
    for field in fields {
        let (first, rest) = field.name.split_once('[').unwrap_or((&field.name, ""));
        let steps = std::iter::once(first).chain(rest.split_terminator('[').map(|step| step.trim_end_matches(']')));
        let steps: Vec<&str> = steps.collect();
        add(&mut root, &steps, field);
    }
    root
}

fn add(at: &mut Value, steps: &[&str], field: &Single) {
    match steps {
        [] => *at = schema::of(&field.kind),
        ["", rest @ ..] => {
            if at["type"] != "array" {
                *at = json!({"type": "array", "items": {}});
            }
            add(&mut at["items"], rest, field);
        }
        [name, rest @ ..] => {
            if at["type"] != "object" {
                *at = json!({"type": "object", "properties": {}});
            }
            if field.required {
                let required = at.as_object_mut().unwrap().entry("required").or_insert_with(|| json!([]));
                let names = required.as_array_mut().unwrap();
                if !names.contains(&json!(name)) {
                    names.push(json!(name));
                }
            }
            let member = at["properties"].as_object_mut().unwrap().entry(*name).or_insert_with(|| json!({}));
            add(member, rest, field);
        }
    }
}

fn body(fields: Vec<Single>) -> Value {
    let required = fields.iter().any(|f| f.required);
    let needs_file = fields.iter().any(|f| f.required && f.kind == "file");
    let has_file = fields.iter().any(|f| f.kind == "file");
    let mut content = Map::new();
    if has_file {
        content.insert(MULTIPART.into(), json!({"schema": form_schema(&fields)}));
    }
    if !needs_file {
        let texts: Vec<Single> = fields.into_iter().filter(|f| f.kind != "file").collect();
        let form = form_schema(&texts);
        content.entry(MULTIPART).or_insert_with(|| json!({"schema": form}));
        content.insert(FORM.into(), json!({"schema": form}));
        content.insert(JSON.into(), json!({"schema": json_schema(&texts)}));
    }
    json!({"required": required, "content": content})
}

fn security(access: Access) -> Value {
    match access {
        Access::Token(scopes) => scopes.split(' ').map(|scope| json!({"oauth": [scope]})).collect(),
        Access::Optional(scope) => json!([{}, {"oauth": [scope]}]),
        Access::AnyToken => json!([{"oauth": []}]),
        _ => json!([]),
    }
}

fn responses(of: &Operation, access: Access) -> Value {
    let mut all = Map::new();
    let success = match of.response.as_str() {
        NO_JSON if !of.path.contains("/streaming") || of.path.ends_with("/health") => {
            json!({"description": "OK", "content": {"text/plain": {}}})
        }
        NO_JSON => json!({"description": "A stream", "content": {"text/event-stream": {}}}),
        kind => json!({"description": "OK", "content": {JSON: {"schema": schema::of(kind)}}}),
    };
    all.insert("200".into(), success);
    let mut statuses = of.statuses.clone();
    match access {
        Access::Token(_) | Access::Optional(_) => statuses.extend([401, 403]),
        Access::AnyToken => statuses.push(401),
        _ => {}
    }
    if !of.parameters.is_empty() {
        statuses.push(400);
        if !matches!(of.method.as_str(), "GET" | "DELETE") {
            statuses.extend([413, 422]);
        }
    }
    if of.path.contains('{') {
        statuses.extend([404, 422]);
    }
    statuses.push(429);
    let error = json!({"$ref": "#/components/responses/Error"});
    all.extend(statuses.iter().map(|status| (status.to_string(), error.clone())));
    all.insert("default".into(), error);
    Value::Object(all)
}

fn operation(of: &Operation, access: Access) -> Value {
    let fields = parameters(of);
    let mut named = in_path(&of.path);
    let mut new = json!({
        "operationId": operation_id(of),
        "tags": [of.section.split(':').next()],
        "security": security(access),
        "responses": responses(of, access),
    });
    if matches!(of.method.as_str(), "GET" | "DELETE") {
        named.extend(all_in_query(of));
    } else if !fields.is_empty() {
        new["requestBody"] = body(fields);
    }
    if !named.is_empty() {
        new["parameters"] = json!(named);
    }
    new
}

/// `get_api_v1_accounts_id` of `GET /api/v1/accounts/{id}`.
fn operation_id(of: &Operation) -> String {
    let words = of.path.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let path: Vec<&str> = words.collect();
    format!("{}_{}", of.method.to_lowercase(), path.join("_").replace('-', "_"))
}

/// The text of a document: what fits in one line is in one line.
pub fn to_text(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text + "\n"
}

fn write(value: &Value, depth: usize, text: &mut String) {
    let line = value.to_string();
    let (open, members, close) = match value {
        _ if line.len() + 2 * depth <= 110 => return text.push_str(&line),
        Value::Object(members) => ('{', members.iter().map(|(k, v)| (format!("{}: ", json!(k)), v)).collect(), '}'),
        Value::Array(items) => ('[', items.iter().map(|v| (String::new(), v)).collect::<Vec<_>>(), ']'),
        _ => return text.push_str(&line),
    };
    text.push(open);
    for (i, (key, member)) in members.iter().enumerate() {
        text.push_str(if i == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(depth + 1));
        text.push_str(key);
        write(member, depth + 1, text);
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push(close);
}

/// The whole document.
pub fn build(routes: &[Route]) -> Value {
    let mut paths = Map::new();
    let mut tags: Vec<&str> = Vec::new();
    for of in tables::operations() {
        let is_of = |route: &&Route| route.path == of.path && format!("{:?}", route.method).to_uppercase() == of.method;
        let route = routes.iter().find(is_of).unwrap_or_else(|| panic!("{} {} is not a route", of.method, of.path));
        let item = paths.entry(&of.path).or_insert_with(|| json!({}));
        item[of.method.to_lowercase()] = operation(of, route.access);
        let tag = of.section.split(':').next().unwrap();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let scopes: Map<String, Value> = SCOPES.iter().map(|scope| ((*scope).to_owned(), json!(""))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Dassie client API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "externalDocs": {"url": "https://docs.joinmastodon.org/api/", "description": "The API of Mastodon"},
        "servers": [{"url": "https://{host}", "variables": {"host": {"default": "example.org"}}}],
        "tags": tags.iter().map(|tag| json!({"name": tag})).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schema::entities(),
            "parameters": shared_parameters(),
            "responses": {
                "Error": {"description": "An error", "content": {JSON: {"schema": schema::of("Error")}}},
            },
            "securitySchemes": {"oauth": {"type": "oauth2", "flows": {
                "authorizationCode": {"authorizationUrl": "/oauth/authorize", "tokenUrl": "/oauth/token", "scopes": scopes},
                "clientCredentials": {"tokenUrl": "/oauth/token", "scopes": scopes},
            }}},
        },
    })
}
