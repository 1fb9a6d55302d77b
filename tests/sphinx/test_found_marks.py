"""The marks that are found in a page's source are those that a build shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from backup_badge.markup.pages import find_uses
from backup_badge.values.mark import BadgeMark, TableMark

if TYPE_CHECKING:
    from conftest import Site

# Each @ stands for a source of its own, which nobody configured: a build that shows
# it warns of it, with its line.
RST = {
    "places": """\
Title :backup-badge:`@`
==========================

A word :backup-badge:`@`, `@`:backup-badge:, (:backup-badge:`@`) and
:backup-badge:`Title <@>`; *emphasis*.

- An item :backup-badge:`@`

  - nested :backup-badge:`@`

#. One :backup-badge:`@`

Term :backup-badge:`@`
    Definition :backup-badge:`@`

:Field: :backup-badge:`@`

    A quotation :backup-badge:`@`

| A line :backup-badge:`@`

+------------------------+
| A :backup-badge:`@`  |
+------------------------+

.. list-table::

   * - :backup-badge:`@`
     - .. backup-badge:: @

.. note:: In a note :backup-badge:`@`

   .. backup-badge:: @
      :label: Label

.. note::
   :class: special

   .. backup-table:: @, @

      @

   .. only:: html

      Only :backup-badge:`@`

.. backup-table:: @
   :caption: Caption

   @

A footnote [#f]_ and |used| and |told|.

.. [#f] A footnote :backup-badge:`@`

.. |used| backup-badge:: @
.. |told| replace:: told :backup-badge:`@`

.. container:: special

   A word :backup-badge:`@`
""",
    "code": """\
Title
=====

Literals ``:backup-badge:`@``` and ``a :backup-badge:`@` b`` but :backup-badge:`@`.

Escaped \\:backup-badge:`@`, x\\ :backup-badge:`@`.

Two colons::

   :backup-badge:`@`

   .. backup-badge:: @

::

   :backup-badge:`@`

Quoted::

> :backup-badge:`@`
> :backup-badge:`@`

After it :backup-badge:`@`

- An item::

    :backup-badge:`@`

  After it :backup-badge:`@`

.. code-block:: rst
   :linenos:

   .. backup-badge:: @

   :backup-badge:`@`

.. code:: rst

   :backup-badge:`@`

.. parsed-literal::

   :backup-badge:`@`

.. raw:: html

   :backup-badge:`@`

.. math::

   :backup-badge:`@`

>>> ":backup-badge:`@`"

.. A comment :backup-badge:`@`

   .. backup-badge:: @

..
   :backup-badge:`@`

..

   A quotation behind an empty comment :backup-badge:`@`

- .. a comment

     :backup-badge:`@`

  :backup-badge:`@`

.. |unused| backup-badge:: @
.. |never| replace:: :backup-badge:`@`

.. only:: html

   .. comment :backup-badge:`@`

   See::

      :backup-badge:`@`

The end :backup-badge:`@`.
""",
}

MYST = {
    "places": """\
---
author: "{backup-badge}`@`"
---

# Title {backup-badge}`@`

A word {backup-badge}`@`, ({backup-badge}`@`), {backup-badge}``@`` and
{backup-badge}`Title <@>`; *emphasis*.

- An item {backup-badge}`@`

  - nested {backup-badge}`@`

    and {backup-badge}`@`

1. One {backup-badge}`@`

   ```{backup-badge} @
   ```

> A quotation {backup-badge}`@`

| A | B |
|---|---|
| {backup-badge}`@` | x |

```{note}
In a note {backup-badge}`@`
```

````{note}
:class: special

```{backup-table} @ @
:caption: Caption

@
```

{backup-badge}`@`
````

~~~{note}
{backup-badge}`@`
~~~

```{eval-rst}
Here :backup-badge:`@`

.. backup-badge:: @

::

   :backup-badge:`@`
```

A footnote[^f].

[^f]: A footnote {backup-badge}`@`

<span>Inline {backup-badge}`@`</span>
""",
    "code": """\
# Title

Spans `{backup-badge}` and ``{backup-badge}`@` `` and ` {backup-badge}` but
{backup-badge}`@`.

Escaped \\{backup-badge}`@`.

```
{backup-badge}`@`
```

```text
{backup-badge}`@`

{backup-badge}`@`
```

~~~
```{backup-badge} @
```
~~~

````
```{backup-table} @
```
{backup-badge}`@`
````

- An item

  ```
  {backup-badge}`@`

  {backup-badge}`@`
  ```

  after it {backup-badge}`@`

> ```
> {backup-badge}`@`

After a quotation {backup-badge}`@`

Text

    {backup-badge}`@`

    {backup-badge}`@`

- An item

      {backup-badge}`@`

  {backup-badge}`@`

```{code-block} markdown
{backup-badge}`@`
```

````{note}
```
{backup-badge}`@`
```

{backup-badge}`@`
````

<!-- {backup-badge}`@` -->

<!--
{backup-badge}`@`

{backup-badge}`@`
-->

Text <!-- {backup-badge}`@` --> and {backup-badge}`@`

% {backup-badge}`@`

<div>
{backup-badge}`@`
</div>

<pre>
{backup-badge}`@`

{backup-badge}`@`
</pre>

- odd `
- {backup-badge}`@`
- odd `

The end {backup-badge}`@`
""",
}


def named(page: str) -> str:
    """Return a page with a name of its own in the place of each ``@``."""
    numbers = iter(range(1000))
    return re.sub("@", lambda _: f"q{next(numbers):02}", page)


@pytest.mark.parametrize(
    ("name", "page"),
    [("index.rst", page) for page in RST.values()]
    + [("index.md", page) for page in MYST.values()],
    ids=[*(f"rst-{name}" for name in RST), *(f"myst-{name}" for name in MYST)],
)
def test_what_is_found_is_what_a_build_shows(site: Site, name: str, page: str) -> None:
    """Each source that a build shows is found, and none that stands in code."""
    site.write(**{name.replace(".", "_"): named(page)})
    built = site.build()
    shown = re.findall(r"there is no source named '(q\d+)'", built.warned)
    assert all("there is no source named" in line for line in built.warnings)
    found = []
    for use in find_uses(site.docs / name):
        if isinstance(use.mark, BadgeMark):
            found.append(use.mark.target)
        elif isinstance(use.mark, TableMark):
            found += use.mark.targets
    assert sorted(found) == sorted(shown)
    lines = named(page).split("\n")
    for use in find_uses(site.docs / name):
        if isinstance(use.mark, BadgeMark):
            assert use.mark.target in lines[use.line - 1]
