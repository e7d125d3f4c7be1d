"""Many pictures at once: upload, the job that answers and compares them, and what came of it."""

import zipfile
from pathlib import Path

import streamlit as st

from components.badges import source_badge
from components.calls import submit, take
from components.demo_state import samples_only
from components.errors import show_error
from components.job_card import job_card, job_identity, state_text
from components.keypoints_batch_charts import batch_charts
from components.keypoints_batch_truth import batch_identity, truth_section
from components.keypoints_comparison import show_comparison
from components.picture_upload import picture_upload
from components.runs import cannot_open, keep_address, recorder, run_in_address, run_link, run_problem, run_store
from components.sources import jobs_client, silent_jobs_client
from posedeck.contracts.own_batch import KIND, BatchParams, BatchResult
from posedeck.contracts.own_jobs import JobView
from posedeck.engine.images import ImageError
from posedeck.net.errors import VendorError
from posedeck.runs.run import Run
from posedeck.services.batch_runs import PAGE, OpenBatch, batch_of_job, record_batch, reopen_batch
from posedeck.services.keypoint_batch import (
    PictureSummary,
    batch_csv,
    oks_values,
    picture_answers,
    sample_archive,
    submit_batch,
    worst_first,
)
from posedeck.services.keypoint_wording import joint_text, number_text, percent_text
from posedeck.services.keypoints import Vendor
from posedeck.services.local_server import local_base_url
from posedeck.services.photos import Photo
from posedeck.services.sources import VENDOR_NAMES, Source
from posedeck.texts import Texts

_SAMPLES = Path(__file__).resolve().parents[1] / "assets" / "samples"
_JOB, _PICTURE = "job", "picture"
#: The job, or the run, that this session looked at last; the runs of the jobs that it has seen.
_LAST, _REOPENED, _RUNS = "batch_last_job", "batch_reopened", "batch_runs"
_KEEP = "batch_keep_"
_SIDES = {"left": Vendor.KAKAO, "right": Vendor.NHN}
_RECENT = 10
#: Rows of the table that are seen at once.
_TABLE_HEIGHT = 420


def batch_tab(t: Texts) -> None:
    """The batch tab of the keypoints page; the address names the job or its run, and the picture that is open."""
    st.markdown(t("batch.lead"))
    _reopen()
    run_problem(t)
    params = _choose_formats(t)
    try:
        _upload(params, t)
        _recent(t)
    except VendorError as error:
        show_error(error, t)
    # The address is cleared by a visit to another page; the session still knows.
    job_id = st.query_params.get(_JOB) or st.session_state.get(_LAST)
    if job_id:
        st.query_params[_JOB] = st.session_state[_LAST] = job_id
        view = job_card(job_id, t, errors="batch.error", key="batch_job", on_resumed=_open_job)
        if view is not None and view.state == "success":
            _show_job(view, t)
    elif run_id := st.session_state.get(_REOPENED):
        keep_address(PAGE, run_id)
        _show(_kept(run_id), t)


def _reopen() -> None:
    run = run_in_address(PAGE, st.session_state.get(_REOPENED))
    if run is None:
        return
    try:
        _kept(run.id)
    except (OSError, ValueError):
        cannot_open(run.id, "unreadable")
        return
    _leave()
    st.session_state[_REOPENED] = run.id


def _leave() -> None:
    """Put away what was shown."""
    st.query_params.pop(_JOB, None)
    for name in (_LAST, _REOPENED):
        st.session_state.pop(name, None)


def _choose_formats(t: Texts) -> BatchParams:
    chosen = {}
    with st.container(horizontal=True, key="batch_formats", gap="large"):
        for name, default in _SIDES.items():
            st.session_state.setdefault(f"batch_{name}", default.value)
            chosen[name] = st.segmented_control(
                t(f"batch.format.{name}"),
                [each.value for each in Vendor],
                format_func=VENDOR_NAMES.__getitem__,
                key=f"batch_{name}",
                required=True,
                persist_state="session",
            )
    st.caption(t("batch.local"))
    return BatchParams("nhn" if chosen["left"] == "nhn" else "kakao", "kakao" if chosen["right"] == "kakao" else "nhn")


