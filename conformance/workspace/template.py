"""The text of a new target.toml, with a comment on each entry."""

import json
from collections.abc import Mapping

from conformance.workspace.options import WorkspaceOptions

_HEAD = """\
# 被测平台的描述，供 fcsp 使用。本文件不含密钥，可以共享。
# The platform under test, as fcsp sees it. It holds no secret and can be shared.

[target]
base_url = {base_url}          # 平台根地址 / root of the platform
profile = {profile}            # fcsp list --profiles
environment = {environment}    # test | production
division = {division}          # 区划代码 / division code
capabilities = {capabilities}  # 另外声明支持的能力 / capabilities claimed beyond the profile
"""
_BY_API = """\
provisioning = "api"           # 测试数据由套件经归集接口送入 / the suite delivers its data through collection
"""
_LOADED = """\
provisioning = "preloaded"     # 平台已装入 fcsp data synth 生成的数据集 / the platform has loaded a data set
data_set = {data_set}
"""
_CLIENT = """
[clients.{role}]
client_id = {client_id}
key = {key}
uscc = {uscc}
"""
_TAIL = """
[institutions]
# 套件扮演的金融机构使用的密钥 / keys of the institutions that the suite plays
keys = {keys}

[subjects]
# 模拟的主体断言签发方 / the simulated issuer of subject assertions
issuer = {issuer}

[provider]
# 套件在此扮演不归集信息项的数据来源；平台须能访问 public_url（见 trust.json 的 sources）；无法访问时删除本节
# here the suite plays the source of items that are not collected; the platform has to reach public_url
# (it stands in trust.json under sources); leave this table out where it cannot
listen = {provider_listen}
public_url = {provider_url}

[secrets]
# 私钥目录，权限 0600，请勿提交到版本库 / private keys, mode 0600; keep it out of version control
store = "keys"

[tls]
# ca_file = "ca.pem"           # 平台使用私有 CA 时填写 / when the platform has a private CA

[limits]
timeout_seconds = 10           # 单次往来的时限 / for one exchange
max_body_bytes = 16777216      # 单个答复的大小上限 / of one reply
"""


def target_toml(base_url: str, options: WorkspaceOptions, roles: Mapping[str, str], issuer: str) -> str:
    """`roles`: the unified social credit code of the client in each role."""
    head = _HEAD.format(
        base_url=_toml(base_url),
        profile=_toml(options.profile),
        environment=_toml(options.environment),
        division=_toml(options.division),
        capabilities=_toml(list(options.capabilities)),
    )
    head += _LOADED.format(data_set=_toml(str(options.data_set))) if options.data_set else _BY_API
    clients = "".join(
        _CLIENT.format(role=role, client_id=_toml(client_id(role)), key=_toml(role), uscc=_toml(uscc))
        for role, uscc in roles.items()
    )
    pool = [f"institution-{number}" for number in range(1, options.institutions + 1)]
    values = {
        "keys": _toml(pool),
        "issuer": _toml(issuer),
        "provider_listen": _toml(options.provider_listen),
        "provider_url": _toml(options.provider_url),
    }
    return head + clients + _TAIL.format(**values)


def client_id(party: str) -> str:
    return f"fcsp-{party.replace('_', '-')}"


def _toml(value: str | list[str]) -> str:
    """A JSON string or array of strings is a TOML one, but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
