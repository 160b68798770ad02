//! The content of a post.

use super::emoji::Painter;
use crate::web::templates::Html;

/// Content with custom emoji. Code that is wider than the page scrolls, so it can be focused with the keyboard.
pub fn content(painter: &mut Painter<'_>, html: &str) -> Html {
    let Html(painted) = painter.paint(html);
    // In cleaned HTML, `<` begins nothing but tags.
    Html(if painted.contains("<pre>") { painted.replace("<pre>", "<pre tabindex=\"0\">") } else { painted })
}
