//! Numbers as pages show them.

use super::language::Language;

/// How a language writes numbers.
struct Format {
    /// Between groups of three digits.
    group: char,
    /// The fewest digits that are grouped.
    grouped_from: usize,
    /// Before the decimals.
    decimal: char,
}

const fn format(language: Language) -> Format {
    match language {
        Language::English => Format { group: ',', grouped_from: 4, decimal: '.' },
        Language::German => Format { group: '.', grouped_from: 4, decimal: ',' },
        // The Real Academia writes four digits together.
        Language::Spanish => Format { group: '.', grouped_from: 5, decimal: ',' },
    }
}

/// A whole number with its digits in groups of three: `1,234`.
pub(super) fn whole(language: Language, n: i64) -> String {
    let (format, digits) = (format(language), n.unsigned_abs().to_string());
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len() >= format.grouped_from && (digits.len() - at).is_multiple_of(3) {
            out.push(format.group);
        }
        out.push(digit);
    }
    out
}

/// A number with one decimal: `3.4`.
pub(super) fn decimal(language: Language, n: f64) -> String {
    let text = format!("{n:.1}");
    match format(language).decimal {
        '.' => text,
        sign => text.replace('.', sign.encode_utf8(&mut [0; 4])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, German, Spanish};

    #[test]
    fn digits_are_grouped_as_the_language_does() {
        let all = |n| [English, German, Spanish].map(|language| whole(language, n));
        assert_eq!(all(999), ["999"; 3]);
        assert_eq!(all(1_234), ["1,234", "1.234", "1234"]);
        assert_eq!(all(-12_345), ["-12,345", "-12.345", "-12.345"]);
        assert_eq!(all(1_234_567), ["1,234,567", "1.234.567", "1.234.567"]);
        assert_eq!(whole(English, i64::MIN), "-9,223,372,036,854,775,808");
        assert_eq!([English, German, Spanish].map(|l| decimal(l, 3.44)), ["3.4", "3,4", "3,4"]);
    }
}
