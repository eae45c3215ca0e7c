"""What is installed serves strangers: projects by CMake and by pkg-config, the command, and pytest.

WSPROOF_BIN names the command in the build tree that is installed from; all of that tree has to be built."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[2]
sys.path.insert(0, str(TOP / "conformance/tests"))

import harness  # noqa: E402

CONSUMER = HERE / "consumer"
PLUGINS = "lib/python3/dist-packages"


def run(*words, timeout=120, **options):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=timeout, check=False, **options)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build_tree():
    return pathlib.Path(harness.find_wsproof()).parents[2]


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    """A tree that was moved after it had been installed."""
    directory = tmp_path_factory.mktemp("install")
    run("cmake", "--install", build_tree(), "--prefix", directory / "first")
    (directory / "first").rename(directory / "moved")
    return directory / "moved"


@pytest.fixture(scope="module")
def server(prefix):
    with harness.Server(str(prefix / "bin/wsproof"), "echo", "--port", "0", "--close-timeout", "300") as echo:
        yield echo


@pytest.fixture(scope="module")
def libraries(prefix):
    (path,) = (folder.parent for folder in prefix.glob("lib*/**/libwsproof_engine.a"))
    return path


def compiler():
    """That of the build tree, so that its standard library is the one that the archives want."""
    cache = (build_tree() / "CMakeCache.txt").read_text(encoding="utf-8")
    return next(line.partition("=")[2] for line in cache.splitlines() if line.startswith("CMAKE_CXX_COMPILER:"))


def check(directory, server):
    assert run(directory / "engine_alone").strip() == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert run(directory / "echo_once", server.url) == "the same came back\n"


def test_a_project_by_cmake(prefix, server, tmp_path):
    run("cmake", "-S", CONSUMER, "-B", tmp_path, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_CXX_COMPILER={compiler()}", "-DCMAKE_BUILD_TYPE=Debug")  # fmt: skip
    run("cmake", "--build", tmp_path)
    check(tmp_path, server)


def test_a_project_by_pkg_config(libraries, server, tmp_path):
    environment = {**os.environ, "PKG_CONFIG_PATH": str(libraries / "pkgconfig")}
    for program, packages in (("engine_alone", ["wsproof-engine"]), ("echo_once", ["wsproof-runtime", "wsproof-deflate"])):
        flags = run("pkg-config", "--cflags", "--libs", *packages, env=environment).split()
        run(compiler(), "-std=c++20", CONSUMER / f"{program}.cpp", *flags, "-o", tmp_path / program)
    check(tmp_path, server)


def test_a_part_that_is_not_there_is_named(prefix, tmp_path):
    text = (CONSUMER / "CMakeLists.txt").read_text(encoding="utf-8").replace("COMPONENTS engine", "COMPONENTS nothing")
    for name in ("engine_alone.cpp", "echo_once.cpp"):
        shutil.copy(CONSUMER / name, tmp_path)
    (tmp_path / "CMakeLists.txt").write_text(text, encoding="utf-8")
    done = subprocess.run(["cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={prefix}",
                           f"-DCMAKE_CXX_COMPILER={compiler()}"], capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode != 0 and 'this build of wsproof has no "nothing"' in done.stderr


def test_a_project_that_has_the_sources_in_it(tmp_path):
    """It gets the libraries, and nothing of wsproof's is tested, installed or packed with its own."""
    run("cmake", "-S", CONSUMER, "-B", tmp_path, f"-DWSPROOF_SOURCE={TOP}", f"-DCMAKE_CXX_COMPILER={compiler()}")
    assert not (tmp_path / "wsproof/tools").exists() and not list(tmp_path.rglob("CPackConfig.cmake"))


def test_the_command_judges_with_its_own_data(prefix, server, tmp_path):
    wsproof = prefix / "bin/wsproof"
    report = run(wsproof, "test", server.url, "5.4-fragmentation", "7692", "--json", tmp_path / "report.json", cwd=tmp_path)
    assert " pass" in report
    suites = prefix / "share/wsproof/scenarios"
    assert str(suites) in (tmp_path / "report.json").read_text(encoding="utf-8")
    known = {case["id"] for case in harness.all_cases()}
    assert set(run(wsproof, "list", cwd=tmp_path).split("\n")) - {""} == known


def test_what_is_where(prefix):
    for path in ("share/man/man1/wsproof.1", "share/bash-completion/completions/wsproof", "share/zsh/vendor-completions/_wsproof",
                 "share/fish/vendor_completions.d/wsproof.fish", "share/doc/wsproof/copyright", "share/wsproof/scenarios/LANGUAGE.md",
                 "include/wsproof/connection.hpp", "include/wsproof/net/socket.hpp"):  # fmt: skip
        assert (prefix / path).stat().st_size > 0, path
    assert not list(prefix.rglob("*.pyc")) and not list(prefix.rglob("tests"))


def test_pytest_finds_the_plugin_by_itself(prefix, server, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(prefix / PLUGINS), "PATH": f"{prefix}/bin:{os.environ['PATH']}"}
    environment.pop("WSPROOF_BIN", None)
    suite = prefix / "share/wsproof/scenarios/rfc6455/5.4-fragmentation.json"
    out = run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", suite, "--wsproof-url", server.url, cwd=tmp_path,
              env=environment)  # fmt: skip
    assert f"wsproof: {prefix}/bin/wsproof judges {server.url}" in out and " passed in " in out


@pytest.mark.full
def test_debian_packages(tmp_path):
    run("cpack", "-G", "DEB", "--config", build_tree() / "CPackConfig.cmake", "-B", tmp_path, "-D",
        "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", "-D", "CPACK_PACKAGE_CONTACT=Some Body <some.body@debian.org>", timeout=600, cwd=tmp_path)  # fmt: skip
    packages = [tmp_path.glob(f"{name}_*.deb") for name in ("wsproof", "libwsproof-dev", "python3-wsproof-pytest")]
    (command,), (development,), (plugin,) = packages
    fields = run("dpkg-deb", "-f", command)
    for library in ("libc6", "libssl3", "libstdc++6", "libpugixml"):
        assert library in fields.partition("Depends:")[2], fields
    assert "libssl-dev" in run("dpkg-deb", "-f", development, "Depends")
    run("dpkg-deb", "-x", command, tmp_path / "root")
    out = run(tmp_path / "root/usr/bin/wsproof", "list", cwd="/")
    assert len(out.splitlines()) == len(harness.all_cases())
    assert not (tmp_path / "root/usr/lib/python3").exists()
    assert "wsproof" in run("dpkg-deb", "-f", plugin, "Depends")
    run("dpkg-deb", "-x", plugin, tmp_path / "root")
    assert (tmp_path / "root/usr/lib/python3/dist-packages/wsproof_pytest/__init__.py").exists()
    assert (tmp_path / "root/usr/share/man/man1/wsproof.1.gz").exists()
    if shutil.which("lintian"):  # its warnings are known: no Debian changelog, and a library folder without the machine's name
        run("lintian", "--allow-root", "--fail-on", "error", command, development, plugin)
