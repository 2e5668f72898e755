"""An invoice on paper: a PDF of one page, written by hand, in the reader's own Helvetica."""

from newsroom.core.money import Money
from newsroom.sandbox.engine.store import Body
from newsroom.sandbox.views.dates import moment

# WinAnsi has no Turkish letters: they are put where it has control characters.
_TURKISH = {
    "ğ": ("gbreve", 1),
    "Ğ": ("Gbreve", 2),
    "ş": ("scedilla", 3),
    "Ş": ("Scedilla", 4),
    "ı": ("dotlessi", 5),
    "İ": ("Idotaccent", 6),
}
_LINE = 18


def paper(invoice: Body) -> bytes:
    """The PDF. Letters outside Western European and Turkish are shown as question marks."""
    return _pdf(_drawn(invoice))


def _drawn(invoice: Body) -> bytes:
    currency = invoice["currency"]
    rows = [
        (20, invoice["account_name"]),
        (11, "TEST INVOICE from the stand-in for Stripe: no money was moved."),
        (11, ""),
        (11, f"Invoice {invoice['number']}   {moment(invoice['status_transitions']['finalized_at']):%Y-%m-%d}"),
        *_asked(invoice),
        (11, f"To {invoice['customer_name'] or ''} {invoice['customer_email'] or ''}"),
        (11, ""),
        *((11, f"{line['description']}   {Money(line['amount'], currency)}") for line in invoice["lines"]["data"]),
        *_credit(invoice),
        (11, ""),
        (13, f"Total   {Money(invoice['total'], currency)}"),
        (13, f"Amount due   {Money(invoice['amount_remaining'], currency)}   ({invoice['status']})"),
    ]
    rows += [(11, ""), *((11, each) for each in (invoice["footer"] or "").splitlines())]
    drawn, height = [], 780
    for size, text in rows:
        drawn.append(b"BT /F1 %d Tf 60 %d Td (%s) Tj ET" % (size, height, _escaped(text)))
        height -= _LINE + size - 11
    return b"\n".join(drawn)


def _asked(invoice: Body) -> list[tuple[int, str]]:
    """The day of payment, and the customer's own fields: the number of its order, its VAT id."""
    due = [(11, f"Pay by {moment(invoice['due_date']):%Y-%m-%d}")] if invoice["due_date"] else []
    return due + [(11, f"{each['name']}: {each['value']}") for each in invoice["custom_fields"] or []]


def _credit(invoice: Body) -> list[tuple[int, str]]:
    used = invoice["total"] - invoice["amount_due"] - invoice["pre_payment_credit_notes_amount"]
    return [(11, f"Credit   {Money(-used, invoice['currency'])}")] if used > 0 else []


def _escaped(text: str) -> bytes:
    out = bytearray()
    for letter in text:
        byte = bytes([_TURKISH[letter][1]]) if letter in _TURKISH else letter.encode("cp1252", "replace")
        out += b"\\%03o" % byte[0] if byte in b"()\\" or byte[0] < 32 else byte
    return bytes(out)


def _pdf(content: bytes) -> bytes:
    differences = " ".join(f"{code} /{glyph}" for glyph, code in _TURKISH.values())
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding 6 0 R >>",
        f"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [{differences}] >>".encode(),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
