//! The words of the workspace: Rust's documentation idioms, plain English in what people
//! read, and one meaning for each name that a plugin author can import.
//!
//! Sources are read as tokens, so a word counts where it is written: in a doc comment or a
//! string literal. Test code is not checked.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Words that a reader has to translate, with what to write instead.
const WORDS: [(&str, &str); 5] = [
    ("told", "reported"),
    ("mend", "fix"),
    ("wish", "request"),
    ("in vain", "gave up"),
    ("nobody", "no one, or who"),
];

/// How a doc comment does not begin, with what to write instead.
const BEGINNINGS: [(&str, &str); 2] = [("Gives", "Returns"), ("Tells whether", "Whether")];

/// The crates of the runtime whose public items `squall` does not export. It does export the
/// services' clients too, whose types have the names of the services' own resources.
const NOT_EXPORTED: [&str; 4] =
    ["runtime/cloud", "runtime/policy", "runtime/topology", "runtime/yaml"];

#[test]
fn docs_begin_as_rusts_own_do() {
    let mut found = String::new();
    for (file, text) in sources().flat_map(|path| texts(&path)) {
        if let Text::Doc(line, doc) = text {
            for (beginning, instead) in BEGINNINGS {
                if words(&doc).starts_with(&words(beginning)) && line.is_first {
                    let _ = writeln!(found, "{file}:{}: `{beginning}`: `{instead}`", line.number);
                }
            }
        }
    }
    assert!(found.is_empty(), "\n{found}");
}

#[test]
fn people_read_plain_english() {
    let mut found = String::new();
    for (file, text) in sources().flat_map(|path| texts(&path)).chain(pages()) {
        let (Text::Doc(line, text) | Text::Message(line, text)) = text;
        for (word, instead) in WORDS {
            if has_word(&text, word) {
                let _ = writeln!(found, "{file}:{}: `{word}`: {instead}", line.number);
            }
        }
    }
    assert!(found.is_empty(), "\n{found}");
}

/// The lint `unreachable_pub` is on: what is `pub` in these crates is what they export.
#[test]
fn a_name_that_squall_exports_has_one_meaning() {
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let is_exported = |path: &PathBuf| {
        let is_internal = NOT_EXPORTED.iter().any(|folder| path.starts_with(folder));
        path.starts_with("runtime") && !is_internal
    };
    for path in sources().filter(is_exported) {
        let file = syn::parse_file(&read(&path)).unwrap();
        for name in public_types(&file.items) {
            named.entry(name).or_default().push(path.display().to_string());
        }
    }
    named.retain(|_, places| places.len() > 1);
    let shown = |(name, places): (&String, &Vec<String>)| format!("{name}: {}", places.join(", "));
    let found: Vec<String> = named.iter().map(shown).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_word_is_seen_where_it_is_written_and_nowhere_else() {
    assert!(has_word("Nobody was told.", "nobody") && has_word("a wait in\nvain", "in vain"));
    assert!(!has_word("foretold amendments in a vain hope", "told") && !has_word("mended", "mend"));
    let source = r#"
        /// Gives a.
        ///
        /// Gives b.
        #[test]
        fn a() { format!("told {}", 1); }
        #[cfg(test)]
        mod tests { const B: &str = "unseen"; }
        const C: &str = "seen";
        #[serde(alias = "unseen")]
        struct D;
    "#;
    let mut found = Vec::new();
    collect(source.parse().unwrap(), &mut found);
    let shown: Vec<String> = found
        .into_iter()
        .map(|text| match text {
            Text::Doc(line, doc) => format!("{} {}{doc}", line.number, line.is_first),
            Text::Message(line, text) => format!("{} {text}", line.number),
        })
        .collect();
    assert_eq!(shown, ["2 true Gives a.", "3 false", "4 false Gives b.", "6 told {}", "9 seen"]);
}

/// Something that people read.
enum Text {
    /// A line of a doc comment, as in the documentation and in `--help`.
    Doc(Line, String),
    /// A string literal, which may be a message, or a line of a page.
    Message(Line, String),
}

/// Where a text is.
struct Line {
    number: usize,
    /// Whether it is the first of its doc comment.
    is_first: bool,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Returns the paths of all Rust sources that are no tests, below the workspace's root.
fn sources() -> impl Iterator<Item = PathBuf> {
    let is_source = |path: &PathBuf| {
        let is_test = path.components().any(|part| {
            ["tests", "benches", "target"].iter().any(|folder| part.as_os_str() == *folder)
        });
        // The suites are in a folder `tests` and are what people run.
        let is_suite = path.starts_with("tests/src") || path.starts_with("tests/plugin/src");
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        is_rust && !path.ends_with("tests.rs") && (is_suite || !is_test)
    };
    let sources: Vec<PathBuf> = files("").filter(is_source).collect();
    assert!(sources.len() > 400, "{} sources", sources.len());
    sources.into_iter()
}

/// Returns the lines of the documentation, of the templates of reports, and of the README.
fn pages() -> impl Iterator<Item = (String, Text)> {
    let is_page = |path: &PathBuf| {
        let is_reference = path.starts_with("docs/src/reference");
        let known = ["md", "html", "js"];
        let extension = path.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| known.contains(&extension)) && !is_reference
    };
    let files = ["docs/src", "runtime/report/templates"].into_iter().flat_map(files);
    let pages: Vec<PathBuf> = files.chain([PathBuf::from("README.md")]).filter(is_page).collect();
    assert!(pages.len() > 15, "{pages:?}");
    pages.into_iter().flat_map(|path| {
        let text = read(&path);
        let lines: Vec<(String, Text)> = text
            .lines()
            .enumerate()
            .map(|(index, line)| {
                let at = Line { number: index + 1, is_first: false };
                (path.display().to_string(), Text::Message(at, line.to_owned()))
            })
            .collect();
        lines
    })
}

fn files(folder: &str) -> impl Iterator<Item = PathBuf> + use<> {
    let is_wanted = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        name != "target" && (entry.depth() == 0 || !name.starts_with('.'))
    };
    let mut found: Vec<PathBuf> = walkdir::WalkDir::new(root().join(folder))
        .into_iter()
        .filter_entry(is_wanted)
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file())
        .map(|path| path.strip_prefix(root()).unwrap().to_owned())
        .collect();
    found.sort();
    found.into_iter()
}

