//! Parses the arguments of a test or a suite.

use syn::parse::ParseStream;
use syn::{Ident, LitStr, Token};

use super::{
    Bound, ClaimWord, IdentityWord, NeedWord, PersonaWord, ServiceWord, TagWord, WORDS, Words,
};
use crate::errors::Errors;
use crate::read::{self, list, set, value};

/// Parses the arguments of an attribute.
pub(crate) fn parse(attribute: proc_macro2::TokenStream, errors: &mut Errors) -> Words {
    let mut words = Words::default();
    read::all(attribute, errors, |input, errors| word(input, &mut words, errors));
    words
}

fn word(input: ParseStream, words: &mut Words, errors: &mut Errors) -> syn::Result<()> {
    let name = read::name(input, &WORDS)?;
    match name.to_string().as_str() {
        "id" => {
            set(&name, &mut words.id, value(input, &name, "\"service.resource.what\"")?, errors);
        }
        "kind" => set(&name, &mut words.kind, value(input, &name, "\"api\"")?, errors),
        "timeout" => set(&name, &mut words.timeout, value(input, &name, "120")?, errors),
        "needs" => list(input, errors, |input| need(input).map(|need| words.needs.push(need)))?,
        "features" => {
            list(input, errors, |input| {
                feature(input).map(|feature| words.features.push(feature))
            })?;
        }
        "identities" => {
            list(input, errors, |input| identity(input).map(|who| words.identities.push(who)))?;
        }
        "tags" => list(input, errors, |input| tag(input).map(|tag| words.tags.push(tag)))?,
        "known_bug" => {
            let bug = value(input, &name, "\"launchpad 2112345\"")?;
            set(&name, &mut words.known_bug, bug, errors);
        }
        "fixture" => {
            let path = value(input, &name, "set_up, the name of an `async fn`")?;
            set(&name, &mut words.fixture, path, errors);
        }
        "cases" => {
            let path = value(input, &name, "sizes, the name of a function that returns cases")?;
            set(&name, &mut words.cases, path, errors);
        }
        "claims" => {
            list(input, errors, |input| claim(input).map(|claim| words.claims.push(claim)))?;
        }
        _ => return Err(read::unknown(&name, &WORDS)),
    }
    Ok(())
}

fn need(input: ParseStream) -> syn::Result<NeedWord> {
    let service = if input.peek(LitStr) {
        ServiceWord::Type(input.parse()?)
    } else {
        ServiceWord::BuiltIn(input.parse().map_err(|e| {
            syn::Error::new(e.span(), "expected a service, as in `compute >= \"2.1\"`")
        })?)
    };
    let bound = if input.peek(Token![>=]) {
        input.parse::<Token![>=]>()?;
        Some(Bound::AtLeast)
    } else if input.peek(Token![<=]) {
        input.parse::<Token![<=]>()?;
        Some(Bound::AtMost)
    } else if input.peek(Token![==]) {
        input.parse::<Token![==]>()?;
        Some(Bound::Exactly)
    } else if input.is_empty() || input.peek(Token![,]) {
        None
    } else {
        return Err(input.error("expected `>=`, `<=` or `==` and a microversion"));
    };
    let bound =
        bound.map(|bound| Ok::<_, syn::Error>((bound, read::version(input)?))).transpose()?;
    Ok(NeedWord { service, bound })
}

fn feature(input: ParseStream) -> syn::Result<LitStr> {
    const EXPECTED: &str = "expected a feature in quotes, as in `\"network.extension.trunk\"`";
    input.parse().map_err(|e| syn::Error::new(e.span(), EXPECTED))
}

fn identity(input: ParseStream) -> syn::Result<IdentityWord> {
    let mut name = None;
    if input.peek(Ident) && input.peek2(Token![=]) {
        name = Some(input.parse()?);
        input.parse::<Token![=]>()?;
    }
    // `fresh` is a keyword only before a persona.
    let fresh = input.peek(Ident)
        && (input.peek2(Ident) || input.peek2(LitStr))
        && input.fork().parse::<Ident>()? == "fresh";
    if fresh {
        input.parse::<Ident>()?;
    }
    let persona = if input.peek(LitStr) {
        PersonaWord::Roles(input.parse()?)
    } else {
        PersonaWord::Predefined(input.parse().map_err(|e: syn::Error| {
            syn::Error::new(
                e.span(),
                "expected a persona, as in `member`, `other = member`, `fresh member` or \
                 `creator = \"creator+member\"`",
            )
        })?)
    };
    Ok(IdentityWord { name, fresh, persona })
}

fn claim(input: ParseStream) -> syn::Result<ClaimWord> {
    const EXPECTED: &str = "expected a claim, as in `exclusive`, `aggregates` or `servers = 3`";
    let class: Ident = input.parse().map_err(|e| syn::Error::new(e.span(), EXPECTED))?;
    let units = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        Some(input.parse().map_err(|e| syn::Error::new(e.span(), EXPECTED))?)
    } else {
        None
    };
    Ok(ClaimWord { class, units })
}

fn tag(input: ParseStream) -> syn::Result<TagWord> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok(TagWord { span: text.span(), text: text.value() });
    }
    let word: Ident = input
        .parse()
        .map_err(|e| syn::Error::new(e.span(), "expected a tag, as in `slow` or `\"bug-42\"`"))?;
    Ok(TagWord { span: word.span(), text: word.to_string() })
}
