"""The API that exists already, as many do: pinyin names, amounts in ten thousands, 200 for everything."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ENTERPRISES: dict[str, dict[str, Any]] = {
    "91990100XT0000014N": {
        "qymc": "测试市示例软件有限公司",
        "zch": "",
        "djjg": "测试市市场监督管理局",
        "ztlx": "1",
        "djzt": "存续（在营、开业、在册）",
        "fddbr": "测甲一",
        "zczb": "150.5",
        "bz": "人民币",
        "hydm": "I6510",
        "jyfw": "软件开发。",
        "zs": "测试省测试市测试区示例路1号",
        "xzqh": "990100",
        "clrq": "20200131",
        "hzrq": "20240229",
        "yyqxz": "99991231",
    }
}
"""By unified social credit code; the identity is one of the test identities that this standard reserves."""


async def enterprise(request: Request) -> JSONResponse:
    found = ENTERPRISES.get(request.query_params.get("tyshxydm", ""))
    if found is None:
        return JSONResponse({"code": "1004", "msg": "查无此企业", "data": None})
    return JSONResponse({"code": "0000", "msg": "成功", "data": found})


app = Starlette(routes=[Route("/ent/base", enterprise)])