def _upload(params: BatchParams, t: Texts) -> None:
    uploaded = None if samples_only(t) else picture_upload(t, key="batch_upload")
    wanted = st.button(t("batch.use_samples"), key="batch_samples", icon=":material/play_circle:")
    if uploaded is not None:
        _submit(uploaded.upload, params, t)
    elif wanted:
        with st.spinner(t("batch.submitting")):
            pictures = sorted(_SAMPLES.glob("*.jpg"))
            upload = jobs_client().upload(sample_archive(pictures)).upload
        _submit(upload, params, t)


def _submit(upload: str, params: BatchParams, t: Texts) -> None:
    with st.spinner(t("batch.submitting")):
        job = submit_batch(jobs_client(), upload, params)
    _open_job(job.id)
    st.rerun()


def _open_job(job_id: str) -> None:
    _leave()
    keep_address(PAGE, None)
    st.query_params.pop(_PICTURE, None)
    st.query_params[_JOB] = job_id


def _recent(t: Texts) -> None:
    """Batches of before: a job outlives the page that submitted it."""
    jobs = jobs_client().jobs(_RECENT, kind=KIND).jobs
    if not jobs:
        return
    with st.expander(t("batch.recent", count=len(jobs)), icon=":material/history:", key="batch_recent"):
        for job in jobs:
            with st.container(horizontal=True, vertical_alignment="center", key=f"batch_recent_{job.id}"):
                known = t("batch.recent.job", pictures=job.frames_total or "–", job=job.id[:8])
                st.markdown(f"{state_text(job, t)} · {known}", width="stretch")
                st.button(t("batch.recent.open"), key=f"batch_open_{job.id}", on_click=_open_job, args=(job.id,))


@st.cache_resource(max_entries=4, show_spinner=False)
def _kept(run_id: str) -> OpenBatch:
    return reopen_batch(run_store(), run_store().get(run_id).run)


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={JobView: job_identity})
def _unkept(job: JobView) -> OpenBatch:
    return batch_of_job(silent_jobs_client(), job)


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs={OpenBatch: batch_identity})
def _photo(batch: OpenBatch, name: str) -> Photo:
    return batch.photo(name)


def _show_job(job: JobView, t: Texts) -> None:
    """Keep the batch as a run, in a thread that no click ends, and show what was kept."""
    runs: dict[str, str | None] = st.session_state.setdefault(_RUNS, {})
    if job.id not in runs:
        keeper, client, url = recorder(), silent_jobs_client(), local_base_url()
        submit(_KEEP + job.id, lambda: record_batch(keeper, client, job, url))
        try:
            run: Run | None = take(_KEEP + job.id, t("batch.reading"))
        except VendorError as error:
            show_error(error, t)
            return
        runs[job.id] = None if run is None else run.id
    try:
        run_id = runs[job.id]
        batch = _unkept(job) if run_id is None else _kept(run_id)
    except VendorError as error:
        show_error(error, t)
        return
    except (KeyError, FileNotFoundError):
        # Erased since this session saw it: kept again at the next look.
        del runs[job.id]
        st.rerun()
    _show(batch, t)


def _show(batch: OpenBatch, t: Texts) -> None:
    result = batch.result
    st.header(t("batch.result"), anchor=False)
    source_badge(Source.LOCAL, t)
    run_link(batch.run_id, t)
    ranked = worst_first(result)
    _summary(result, ranked, t)
    st.download_button(
        t("export.csv"),
        data=lambda: batch_csv(result),
        file_name=f"batch-{batch.name[:8]}.csv",
        mime="text/csv",
        icon=":material/table:",
        on_click="ignore",
        help=t("batch.export.csv"),
        key="batch_csv",
    )
    if result.skipped:
        with st.expander(
            t("batch.skipped", count=len(result.skipped)), icon=":material/broken_image:", key="batch_skipped"
        ):
            rows = [
                {
                    t("batch.column.picture"): entry.name,
                    t("batch.column.reason"): t(f"batch.reason.{entry.reason}"),
                    t("batch.column.detail"): entry.detail,
                }
                for entry in result.skipped
            ]
            st.dataframe(rows, hide_index=True, alt=t("batch.skipped", count=len(result.skipped)))
    if not result.pictures:
        return
    batch_charts(result, t)
    truth_section(batch, t)
    _worst(batch, ranked, t)


