"""Owns how a page is made: templates in two languages, static files under names that change with them, safe headers."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from services.gateway.pages import terms
from services.gateway.pages.figures.defined import defined_in
from services.gateway.pages.words import LANGUAGES, Words, translations

HERE = Path(__file__).parent
STATIC = HERE / "static"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


class StaticFiles:
    """Our own stylesheet, script and mark. Each is served under its content's hash, so it may be kept for ever."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._files = {path.name: path for path in sorted(folder.iterdir()) if path.suffix in MEDIA_TYPES}
        self._hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for name, path in self._files.items()}

    def address(self, name: str) -> str:
        """Raises KeyError for a file that is not there, so that a slip in a template shows in the first test."""
        return f"/static/{self._hashes[name]}/{name}"

    async def serve(self, request: Request) -> Response:
        name = str(request.path_params["name"])
        if self._hashes.get(name) != request.path_params["hash"]:
            return Response(status_code=404)
        path = self._files[name]
        headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
        return FileResponse(path, media_type=MEDIA_TYPES[path.suffix], headers=headers)


class Renderer:
    """Templates, once for each language. A name that a template misses is an error, never an empty place."""

    def __init__(self, static: StaticFiles, *, https: bool) -> None:
        self._https = https
        self._environments = {language: _environment(language, static) for language in LANGUAGES}

    def text(self, template: str, language: str, context: Mapping[str, Any]) -> str:
        """What is no page of ours: a picture, a file to keep."""
        return self._environments[language].get_template(template).render(context)

    def page(self, template: str, language: str, status: int, context: Mapping[str, Any]) -> HTMLResponse:
        text = self.text(template, language, context)
        forms = context.get("forms_may_go_to", ())
        headers = safe_headers(https=self._https, forms_may_go_to=forms) | {"Content-Language": language}
        return HTMLResponse(text, status, headers)


class Absent(StrictUndefined):
    """A name that is not there is an error, but a member that an answer of the API leaves out counts as no."""

    def __bool__(self) -> bool:  # type: ignore[override]  # StrictUndefined says that it never returns
        if not isinstance(self._undefined_obj, dict):
            self._fail_with_undefined_error()
        return False


class _Compiled(BytecodeCache):
    """The code of each template, which is the same in every language: made once in a process."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._code.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED: Final = _Compiled()


def _environment(language: str, static: StaticFiles) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=Absent,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=_COMPILED,
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters["phone"] = lambda number, words: words.phone(number)
    environment.filters["contact_mode"] = lambda mode, words: words.say(terms.CONTACT_MODES.get(mode, mode))
    environment.globals["static"] = static.address
    environment.globals["languages"] = LANGUAGES
    environment.globals["terms"] = terms
    environment.globals["moment"] = datetime.fromisoformat
    environment.globals["day_of"] = date.fromisoformat
    environment.globals["last_day"] = _last_day
    environment.globals["names_of"] = _names_of
    environment.globals["said"] = _said
    environment.globals["defined_in"] = defined_in
    environment.globals["fresh_key"] = lambda: secrets.token_urlsafe(18)
    return environment


def _last_day(until: str, words: Words) -> date:
    """The last local day of a span that ends before `until`."""
    return (words.local(datetime.fromisoformat(until)) - timedelta(microseconds=1)).date()


def _names_of(languages: list[str], words: Words) -> list[str]:
    return [words.language_name(code, inside=True) for code in languages]


def _said(codes: list[str], names: Mapping[str, str], words: Words) -> list[str]:
    """Coded values in words, in the middle of a sentence."""
    return [words.say(names.get(code, code)).lower() for code in codes]


def safe_headers(*, https: bool, forms_may_go_to: tuple[str, ...] = ()) -> dict[str, str]:
    """Nothing but our own files, no inline style or script, no frame, no copy kept (Content Security Policy 3)."""
    policy = {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self'",
        "form-action": " ".join(["'self'", *forms_may_go_to]),
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
        "Vary": "Cookie, Accept-Language",
    }
    return headers | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})
