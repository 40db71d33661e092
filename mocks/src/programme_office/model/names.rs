//! How alike two names are: Jaro-Winkler similarity over folded letters, the parts of a name in any order.

/// The longest common beginning that Winkler's bonus counts.
const LONGEST_PREFIX: usize = 4;
/// How much each letter of a common beginning adds.
const PREFIX_WEIGHT: f64 = 0.1;

/// From 0 (nothing in common) to 1 (the same). Case, accents, hyphens and the order of the parts do not matter.
pub(in crate::programme_office) fn similarity(one: &str, other: &str) -> f64 {
    let (one, other) = (folded(one), folded(other));
    let jaro = jaro(&one, &other);
    let common = one.iter().zip(&other).take(LONGEST_PREFIX).take_while(|(a, b)| a == b).count();
    let bonus = f64::from(u32::try_from(common).unwrap_or(0)) * PREFIX_WEIGHT;
    jaro + bonus * (1.0 - jaro)
}

/// Lower case letters without accents, the parts in alphabetical order.
fn folded(name: &str) -> Vec<char> {
    let plain: String = name.to_lowercase().chars().map(without_accent).collect();
    let mut parts: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).collect();
    parts.retain(|part| !part.is_empty());
    parts.sort_unstable();
    parts.join(" ").chars().collect()
}

fn without_accent(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}

fn jaro(one: &[char], other: &[char]) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    let reach = (one.len().max(other.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; other.len()];
    let mut matched = Vec::new();
    for (i, letter) in one.iter().enumerate() {
        let (from, to) = (i.saturating_sub(reach), (i + reach + 1).min(other.len()));
        if let Some(j) = (from..to).find(|&j| !taken[j] && other[j] == *letter) {
            taken[j] = true;
            matched.push(*letter);
        }
    }
    let theirs = other.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(c, _)| c);
    let moved = matched.iter().zip(theirs).filter(|(a, b)| a != b).count();
    if matched.is_empty() {
        return 0.0;
    }
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let m = number(matched.len());
    (m / number(one.len()) + m / number(other.len()) + (m - number(moved) / 2.0) / m) / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: &str, other: &str, wanted: f64) {
        let found = similarity(one, other);
        assert!((found - wanted).abs() < 0.001, "{one} and {other}: {found}, not {wanted}");
    }

    #[test]
    fn the_published_examples_come_out_as_published() {
        near("MARTHA", "MARHTA", 0.961);
        near("DWAYNE", "DUANE", 0.840);
        near("DIXON", "DICKSONX", 0.813);
    }

    #[test]
    fn order_case_and_accents_do_not_matter() {
        near("Amaro, Tomás", "tomas AMARO", 1.0);
    }

    #[test]
    fn two_people_are_not_alike() {
        assert!(similarity("Tomas Amaro", "Kemal Torres") < 0.9);
        near("", "Tomas", 0.0);
    }
}
