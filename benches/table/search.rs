//! Searches over many posts. Each kind of query is measured with many different ones, because the speed of one depends on how
//! often its words are used.

use std::time::Instant;

use dassie::domain::queries::search::{Kinds, SearchQuery, search as run};
use dassie::store::Page;
use dassie::store::actors::Among;

use crate::{at_most, seed};

const SYLLABLES: [&str; 20] = [
    "ka", "ro", "ti", "mo", "sel", "an", "ber", "lin", "sto", "re", "vi", "do", "pra", "en", "ul", "ing", "ed", "tra",
    "con", "de",
];
/// Different words, and different Han characters.
const WORDS: u64 = 60_000;
const HAN: u64 = 3_000;
/// Queries of one kind.
const QUERIES: u64 = 300;

/// What a query is, and the text of each.
type Kind = (&'static str, fn(u64) -> String);

/// A small generator: the same texts in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed ^ (mixed >> 27)
    }

    /// A number below `most`; each is used about as often as its reciprocal says, as words are (Zipf).
    fn rank(&mut self, most: u64) -> u64 {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((most as f64).powf(unit) - 1.0) as u64
    }
}

/// The word of a rank: short if it is frequent.
fn word(rank: u64) -> String {
    let mut rest = rank + 1;
    let mut word = String::new();
    while rest > 0 {
        word.push_str(SYLLABLES[(rest % 20) as usize]);
        rest /= 20;
    }
    word
}

fn han(rank: u64) -> char {
    char::from_u32(0x4E00 + rank as u32).unwrap()
}

/// A post: one in ten is Chinese, the others have 4 to 70 words.
fn text(n: i64) -> String {
    let mut random = Random(n as u64);
    if n % 10 == 0 {
        let length = 20 + random.next() % 100;
        return (0..length).map(|_| han(random.rank(HAN))).collect();
    }
    let length = 4 + random.next() % 66;
    (0..length).map(|_| word(random.rank(WORDS))).collect::<Vec<_>>().join(" ")
}

/// Two neighbouring words of some post.
fn phrase(n: u64) -> String {
    let text = text((n * 1_009) as i64);
    match text.split(' ').collect::<Vec<_>>()[..] {
        [_, a, b, ..] => format!("\"{a} {b}\""),
        _ => text.chars().skip(3).take(3).collect(),
    }
}

pub fn search(quick: bool) {
    let posts = if quick { 20_000 } else { 500_000 };
    let began = Instant::now();
    let data = seed::data_with(posts, text);
    println!("| storing and indexing {posts} posts | {:.0} s | | | | | |", began.elapsed().as_secs_f64());
    let tools = seed::open(data.path());
    let domain = tools.domain.clone();
    let of_index = "SELECT (SELECT sum(length(block)) FROM status_search_data) + (SELECT sum(length(sz) + 12) FROM status_search_docsize)";
    let index: i64 = domain.store.read(|c| Ok(c.query_row(of_index, [], |r| r.get(0))?)).unwrap();
    let of_text = "SELECT sum(octet_length(content)) FROM statuses";
    let texts: i64 = domain.store.read(|c| Ok(c.query_row(of_text, [], |r| r.get(0))?)).unwrap();
    let whole = domain.store.size().unwrap();
    println!(
        "| search index, text and database per post | {} / {} / {} bytes | | | | | |",
        index / posts,
        texts / posts,
        whole / posts as u64
    );
    let viewer = domain.as_owner().unwrap();
    let kinds: [Kind; 10] = [
        ("one of the 200 most frequent words", |n| word(n % 200)),
        ("one rare word", |n| word(20_000 + n * 131)),
        ("two words", |n| format!("{} {}", word(n % 50), word(n * 7))),
        ("phrase", phrase),
        ("CJK, one character", |n| han(n % 300).into()),
        ("CJK, two characters", |n| [han(n % 50), han(n / 3)].iter().collect()),
        ("beginning of a word", |n| format!("{}*", &(word(n % 20) + &word(n))[..4])),
        ("operators only", |n| format!("from:b@bench{}.example -is:reply language:en", 1 + n % 49)),
        ("word of an author", |n| format!("{} from:b@bench{}.example", word(n % 100), 1 + n % 49)),
        ("word in a library, with a time", |n| format!("{} in:library before:2030", word(n))),
    ];
    for (what, query) in kinds {
        let (mut times, mut found) = (Vec::new(), 0);
        for n in 0..QUERIES {
            let text = query(n);
            let page = Page::newest(20);
            let search = SearchQuery {
                text: &text,
                kinds: Kinds::Statuses,
                resolve: false,
                among: Among::Known,
                by: None,
                page,
                offset: 0,
            };
            let began = Instant::now();
            found += run(&domain, viewer, &search).unwrap().statuses.len();
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
        println!("| search: {what}, {:.1} found | | {:.2} | | | | |", found as f64 / QUERIES as f64, at(0.5));
        at_most(&format!("search: {what}, p99"), "ms", at(0.99), 50.0);
    }
}
