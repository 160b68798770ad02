//! Words of texts, as the search index has them.
//!
//! A text is folded first: compatibility forms become plain ones, letters lose their case and their accents. A word is a run
//! of letters and digits. Scripts that put no space between words are cut into pairs of neighbouring characters, and the last
//! character of a run stands alone too; so any part of such a run is found by the pairs that it consists of.

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use crate::limits;

/// A part of a folded text.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// A word of a script that has spaces, or an emoji.
    Word(String),
    /// Characters of a script without spaces.
    Run(Vec<char>),
}

/// Words that follow each other, as a query looks for them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Phrase {
    /// The words in their order; empty if the text has none.
    pub words: Vec<String>,
    /// The last word is only the beginning of one.
    pub is_open: bool,
}

/// The words of a text for the index, each followed by a space; of a long text, those of the first [`limits::INDEXED_CHARS`].
pub fn index(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + text.len() / 4);
    let text = text.char_indices().nth(limits::INDEXED_CHARS).map_or(text, |(end, _)| &text[..end]);
    for piece in pieces(text) {
        if words.len() >= limits::INDEXED_BYTES {
            break;
        }
        match piece {
            Piece::Word(word) => push(&mut words, word.chars()),
            Piece::Run(run) => {
                run.windows(2).for_each(|pair| push(&mut words, pair.iter().copied()));
                push(&mut words, run.last().copied().into_iter());
            }
        }
    }
    words
}

fn push(words: &mut String, word: impl Iterator<Item = char>) {
    words.extend(word);
    words.push(' ');
}

/// The words of a text of a query. Of one that is `open`, the last word is the beginning of a word if it has at least
/// [`limits::SEARCH_PREFIX_CHARS`] characters.
pub fn phrase(text: &str, open: bool) -> Phrase {
    let pieces = pieces(text);
    let mut phrase = Phrase::default();
    let last = pieces.len().saturating_sub(1);
    for (n, piece) in pieces.into_iter().enumerate() {
        match piece {
            Piece::Word(word) => {
                phrase.is_open = open && n == last && word.chars().count() >= limits::SEARCH_PREFIX_CHARS;
                phrase.words.push(word);
            }
            // Every character begins a pair or ends its run.
            Piece::Run(run) if n == last && run.len() == 1 => {
                phrase.is_open = true;
                phrase.words.extend(run.iter().map(char::to_string));
            }
            Piece::Run(run) => {
                phrase.words.extend(run.windows(2).map(String::from_iter));
                if n < last {
                    phrase.words.extend(run.last().map(char::to_string));
                }
            }
        }
    }
    phrase
}

fn pieces(text: &str) -> Vec<Piece> {
    if text.is_ascii() {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let shortened = |word: &str| word[..word.len().min(limits::SEARCH_WORD_CHARS)].to_ascii_lowercase();
        return words.map(|word| Piece::Word(shortened(word))).collect();
    }
    let mut cut = Cut::default();
    folded(text, |c| cut.add(c));
    cut.finish()
}

/// A text with letters in lower case and without accents, as names are compared.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    folded(text, |c| out.push(c));
    out
}

/// The text of an account that a search compares with words: its handle, a space and its display name, folded.
pub fn search_name(username: &str, domain: &str, display_name: &str) -> String {
    fold(&format!("{username}@{domain} {display_name}"))
}

/// Folds a text. Accents are removed from Latin, Greek and Cyrillic letters only: in other scripts the same marks make
/// different letters, such as か and が.
fn folded(text: &str, mut each: impl FnMut(char)) {
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(text.chars());
    let bare = decomposed.filter(|c| !('\u{300}'..='\u{36F}').contains(c));
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize_iter(bare);
    for c in composed.flat_map(char::to_lowercase) {
        match c {
            'ß' => ['s', 's'].into_iter().for_each(&mut each),
            'æ' => ['a', 'e'].into_iter().for_each(&mut each),
            'œ' => ['o', 'e'].into_iter().for_each(&mut each),
            'ø' => each('o'),
            'ł' => each('l'),
            'đ' => each('d'),
            'ı' => each('i'),
            'ς' => each('σ'),
            c => each(c),
        }
    }
}

#[derive(Default)]
struct Cut {
    pieces: Vec<Piece>,
    word: String,
    chars: usize,
    run: Vec<char>,
}

impl Cut {
    fn add(&mut self, c: char) {
        if is_unspaced(c) {
            self.end_word();
            self.run.push(c);
        } else if c.is_alphanumeric() || is_mark(c) {
            self.end_run();
            if self.chars < limits::SEARCH_WORD_CHARS {
                self.word.push(c);
                self.chars += 1;
            }
        } else {
            self.end_word();
            self.end_run();
            if is_pictograph(c) {
                self.pieces.push(Piece::Word(c.into()));
            }
        }
    }

    fn end_word(&mut self) {
        if !self.word.is_empty() {
            self.pieces.push(Piece::Word(std::mem::take(&mut self.word)));
            self.chars = 0;
        }
    }

    fn end_run(&mut self) {
        if !self.run.is_empty() {
            self.pieces.push(Piece::Run(std::mem::take(&mut self.run)));
        }
    }

    fn finish(mut self) -> Vec<Piece> {
        self.end_word();
        self.end_run();
        self.pieces
    }
}

/// A mark that belongs to the letter before it, such as the virama of Indic scripts.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && CanonicalCombiningClassMapBorrowed::new().get_u8(c) != 0
}

/// Letters and marks of scripts that put no space between words, and of Korean, which joins particles to words.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E01..=0x0E3A | 0x0E40..=0x0E4E              // Thai
        | 0x0E81..=0x0ECE                              // Lao
        | 0x1000..=0x103F | 0x1050..=0x108F            // Burmese
        | 0x1780..=0x17D3 | 0x17D7 | 0x17DC..=0x17DD   // Khmer
        | 0x3005..=0x3007 | 0x3041..=0x3096 | 0x309D..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF | 0x31F0..=0x31FF
        | 0x3105..=0x312F | 0x31A0..=0x31BF            // Bopomofo
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFD
        | 0xAC00..=0xD7A3)
}

fn is_pictograph(c: char) -> bool {
    matches!(u32::from(c), 0x2600..=0x27BF | 0x1F300..=0x1FAFF) && !matches!(u32::from(c), 0x1F3FB..=0x1F3FF)
}
