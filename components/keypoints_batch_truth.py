"""A batch against annotations: AP of both sides, and how near each annotated person was found."""

import math

import streamlit as st

from components.demo_state import samples_only
from components.errors import show_error
from components.keypoints_batch_charts import oks_histogram
from posedeck.contracts.own_batch import BatchResult
from posedeck.net.errors import VendorError
from posedeck.services.batch_runs import OpenBatch
from posedeck.services.keypoint_truth import Evaluation, TruthComparison, TruthError, compare_with_truth
from posedeck.services.sources import VENDOR_NAMES
from posedeck.texts import Texts

_MAX_MB = 50


def truth_section(batch: OpenBatch, t: Texts) -> None:
    """Compare with the annotations of the archive, or with a file that is given here."""
    st.subheader(t("truth.title"), anchor=False)
    try:
        if (data := _uploaded(t)) is not None:
            compared = _compared(batch, data)
        elif batch.read_truth is not None:
            st.caption(t("truth.archive"))
            compared = _compared(batch, _from_archive(batch))
        else:
            st.caption(t("truth.none"))
            return
    except TruthError as error:
        st.error(t(error.message_key), icon=":material/error:")
        # As plain text: it may quote what came from outside.
        st.text(str(error))
        return
    except VendorError as error:
        show_error(error, t)
        return
    _show(batch.result, compared, t)


def _uploaded(t: Texts) -> bytes | None:
    if samples_only(t):
        return None
    file = st.file_uploader(
        t("truth.upload"), type="json", key="batch_truth", help=t("truth.upload.help"), max_upload_size=_MAX_MB
    )
    return None if file is None else file.getvalue()


def batch_identity(batch: OpenBatch) -> str:
    """What tells a batch from others, for caches: it never changes."""
    return batch.name


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={OpenBatch: batch_identity})
def _from_archive(batch: OpenBatch) -> bytes:
    return b"" if batch.read_truth is None else batch.read_truth()


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={OpenBatch: batch_identity})
def _compared(batch: OpenBatch, data: bytes) -> TruthComparison:
    return compare_with_truth(batch.result, data)


def _show(result: BatchResult, compared: TruthComparison, t: Texts) -> None:
    st.markdown(t("truth.count", pictures=compared.pictures, people=compared.people))
    names = [
        f"{t(f'keypoints.{side}')}: {VENDOR_NAMES[vendor]}"
        for side, vendor in (("left", result.left_vendor), ("right", result.right_vendor))
    ]
    sides = (compared.left, compared.right)
    st.table(
        [{t("truth.column.side"): name, **_numbers(side, t)} for name, side in zip(names, sides, strict=True)],
        hide_index=True,
        alt=t("truth.title"),
    )
    st.caption(t("truth.note"))
    figure, alt = oks_histogram([(name, side.oks) for name, side in zip(names, sides, strict=True)], t)
    st.plotly_chart(figure, key="batch_truth_oks", config={"displayModeBar": False}, alt=alt)


def _numbers(side: Evaluation, t: Texts) -> dict[str, str]:
    values = {"ap": side.ap, "ap50": side.ap50, "ap75": side.ap75, "ar": side.ar}
    found = f"{int((side.oks >= 0.5).sum())} / {len(side.oks)}"
    shown = {t(f"truth.column.{name}"): "–" if math.isnan(value) else f"{value:.3f}" for name, value in values.items()}
    return {**shown, t("truth.column.found"): found}
