//! Which file of a crate uses what of which other file, read from the sources.
//!
//! A file uses another if it names one of its items: in a `use`, in a path, or inside a
//! macro call. Names that a module re-exports count as those of the file that defines them.
//! Two things do not count: items under `#[cfg(test)]`, and what a module takes from the
//! files below it, since those are its parts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, Item, UseTree, Visibility};

/// The path of a module in its crate; empty for the root.
type Module = Vec<String>;

/// The imports of one crate.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    /// The files, by module.
    files: BTreeMap<Module, PathBuf>,
    /// The paths that each file names, as they are written.
    named: BTreeMap<Module, Vec<Named>>,
    /// What modules re-export: the name, and the path it stands for.
    exported: BTreeMap<Module, BTreeMap<String, Vec<String>>>,
}

/// A path in the source.
#[derive(Debug)]
struct Named {
    /// The module in which it is written, which may be inline.
    within: Module,
    path: Vec<String>,
    /// The name that it has from then on, if it is a `use`.
    alias: Option<String>,
}

/// An edge between files: who uses whom, and which names.
pub(crate) type Edges = BTreeMap<(PathBuf, PathBuf), BTreeSet<String>>;

impl Imports {
    /// Reads the crate whose sources are in `src`.
    pub(crate) fn read(src: &Path) -> Self {
        let mut imports = Self::default();
        for entry in walkdir::WalkDir::new(src).sort_by_file_name() {
            let path = entry.expect("a readable folder").into_path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(src).expect("a file below it");
                imports.files.insert(module_of(below), path);
            }
        }
        let files = imports.files.clone();
        let mut tests = Vec::new();
        for (module, path) in &files {
            let source = std::fs::read_to_string(path).expect("a readable file");
            let file = syn::parse_file(&source).unwrap_or_else(|error| {
                unreachable!("{} does not parse: {error}", path.display());
            });
            imports.scan(module, module, file.items, &mut tests);
        }
        imports.named.retain(|module, _| !tests.iter().any(|test| module.starts_with(test)));
        imports
    }

    /// Returns the edges between the files.
    pub(crate) fn edges(&self) -> Edges {
        let mut edges = Edges::new();
        for (module, named) in &self.named {
            let aliases: BTreeMap<(&Module, &str), Vec<String>> = named
                .iter()
                .filter_map(|named| {
                    let full = self.absolute(&named.within, &named.path)?;
                    Some(((&named.within, named.alias.as_deref()?), full))
                })
                .collect();
            for Named { within, path, .. } in named {
                let full = self.absolute(within, path).or_else(|| {
                    let alias = aliases.get(&(within, path.first()?.as_str()))?;
                    Some(alias.iter().chain(&path[1..]).cloned().collect())
                });
                let Some((target, rest)) = full.map(|full| self.resolve(full)) else { continue };
                if target != *module && !target.starts_with(module) {
                    let edge = (self.files[module].clone(), self.files[&target].clone());
                    edges.entry(edge).or_default().insert(rest.join("::"));
                }
            }
        }
        edges
    }

    fn scan(&mut self, file: &Module, within: &Module, items: Vec<Item>, tests: &mut Vec<Module>) {
        for item in items {
            let of_tests = is_test(attributes(&item));
            match item {
                Item::Mod(module) => {
                    let mut inner = within.clone();
                    inner.push(module.ident.to_string());
                    match module.content {
                        _ if of_tests => tests.push(inner),
                        Some((_, items)) => self.scan(file, &inner, items, tests),
                        None => {}
                    }
                }
                _ if of_tests => {}
                Item::Use(item) => {
                    let public = !matches!(item.vis, Visibility::Inherited);
                    self.scan_use(file, within, public, &mut Vec::new(), &item.tree);
                }
                Item::Impl(mut item) => {
                    item.items.retain(|item| match item {
                        syn::ImplItem::Fn(method) => !is_test(&method.attrs),
                        _ => true,
                    });
                    self.scan_tokens(file, within, item.into_token_stream());
                }
                item => self.scan_tokens(file, within, item.into_token_stream()),
            }
        }
    }

    fn scan_use(
        &mut self,
        file: &Module,
        within: &Module,
        public: bool,
        prefix: &mut Vec<String>,
        tree: &UseTree,
    ) {
        let (name, alias) = match tree {
            UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.scan_use(file, within, public, prefix, &path.tree);
                prefix.pop();
                return;
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.scan_use(file, within, public, prefix, tree);
                }
                return;
            }
            UseTree::Name(name) => (name.ident.to_string(), name.ident.to_string()),
            UseTree::Rename(rename) => (rename.ident.to_string(), rename.rename.to_string()),
            UseTree::Glob(_) => ("*".to_owned(), "*".to_owned()),
        };
        let mut path = prefix.clone();
        let alias = if name == "self" {
            prefix.last().cloned().unwrap_or_default()
        } else {
            path.push(name);
            alias
        };
        if public && within == file {
            let exported = self.exported.entry(file.clone()).or_default();
            exported.insert(alias.clone(), path.clone());
        }
        let named = Named { within: within.clone(), path, alias: Some(alias) };
        self.named.entry(file.clone()).or_default().push(named);
    }

    /// Collects the paths in tokens, those inside macro calls among them.
    fn scan_tokens(&mut self, file: &Module, within: &Module, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.scan_tokens(file, within, group.stream()),
                TokenTree::Ident(ident) if *ident == "use" => {
                    let end = tokens[at..].iter().position(|token| is_punct(token, ';'));
                    let end = end.map_or(tokens.len(), |end| at + end + 1);
                    let statement: TokenStream = tokens[at..end].iter().cloned().collect();
                    if let Ok(item) = syn::parse2::<syn::ItemUse>(statement) {
                        self.scan_use(file, within, false, &mut Vec::new(), &item.tree);
                    }
                    at = end;
                    continue;
                }
                TokenTree::Ident(ident) => {
                    let mut path = vec![ident.to_string()];
                    while let [colon, other, TokenTree::Ident(next), ..] = &tokens[at + 1..]
                        && is_punct(colon, ':')
                        && is_punct(other, ':')
                    {
                        path.push(next.to_string());
                        at += 3;
                    }
                    if path.len() > 1 {
                        let named = Named { within: within.clone(), path, alias: None };
                        self.named.entry(file.clone()).or_default().push(named);
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            at += 1;
        }
    }

    /// Returns a path from the crate's root; `None` if it leads out of the crate or begins
    /// with a local name.
    fn absolute(&self, within: &Module, path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let mut base = within.clone();
        let mut rest = rest;
        match first.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                base.pop();
                while let Some((next, after)) = rest.split_first()
                    && next == "super"
                {
                    base.pop();
                    rest = after;
                }
            }
            name => {
                base.push(name.to_owned());
                if !self.files.contains_key(&base) {
                    return None;
                }
            }
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    /// Finds the file that defines what a path names, through re-exports.
    fn resolve(&self, mut path: Vec<String>) -> (Module, Vec<String>) {
        // A re-export of a re-export is rare; one in a circle would not compile.
        for _ in 0..8 {
            let known = (0..=path.len()).rev().find(|end| self.files.contains_key(&path[..*end]));
            let end = known.unwrap_or_default();
            let (module, rest) = (path[..end].to_vec(), path[end..].to_vec());
            let exported = rest.first().and_then(|name| self.exported.get(&module)?.get(name));
            let Some(target) = exported.and_then(|target| self.absolute(&module, target)) else {
                return (module, rest);
            };
            path = target.into_iter().chain(rest.into_iter().skip(1)).collect();
        }
        (Module::new(), path)
    }
}

fn module_of(below_src: &Path) -> Module {
    let mut module: Module = below_src
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    module
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.to_token_stream().to_string().replace(' ', "") == "cfg(test)"
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
