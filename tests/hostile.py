"""Texts that want to be more than text, and documents that hold them in every place where a document may hold free text."""

import json
from collections.abc import Sequence
from html import escape

import yaml

from inputs import page

SCRIPTS = (
    "<script>pwned=1</script>",
    "<ScRiPt >pwned=1</sCrIpT\t>",
    "<script/x>pwned=1</script/>",
    "<scr<script>ipt>pwned=1</scr</script>ipt>",
    "<script src=https://elsewhere.example/x.js></script>",
    "<script src=data:text/javascript,pwned=1></script>",
    "</script><script>pwned=1</script>",
    "</SCRIPT\n><img src=x onerror=pwned=1>",
    "<!--<script>pwned=1//-->",
    "<!--<script>",
    "--><script>pwned=1</script>",
    "]]><script>pwned=1</script>",
    "<![CDATA[<script>pwned=1</script>]]>",
    "</title><script>pwned=1</script>",
    "</style><script>pwned=1</script>",
    "</textarea></noscript><script>pwned=1</script>",
    "\ufeff<script>pwned=1</script>",
    "+ADw-script+AD4-pwned=1+ADw-/script+AD4-",
    "\uff1cscript\uff1epwned=1\uff1c/script\uff1e",
    "&lt;script&gt;pwned=1&lt;/script&gt; &#60;script&#62; &amp;lt; &nbsp;",
)
"""Elements of script, and ways out of the places where a page may hold text."""

HANDLERS = (
    "<img src=x onerror=pwned=1>",
    '"><img src=x onerror="pwned=1">',
    "'><img src=x onerror='pwned=1'>",
    '" onmouseover="pwned=1" autofocus onfocus="pwned=1" x="',
    "' onfocus='pwned=1' tabindex=0 x='",
    "` onload=`pwned=1",
    "<svg onload=pwned=1>",
    "<svg><script>pwned=1</script></svg>",
    "<svg><animate onbegin=pwned=1 attributeName=x dur=1s>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.pwned=1</script>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=pwned=1>",
    "<details open ontoggle=pwned=1>",
    "<body onload=alert(1)><base href=https://elsewhere.example/>",
    "<iframe src=javascript:parent.pwned=1></iframe>",
    "<object data=https://elsewhere.example/x></object><embed src=//elsewhere.example/y>",
    "<meta http-equiv=refresh content='0;url=https://elsewhere.example/'>",
    "<link rel=stylesheet href=https://elsewhere.example/x.css>",
    "<style>*{background:url(https://elsewhere.example/z)}</style>",
    "<form action=https://elsewhere.example/><button autofocus onfocus=pwned=1>",
    "<a href=javascript:pwned=1 ping=https://elsewhere.example/>x</a>",
    "<template><p id=panel></template><p id=search name=nodes>",
    "<plaintext>",
)
"""Elements and attributes that run something, fetch something or take a name of the page."""

ADDRESSES = (
    "javascript:pwned=1",
    "JaVa\tScRiPt:alert(1)",
    "javascript://%0aalert(1)",
    "data:text/html,<script>pwned=1</script>",
    "vbscript:msgbox(1)",
    "//elsewhere.example/x",
    "file:///etc/passwd",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
)

TEMPLATES = (
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{% for x in (1,2) %}x{% endfor %}",
    "{0.__class__.__init__.__globals__} %s %n %(name)s",
    "$title ${title} $$ {title} \\g<0> \\1",
    "@@DATA@@ __DATA__ %%DATA%% <!--DATA-->",
    "`pwned=1` ${pwned=1}",
)

DATA = (
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    '","pwned":1,"x":"',
    "\\",
    '\\"; pwned=1; //',
    "'; pwned=1; //",
    "line\u2028separator\u2029paragraph",
    "*/ pwned=1 /*",
    "'; DROP TABLE nodes; --",
    "') OR 1=1 --",
    "'}) DETACH DELETE n //",
    "`) MATCH (n) DETACH DELETE n //",
    "null",
    "NaN",
    "1e999",
    "-0",
)
"""What data formats and query languages give a meaning to."""

PICTURES = (
    '"]; click n0 call pwned(); n1["',
    'n0["x"] --> n1',
    "graph TD; A[<img src=x onerror=pwned=1>]",
    '%%{init: {"securityLevel": "loose"}}%%',
    "end subgraph x; classDef y fill:#f00",
    "#quot; #35; #lt;script#gt;",
    '"]; } digraph y { a -> b [URL="javascript:pwned=1"',
    "<b>bold</b> \\N \\G \\L \\l",
    '"/><script href="data:text/javascript,pwned=1"/><text x="',
    "</text></svg><script>pwned=1</script>",
    "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    "# heading [link](javascript:pwned=1) ![x](https://elsewhere.example/x.png)",
    "| cell | cell |\n|---|---|\n> quote\n```\ncode",
    "*bold* _it_ ~~s~~ <https://elsewhere.example/> [x]: javascript:pwned=1",
    "$$\\href{javascript:pwned=1}{x}$$ \\input{/etc/passwd}",
)
"""Ways out of SVG, Mermaid, DOT and Markdown."""

SHEETS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(1,1)",
    "-2+3",
    "\t=1+1",
    '=HYPERLINK("https://elsewhere.example")',
    'a,"b"\r\n"c"',
)

