"""Owns what becomes of a form whose sign-in is over: gone on with by who typed it, else kept in the page (R10)."""

from collections.abc import Mapping

from services.gateway.access.kept_forms import Values
from services.gateway.pages.api import ApiProblem
from services.gateway.pages.forms import Form, Missing
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

NOT_TYPED = frozenset({"csrf", "key", "kept"})
LOOK = N_("Nothing was sent yet. Look at what you typed, then press again.")


def take_up(visit: Visit, template: str) -> bool:
    """Whether it was typed in an earlier sign-in by who is signed in now: then it is the visit's form, handed back.

    A form of somebody else, or of nobody who is signed in, is kept in the page of the problem. Raises ApiProblem 403
    where somebody else is signed in meanwhile.
    """
    form, forms = visit.form, visit.site.kept_forms
    typed = {name: values for name, values in form.values.items() if name not in NOT_TYPED and any(values)}
    drawn = forms.seal(template, form.one("csrf"), typed, visit.request.path_params) if typed else []
    pieces = form.all("kept") or tuple(drawn)
    found = forms.open(pieces, template)
    if found is None:
        return False
    if visit.session is not None and found.is_of(visit.principal):
        _hand_back(visit, *found.in_sign_in(visit.session))
        return True
    visit.kept = pieces
    if visit.principal is not None:
        raise ApiProblem(403, {"type": "/problems/typed-by-another"})
    return False


def _hand_back(visit: Visit, values: Values, path: Mapping[str, str]) -> None:
    visit.form = Form(values, returned=True, missing=[Missing("main", visit.words.say(LOOK))])
    visit.request.path_params.update(path)
