"""The error tree: what it tells and what it keeps to itself."""

from posedeck.net import errors


def every_class() -> list[type[errors.VendorError]]:
    found = [errors.VendorError]
    for cls in found:
        found += [sub for sub in cls.__subclasses__() if sub.__module__ == errors.__name__ and sub not in found]
    return [cls for cls in found if not cls.__name__.startswith("_")]


def test_each_error_has_a_sentence_of_its_own() -> None:
    """No two errors share a message key, and each key lies under `error.`."""
    keys = [cls.default_message_key for cls in every_class()]

    assert len(keys) == len(set(keys)) == 16
    assert all(key.startswith("error.") for key in keys)


def test_the_tree_at_the_top_names_every_error() -> None:
    """The drawing in the module's docstring is complete."""
    drawing = errors.__doc__ or ""

    assert [cls.__name__ for cls in every_class() if f" {cls.__name__} " not in drawing.replace("\n", " ")] == []


def test_only_errors_that_cannot_cost_twice_are_safe_to_retry() -> None:
    """Safe are those where nothing was carried out or the call costs nothing."""
    safe = {cls.__name__ for cls in every_class() if cls.default_retry_safe}

    assert {
        "CircuitOpen",
        "ConnectFailed",
        "ConnectionLost",
        "DeadlineExceeded",
        "ServiceStarting",
        "Throttled",
    } == safe


def test_str_and_repr_hold_facts_but_no_key_from_a_url() -> None:
    """Vendor, HTTP status, code and request id are told; an app key in a path is masked."""
    error = errors.AnswerRefused(
        "no such path /v1.0/appkeys/TopSecret/pose", vendor="nhn", code=4041007, status=404, request_id="r-7"
    )

    expected = "nhn: no such path /v1.0/appkeys/***/pose (HTTP 404, code 4041007, request r-7)"
    assert expected == str(error)
    assert "TopSecret" not in repr(error)


def test_a_client_may_state_its_own_sentence_and_safety() -> None:
    """`message_key` and `retry_safe` of one error override those of its class."""
    error = errors.AnswerRefused("no credit", vendor="remo", message_key="error.remo.422", retry_safe=True)

    assert (error.message_key, error.retry_safe) == ("error.remo.422", True)


def test_service_starting_is_an_answer_and_says_when() -> None:
    """Who handles a vendor's own refusals also gets this one."""
    error = errors.ServiceStarting("loading", vendor="remo", code=559, status=503, retry_after_s=2.0)

    assert isinstance(error, errors.AnswerRefused)
    assert (error.retry_after_s, error.code, error.retry_safe, error.message_key) == (2.0, 559, True, "error.starting")
