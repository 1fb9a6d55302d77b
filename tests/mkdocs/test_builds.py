"""The plugin in MkDocs: what a build asks, writes, says, and what it fails on."""

from __future__ import annotations

import copy
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from mkdocs.config import load_config

from mkdocs_backup_badge import alone
from mkdocs_backup_badge.build import LIFETIME, LONGEST, Build

if TYPE_CHECKING:
    from conftest import Project

WEB = '<< backup_badge("website") >>'


def test_a_site_without_badges_is_as_without_us(project: Project) -> None:
    """Byte for byte: no file, no link, no changed white space."""
    project.page("# One\n\ncat <<EOF >> x\n\n```\n" + WEB + "\n```\n\n\\<<x>>")
    project.page("---\ntitle: T\n---\ntext  \nmore\n", "other/two")
    plain = project.build(plugins=[])
    ours = project.build(plugins=["backup-badge"])
    assert ours.files == plain.files
    # The look through the files takes code for text: that costs a request, no word.
    assert ours.asked == 1


def test_only_pages_with_a_badge_link_the_style_sheet(project: Project) -> None:
    """The link is relative to the page, and comes before the site's own sheets."""
    project.page(f"# One\n\n{WEB}")
    project.page("# Two", "two")
    project.page("<< backup_table() >>", "deep/er/three")
    project.page("<< backup_badge( >>", "four")
    built = project.build()
    link = '<link rel="stylesheet" href="{}assets/backup-badge.css">'
    for name, way in (("index", ""), ("deep/er/three", "../../"), ("four", "")):
        page = built.read(f"{name}.html")
        own = page.index('<link rel="stylesheet" href="own.css">')
        assert page.index(link.format(way)) < own
    assert "backup-badge" not in built.read("two.html")
    assert b".backup-badge" in built.files["assets/backup-badge.css"]
    plain = project.build(plugins=[])
    assert built.files["two.html"] == plain.files["two.html"]


def test_a_site_may_bring_its_own_style_sheet(project: Project) -> None:
    """A file in the place of ours is the one that is served."""
    project.page(WEB)
    project.write("docs/assets/backup-badge.css", "/* own */")
    assert project.build().files["assets/backup-badge.css"] == b"/* own */"


def test_titles_and_navigation_are_as_without_badges(project: Project) -> None:
    """A badge in a heading is in no title, entry or anchor, and in the heading."""
    text = "# One *two* {0}\n\n## {0} Three\n\n## Three {0}\n"
    project.page(text.format(WEB))
    marked = project.build().read()
    project.page(text.format(""))
    plain = project.build().read()
    for line in ("<title>", "<nav>", "<ul>"):
        (expected,) = (row for row in plain.splitlines() if row.startswith(line))
        assert expected in marked
    assert marked.count("data-backup-source") == 3


def test_links_of_badges_are_translated_as_others_are(project: Project) -> None:
    """A link to a Markdown file leads to its page; MkDocs says if there is none."""
    project.page('<< backup_badge("website", link="two.md#x") >>', "deep/one")
    project.page("# Two", "deep/two")
    built = project.build()
    assert "[Website: succeeded](two.html#x)" in built.main("deep/one.html")
    project.page('<< backup_badge("website", link="three.md") >>', "deep/one")
    assert "link 'three.md', but the target 'deep/three.md' is not found" in (
        project.build().said
    )


@pytest.mark.parametrize("directory_urls", [True, False])
@pytest.mark.parametrize(
    "link", ["runbooks/blog.md", "/runbooks/blog", "runbooks/blog/"]
)
def test_a_link_of_the_configuration_is_one_page(
    project: Project, link: str, directory_urls: bool
) -> None:
    """From wherever the badge or the table stands; a wrong one is one warning."""
    path = project.directory / "backup-badge.toml"
    path.write_text(f"{path.read_text()}link = '{link}'\n")
    text = "<< backup_badge('blog') >>\n\n<< backup_table('blog') >>\n"
    project.page(f"# One\n\n{text}")
    project.page(f"# Two\n\n{text}", "deep/two")
    project.page("# Blog", "runbooks/blog")
    built = project.build(use_directory_urls=directory_urls)
    end = "/" if directory_urls else ".html"
    two = "deep/two/index.html" if directory_urls else "deep/two.html"
    back = "../../" if directory_urls else "../"
    assert built.warnings == []
    assert built.read().count(f'href="runbooks/blog{end}"') == 2
    assert built.read(two).count(f'href="{back}runbooks/blog{end}"') == 2
    (project.directory / "docs/runbooks/blog.md").unlink()
    (warning,) = project.build().warnings
    assert f"the link {link!r} of the configuration leads to no page" in warning


