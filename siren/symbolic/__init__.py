"""Rules over scenes and plans: facts, checking, repair. Everything that clingo does is asked for through `asp`."""
