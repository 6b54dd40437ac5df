"""Lines of TOML members, so that a message about target.toml names one."""

from conformance.loader.toml_lines import toml_lines

TEXT = """\
# a comment = nothing
[target]
base_url = "https://a.example"   # x = y

[clients."hub"]
client_id = "HUB"
limits.most = 3
"""


def test_each_table_and_member_has_its_line() -> None:
    assert toml_lines(TEXT) == {
        ("target",): 2,
        ("target", "base_url"): 3,
        ("clients", "hub"): 5,
        ("clients", "hub", "client_id"): 6,
        ("clients", "hub", "limits", "most"): 7,
    }
