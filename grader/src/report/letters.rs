//! Letters for screens that have ASCII's alone.

/// `text` in ASCII; what has no like there is a question mark.
pub fn in_ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            plain.push(c);
        } else {
            plain += like(c);
        }
    }
    plain
}

fn like(c: char) -> &'static str {
    match c {
        '·' | '•' | '∙' => "-",
        '…' => "...",
        '“' | '”' | '„' => "\"",
        '‘' | '’' => "'",
        '–' | '—' | '−' | '─' | '┄' => "-",
        '×' => "x",
        '✓' => "*",
        '█' | '▇' => "#",
        '░' => ".",
        '│' | '┤' | '├' => "|",
        '└' | '┌' | '┐' | '┘' | '┼' => "+",
        '●' => "*",
        '○' => "o",
        '→' => "->",
        '←' => "<-",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '≈' => "~",
        '±' => "+-",
        '√' => "sqrt ",
        '∂' => "d",
        '∞' => "inf",
        '∑' | 'Σ' => "sum ",
        'µ' | 'μ' => "u",
        '⁰' => "^0",
        '¹' => "^1",
        '²' => "^2",
        '³' => "^3",
        '⁹' => "^9",
        'α' => "alpha",
        'β' => "beta",
        'γ' => "gamma",
        'δ' => "delta",
        'ε' => "eps",
        'η' => "eta",
        'θ' => "theta",
        'λ' => "lambda",
        'π' => "pi",
        'ρ' => "rho",
        'σ' => "sigma",
        'τ' => "tau",
        'φ' => "phi",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_grader_says_can_be_read_in_ascii() {
        assert_eq!(in_ascii("✓ solved: “relu” · 2 × 3 …"), "* solved: \"relu\" - 2 x 3 ...");
        assert_eq!(in_ascii("█░ ┤ └── m/(m − 1) ≤ σ²"), "#. | +-- m/(m - 1) <= sigma^2");
        assert_eq!(in_ascii("漢"), "?");
    }
}