SCREENS = (
    "\x1b[31mred\x1b[0m \x1b[2J\x1b[H",
    "\x1b]8;;https://elsewhere.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]0;title\x07\x1bP+q544e\x1b\\ \x9b31m \x9d0;x\x9c",
    "[bold red]markup[/bold red] [/] [link=https://elsewhere.example]x[/link]",
    "back\b\b\b\bspace \x7f\x7f",
    "carriage\rreturn \r\n and \x0b\x0c\x85 new lines",
    "\u202egnp.exe\u202c",
    "\u2066\u2067\u2068isolates that nobody closes",
    "\u061c\u200e\u200fmarks",
    "zero\u200bwidth\u200c\u200d\u2060\ufeff\u00ad",
    "tag\U000e0041\U000e0042\U000e007f",
    "Z\u0335\u0321\u0322a\u0336\u0327\u0328lgo" + "\u0300\u0301\u0302\u0303\u0304" * 40,
    "\ufdfd\U00012031 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\ufff9a\ufffab\ufffb \ufffe\uffff \U0010ffff",
    "   ",
    "\u3164",
    "x" * 10_000,
    "<b>" * 3_000,
)
"""What steers a terminal, hides, or takes more room than a name has."""

HOSTILE = (*SCRIPTS, *HANDLERS, *ADDRESSES, *TEMPLATES, *DATA, *PICTURES, *SHEETS, *SCREENS)
"""Names that files may hold."""

FAIR = ("Überprüfer für Größen", "契約審査エージェント", "سارة الوكيل", "סוכן תשלומים", "O'Brien & Søn <ops>", "Агент №7")
"""Names that are only unusual, and have to be shown as they are."""

REFUSED = ("nul\x00", "half \ud83d", "other half \udca9")
"""Names that no document may hold."""

CROWD = (*HOSTILE, *FAIR)

PLAIN = tuple(f"Agent number {number:03}" for number in range(len(CROWD)))
"""As many names that are nothing but names: what is drawn of them is the measure for the others."""

SYSTEM, SECOND = "hostile-crew", "second-crew"


class _Quoting(yaml.SafeDumper):
    """YAML in which every text is quoted, so that none is a number."""


_Quoting.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def documents(names: Sequence[str]) -> dict[str, str]:
    """File name to text of documents with ``names`` in every free text: products, their pages, and the system that wires them.

    Compromise of the ``hub`` of the system reaches every agent ``a-<number>``, which has the name of that number: each passes
    it on to three others.
    """
    products = [_assessment(f"p-{number:03}", name) for number, name in enumerate(names)]
    even, odd = products[::2], products[1::2]
    ours = {
        "assessments.yaml": yaml.dump_all(even, Dumper=_Quoting),
        "assessments.json": json.dumps(odd),
        f"{SYSTEM}.yaml": yaml.dump(_system(SYSTEM, names), Dumper=_Quoting),
        f"{SECOND}.json": json.dumps(_system(SECOND, names[:: len(names) // 12])),
    }
    pages = {}
    for number, name in enumerate(names):
        form = ("full", "table")[number % 2]
        text = _page(f"page-{number:03}", name, form)
        pages[f"page-{number:03}.{form}"] = text if number % 4 < 2 else _html(text)
    return {**ours, **pages}


def _assessment(agent: str, name: str) -> dict[str, object]:
    return {
        "kind": "assessment",
        "agent": {"id": agent, "name": name},
        "source": {"title": name, "url": "https://elsewhere.example/" + "".join(name.split()), "as_of": "2026-11-20"},
        "scores": {"dynamic_tool_use": 0.7},
        "layers": [{"id": "L3", "certainty": "mapped"}],
        "threats": [{"threat": "owasp:T2", "layer": "L3", "quote": name}, {"threat": "owasp:T12", "quote": name}],
    }


def _system(system: str, names: Sequence[str]) -> dict[str, object]:
    denied = [{"threat": "owasp:T17", "polarity": "denied", "reason": name} for name in names]
    agents = [
        {"id": f"a-{number:03}", "name": name, "role": name, "based_on": f"p-{number:03}", "faces": [denied[number]]}
        for number, name in enumerate(names)
    ]
    fallen = ["hub", *(f"a-{(number - 1) // 3:03}" for number in range(1, len(names)))]
    wired = [
        {"from": fallen[number], "to": f"a-{number:03}", "channel": "message", "protocol": name}
        for number, name in enumerate(names)
    ]
    notes = {"id": f"{system}-notes", "kind": "memory", "readers": ["a-001"], "writers": ["a-002"]}
    hub = {"id": "hub", "name": f"Hub {names[0]}", "entry": True}
    parts = {"agents": [hub, *agents], "integrations": wired, "resources": [notes]}
    return {"kind": "system", "id": system, "name": names[0], "source": {"title": names[1]}, **parts}


def _page(slug: str, name: str, form: str) -> str:
    """A page with ``name`` in the title where a title may hold it, and in its prose beside a threat."""
    line = " ".join(name.split())
    title = line if 0 < len(line) <= 300 else slug
    address = f"https://elsewhere.example/directory/{slug}/threat-model\n"
    changed = {"tool misuse": f"tool misuse ({line})"} if form == "full" else {}
    return f"Agents\n{page(title, form, changed)}\n{address}"


def _html(text: str) -> str:
    """The same page as HTML, its text escaped, and each line a paragraph."""
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in text.splitlines())
    return f"<!doctype html><html><head><title>x</title></head><body>\n{paragraphs}</body></html>\n"
