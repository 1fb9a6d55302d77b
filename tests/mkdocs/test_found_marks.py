"""The marks that are found in a page's source are those that a build shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from backup_badge.markup.pages import find_uses
from backup_badge.values.mark import BadgeMark, TableMark

if TYPE_CHECKING:
    from conftest import Project

# Each @ stands for a macro with a source of its own, which nobody configured: a build
# that shows it warns of it, with its line.
PLACES = """\
---
title: '@'
---

# Title @

A word @ and *emphasis @*, [a link @](https://example.org), ~~~ @.

Title @
-------

- An item @
    - nested @

        a paragraph in it @

1. One @

    a paragraph @

> A quotation @
>
> - @

| A | B |
|---|---|
| @ | `x` @ |

<div markdown="1">
Text @
</div>

Inline <b>@</b> and takes <one hour, that's the goal: @

!!! note "Title"
    In a note @

    1. @

??? note
    In details @

=== "Tab"

    In a tab @

Term
:   A definition @

A footnote[^f].

[^f]: A footnote @

    with more @

An odd ` in one paragraph

and @ in the next, with ` again.
"""

CODE = """\
# Title @

Spans `@`, ``@ ` ``, `over
@ lines`, but @, and an escaped \\`@\\`.

An escaped \\@, and one that is not: \\\\@

```
@
```

``` python
@

@
```

~~~
@
```
@
~~~

````
```
@
```
````

```{.text .special}
@
```

- An item

    ```
    @
    ```

- the next @

> ```
> @
> ```

After a quotation @

Text

    @

    @

- An item

        @

    a paragraph @

<!-- @ -->

<!--
@

@
-->

Text <!-- @ --> and @

<pre>
@

@
</pre>

<pre><code>@</code></pre>

<script>
@
</script>

- odd `
- @
- odd `

The end @
"""

# Where the two extensions for fences differ, and the page depends on which is used.
FENCES = """\
1. Run:

    ```
    @

    @
    ```
2. Then @

> ~~~
> @
> ~~~

``` text title="A title"
@

@
```

The end @
"""

STOCK: list[object] = ["md_in_html", "admonition", "footnotes", "def_list"]
PYMDOWN: list[object] = [
    *STOCK,
    *("pymdownx.superfences", "pymdownx.details"),
    {"pymdownx.tabbed": {"alternate_style": True}},
]


def named(page: str) -> str:
    """Return a page with a macro for a name of its own in the place of each ``@``."""
    numbers = iter(range(1000))
    return re.sub("@", lambda _: f'<< backup_badge("q{next(numbers)}") >>', page)


def found(project: Project) -> list[tuple[int, str]]:
    """Return the lines and the sources that are found in the page."""
    uses = []
    for use in find_uses(project.directory / "docs" / "index.md"):
        if isinstance(use.mark, BadgeMark):
            uses.append((use.line, use.mark.target))
        elif isinstance(use.mark, TableMark):
            uses += [(use.line, target) for target in use.mark.targets]
    return uses


def shown(project: Project, extensions: list[object]) -> list[tuple[int, str]]:
    """Return the lines and the sources that a build of the page warns of."""
    built = project.build(markdown_extensions=extensions)
    assert built.status == 0
    pattern = r"index\.md:(\d+): there is no source named '(q\d+)'"
    lines = [re.match(rf"docs/{pattern}", warning) for warning in built.warnings]
    assert all(lines), built.warnings
    return sorted((int(line[1]), line[2]) for line in lines if line)


@pytest.mark.parametrize("extensions", [STOCK, PYMDOWN], ids=["stock", "pymdown"])
@pytest.mark.parametrize("page", [CODE, PLACES], ids=["code", "places"])
def test_what_is_found_is_what_a_build_shows(
    project: Project, page: str, extensions: list[object]
) -> None:
    """Each source that a build shows is found in its line, and none in code."""
    if extensions is STOCK:
        # Without their extensions these blocks are code.
        page = re.sub(r"(?ms)^\?\?\?.*?(?=^Term)", "", page)
    project.page(named(page))
    assert sorted(found(project)) == shown(project, extensions)


def test_where_extensions_differ_either_counts(project: Project) -> None:
    """What one of the extensions for fences shows is found, unless the host names it.

    A site with superfences says so, in a file beside the folder of its pages.
    """
    project.page(named(FENCES))
    pymdown = shown(project, PYMDOWN)
    assert sorted(found(project)) == pymdown
    stock = shown(project, STOCK)
    assert stock != pymdown
    assert sorted(found(project)) == sorted({*stock, *pymdown})
