ON_THE_DESK = frozenset()
