"""What is written about the runs: a line for each, and the table of medians and ratios."""

from statistics import median

FIGURES = (
    # What, its key, the unit, how it is written, and what Squall may take of Tempest's.
    ("client CPU", "client_cpu", "s", 1, {"dynamic": 1 / 20, "pre-made": 1 / 20}),
    ("wall", "wall", "s", 1, {"dynamic": 1 / 2, "pre-made": 1}),
    ("server CPU", "server_cpu", "s", 1, {"dynamic": 1, "pre-made": 1}),
    ("server-side requests", "requests", "", 1, {}),
    ("peak memory of the client", "peak", "MiB", 1 << 20, {}),
)


def line(run):
    """Says how a run went."""
    return (
        f"{run['credentials']} {run['turn']} {run['side']}: "
        f"{len(run['passed'])} of {len(run['selected'])} passed, "
        f"wall {run['wall']:.1f} s, client CPU {run['client_cpu']:.2f} s, "
        f"server CPU {run['server_cpu']:.1f} s, {run['requests']} requests, "
        f"peak {run['peak'] / (1 << 20):.0f} MiB"
    )


def table(pairs, runs, concurrency):
    """Gives the table, in Markdown."""
    turns = max(run["turn"] for run in runs)
    smoke = sum(pair.get("smoke", False) for pair in pairs)
    text = [
        f"{len(pairs)} pairs, {smoke} of them of Tempest's smoke set; {concurrency} tests at a "
        f"time; medians of {turns} by turns.",
        "",
        "| credentials | figure | Tempest | Squall | ratio | bar |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for credentials in ("dynamic", "pre-made"):
        for what, key, unit, divisor, bars in FIGURES:
            tempest, squall = (
                median(
                    run[key] / divisor
                    for run in runs
                    if run["credentials"] == credentials and run["side"] == side
                )
                for side in ("tempest", "squall")
            )
            bar = bars.get(credentials)
            said = "–"
            if bar:
                said = "1" if bar == 1 else f"1/{1 / bar:.0f}"
                said += "" if squall <= bar * tempest else ", **missed**"
            text.append(
                f"| {credentials} | {what} | {written(tempest, unit)} | {written(squall, unit)} "
                f"| {ratio(tempest, squall)} | {said} |"
            )
    return "\n".join(text) + "\n"


def written(value, unit):
    digits = 2 if unit == "s" and value < 10 else 1 if unit == "s" else 0
    return f"{value:.{digits}f} {unit}".strip()


def ratio(tempest, squall):
    if not squall:
        return "–"
    return f"1/{tempest / squall:.1f}" if squall < tempest else f"{squall / tempest:.1f}"