fn texts(path: &Path) -> Vec<(String, Text)> {
    let mut found = Vec::new();
    collect(read(path).parse().unwrap(), &mut found);
    found.into_iter().map(|text| (path.display().to_string(), text)).collect()
}

/// Collects docs and string literals, but for what is compiled in tests only.
fn collect(tokens: TokenStream, found: &mut Vec<Text>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut previous_doc = 0;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                tokens.next_if(|next| matches!(next, TokenTree::Punct(p) if p.as_char() == '!'));
                let Some(TokenTree::Group(attribute)) = tokens.next() else { continue };
                let number = mark.span().start().line;
                if let Some(doc) = doc_of(attribute.stream()) {
                    let line = Line { number, is_first: previous_doc + 1 != number };
                    found.push(Text::Doc(line, doc));
                    previous_doc = number;
                } else if attribute.stream().to_string().replace(' ', "") == "cfg(test)" {
                    let is_end = |token: &TokenTree| match token {
                        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                        TokenTree::Punct(mark) => mark.as_char() == ';',
                        _ => false,
                    };
                    let _ = tokens.by_ref().find(is_end);
                } else if !is_named(&attribute.stream(), "serde") {
                    collect(attribute.stream(), found);
                }
            }
            TokenTree::Group(group) => collect(group.stream(), found),
            TokenTree::Literal(literal) => {
                let number = literal.span().start().line;
                if let Ok(text) = syn::parse2::<syn::LitStr>(TokenTree::Literal(literal).into()) {
                    found.push(Text::Message(Line { number, is_first: false }, text.value()));
                }
            }
            _ => {}
        }
    }
}

/// Whether an attribute is this one. The words of serde's are of a format, not for people.
fn is_named(attribute: &TokenStream, name: &str) -> bool {
    let first = attribute.clone().into_iter().next();
    matches!(first, Some(TokenTree::Ident(ident)) if ident == name)
}

/// Returns the text of `doc = "…"`.
fn doc_of(attribute: TokenStream) -> Option<String> {
    let mut tokens = attribute.into_iter();
    let name = tokens.next()?;
    let is_doc = matches!(&name, TokenTree::Ident(name) if name == "doc");
    let text = tokens.nth(1).filter(|_| is_doc)?;
    Some(syn::parse2::<syn::LitStr>(text.into()).ok()?.value())
}

fn public_types(items: &[syn::Item]) -> Vec<String> {
    let public = |vis: &syn::Visibility, name: &syn::Ident| {
        matches!(vis, syn::Visibility::Public(_)).then(|| name.to_string())
    };
    let types = items.iter().flat_map(|item| match item {
        syn::Item::Struct(item) => public(&item.vis, &item.ident).into_iter().collect(),
        syn::Item::Enum(item) => public(&item.vis, &item.ident).into_iter().collect(),
        syn::Item::Trait(item) => public(&item.vis, &item.ident).into_iter().collect(),
        syn::Item::Type(item) => public(&item.vis, &item.ident).into_iter().collect(),
        syn::Item::Mod(syn::ItemMod { content: Some((_, items)), .. }) => public_types(items),
        _ => Vec::new(),
    });
    types.collect()
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn has_word(text: &str, word: &str) -> bool {
    let (text, word) = (words(&text.to_lowercase()), words(word));
    text.windows(word.len()).any(|window| window == word)
}
