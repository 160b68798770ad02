//! Formulas (MathML) written out on one line: `x^2`, `(a+b)/2`, `√x`.

use std::collections::VecDeque;

use super::tokens::{Token, Tokens};
use crate::limits;

/// The tokens of an HTML text, with each formula (`math`) as a `code` element of plain text.
pub(super) struct Flattened<'a> {
    tokens: Tokens<'a>,
    /// Tokens of a formula that are not returned yet.
    pending: VecDeque<Token<'a>>,
}

impl<'a> Flattened<'a> {
    pub(super) fn new(html: &'a str) -> Self {
        Self { tokens: Tokens::new(html), pending: VecDeque::new() }
    }

    /// Reads a formula: its TeX source if it is annotated (FEP-dc88), else its alternative text (`alttext`), else its symbols on
    /// one line. Nested elements are read in one pass, so that their depth does not cost stack.
    fn formula(&mut self, attributes: &[(String, &'a str)]) {
        let content = self.tokens.skip_element("math");
        let alternative = value(attributes, "alttext").unwrap_or_default().trim();
        let pieces = match tex_source(content) {
            source if !source.is_empty() => source,
            _ if !alternative.is_empty() => vec![alternative],
            _ => on_one_line(content),
        };
        if !pieces.is_empty() {
            self.pending.push_back(Token::Open("code".into(), Vec::new()));
            self.pending.extend(pieces.into_iter().map(Token::Text));
            self.pending.push_back(Token::Close("code".into()));
        }
    }
}

impl<'a> Iterator for Flattened<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if let Some(token) = self.pending.pop_front() {
                return Some(token);
            }
            match self.tokens.next()? {
                Token::Open(name, attributes) if name == "math" => self.formula(&attributes),
                token => return Some(token),
            }
        }
    }
}

/// The content of the TeX annotation, without white space at its start; empty if there is none.
fn tex_source(content: &str) -> Vec<&str> {
    let (mut source, mut is_source) = (Vec::new(), false);
    for token in Tokens::new(content) {
        match token {
            Token::Open(name, attributes) if name == "annotation" => {
                is_source = attributes.iter().any(|(a, v)| a == "encoding" && v.trim() == "application/x-tex");
            }
            Token::Close(name) if name == "annotation" => is_source = false,
            Token::Text(text) if is_source && !source.is_empty() => source.push(text),
            Token::Text(text) if is_source && !text.trim().is_empty() => source.push(text.trim_start()),
            _ => {}
        }
    }
    source
}

fn value<'a>(attributes: &[(String, &'a str)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
}

/// An element of a formula with its children, each as pieces of text.
struct Element<'a> {
    name: String,
    children: Vec<Vec<&'a str>>,
    /// What `mfenced` puts around its children and between them.
    fence: Fence<'a>,
}

/// The attributes of `mfenced`.
#[derive(Default)]
struct Fence<'a> {
    open: &'a str,
    close: &'a str,
    separators: &'a str,
}

