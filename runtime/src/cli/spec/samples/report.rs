//! Writes the results of all samples.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::Sample;
use super::judge::{Miss, Verdict};
use super::known::KnownMisses;

/// How many violations of a sample are shown.
const SHOWN: usize = 3;

/// Writes counts, misses and differences from the known misses; returns whether there is
/// no difference.
pub(super) fn write(
    verdicts: &[(&Sample, Verdict)],
    known: &KnownMisses,
    out: &mut impl Write,
) -> io::Result<bool> {
    let mut unjudged = BTreeMap::new();
    // A sample of several operations may miss more than once.
    let mut misses = Vec::new();
    let mut shorter = 0;
    for (sample, verdict) in verdicts {
        match verdict {
            Verdict::Matches => {}
            Verdict::LeavesOut(miss) => {
                shorter += 1;
                misses.push((sample.file.as_str(), miss));
            }
            Verdict::Misses(miss) => misses.push((sample.file.as_str(), miss)),
            Verdict::Unjudged(why) => *unjudged.entry(*why).or_insert(0) += 1,
        }
    }
    let judged = verdicts.len() - unjudged.values().sum::<usize>();
    write!(out, "{} of {judged} match", judged - misses.len() + shorter)?;
    if shorter > 0 {
        write!(out, " ({shorter} of them but for keys that every answer has)")?;
    }
    for (why, count) in &unjudged {
        write!(out, ", {count} {}", why.text())?;
    }
    writeln!(out)?;
    for (sample, miss) in &misses {
        let mark = if known.samples.contains(*sample) { " (known)" } else { "" };
        writeln!(out, "\n{sample}{mark}")?;
        explain(miss, out)?;
    }
    let seen: BTreeSet<&str> = misses.into_iter().map(|(sample, _)| sample).collect();
    let listed: BTreeSet<&str> = known.samples.iter().map(String::as_str).collect();
    for sample in seen.difference(&listed) {
        writeln!(out, "\nerror: {sample} does not match")?;
        if known.file.is_empty() {
            writeln!(out, "  fix the spec, or name a list of known misses with `--known-misses`")?;
        } else {
            writeln!(
                out,
                "  fix the spec, or add the line `{sample}  # REASON` to {}",
                known.file
            )?;
        }
    }
    for sample in listed.difference(&seen) {
        let now = verdicts.iter().find(|(known, _)| known.file == **sample);
        let now = match now.map(|(_, verdict)| verdict) {
            Some(Verdict::Unjudged(why)) => format!("was not validated: {}", why.text()),
            Some(_) => "matches".to_owned(),
            None => "is not among the samples".to_owned(),
        };
        writeln!(out, "\nerror: {sample} is a known miss but {now}")?;
        writeln!(out, "  remove its line from {}", known.file)?;
    }
    Ok(seen == listed)
}

fn explain(miss: &Miss, out: &mut impl Write) -> io::Result<()> {
    write!(out, "  does not match {}", miss.operation)?;
    if let Some(version) = miss.version {
        write!(out, "@{version}")?;
    }
    writeln!(out, ":")?;
    for finding in miss.findings.iter().take(SHOWN) {
        let pointer = if finding.pointer.is_empty() { "(whole)" } else { &finding.pointer };
        writeln!(out, "  {pointer}: {}", finding.message)?;
    }
    if let Some(more @ 1..) = miss.findings.len().checked_sub(SHOWN) {
        writeln!(out, "  and {more} more")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use squall_model::Finding;

    use super::super::judge::Why;
    use super::*;

    fn sample(name: &str) -> Sample {
        Sample {
            service: "compute".to_owned(),
            method: "GET".to_owned(),
            path: "/".to_owned(),
            action: None,
            version: None,
            file: name.to_owned(),
            body: Value::Null,
            broken: None,
        }
    }

    fn written(known: &str) -> (bool, String) {
        let [good, old, bad, odd] = ["good.json", "old.json", "bad.json", "odd.json"].map(sample);
        let miss = || Miss {
            operation: "compute.servers.show",
            version: None,
            findings: vec![Finding::error("x", "x", "is odd").with_pointer("/id")],
        };
        let verdicts = [
            (&good, Verdict::Matches),
            (&old, Verdict::LeavesOut(miss())),
            (&bad, Verdict::Misses(miss())),
            (&odd, Verdict::Unjudged(Why::NoSchema)),
        ];
        let mut out = Vec::new();
        let known = KnownMisses::read("known.txt", known).unwrap();
        let as_known = write(&verdicts, &known, &mut out).unwrap();
        (as_known, String::from_utf8(out).unwrap())
    }

    #[test]
    fn exactly_the_known_misses_succeed() {
        let (as_known, text) = written("bad.json # a slip\nold.json # older");
        assert!(as_known, "{text}");
        let counts =
            "2 of 3 match (1 of them but for keys that every answer has), 1 without a schema";
        assert!(text.starts_with(counts), "{text}");
        assert!(text.contains("/id: is odd"), "{text}");
    }

    #[test]
    fn one_more_or_one_less_fails_and_reports_what_to_change() {
        let (as_known, text) = written("");
        assert!(!as_known && text.contains("add the line `bad.json  # REASON` to known.txt"));
        let (as_known, text) = written("bad.json # a\ngood.json # b\ngone.json # c");
        assert!(!as_known);
        assert!(text.contains("good.json is a known miss but matches"), "{text}");
        assert!(text.contains("gone.json is a known miss but is not among"), "{text}");
    }
}
