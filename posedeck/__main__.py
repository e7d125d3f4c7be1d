"""``python -m posedeck audit ANSWER.json``: audit a saved answer of Remo's posture analysis."""

import argparse
import sys
from pathlib import Path

import msgspec

from posedeck.contracts.remo.audit import audit_answer


def main(arguments: list[str] | None = None) -> int:
    """Run a command. Returns the exit code: 0 when the answer could be read, else 2."""
    parser = argparse.ArgumentParser(prog="python -m posedeck", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    audit = commands.add_parser("audit", help="audit a saved answer of analysis-skeleton; prints JSON")
    audit.add_argument("answer", type=Path, help="JSON file with the answer's body")
    audit.add_argument("--previous-credit", type=int, help="balance before the call, to check the arithmetic")
    options = parser.parse_args(arguments)
    try:
        body = msgspec.json.decode(options.answer.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        print(f"posedeck: cannot read {options.answer}: {error}", file=sys.stderr)
        return 2
    report = audit_answer(body, options.previous_credit)
    print(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
