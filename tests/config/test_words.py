import gettext
import os

import pytest
from babel.messages.pofile import PoFileError

from newsroom.config import words

TURKISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Subscribe"
msgstr "Abone ol"

msgid "%d story"
msgid_plural "%d stories"
msgstr[0] "%d haber"
msgstr[1] "%d haberler"

#, fuzzy
msgid "Sign in"
msgstr "Çık"
"""


def a_translation(root, text=TURKISH):
    source = root / "locale" / "tr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(text)
    return source


def test_a_translation_is_compiled_without_gettexts_tools(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    source = a_translation(tmp_path)
    assert words.compile_all(tmp_path) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as compiled:
        turkish = gettext.GNUTranslations(compiled)
    found = turkish.gettext("Subscribe"), turkish.ngettext("%d story", "%d stories", 2), turkish.gettext("Sign in")
    assert found == ("Abone ol", "%d haberler", "Sign in")
    assert sorted(os.listdir(source.parent)) == ["django.mo", "django.po"]


def test_what_is_current_is_left_alone_and_what_is_older_is_made_anew(tmp_path):
    source = a_translation(tmp_path)
    compiled = source.with_suffix(".mo")
    words.compile_all(tmp_path)
    assert words.compile_all(tmp_path) == []
    os.utime(compiled, (1, 1))
    assert words.compile_all(tmp_path) == [compiled]


def test_a_broken_translation_is_not_compiled(tmp_path):
    source = a_translation(tmp_path, 'msgid "Subscribe"\nthis is no translation\n')
    with pytest.raises(PoFileError):
        words.compile_all(tmp_path)
    assert not source.with_suffix(".mo").exists()
