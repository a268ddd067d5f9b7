"""Drives the published client of Dagster's GraphQL API. A line of standard input is a JSON list, the method's name and
its arguments; each is answered by a line: {"ok": value} or {"error": [class, arguments]}."""

import json
import sys

from dagster_graphql import DagsterGraphQLClient, DagsterGraphQLClientError

client = DagsterGraphQLClient("127.0.0.1", port_number=int(sys.argv[1]), timeout=30)


def job_names(name):
    return [
        [info.repository_location_name, info.repository_name, info.job_name]
        for info in client._get_repo_locations_and_names_with_pipeline(name)
    ]


def plain(value):
    if value is None or isinstance(value, (str, int, bool, list, dict)):
        return value
    if hasattr(value, "status"):
        return {"status": value.status.value, "failure_type": value.failure_type, "message": value.message}
    return value.value


for line in sys.stdin:
    method, arguments = json.loads(line)
    try:
        call = job_names if method == "job_names" else getattr(client, method)
        answer = {"ok": plain(call(**arguments))}
    except DagsterGraphQLClientError as error:
        cause = None if error.__cause__ is None else str(error.__cause__)
        answer = {"error": [str(argument) for argument in error.args], "cause": cause}
    print(json.dumps(answer), flush=True)
