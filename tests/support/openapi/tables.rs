//! The tables of entities and operations.

use std::sync::OnceLock;

const ENTITIES: &str = include_str!("../../fixtures/openapi/entities.txt");
const OPERATIONS: &str = include_str!("../../fixtures/openapi/operations.txt");

/// The name of the response of an operation that returns no JSON.
pub const NO_JSON: &str = "-";

/// A member of an entity.
#[derive(Clone)]
pub struct Member {
    pub name: String,
    pub optional: bool,
    pub kind: String,
}

/// An entity with the members that it inherits.
pub struct Entity {
    pub name: String,
    pub members: Vec<Member>,
}

/// A parameter, or a group of parameters with a name like `@page`.
pub enum Parameter {
    Group(String),
    Single { name: String, required: bool, kind: String },
}

/// An operation.
pub struct Operation {
    /// The section of the table.
    pub section: String,
    pub method: String,
    pub path: String,
    /// The type of the response.
    pub response: String,
    pub parameters: Vec<Parameter>,
    /// Statuses besides those that follow from the access, the parameters and the path.
    pub statuses: Vec<u16>,
}

/// Every entity, in the order of the table.
pub fn entities() -> &'static [Entity] {
    static ALL: OnceLock<Vec<Entity>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: Vec<Entity> = Vec::new();
        for line in ENTITIES.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            if let Some(member) = line.strip_prefix("  ") {
                let (name, kind) = member.split_once(' ').unwrap_or_else(|| panic!("no type: {line}"));
                let optional = name.ends_with('?');
                let member = Member { name: name.trim_end_matches('?').into(), optional, kind: kind.trim().into() };
                all.last_mut().unwrap().members.push(member);
                continue;
            }
            let (name, base) = line.split_once(" : ").unwrap_or((line, ""));
            let inherited = all.iter().find(|entity| entity.name == base).map(|entity| entity.members.clone());
            assert!(base.is_empty() || inherited.is_some(), "{name} extends {base}, which is not above it");
            all.push(Entity { name: name.trim().into(), members: inherited.unwrap_or_default() });
        }
        all
    })
}

/// Every operation, in the order of the table.
pub fn operations() -> &'static [Operation] {
    static ALL: OnceLock<Vec<Operation>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Vec::new();
        let mut section = String::new();
        for line in OPERATIONS.lines().filter(|line| !line.trim().is_empty()) {
            match line.strip_prefix("# ") {
                Some(title) => section = title.to_owned(),
                None if line.starts_with('#') => {}
                None => all.push(operation(&section, line)),
            }
        }
        all
    })
}

fn operation(section: &str, line: &str) -> Operation {
    let (head, rest) = line.split_once(" = ").unwrap_or_else(|| panic!("no response: {line}"));
    let (method, path) = head.split_once(' ').unwrap();
    let mut words = rest.split_whitespace();
    let mut new = Operation {
        section: section.into(),
        method: method.into(),
        path: path.into(),
        response: words.next().unwrap().into(),
        parameters: Vec::new(),
        statuses: Vec::new(),
    };
    for word in words {
        if let Some(status) = word.strip_prefix('!') {
            new.statuses.push(status.parse().unwrap());
        } else if word.starts_with('@') {
            new.parameters.push(Parameter::Group(word.into()));
        } else {
            let (name, kind) = word.split_once(':').unwrap_or_else(|| panic!("{line}: {word} has no type"));
            let required = name.ends_with('*');
            let name = name.trim_end_matches('*').into();
            new.parameters.push(Parameter::Single { name, required, kind: kind.into() });
        }
    }
    new
}