def test_warnings_name_the_file_and_the_line(project: Project) -> None:
    """The line is that of the file, front matter counted and code left out."""
    project.page(
        "---\n"
        "title: One\n"
        "---\n"
        "`<< backup_badge('webiste') >>` is not\n"
        "\n"
        "```\n"
        "<< backup_badge('webiste') >>\n"
        "```\n"
        "<!-- << backup_badge('webiste') >> -->\n"
        "\n"
        "<< backup_badge('webiste') >> << backup_badge('webiste') >>\n"
        "\n"
        "> - quoted << backup_badge(\n"
        ">   'website', lable='x') >>\n"
        "\n"
        "<< backup_table('website', columns='stat') >>\n"
        "\n"
        "<< backup_badge(website) >>\n"
        "\n"
        "<< backup_badge(website) >>\n"
        "\n"
        "<< backup_badge('group:wep') >> << backup_badge('cloudbak:a/b') >>\n",
        "deep/one",
    )
    built = project.build()
    assert sorted(built.warnings) == [
        "docs/deep/one.md:11: there is no source named 'webiste'."
        " Did you mean 'website'?",
        "docs/deep/one.md:13: backup badge: 'lable' is not an option."
        " Did you mean 'label'?",
        "docs/deep/one.md:16: backup table: 'columns' names the unknown column 'stat'."
        " Did you mean 'state'?",
        "docs/deep/one.md:18: backup badge: 'website' must stand in quotes,"
        ' "website"',
        "docs/deep/one.md:20: backup badge: 'website' must stand in quotes,"
        ' "website"',
        "docs/deep/one.md:22: 'cloudbak:a/b' names the unknown provider 'cloudbak'."
        " Did you mean 'cloudback'?",
        "docs/deep/one.md:22: there is no group named 'wep'. Did you mean 'web'?",
    ]
    main = built.main("deep/one.html")
    assert "[webiste: unknown] [webiste: unknown]" in main
    assert "{backup-badge: backup badge: 'lable' is not an option." in main


@pytest.mark.parametrize(
    "text",
    ["<< backup_badge(website) >>", "<< backup_badge('wbsite') >>"],
    ids=["malformed", "unknown"],
)
@pytest.mark.parametrize(
    "settings",
    [{}, {"plugins": [], "markdown_extensions": ["backup_badge"]}],
    ids=["plugin", "extension alone"],
)
def test_a_strict_build_fails_on_a_warning(
    project: Project, text: str, settings: dict[str, Any]
) -> None:
    """It says what and where, and other builds go on."""
    project.page(f"# One\n\n{text}\n")
    strict = project.build(strict=True, **settings)
    assert "Aborted with 1 warnings in strict mode!" in strict.said
    (warning,) = strict.warnings
    assert warning.startswith("docs/index.md:3: ")
    assert project.build(**settings).status == 0


@pytest.mark.slow
def test_a_source_that_fails_is_told_once(project: Project) -> None:
    """However often it is shown: with the place where it is first."""
    project.cloud.down = True
    project.page(f"# One\n\n{WEB} {WEB}")
    project.page(WEB, "two")
    built = project.build()
    (warning,) = built.warnings
    assert warning.startswith("docs/index.md:3: website: ")
    assert built.main("two.html") == "<p>[Website: unknown]</p>"