impl<'a> Element<'a> {
    fn new(name: String, attributes: &[(String, &'a str)]) -> Self {
        let attribute = |name: &str, default: &'a str| value(attributes, name).unwrap_or(default).trim();
        let fence = Fence {
            open: attribute("open", "("),
            close: attribute("close", ")"),
            separators: attribute("separators", ","),
        };
        Self { name, children: Vec::new(), fence }
    }

    /// Returns `true` if the place of a child says what it means.
    fn has_places(&self) -> bool {
        let fixed =
            ["msup", "msub", "msubsup", "mover", "munder", "munderover", "mfrac", "mroot", "mtr", "mtable", "mfenced"];
        fixed.contains(&self.name.as_str())
    }
}

impl<'a> Fence<'a> {
    /// The separator after the child with this number: the last one is repeated.
    fn separator(&self, n: usize) -> &'a str {
        if self.separators.contains('&') {
            return self.separators;
        }
        let marks = || self.separators.split("").filter(|mark| !mark.trim().is_empty());
        marks().nth(n).or_else(|| marks().last()).unwrap_or_default()
    }

    fn around(&self, children: Vec<Vec<&'a str>>) -> Vec<&'a str> {
        let mut out = vec![self.open];
        for (n, child) in children.into_iter().enumerate() {
            out.extend(n.checked_sub(1).map(|before| self.separator(before)));
            out.extend(child);
        }
        out.push(self.close);
        out.retain(|piece| !piece.is_empty());
        out
    }
}

/// The content of a `math` element on one line, without annotations. Elements below [`limits::HTML_DEPTH`] lose their
/// structure.
fn on_one_line(content: &str) -> Vec<&str> {
    let mut open = vec![Element::new(String::new(), &[])];
    let mut in_annotation = false;
    for token in Tokens::new(content) {
        match token {
            Token::Open(name, _) if name.starts_with("annotation") => in_annotation = true,
            Token::Close(name) if name.starts_with("annotation") => in_annotation = false,
            _ if in_annotation => {}
            Token::Open(name, _) if name == "mspace" => {
                if let Some(element) = open.last_mut().filter(|e| !e.has_places()) {
                    element.children.push(vec![" "]);
                }
            }
            Token::Open(name, attributes) => {
                let is_void = matches!(name.as_str(), "none" | "mprescripts" | "maligngroup" | "malignmark");
                if !is_void && open.len() < limits::HTML_DEPTH {
                    open.push(Element::new(name, &attributes));
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
                    // Words keep the spaces that separate them from symbols.
                    element.children.push(vec![if element.name == "mtext" { text } else { text.trim() }]);
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
    let Element { name, children, fence } = element;
    let signs: &[&'a str] = match name.as_str() {
        "msup" | "mover" => &["^"],
        "msub" | "munder" => &["_"],
        "msubsup" | "munderover" => &["_", "^"],
        "mfrac" => &["/"],
        "mtr" | "mlabeledtr" => return children.join(&", "),
        "mtable" => return children.join(&"; "),
        "mfenced" => return fence.around(children),
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

/// Puts several pieces in brackets, so that it is clear what an operator next to them applies to.
fn group(pieces: Vec<&str>) -> Vec<&str> {
    if pieces.len() <= 1 { pieces } else { [vec!["("], pieces, vec![")"]].concat() }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use crate::protocol::html::{clean, to_text};

    #[test]
    fn formulas_are_shown_as_they_were_written() {
        let tex = |inner: &str| format!("<annotation encoding=\"application/x-tex\">{inner}</annotation>");
        let with =
            |tex: &str| format!("<p>so <math display=block><semantics><mi>e</mi>{tex}</semantics></math> holds</p>");
        for (html, expected) in [
            (with(&tex(" e^x ")), "<p>so <code>e^x </code> holds</p>"),
            (with(&tex("a &lt; b &amp; c < d")), "<p>so <code>a &lt; b &amp; c &lt; d</code> holds</p>"),
            (with("<annotation encoding='text/plain'>words</annotation>"), "<p>so <code>e</code> holds</p>"),
            ("<math><mi>x</mi> <mo>=</mo>\n<mn>2</mn></math>".into(), "<code>x=2</code>"),
            ("a<math></math>b".into(), "ab"),
            ("<math><math><mi>x</mi>".into(), "<code>x</code>"),
            ("<math><msup><mi>x</mi><mn>2</mn></msup></math>".into(), "<code>x^2</code>"),
            (
                "<math><msup><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></msup></math>".into(),
                "<code>(a+b)^2</code>",
            ),
            ("<math><msub><mi>H</mi><mn>2</mn></msub><mi>O</mi></math>".into(), "<code>H_2O</code>"),
            ("<math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></math>".into(), "<code>x_i^2</code>"),
            (
                "<math><mfrac><mn>1</mn><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow></mfrac></math>".into(),
                "<code>1/(x+1)</code>",
            ),
            (
                "<math><msqrt><mi>x</mi></msqrt><mo>+</mo><mroot><mi>y</mi><mn>3</mn></mroot></math>".into(),
                "<code>√x+3√y</code>",
            ),
            (
                "<math><munderover><mo>∑</mo><mn>0</mn><mi>n</mi></munderover><mi>i</mi></math>".into(),
                "<code>∑_0^ni</code>",
            ),
            (
                "<math><mi>f</mi><mfenced><mi>x</mi><mi>y</mi></mfenced></math>".into(),
                "<code>f(x,y)</code>",
            ),
            (
                "<math><mfenced open='[' close=')' separators='; ,'><mi>a</mi><mi>b</mi><mi>c</mi><mi>d</mi></mfenced></math>".into(),
                "<code>[a;b,c,d)</code>",
            ),
            ("<math><mfenced open='' close='' separators=''><mi>a</mi><mi>b</mi></mfenced></math>".into(), "<code>ab</code>"),
            (
                "<math><mfenced open='&lt;' close='&gt;' separators='&#124;'><mi>a</mi><mi>b</mi></mfenced></math>".into(),
                "<code>&lt;a|b&gt;</code>",
            ),
            ("<math><mi>a</mi><mspace width='1em'/><mi>b</mi></math>".into(), "<code>a b</code>"),
            ("<math><mi>x</mi><mtext> if </mtext><mi>y</mi></math>".into(), "<code>x if y</code>"),
            ("<math><msup><mspace/><mi>x</mi><mn>2</mn></msup></math>".into(), "<code>x^2</code>"),
            ("<math alttext='x &lt; 2'><mi>x</mi><mo>&lt;</mo><mn>2</mn></math>".into(), "<code>x &lt; 2</code>"),
            ("<math alttext='words'>".to_owned() + &tex("e^x") + "</math>", "<code>e^x</code>"),
            (with(&tex("<script>alert(1)</script>&lt;b&gt;")), "<p>so <code>&lt;b&gt;</code> holds</p>"),
        ] {
            assert_eq!(clean(&html), expected, "{html}");
            assert_eq!(clean(expected), expected);
        }
        assert_eq!(to_text(&with(&tex("a &lt; b"))), "so a < b holds");
        let deep = "<math>".repeat(40_000);
        let start = Instant::now();
        clean(&deep);
        assert!(start.elapsed().as_secs() < 5);
    }
}
