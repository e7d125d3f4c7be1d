"""PoseDeck without a browser: audits, comparisons of saved answers, and what our own server asks for."""

import argparse
import sys
import time
from pathlib import Path

import msgspec

from posedeck.contracts.remo.audit import audit_answer
from posedeck.contracts.tickets import new_upload_ticket, sign_upload
from posedeck.net.errors import VendorError
from posedeck.pose.grades import REMO_2024, SHIPPED_NAMES, Profile, load_profile, read_profile
from posedeck.pose.posture import METRIC_BY_KEY
from posedeck.services.keypoint_export import export_json
from posedeck.services.keypoint_files import FileUnusable, compare_files
from posedeck.services.keypoint_report import comparison_html
from posedeck.services.sample_recording import record_samples
from posedeck.storage.paths import data_dir
from posedeck.storage.token import read_token
from posedeck.texts import DEFAULT_LANGUAGE, LANGUAGES, load_texts


def main(arguments: list[str] | None = None) -> int:
    """Run a command. Returns the exit code: 0 when it was done, 2 when a file could not be read or written."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except FileUnusable as error:
        print(f"posedeck: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m posedeck", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    audit = commands.add_parser("audit", help="audit a saved answer of analysis-skeleton; prints JSON")
    audit.add_argument("answer", type=Path, help="JSON file with the answer's body")
    audit.add_argument("--previous-credit", type=int, help="balance before the call, to check the arithmetic")
    audit.set_defaults(run=_audit)

    compare = commands.add_parser(
        "compare", help="compare two saved answers of Kakao's pose API or NHN Cloud's Pose Estimation"
    )
    compare.add_argument("left", type=Path, metavar="LEFT.json", help="the body of one answer, of either vendor")
    compare.add_argument("right", type=Path, metavar="RIGHT.json", help="the body of the other")
    compare.add_argument("--image", type=Path, metavar="PICTURE", help="the picture that both are about")
    compare.add_argument("--out", type=Path, metavar="FILE", help="where the JSON goes instead of standard output")
    compare.add_argument("--html", type=Path, metavar="FILE", help="write a report that needs no network, too")
    compare.add_argument("--lang", choices=list(LANGUAGES), default=DEFAULT_LANGUAGE, help="language of the report")
    compare.add_argument(
        "--profile", default=REMO_2024, metavar="NAME", help=f"grade by {', '.join(SHIPPED_NAMES)}, or by a TOML file"
    )
    compare.add_argument(
        "--least-score", type=_score, default=0.0, metavar="SCORE", help="keypoints below it count as absent (0 to 1)"
    )
    compare.set_defaults(run=_compare)

    ticket = commands.add_parser("upload-ticket", help="print leave to upload one file to our server within an hour")
    ticket.set_defaults(run=_upload_ticket)

    record = commands.add_parser(
        "record-samples", help="record the answers that come with PoseDeck anew, from a running pose server of ours"
    )
    record.add_argument("url", metavar="URL", help="base URL of the server, which shares this machine's data folder")
    record.set_defaults(run=_record_samples)
    return parser


def _audit(options: argparse.Namespace) -> None:
    try:
        body = msgspec.json.decode(options.answer.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise FileUnusable(f"cannot read {options.answer}: {error}") from error
    report = audit_answer(body, options.previous_credit)
    print(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())


def _upload_ticket(_options: argparse.Namespace) -> None:
    token = read_token(data_dir())
    if token is None:
        raise FileUnusable(f"no pose server has run with {data_dir()} yet: start one, or set POSEDECK_DATA_DIR")
    print(sign_upload(new_upload_ticket("", time.time()), token))


def _record_samples(options: argparse.Namespace) -> None:
    try:
        for path in record_samples(options.url, read_token(data_dir()) or ""):
            print(f"{path.name}: {path.stat().st_size:,} bytes")
    except VendorError as error:
        raise FileUnusable(f"cannot record: {error}") from error


def _compare(options: argparse.Namespace) -> None:
    profile = _profile(options.profile)
    comparison = compare_files(options.left, options.right, options.image, profile, options.least_score)
    document = export_json(comparison)
    if options.html is not None:
        _write(options.html, comparison_html(comparison, load_texts(options.lang)))
    if options.out is not None:
        _write(options.out, document)
    else:
        sys.stdout.write(document.decode() + "\n")


def _profile(name: str) -> Profile:
    if name in SHIPPED_NAMES:
        return load_profile(name)
    try:
        return read_profile(Path(name).read_bytes(), METRIC_BY_KEY)
    except (OSError, ValueError) as error:
        raise FileUnusable(
            f"no profile: {name} is none of {', '.join(SHIPPED_NAMES)}, nor a TOML file: {error}"
        ) from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise FileUnusable(f"cannot write {path}: {error.strerror or error}") from error


def _score(text: str) -> float:
    score = float(text)
    if not 0.0 <= score <= 1.0:
        raise argparse.ArgumentTypeError("must be from 0 to 1")
    return score


if __name__ == "__main__":
    sys.exit(main())
