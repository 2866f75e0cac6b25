"""What is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.bill import MEMBERS, Charge
from bench.load import Measure

HEAD = f"""\
{"":<21}{"floor/s":>16}{"steps/s":>9}{"ratio":>7}{"CPU s per 1000":>20}{"ratio":>8}{"p50 ms":>9}{"p99":>8}{"generator":>11}
{"":<53}{"floor":>10}{"steps":>10}"""
FOOT = """
floor      verify + one durable insert + 200: mean of a run before and a run after, and how far they lie apart
steps      from a villager's webhook until the right answer has reached the platform, side work (alerts to the groups,
           LINE's menus, the records of what was sent) included; a report is 12 steps
CPU        processor seconds of the server's process and, on PostgreSQL, of the database's
generator  processor use of load generator and fake platform together; near 100 % they would be the bottleneck
"""


def line(engine: str, channel: str, floor: Sequence[Measure], steps: Measure, calls: Mapping[str, int]) -> str:
    """One engine, one platform."""
    rates = [measure.rate for measure in floor]
    rate = sum(rates) / len(rates)
    spread = f"±{100 * (max(rates) - min(rates)) / 2 / rate:.0f}%"
    bare = sum(measure.cpu_per_1000 for measure in floor) / len(floor)
    own = steps.cpu_per_1000
    made = ", ".join(f"{number} {call}" for call, number in sorted(calls.items()))
    return (
        f"{engine:<11}{channel:<10}{rate:>10.0f} {spread:<5}{steps.rate:>9.0f}{steps.rate / rate:>7.2f}"
        f"{bare:>10.2f}{own:>10.2f}{bare / own if own else 0.0:>8.2f}"
        f"{steps.quantile(0.5):>9.0f}{steps.quantile(0.99):>8.0f}{100 * steps.own_cpu / steps.wall:>10.0f}%\n"
        f"{'':<21}{steps.done} steps, {steps.reports} reports finished; calls since the start: {made}"
    )


def bill(charges: Sequence[Charge]) -> str:
    """What LINE would charge for one case."""
    lines = [
        f"The bill of one case on LINE, with a group of {MEMBERS} (a push is charged once for each recipient):",
        f"  {'':<32}{'replies':>9}{'pushes':>9}{'messages':>10}{'billed':>9}",
    ]
    lines += [f"  {c.what:<32}{c.replies:>9}{c.pushes:>9}{c.objects:>10}{c.billed:>9}" for c in charges]
    return "\n".join(lines)
