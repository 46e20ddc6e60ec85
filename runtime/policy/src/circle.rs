//! Finds rules that refer to each other in a circle.

use crate::compile::{Program, RuleId};
use crate::syntax::Problem;

/// Returns circles, each as the rules along it, beginning with the first one defined. Every rule
/// that is on a circle is on one of those returned or refers to one.
pub(crate) fn find(program: &Program, rules: usize) -> Vec<Vec<RuleId>> {
    let references: Vec<Vec<RuleId>> = (0..)
        .map(RuleId)
        .take(rules)
        .map(|rule| {
            let mut to = Vec::new();
            program.each_rule(program.root(rule), &mut |other| to.push(other));
            to.sort_unstable();
            to.dedup();
            to
        })
        .collect();
    let mut state = vec![State::New; rules];
    let mut circles = Vec::new();
    for start in (0..).map(RuleId).take(rules) {
        // A path of rules, each with the next reference to follow. No recursion: files of others
        // decide how long it gets.
        let mut path: Vec<(RuleId, usize)> = vec![(start, 0)];
        if state[start.0 as usize] != State::New {
            continue;
        }
        state[start.0 as usize] = State::Open;
        while let Some((rule, next)) = path.last_mut() {
            let Some(to) = references[rule.0 as usize].get(*next).copied() else {
                state[rule.0 as usize] = State::Done;
                path.pop();
                continue;
            };
            *next += 1;
            match state[to.0 as usize] {
                State::Done => {}
                State::New => {
                    state[to.0 as usize] = State::Open;
                    path.push((to, 0));
                }
                State::Open => {
                    let mut circle: Vec<RuleId> =
                        path.iter().map(|(rule, _)| *rule).skip_while(|rule| *rule != to).collect();
                    let first = circle.iter().enumerate().min_by_key(|(_, rule)| **rule);
                    let at = first.map_or(0, |(at, _)| at);
                    circle.rotate_left(at);
                    circles.push(circle);
                }
            }
        }
    }
    circles
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// Describes a circle by the names of its rules.
pub(crate) fn problem(names: &[&str]) -> Problem {
    const MOST: usize = 8;
    let mut path: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    if names.len() > MOST {
        path.push("…".to_owned());
    }
    path.extend(names.first().map(|name| format!("`{name}`")));
    Problem::new(
        format!("the rules refer to each other in a circle: {}", path.join(" → ")),
        "let one of them not refer to the next; the service answers 500 to requests that reach it",
    )
}