def _summary(result: BatchResult, ranked: list[PictureSummary], t: Texts) -> None:
    oks = oks_values(result)
    people, only_one = (sum(getattr(entry, name) for entry in ranked) for name in ("people", "only_one"))
    numbers = (
        ("pictures", str(len(result.pictures))),
        ("skipped", str(len(result.skipped))),
        ("people", str(people)),
        ("only_one", str(only_one)),
        ("oks", number_text(float(sorted(oks)[len(oks) // 2]), 3) if len(oks) else "–"),
    )
    for (name, value), column in zip(numbers, st.columns(len(numbers)), strict=True):
        column.metric(t(f"batch.number.{name}"), value, help=t(f"batch.number.{name}.help"))
    st.caption(
        t("batch.sides", left=VENDOR_NAMES[result.left_vendor], right=VENDOR_NAMES[result.right_vendor])
        + (f" {t('batch.ignored', count=result.ignored)}" if result.ignored else "")
    )


def _worst(batch: OpenBatch, ranked: list[PictureSummary], t: Texts) -> None:
    st.subheader(t("batch.worst"), anchor=False)
    st.markdown(t("batch.worst.note"))
    columns = ("thumbnail", "picture", "agreement", "people", "only_one", "worst_joint", "distance")
    names = {name: t(f"batch.column.{name}") for name in columns}
    rows = [_row(batch.result, entry, names, t) for entry in ranked]
    chosen = st.dataframe(
        rows,
        hide_index=True,
        height=min(_TABLE_HEIGHT, 60 + 48 * len(rows)),
        row_height=48,
        on_select="rerun",
        selection_mode="single-row",
        key=f"batch_worst_{batch.name}",
        alt=t("batch.worst.alt"),
        column_config={
            names["thumbnail"]: st.column_config.ImageColumn(names["thumbnail"], width="small"),
            names["agreement"]: st.column_config.ProgressColumn(
                names["agreement"], min_value=0.0, max_value=1.0, format="%.3f", help=t("batch.column.agreement.help")
            ),
        },
    )
    picked = list(chosen.selection.rows)
    if picked:
        st.query_params[_PICTURE] = ranked[picked[0]].name
    elif name := st.query_params.get(_PICTURE):
        picked = [place for place, entry in enumerate(ranked) if entry.name == name]
    if picked:
        _open(batch, ranked[picked[0]], t)


def _row(result: BatchResult, entry: PictureSummary, names: dict[str, str], t: Texts) -> dict[str, object]:
    joint, distance = entry.worst_joint or (None, float("nan"))
    return {
        names["thumbnail"]: f"data:image/jpeg;base64,{result.pictures[entry.index].thumbnail}",
        names["picture"]: entry.name,
        names["agreement"]: None if entry.agreement != entry.agreement else entry.agreement,
        names["people"]: entry.people,
        names["only_one"]: entry.only_one,
        names["worst_joint"]: joint_text(joint, t) if joint else "–",
        names["distance"]: percent_text(distance),
    }


def _open(batch: OpenBatch, entry: PictureSummary, t: Texts) -> None:
    try:
        with st.spinner(t("batch.opening")):
            photo = _photo(batch, entry.name)
    except VendorError as error:
        show_error(error, t)
        return
    except (ImageError, OSError, zipfile.BadZipFile) as error:
        st.error(t("batch.reason.undecodable"), icon=":material/broken_image:")
        st.text(str(error))
        return
    st.subheader(t("batch.opened"), anchor=False)
    st.text(entry.name)
    left, right = picture_answers(batch.result, entry.index, photo, batch.ended_at)
    show_comparison(left, right, t)
