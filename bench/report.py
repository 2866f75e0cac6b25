"""What is printed."""

from __future__ import annotations

from collections.abc import Sequence

from bench.bill import MEMBERS, Charge
from bench.load import Measure

HEAD = (
    "                      floor/s  steps/s  ratio  CPU ratio  CPU s per 1000: floor  steps  (database)"
    "   p50 ms  p99 ms  own CPU"
)
FOOT = """
floor      verify + one durable insert + 200 (mean of a run before and one after; their spread in brackets)
steps      a villager's webhook until the answer has reached the platform; each report is 12 of them, and its alert goes
           to a linked group besides
CPU ratio  processor time of the floor's server for one request : of the bot's for one step
own CPU    processor use of the load generator and the fake platform together; near 100 % they are the bottleneck
"""


def line(engine: str, channel: str, floor: list[Measure], steps: Measure, calls: dict[str, int]) -> str:
    """One engine, one platform."""
    rates = [measure.rate for measure in floor]
    rate = sum(rates) / len(rates)
    floor_cpu = sum(m.cpu_per_1000 for m in floor) / len(floor)
    spread = f"±{100 * (max(rates) - min(rates)) / 2 / rate:.0f} %"
    database = f"({steps.database_cpu_per_1000:.2f})" if steps.database_cpu else ""
    cpu_ratio = floor_cpu / steps.cpu_per_1000 if steps.cpu_per_1000 else 0.0
    done = f"{steps.done} steps, {steps.reports} reports; calls: " + ", ".join(f"{n} {c}" for c, n in calls.items())
    return (
        f"{engine:<11}{channel:<10}{rate:>8.0f} {steps.rate:>8.0f} {steps.rate / rate:>6.2f} {cpu_ratio:>10.2f}"
        f" {floor_cpu:>22.2f} {steps.cpu_per_1000:>6.2f} {database:>11} {steps.quantile(0.5):>8.0f}"
        f" {steps.quantile(0.99):>7.0f} {100 * steps.own_cpu / steps.wall:>7.0f}%\n"
        f"           floor {spread}; {done}"
    )


def bill(charges: Sequence[Charge]) -> str:
    """What LINE would charge for one case."""
    lines = [
        f"The bill of one case on LINE, with a group of {MEMBERS} (a push is charged once for each recipient):",
        f"  {'':<32}{'replies':>9}{'pushes':>9}{'messages':>10}{'billed':>9}",
    ]
    lines += [f"  {c.what:<32}{c.replies:>9}{c.pushes:>9}{c.objects:>10}{c.billed:>9}" for c in charges]
    return "\n".join(lines)
