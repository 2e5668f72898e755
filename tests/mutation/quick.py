"""A plugin of pytest: properties are tried with the same examples each time, and a failure is not made smaller first."""

from hypothesis import Phase, settings

settings.register_profile(
    "mutation", derandomize=True, database=None, deadline=None, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("mutation")