@pytest.mark.slow
def test_every_source_is_asked_once_and_all_at_the_same_time(project: Project) -> None:
    """Twenty pages with forty sources take about the time of one answer."""
    project.cloud.latency = 0.25
    for page in range(20):
        badges = (
            f'<< backup_badge("cloudback:acme/r{number}") >>'
            for number in (2 * page, 2 * page + 1, 0)
        )
        project.page(" ".join(badges), f"page{page}")
    began = time.monotonic()
    built = project.build()
    assert time.monotonic() - began < 20 * 0.25
    assert built.asked == 40
    assert project.build().asked == 0


def test_a_long_build_waits_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the plugin too, while its pages follow each other; another asks anew."""
    (tmp_path / "docs").mkdir()
    configuration = tmp_path / "backup-badge.toml"
    configuration.write_text("")
    os.utime(configuration, (1, 1))
    project = alone.Project(directory=tmp_path, docs_dir=tmp_path / "docs")
    now = time.monotonic()

    def page(seconds: float) -> Build:
        monkeypatch.setattr(time, "monotonic", lambda: now + seconds)
        build = alone.open_build(project, {})
        build.resolve([])
        return build

    build = page(0)
    half = LIFETIME / 2
    assert {page(half * number) for number in range(1, 10)} == {build}
    assert page(half * 9 + LIFETIME) is not build
    last = page(half * 9 + LIFETIME + 1)
    configuration.write_text('max_age = "1d"')
    assert page(half * 9 + LIFETIME + 2) is not last


def test_a_process_that_builds_for_ever_asks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer is taken for news for longer than an hour."""
    (tmp_path / "docs").mkdir()
    project = alone.Project(directory=tmp_path, docs_dir=tmp_path / "docs")
    now, builds = time.monotonic(), set()
    for number in range(int(2 * LONGEST / LIFETIME) + 2):
        seconds = number * LIFETIME / 2 + 1
        monkeypatch.setattr(time, "monotonic", lambda at=now + seconds: at)
        build = alone.open_build(project, {})
        build.resolve([])
        builds.add(build)
    assert len(builds) == 2


def test_badges_that_nobody_could_foresee_are_asked_for_too(project: Project) -> None:
    """A page may be put together while it is read, from snippets or by a hook."""
    project.write(
        "hook.py", f"def on_page_markdown(markdown, **_):\n    return '{WEB}'"
    )
    project.page("nothing")
    built = project.build(hooks=["hook.py"])
    assert built.main() == "<p>[Website: succeeded]</p>"
    assert built.warnings == []


def test_states_that_fail_the_build(project: Project) -> None:
    """One error lists every source that was shown in such a state, and where."""
    project.page("# One\n\n<< backup_table() >>\n\n<< backup_badge('nix') >>")
    plugin = {"backup-badge": {"fail_on": ["failed", "unknown"]}}
    built = project.build(plugins=[plugin])
    assert built.status == 1
    error = built.said.partition("'fail_on'")[2]
    assert "- Handbook: last backup failed (docs/index.md:3)" in error
    assert "(docs/index.md:5)" in error
    assert "Website" not in error
    project.page(WEB)
    assert project.build(plugins=[plugin]).status == 0


def test_faults_of_the_configuration_are_told_together(project: Project) -> None:
    """Each with its place and the nearest right word, and without a traceback."""
    project.page(WEB)
    project.write(
        "backup-badge.toml",
        '[sources.a]\nadress = "cloudback:a/b"\n\n[sources.b]\naddress = "x"\n',
    )
    built = project.build(
        plugins=[{"backup-badge": {"timeout": "soon", "max_agee": "1d"}}]
    )
    assert built.status == 1
    for fault in (
        "mkdocs.yml (plugins.backup-badge.timeout): 'timeout' must be a duration",
        "mkdocs.yml (plugins.backup-badge.max_agee): 'max_agee' is not an option."
        " Did you mean 'max_age'?",
        "backup-badge.toml:2: in [sources.a] 'adress' is not an option."
        " Did you mean 'address'?",
        "backup-badge.toml:5: in [sources.b] 'x' is not an address",
    ):
        assert fault in built.said
    assert "Traceback" not in built.said
    built = project.build(plugins=[{"backup-badge": {"config": "none.toml"}}])
    assert "none.toml: there is no such file" in built.said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"fail_n": ["failed"]}, "'fail_n' is not an option. Did you mean 'fail_on'?"),
        ({"fail_on": ["failed"]}, "- Handbook: last backup failed (docs/index.md:1)"),
    ],
)
def test_the_extension_alone_ends_a_build_with_a_sentence(
    project: Project, options: dict[str, Any], said: str
) -> None:
    """A fault and ``fail_on`` end it by an error of the host, without a traceback."""
    project.page('<< backup_badge("handbook") >>')
    extensions = [{"backup_badge": options}]
    built = project.build(plugins=[], markdown_extensions=extensions)
    assert (built.status, said in built.said) == (1, True)


