"""The documentation page, rendered from the OpenAPI description. It needs no script and no other host."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from newsroom.access.codes import CASES
from newsroom.delivery.api.api import api
from newsroom.delivery.api.problems import KINDS


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    schema = api.get_openapi_schema()
    context = {
        "about": schema["info"]["description"],
        "operations": list(operations(schema)),
        "shapes": [shape(name, each) for name, each in schema["components"]["schemas"].items() if "properties" in each],
        "codes": codes(),
        "base": f"{settings.BASE_URL}/api/v1",
    }
    return render(request, "delivery/api_docs.html", context)


def operations(schema: dict[str, Any]) -> Any:
    """Each operation, with its parameters and answers."""
    for address, methods in schema["paths"].items():
        for method, facts in methods.items():
            yield {
                "id": facts["operationId"],
                "method": method.upper(),
                "address": address,
                "summary": facts["summary"],
                "description": facts["description"],
                "parameters": facts.get("parameters", []),
                "answers": [(status, each.get("description", "")) for status, each in facts["responses"].items()],
            }


def shape(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    required = schema.get("required", [])
    return {
        "name": name,
        "about": schema.get("description", ""),
        "fields": [
            (field, field in required, facts.get("description", "")) for field, facts in schema["properties"].items()
        ],
    }


def codes() -> list[tuple[str, int, str]]:
    """Every code there is: of a request that is wrong, and of a use that is refused."""
    found = {code: (status, title) for code, (status, title) in KINDS.items()}
    for case in CASES.values():
        found.setdefault(case.code, (case.status, case.title))
    return sorted((code, status, str(title)) for code, (status, title) in found.items())


urlpatterns = [path("docs", docs, name="api_docs")]
