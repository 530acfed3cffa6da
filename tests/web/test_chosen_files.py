"""A file that was chosen is never left out in silence, whatever the form that it came with had wrong."""

import inspect
from types import SimpleNamespace

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import get_resolver
from django.utils.datastructures import MultiValueDict
from django_cotton import render_component

from ecpd.web.forms import UswdsFormMixin

OURS = ("ecpd.", "cases.", "leads.", "parking.")
TERMS = SimpleNamespace(is_for_guests=False, plates_max=1, asked=[])
GIVEN = {"shows": {}, "terms": TERMS}  # what a form is made with beside what was sent; else None


def with_files() -> list[type]:
    """Each form of the house that takes a file."""
    get_resolver().url_patterns  # noqa: B018 - every form is imported by its page
    found, waiting = [], [forms.BaseForm]
    while waiting:
        each = waiting.pop()
        waiting += each.__subclasses__()
        if each.__module__.startswith(OURS) and file_fields(each):
            found.append(each)
    return sorted(set(found), key=lambda each: (each.__module__, each.__name__))


def file_fields(cls: type) -> list[str]:
    """The names of its file fields."""
    return [name for name, field in getattr(cls, "base_fields", {}).items() if isinstance(field, forms.FileField)]


def sent(cls: type, data: dict, *names: str) -> forms.BaseForm:
    """The form as it came, with a file of each of these fields."""
    asked = inspect.signature(cls.__init__).parameters.values()
    more = {one.name: GIVEN.get(one.name) for one in asked if one.kind == one.KEYWORD_ONLY and one.default is one.empty}
    files = MultiValueDict({name: [SimpleUploadedFile("lift.jpg", b"\xff\xd8\xff")] for name in names})
    return cls(data, files, **more)


def shows(form: forms.BaseForm, name: str) -> str:
    """The field as its page shows it."""
    return render_component(RequestFactory().get("/"), "dropzone", {"field": form[name]})


def test_every_form_with_a_file_is_one_that_asks_again():
    found = with_files()
    assert len(found) >= 12
    assert [each.__name__ for each in found if not issubclass(each, UswdsFormMixin)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("cls", with_files(), ids=lambda each: f"{each.__module__}.{each.__name__}")
def test_a_form_that_came_back_never_goes_on_without_its_file(cls):
    for name in file_fields(cls):
        first = sent(cls, {}, name)
        page = shows(first, name)
        assert 'value="lift.jpg"' in page and "Choose the file again: " in page
        again = sent(cls, {f"{name}-chosen": "lift.jpg"})
        assert again.errors[name]
        assert 'value="lift.jpg"' in shows(again, name)
        optional = not again.fields[name].required
        assert ("Go on without it" in page) is optional
        if optional:
            assert again.errors[name] == ["Choose the file again: lift.jpg was not kept."]
            assert "not kept" not in str(
                sent(cls, {f"{name}-chosen": "lift.jpg", f"{name}-without": "on"}).errors.get(name, "")
            )
        assert "not kept" not in str(sent(cls, {f"{name}-chosen": "lift.jpg"}, name).errors.get(name, ""))
        assert "hidden" in shows(sent(cls, {}), name).partition('<p class="note')[0]