def test_plugin_options_are_laid_over_the_file(project: Project) -> None:
    """The plugin's options win over the extension's, and theirs over the file's."""
    project.page("<< backup_badge('website') >> << backup_badge('mine') >>")
    address = "cloudback:acme/blog"
    built = project.build(
        plugins=[{"backup-badge": {"sources": {"mine": {"address": address}}}}],
        markdown_extensions=[{"backup_badge": {"offline": True, "config": "none"}}],
    )
    assert "there is no such file" in built.said
    built = project.build(
        plugins=[{"backup-badge": {"sources": {"mine": {"address": address}}}}],
        markdown_extensions=["backup_badge"],
    )
    assert built.main() == "<p>[Website: succeeded] [mine: in_progress]</p>"


def test_other_plugins_may_copy_the_configuration(project: Project) -> None:
    """A deep copy of it shares the build, which cannot be copied."""
    project.page(WEB)
    project.configure()
    config = load_config(config_file=str(project.directory / "mkdocs.yml"))
    config = config.plugins.on_config(config)
    plugin = copy.deepcopy(config).plugins["backup-badge"]
    assert plugin.build is config.plugins["backup-badge"].build


def test_secrets_stay_where_they_are(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what is written nor what is said holds one, whatever goes wrong."""
    secrets = {
        "RACKSPACE_USER": "marker-user",
        "RACKSPACE_KEY": "marker-key",
        "OTHER_TOKEN": "marker-token",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    account = {"tenant": "1", "url": project.cloud.url}
    providers = {
        "rackspace": {
            "identity_url": f"{project.cloud.url}/identity/v2.0",
            "username": "${RACKSPACE_USER}",
            "api_key": "${RACKSPACE_KEY}",
            **account,
        },
        "second": {"type": "rackspace", "token": "${OTHER_TOKEN}", **account},
    }
    project.page(
        "<< backup_badge('rackspace:backup/a') >> << backup_badge('second:backup/b') >>"
        " << backup_badge('website', token='${OTHER_TOKEN}') >>"
        " << backup_badge('second:backup/${OTHER_TOKEN}') >> << backup_table() >>"
    )
    built = project.build(
        plugins=["search", {"backup-badge": {"providers": providers}}]
    )
    assert any(b"marker" in request.body for request in project.cloud.requests)
    assert built.main().count("[") == 3
    project.configure(plugins=[{"backup-badge": {"providers": providers}}])
    config = load_config(config_file=str(project.directory / "mkdocs.yml"))
    config = config.plugins.on_config(config)
    wrote = [path.read_bytes() for path in _files(project.directory.parent)]
    said = f"{built.said}{dict(config)}{config.plugins['backup-badge'].config}"
    assert not any(b"marker-" in content for content in wrote)
    assert "marker-" not in said


def _files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


@pytest.mark.slow
def test_builds_from_one_status_file_are_the_same(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the byte, what they publish included, whenever they are made."""
    project.page("# Site\n\n<< backup_badge('website') >>\n\n<< backup_table() >>\n")
    project.write_statuses()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795233600")
    plugin = {"backup-badge": {"status_file": "backup-status.json", "export": "now"}}
    builds = []
    for _ in range(2):
        builds.append(project.build(plugins=[plugin]).files)
        time.sleep(1.1)
    assert "now/backup-status.json" in builds[0]
    assert builds[0] == builds[1]
