//! Portraits of the personas: simple drawings made of a few choices a person, so that no picture has to be fetched
//! and nobody real is shown.

use askama::Template;

/// How somebody is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a face is a list of what it has and has not")]
pub struct Look {
    skin: &'static str,
    hair: &'static str,
    clothes: &'static str,
    back: &'static str,
    /// `short`, `long`, `bun`, `scarf`, `bald` or `cap`.
    style: &'static str,
    child: bool,
    beard: bool,
    glasses: bool,
    lines: bool,
}

/// A portrait as a picture of its own.
#[derive(Debug, Template)]
#[template(path = "portrait.svg", escape = "html")]
pub struct Portrait {
    look: Look,
}

const fn look(colours: [&'static str; 4], style: &'static str) -> Look {
    let [skin, hair, clothes, back] = colours;
    Look {
        skin,
        hair,
        clothes,
        back,
        style,
        beard: false,
        glasses: false,
        lines: false,
        child: false,
    }
}

const fn old(mut look: Look) -> Look {
    look.lines = true;
    look
}

const fn bearded(mut look: Look) -> Look {
    look.beard = true;
    look
}

const fn with_glasses(mut look: Look) -> Look {
    look.glasses = true;
    look
}

const fn young(mut look: Look) -> Look {
    look.child = true;
    look
}

/// The cast, by id: each a face of its own, of the sex and about the age that the registers have.
const CAST: [(&str, Look); 25] = [
    ("tomas", old(bearded(look(["#b97c55", "#e4e0d8", "#1f4e6b", "#f0c667"], "cap")))),
    ("pavel", old(with_glasses(look(["#e0b08a", "#9a948a", "#4d5b6f", "#dfe3d4"], "bald")))),
    ("oda", old(look(["#c98f66", "#b9b2a6", "#2e7d7a", "#f3e2c4"], "bun"))),
    ("elia", old(with_glasses(look(["#c98f66", "#8d8478", "#7a4526", "#d6e4f0"], "short")))),
    ("otto", old(bearded(look(["#e8c3a4", "#a89f92", "#3f6b57", "#ecdcc0"], "bald")))),
    ("kemal", old(bearded(look(["#b97c55", "#5d564d", "#84462a", "#dce8e6"], "short")))),
    ("ivo", old(look(["#d9a67f", "#cfc8bd", "#5a6b4a", "#efe1b8"], "cap"))),
    ("dina", old(with_glasses(look(["#a9744f", "#6b6259", "#4650b4", "#f1dcd6"], "long")))),
    ("rosa", old(look(["#e3b48f", "#8a6a52", "#a8425c", "#dfe7ee"], "long"))),
    ("marta", look(["#d8a27a", "#3a241a", "#6a5aa0", "#e8e4c9"], "bun")),
    ("grace", old(look(["#8d5a3a", "#cfc8bd", "#8a3d62", "#cfe3d6"], "bun"))),
    ("lena", look(["#e3b48f", "#5b3522", "#3f7d6b", "#f3d6c4"], "long")),
    ("daniel", with_glasses(look(["#6f4a33", "#1d1512", "#b4632c", "#d5e3ee"], "short"))),
    ("ravi", bearded(look(["#a9744f", "#20180f", "#4a5aa8", "#efe1b8"], "short"))),
    ("ama", look(["#5f3d2a", "#1a1210", "#c88a1e", "#d9ead0"], "scarf")),
    ("yara", look(["#d9a67f", "#3c4a63", "#2f5d7c", "#f1dcc7"], "scarf")),
    ("ines", old(with_glasses(look(["#e8c3a4", "#e8e4dc", "#6a5aa0", "#dfe7ee"], "bun")))),
    ("josef", old(look(["#e0b08a", "#8d8478", "#5a6b4a", "#ecdcc0"], "bald"))),
    ("nadia", look(["#c98f66", "#2b1a14", "#a8425c", "#d8e6e3"], "long")),
    ("hana", young(look(["#e6b994", "#4a2c1b", "#d98e04", "#d6e4f0"], "long"))),
    ("sara", look(["#d8a27a", "#7a4526", "#2e7d7a", "#f2dccf"], "bun")),
    ("leo", look(["#e8c3a4", "#4a2c1b", "#2f5d7c", "#dce8e6"], "short")),
    ("martha", look(["#d8a27a", "#3a241a", "#84462a", "#dfe7ee"], "long")),
    ("tomas_norra", old(bearded(look(["#d9a67f", "#cfc8bd", "#7a4526", "#dfe3d4"], "short")))),
    ("tomas_altena", old(with_glasses(look(["#a9744f", "#e4e0d8", "#3f6b57", "#efe1b8"], "bald")))),
];

/// Somebody who is not in the cast: a figure in grey, because nothing is known, and no face is lent.
const NOBODY: Look = look(["#b8bcc2", "#8e949c", "#6b727b", "#e4e6e9"], "short");

impl Portrait {
    /// The portrait of a persona.
    pub fn of(id: &str) -> Self {
        let known = CAST.iter().find(|(name, _)| *name == id);
        Self { look: known.map_or(NOBODY, |(_, look)| *look) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mocks::kit::seed::{People, Sex};

    use super::*;

    #[test]
    fn each_of_the_cast_has_a_face_of_its_own() {
        let people = People::generate(42, 0);
        let mut faces = BTreeMap::new();
        for persona in people.cast() {
            let face = Portrait::of(persona.id).render().unwrap();
            assert!(face.starts_with("<svg"));
            let other = faces.insert(face, persona.id);
            assert_eq!(other, None, "{} has the face of somebody else", persona.id);
        }
        assert!(!faces.contains_key(&Portrait::of("stranger").render().unwrap()));
    }

    #[test]
    fn a_face_has_the_sex_and_the_age_of_its_person() {
        let people = People::generate(42, 0);
        for persona in people.cast() {
            let (person, look) = (people.person(persona.person), Portrait::of(persona.id).look);
            let of_a_woman = ["long", "bun", "scarf"].contains(&look.style);
            assert_eq!(of_a_woman, person.sex == Sex::Female, "{}", persona.id);
            assert!(!(of_a_woman && look.beard), "{}", persona.id);
            assert_eq!(look.lines, person.age() >= 60, "{}", persona.id);
            assert_eq!(look.child, person.age() < 16, "{}", persona.id);
        }
    }
}
