"""A verdict as a JUnit report, which CI systems show as tests.

Valid by both schemas in use: the one of Jenkins' xUnit plugin (junit-10.xsd) and the
one of Apache Ant's JUnit task.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from backup_badge.render.text import printable
from backup_badge.values.source import Source, writable
from backup_badge.values.state import State
from backup_badge.values.status import Status
from backup_badge.view.verdict import Finding, Verdict

_NAME = "backup-badge"


def render_verdict(verdict: Verdict) -> str:
    """Return the report: a test for each source, and one for each finding.

    A source that fails in a state that was reported is a failure, one whose state is
    not known an error. In ASCII, so that any encoding will do.
    """
    suites = Element("testsuites")
    suite = SubElement(suites, "testsuite")
    properties = SubElement(suite, "properties")
    states = ",".join(state for state in State if state in verdict.fail_on)
    SubElement(properties, "property", {"name": "fail_on", "value": states})
    for source, status in verdict.statuses.items():
        _add_source(suite, source, status, verdict)
    for finding in verdict.findings or ():
        _add_finding(suite, finding, group="pages")
    for finding in verdict.unwatched or ():
        _add_finding(suite, finding, group="coverage")
    if verdict.findings == ():
        _add_test(suite, group="pages", name="pages and configuration agree")
    if verdict.unwatched == ():
        _add_test(suite, group="coverage", name="what systems hold is watched")
    SubElement(suite, "system-out").text = verdict.summary
    SubElement(suite, "system-err")
    suite.attrib |= {
        "name": _NAME,
        "package": _NAME,
        "id": "0",
        "hostname": "localhost",
        "timestamp": f"{verdict.now:%Y-%m-%dT%H:%M:%S}",
        "time": "0",
        "tests": str(len(suite.findall("testcase"))),
        "failures": str(len(suite.findall("testcase/failure"))),
        "errors": str(len(suite.findall("testcase/error"))),
    }
    indent(suites)
    document: bytes = tostring(suites, encoding="us-ascii", xml_declaration=True)
    return f"{document.decode()}\n"


def _add_source(
    suite: Element, source: Source, status: Status, verdict: Verdict
) -> None:
    provider = source.address.provider if source.address else "none"
    test = _add_test(suite, group=provider, name=source.name)
    cause = verdict.cause(status)
    if cause is not None:
        kind = "error" if status.state is State.UNKNOWN else "failure"
        message = verdict.sentence(source, status)
        _add_failure(test, kind, reason=cause, message=message)


def _add_finding(suite: Element, finding: Finding, *, group: str) -> None:
    test = _add_test(suite, group=group, name=finding.place)
    message = f"{finding.place}: {finding.message}"
    _add_failure(test, "failure", reason=group, message=message)


def _add_test(suite: Element, *, group: str, name: str) -> Element:
    attributes = {"classname": f"{_NAME}.{group}", "name": name, "time": "0"}
    clean = {key: _clean(value) for key, value in attributes.items()}
    return SubElement(suite, "testcase", clean)


def _add_failure(test: Element, kind: str, *, reason: str, message: str) -> None:
    message = _clean(message)
    SubElement(test, kind, {"type": reason, "message": message}).text = message


def _clean(text: str) -> str:
    return printable(writable(text, " "))
