//! JSON Schema of the types in the tables.

use serde_json::{Map, Value, json};

use super::tables;

/// The pattern of an id.
pub const ID: &str = "^-?[0-9]+$";

/// The schema of a type.
pub fn of(kind: &str) -> Value {
    let parts: Vec<&str> = kind.split('|').collect();
    if let [one] = parts[..] {
        return part(one);
    }
    let (null, others): (Vec<&str>, Vec<&str>) = parts.into_iter().partition(|p| *p == "null");
    let nullable = !null.is_empty();
    if others.iter().all(|p| p.starts_with('"')) {
        let mut values: Vec<Value> = others.iter().map(|p| json!(p.trim_matches('"'))).collect();
        if nullable {
            values.push(Value::Null);
            return json!({"type": ["string", "null"], "enum": values});
        }
        return json!({"type": "string", "enum": values});
    }
    if let ([one], true) = (&others[..], nullable) {
        let mut schema = part(one);
        if let Some(name) = schema.get("type").cloned() {
            schema["type"] = json!([name, "null"]);
            return schema;
        }
    }
    let mut any: Vec<Value> = others.iter().map(|p| part(p)).collect();
    if nullable {
        any.push(json!({"type": "null"}));
    }
    json!({"anyOf": any})
}

fn part(text: &str) -> Value {
    if let Some(member) = text.strip_prefix("{}") {
        return json!({"type": "object", "additionalProperties": part(member)});
    }
    if let Some(item) = text.strip_suffix("[]") {
        return json!({"type": "array", "items": part(item)});
    }
    match text {
        "string" | "integer" | "number" | "boolean" | "null" => json!({"type": text}),
        "id" => json!({"type": "string", "pattern": ID}),
        "date-time" | "date" | "uri" => json!({"type": "string", "format": text}),
        "html" => json!({"type": "string", "contentMediaType": "text/html"}),
        "file" => json!({"type": "string", "contentMediaType": "application/octet-stream"}),
        "any" => json!({}),
        literal if literal.starts_with('"') => json!({"type": "string", "const": literal.trim_matches('"')}),
        name => {
            assert!(tables::entities().iter().any(|e| e.name == name), "{name} is not a type");
            json!({"$ref": format!("#/components/schemas/{name}")})
        }
    }
}

/// The schemas of all entities by name.
pub fn entities() -> Map<String, Value> {
    let entity = |entity: &tables::Entity| {
        let members = entity.members.iter().map(|m| (m.name.clone(), of(&m.kind))).collect::<Map<_, _>>();
        let required: Vec<&str> = entity.members.iter().filter(|m| !m.optional).map(|m| m.name.as_str()).collect();
        let mut schema = json!({"type": "object", "properties": members});
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        (entity.name.clone(), schema)
    };
    tables::entities().iter().map(entity).collect()
}
