"""One of several processes that publish at once: waits for a line on its input, then releases its stories."""

import sys

import django


def main(who: int, count: int) -> None:
    from newsroom.core.audit import SYSTEM
    from newsroom.wire import actions
    from newsroom.wire.models import Desk
    from newsroom.wire.rules import Signal
    from tests.factories import NOON, a_draft, a_picture

    desk = Desk.objects.get()
    drafts = [a_draft(uri=f"urn:{who}:{n}", headline=f"Story {n} of {who}", desk=desk) for n in range(count)]
    picture = (a_picture(),)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for number, draft in enumerate(drafts):
        draft = a_draft(uri=draft.uri, headline=draft.headline, desk=desk, pictures=picture if number % 10 == 0 else ())
        actions.release(draft=draft, signal=Signal.NEW, by=SYSTEM, at=NOON)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
