"""A pytest plugin that makes each case of wsproof a test: pytest --wsproof-url ws://127.0.0.1:9001/ scenarios/

The cases are those that the wsproof command lists, and the verdicts are its own: all cases that were chosen are played in
one run of it, at the first one's turn, and each item then reports what became of its case. See README.md beside this.
"""

import shlex

import pytest

from . import items, runs, server, tool

GROUPS = ("core", "fail-fast", "timers", "robustness", "heavy", "all")

__all__ = ["wsproof_server", "wsproof_target", "wsproof_url"]


def pytest_addoption(parser):
    group = parser.getgroup("wsproof", "wsproof: WebSocket conformance")
    group.addoption("--wsproof-url", metavar="URL", help="judge the server there: ws://… or wss://…")
    group.addoption("--wsproof-server", metavar="'CMD {port}'", help="judge a server that is started, and again when it dies")
    group.addoption("--wsproof-client", metavar="'CMD {url}'", help="judge a client, started once a case")
    group.addoption("--wsproof", action="store_true", help="judge the server that the fixture wsproof_url of a conftest.py names")
    group.addoption("--wsproof-builtin", action="store_true", help="the suites that come with the command, besides those collected")
    group.addoption("--wsproof-bin", metavar="FILE", help="the wsproof command; else $WSPROOF_BIN, PATH, or the newest build")
    group.addoption("--wsproof-baseline", metavar="FILE", help="known failures: they are expected to fail (xfail)")
    group.addoption("--wsproof-group", action="append", default=[], choices=GROUPS,
                    help="groups of cases, in place of core, fail-fast and robustness; repeatable")  # fmt: skip
    group.addoption("--wsproof-strict", action="store_true", help="non-strict cases fail too")
    group.addoption("--wsproof-options", metavar="WORDS", default="",
                    help="more options of `wsproof test`, as a shell would read them: \"-H 'Name: value' --insecure\"")  # fmt: skip


def is_wanted(config):
    option = config.option
    return bool(option.wsproof_url or option.wsproof_server or option.wsproof_client or option.wsproof)


def pytest_configure(config):
    config.addinivalue_line("markers", "wsproof: a case of wsproof; also group_…, level_… and rfc6455_5_4 for its section")
    if not is_wanted(config):
        return
    option = config.option
    if option.wsproof_client and (option.wsproof_url or option.wsproof_server):
        raise pytest.UsageError("--wsproof-client judges a client: it goes without --wsproof-url and --wsproof-server")
    try:
        shlex.split(option.wsproof_options)
    except ValueError as error:
        raise pytest.UsageError(f"--wsproof-options {option.wsproof_options!r}: {error}") from None
    config.stash[items.TOOL] = tool.find(option.wsproof_bin, config.invocation_params.dir)
    if option.wsproof_builtin:
        config.args.append(str(config.stash[items.TOOL].own_suites()))
    config.stash[items.COLLECTION] = items.Collection(config)
    config.stash[items.RUNS] = runs.Runs(config.stash[items.TOOL])


def pytest_report_header(config):
    if is_wanted(config):
        return f"wsproof: {config.stash[items.TOOL].path} judges {runs.subject_of(config.option)}"
    if any(word.partition("::")[0].endswith(".json") for word in config.args):
        return "wsproof: *.json are collected with --wsproof-url, --wsproof-server, --wsproof-client or --wsproof"
    return None


def pytest_collect_file(file_path, parent):
    if is_wanted(parent.config) and file_path.suffix == ".json" and items.is_suite(file_path):
        return items.SuiteFile.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    if isinstance(item, items.CaseItem):
        item.complete(outcome.get_result())


def pytest_terminal_summary(terminalreporter):
    totals = items.totals_of(report for reports in terminalreporter.stats.values() for report in reports)
    for line in totals:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def wsproof_server():
    """A function that starts a server and returns its URL: wsproof_server("my-server --port {port}", path="/chat").

    {port} becomes a free port. It waits until the port takes connections, and ends what it has started with the session.
    """
    started = []

    def start(command, path="/", scheme="ws", host="127.0.0.1", timeout=10, **options):
        started.append(server.Server(command, path=path, scheme=scheme, host=host, timeout=timeout, **options))
        return started[-1].url

    yield start
    for each in started:
        each.stop()


@pytest.fixture(scope="session")
def wsproof_url(request):
    """Whom to judge. A conftest.py may have one of its own, that returns the URL of a server that it has started."""
    url = request.config.option.wsproof_url
    if not url and request.config.option.wsproof:
        pytest.fail("--wsproof judges what the fixture wsproof_url of a conftest.py names, and there is none", pytrace=False)
    return url


@pytest.fixture(scope="session")
def wsproof_target(request, wsproof_url, tmp_path_factory):
    """The words of `wsproof test` that name whom to judge, and where runs leave what other workers of xdist need."""
    request.config.stash[items.RUNS].share(request.config, tmp_path_factory)
    return runs.target_of(request.config.option, wsproof_url)
