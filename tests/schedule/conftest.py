from hypothesis import settings

# A busy machine is no bug: how long an example takes says nothing.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
