"""Form fields carry their look, their hint and their error, and name what is missing."""

import re

from django import forms
from django.test import RequestFactory
from django_cotton import render_component

from ecpd.web.forms import TileRadios, UswdsFormMixin, field_attrs, widget_kind
from tests.web.styleguide import SpecimenForm


def _field(form, name: str) -> str:
    return render_component(RequestFactory().get("/"), "field", field=form[name])


def test_every_widget_has_its_kind():
    form = SpecimenForm()
    kinds = {name: widget_kind(field.widget) for name, field in form.fields.items()}
    assert kinds == {
        "origin": "text", "purpose": "select", "reason": "textarea", "conclusion": "radios", "sources": "checkboxes",
        "read": "checkbox", "secret": "password", "picture": "file",
    }  # fmt: skip


def test_a_field_names_its_hint_and_its_error():
    form = SpecimenForm({})
    attrs = field_attrs(form["origin"])
    assert attrs["aria-describedby"] == "id_origin_helptext id_origin_error"
    assert attrs["aria-invalid"] == "true"
    assert attrs["class"] == "usa-input usa-input--error"


def test_the_ids_a_field_names_stand_on_the_page():
    html = _field(SpecimenForm({}), "origin")
    assert 'id="id_origin_helptext"' in html
    assert 'id="id_origin_error"' in html


def test_what_is_missing_is_named():
    form = SpecimenForm({})
    assert form.errors["reason"] == ["Fill in “Reason, in your own words”."]
    assert form.errors["purpose"] == ["Choose an answer for “Purpose”."]
    assert form.errors["read"] == ["Confirm: I read the packet."]


def test_a_form_s_own_words_are_kept():
    assert SpecimenForm({}).errors["origin"] == ["Say who gave it to you, how and when."]


def test_a_class_of_the_author_stays():
    class OwnForm(UswdsFormMixin, forms.Form):
        number = forms.CharField(widget=forms.TextInput(attrs={"class": "mono"}))

    assert 'class="mono usa-input"' in str(OwnForm()["number"])


def test_tiles_carry_a_sentence_each_and_none_is_preset():
    html = _field(SpecimenForm(), "conclusion")
    assert "Similar throughout." in html
    assert "At least one difference." in html
    assert not re.search(r"\schecked", html)


def test_an_answer_given_is_kept_after_an_error():
    html = _field(SpecimenForm({"conclusion": "no"}), "conclusion")
    assert len(re.findall(r"\schecked", html)) == 1


def test_tiles_without_sentences_are_plain():
    class PlainForm(forms.Form):
        answer = forms.ChoiceField(choices=[("y", "Yes")], widget=TileRadios)

    assert "label-description" not in _field(PlainForm(), "answer")


def test_the_summary_counts_and_links_to_each_field():
    form = SpecimenForm({"origin": "Store owner", "purpose": "suspect", "reason": "r", "read": "on"})
    html = render_component(RequestFactory().get("/"), "errors", form=form)
    assert "Two things to fix" in html
    assert 'href="#id_secret"' in html


class Worded(UswdsFormMixin, forms.Form):
    """A form with text that is required, text that is not, and a password."""

    reason = forms.CharField(label="Why", widget=forms.Textarea)
    remark = forms.CharField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput)


def test_a_required_answer_says_something():
    form = Worded({"reason": "- ?!", "remark": "-", "secret": "!?-..,"})
    assert form.errors == {"reason": ["“Why” says nothing: write it with letters or digits."]}
    assert Worded({"reason": "李", "secret": "-"}).is_valid()


def test_what_django_says_of_a_value_names_the_question_in_plain_words():
    class Asked(UswdsFormMixin, forms.Form):
        reason = forms.CharField(min_length=20, max_length=30)
        code = forms.SlugField()
        places = forms.IntegerField(min_value=1, max_value=5, label="Plates at a time")
        amount = forms.DecimalField(max_digits=4, decimal_places=2)

    low = Asked({"reason": "too short.", "code": "a b", "places": "0", "amount": "1.234"}).errors
    high = Asked({"reason": "x" * 31, "code": "a", "places": "6", "amount": "123456"}).errors
    assert low["reason"] == ["“Reason” needs at least 20 characters; there are 10."]
    assert low["places"] == ["“Plates at a time” is 1 or more."]
    assert high["places"] == ["“Plates at a time” is 5 at most."]
    assert low["code"] == ["“Code” takes letters, digits, hyphens and underscores only."]
    said = [each for errors in (low, high) for each in errors.values()]
    assert not any("Ensure" in str(one) or "valid" in str(one) for one in said)
