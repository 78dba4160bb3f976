"""What must hold of an attempt's chain and of the receipts its student was given, whatever happened to the server."""

from flask import Flask
from sqlalchemy.orm import Session

from lms.attempts import arrivals, receipts
from lms.attempts.receipts import Wrong


def chain_faults(session: Session, app: Flask, attempt: int, given: dict[str, str]) -> list[str]:
    """`given`: the key of each answer acknowledged -> its receipt. No gap, no double, no receipt that does not hold."""
    rows = arrivals.kept(session, attempt)
    found = [] if [row.sequence for row in rows] == list(range(1, len(rows) + 1)) else [
        f"attempt {attempt}: places {[row.sequence for row in rows]}"]
    chain, ends = receipts.FIRST, {}
    for row in rows:
        chain = receipts.link(chain, receipts.facts(attempt, row))
        ends[row.key] = chain
        if row.chain != chain:
            found.append(f"attempt {attempt}: the chain breaks at {row.key}")
    found += [f"the receipt of {key} says another chain" for key, text in given.items()
              if key in ends and f"\ncadena {ends[key]}\n" not in text]
    try:
        told = receipts.verify("\n".join(sorted(given.values(), key=place)), app.extensions["receipt_keys"].public()) if given else None
        return found + ([] if told is None or told.count == len(given) else [f"{told.count} receipts of {len(given)} answers"])
    except Wrong as wrong:
        return [*found, f"attempt {attempt}: receipts, line {wrong.line}: {wrong.why}"]


def place(text: str) -> int:
    return int(text.split("\norden ")[1].split("\n")[0]) if text else 0
