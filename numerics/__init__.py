"""How it is computed: expressions of ``theory`` compiled to numeric routines."""
