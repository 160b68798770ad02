//! Formulas (MathML) written out on one line: `x^2`, `(a+b)/2`, `√x`.

use super::tokens::{Token, Tokens};
use crate::limits;

/// An element of a formula and what its children are, each as pieces of text.
struct Element<'a> {
    name: String,
    children: Vec<Vec<&'a str>>,
}

/// The content of a `math` element on one line. Annotations are left out. What is nested deeper than
/// [`limits::HTML_DEPTH`] is written without its structure.
pub(super) fn on_one_line(content: &str) -> Vec<&str> {
    let mut open = vec![Element { name: String::new(), children: Vec::new() }];
    let mut in_annotation = false;
    for token in Tokens::of_formula(content) {
        match token {
            Token::Open(name, _) if name.starts_with("annotation") => in_annotation = true,
            Token::Close(name) if name.starts_with("annotation") => in_annotation = false,
            _ if in_annotation => {}
            Token::Open(name, _) => {
                let is_void = matches!(name.as_str(), "mspace" | "none" | "mprescripts" | "maligngroup" | "malignmark");
                if !is_void && open.len() < limits::HTML_DEPTH {
                    open.push(Element { name, children: Vec::new() });
                }
            }
            Token::Close(name) => {
                if let Some(at) = open.iter().rposition(|e| e.name == name).filter(|at| *at > 0) {
                    close_from(&mut open, at);
                }
            }
            Token::Text(text) if text.trim().is_empty() => {}
            Token::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.children.push(vec![text.trim()]);
                }
            }
        }
    }
    close_from(&mut open, 1);
    open.pop().map(|root| root.children.concat()).unwrap_or_default()
}

fn close_from(open: &mut Vec<Element<'_>>, at: usize) {
    while open.len() > at.max(1) {
        let Some(element) = open.pop() else { return };
        let written = written(element);
        if let Some(parent) = open.last_mut()
            && !written.is_empty()
        {
            parent.children.push(written);
        }
    }
}

/// An element on one line.
fn written<'a>(element: Element<'a>) -> Vec<&'a str> {
    let Element { name, children } = element;
    let signs: &[&'a str] = match name.as_str() {
        "msup" | "mover" => &["^"],
        "msub" | "munder" => &["_"],
        "msubsup" | "munderover" => &["_", "^"],
        "mfrac" => &["/"],
        "mtr" | "mlabeledtr" => return children.join(&", "),
        "mtable" => return children.join(&"; "),
        "msqrt" => return [vec!["√"], group(children.concat())].concat(),
        "mroot" if children.len() == 2 => {
            let mut children = children.into_iter().rev();
            let degree = group(children.next().unwrap_or_default());
            return [degree, vec!["√"], group(children.next().unwrap_or_default())].concat();
        }
        _ => return children.concat(),
    };
    if children.len() != signs.len() + 1 {
        return children.concat();
    }
    let mut out = Vec::new();
    for (n, child) in children.into_iter().enumerate() {
        out.extend(n.checked_sub(1).and_then(|n| signs.get(n)));
        out.extend(group(child));
    }
    out
}

/// Several signs in brackets, so that it is clear what a sign before or after them belongs to.
fn group(pieces: Vec<&str>) -> Vec<&str> {
    if pieces.len() <= 1 { pieces } else { [vec!["("], pieces, vec![")"]].concat() }
}
