"""Starts ministack 1.5.33 with the behaviours of AWS restored that Headrace relies on and the emulator lacks.

Nothing on disk is changed: each `restore_*` function replaces private functions in memory, says what the emulator
does as shipped, what AWS does, and where AWS says so. A name that is gone stops the start. `HEADRACE_RESTORE=a,b`
restores only the named ones (none when empty), so that a test can show what each is for.

Ends with its whole process group when standard input closes, so it cannot outlive the process that started it.
"""

import contextvars
import json
import os
import random
import re
import secrets
import signal
import sys
import threading
import time
from datetime import datetime

from ministack.app import main
from ministack.core import lambda_runtime
from ministack.core.responses import error_response_json, get_account_id, get_region, json_response, request_scope
from ministack.services import cloudfront, cognito, ecs, eventbridge, lambda_svc, secretsmanager, stepfunctions
from ministack.services.cloudformation import provisioners

POLL_SECONDS = 0.2
STOP_TIMEOUT_SECONDS = 30
"""ECS's default between SIGTERM and SIGKILL: stopTimeout in
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html"""

RECORDED_TYPES = (
    "AWS::Backup::BackupSelection",
    "AWS::Budgets::Budget",
    "AWS::CloudTrail::Trail",
    "AWS::CloudWatch::AnomalyDetector",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::EC2::FlowLog",
    "AWS::EC2::NatGateway",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::Logs::QueryDefinition",
    "AWS::SecretsManager::RotationSchedule",
)
"""Types that CloudFormation has and the emulator refuses. Here a stack may hold them, and they do nothing."""


def restore_lambda_error_names():
    """As shipped every error of a Node handler is `Runtime.HandlerError`, so Retry and Catch by name never match.

    AWS: errorType is the error's name, and Step Functions matches it.
    https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    for shipped, name in (
        ('error: String(err.message || err), trace: err.stack || ""', "err"),
        ("error: e.message, trace: e.stack", "e"),
    ):
        assert shipped in script, f"ministack's Node worker has changed: {shipped}"
        named = shipped.replace("error: ", f'error: "\\u0001" + ({name}.name || "Error") + "\\u0001" + ', 1)
        script = script.replace(shipped, named)
    lambda_runtime._NODEJS_WORKER_SCRIPT = script
    shipped_execute = lambda_svc._execute_function

    def execute(*args, **kwargs):
        result = shipped_execute(*args, **kwargs)
        body = result.get("body") if isinstance(result, dict) else None
        if isinstance(body, dict) and result.get("error"):
            named = re.match("\x01([^\x01]*)\x01(.*)", str(body.get("errorMessage", "")), re.S)
            if named:
                body["errorType"], body["errorMessage"] = named.groups()
        return result

    lambda_svc._execute_function = execute


def restore_lambda_latency():
    """As shipped an invocation that logs nothing waits 50 ms for a log line; Lambda waits for none. Here 5 ms."""
    for owner in vars(lambda_runtime).values():
        drain = getattr(owner, "_drain_stderr_bounded", None) if isinstance(owner, type) else None
        if drain and drain.__defaults__ == (0.05, 0.005, 0.25):
            drain.__defaults__ = (0.005, 0.005, 0.25)


def restore_start_execution_idempotency():
    """As shipped a name that exists is always refused.

    AWS: the same name and input while the execution runs answers like the first call; otherwise
    ExecutionAlreadyExists. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    shipped = stepfunctions._start_execution

    def start_execution(data):
        machine = stepfunctions._state_machines.get(data.get("stateMachineArn", ""))
        if machine and data.get("name"):
            arn = f"arn:aws:states:{get_region()}:{get_account_id()}:execution:{machine['name']}:{data['name']}"
            existing = stepfunctions._executions.get(arn)
            if existing and existing["status"] == "RUNNING" and existing["input"] == data.get("input", "{}"):
                return json_response({"executionArn": arn, "startDate": existing["startDate"]})
        return shipped(data)

    stepfunctions._start_execution = start_execution


def restore_jsonata_timeouts():
    """As shipped a TimeoutSeconds or HeartbeatSeconds that is a JSONata expression ends in States.Runtime.

    AWS: both may be expressions. https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
    """
    shipped = stepfunctions._execute_task

    def execute_task(state, raw_input, execution, ctx):
        expressions = [f for f in ("TimeoutSeconds", "HeartbeatSeconds") if isinstance(state.get(f), str)]
        if expressions:
            number = lambda field: stepfunctions._jsonata_state_field(state, field, "number", raw_input, ctx)
            state = {**state, **{field: number(field) for field in expressions}}
        return shipped(state, raw_input, execution, ctx)

    stepfunctions._execute_task = execute_task


def restore_retry_delays():
    """As shipped MaxDelaySeconds and JitterStrategy are ignored (and every delay is cut at 60 s: that remains).

    AWS: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    shipped = stepfunctions._find_matching_retrier

    def find_matching_retrier(retriers, error, counts):
        retrier, index = shipped(retriers, error, counts)
        if retrier is None:
            return retrier, index
        delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** counts.get(index, 0)
        delay = min(delay, retrier.get("MaxDelaySeconds", delay))
        if retrier.get("JitterStrategy") == "FULL":
            delay *= random.random()
        return {**retrier, "IntervalSeconds": delay, "BackoffRate": 1}, index

    stepfunctions._find_matching_retrier = find_matching_retrier


def restore_heartbeats():
    """As shipped HeartbeatSeconds is never read.

    AWS: no SendTaskHeartbeat for that long fails the state with States.HeartbeatTimeout.
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
    """
    shipped_invoke = stepfunctions._invoke_with_callback
    shipped_heartbeat = stepfunctions._send_task_heartbeat

    def invoke(resource, data, token, state):
        limit = state.get("HeartbeatSeconds")
        if limit:
            threading.Thread(target=watch, args=(token, limit), daemon=True).start()
        return shipped_invoke(resource, data, token, state)

    def watch(token, limit):
        started = time.monotonic()
        info = None
        while True:
            time.sleep(POLL_SECONDS)
            current = stepfunctions._task_tokens.get(token)
            info = current or info
            if info is None:
                if time.monotonic() - started > limit:
                    return
                continue
            if info["event"].is_set() or current is None:
                return
            if time.monotonic() - max(started, info.get("beat_at", 0)) > limit:
                info["error"] = {"Error": "States.HeartbeatTimeout", "Cause": ""}
                info["event"].set()
                return

    def send_task_heartbeat(data):
        info = stepfunctions._task_tokens.get(data.get("taskToken"))
        if info:
            info["beat_at"] = time.monotonic()
        return shipped_heartbeat(data)

    stepfunctions._invoke_with_callback = invoke
    stepfunctions._send_task_heartbeat = send_task_heartbeat


def restore_run_task_sync():
    """As shipped `ecs:runTask.sync` succeeds whatever the exit code, answers in camelCase, and leaves the task
    running when the state times out or the execution is stopped; a refused RunTask is ECS.RunTaskFailed.

    AWS: the answer is the task in PascalCase; an exit code other than 0 or a task stopped otherwise is
    States.TaskFailed with the task as JSON in Cause; a time-out or StopExecution stops the task; a refused RunTask
    is ECS.<error code>, and one that answers with failures AmazonECS.Unknown.
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
    """
    timed_out = contextvars.ContextVar("timed_out", default=None)
    running = contextvars.ContextVar("execution", default=None)
    shipped_task = stepfunctions._execute_task
    shipped_timeout = stepfunctions._invoke_resource_with_timeout

    def run_task(resource, input_data):
        request = stepfunctions._pascal_to_camel(input_data)
        status, _, body = ecs._ACTION_MAP["RunTask"](request)
        answer = json.loads(body) if body else {}
        if status >= 400:
            code = str(answer.get("__type", "AmazonECSException")).rsplit("#", 1)[-1]
            cause = f"{answer.get('message', '')} (Service: AmazonECS; Status Code: {status}; Error Code: {code})"
            raise stepfunctions._ExecutionError(f"ECS.{code}", cause)
        if not resource.rstrip("/").endswith(".sync"):
            return to_pascal(answer)
        if answer.get("failures"):
            raise stepfunctions._ExecutionError("AmazonECS.Unknown", json.dumps(to_pascal(answer)))
        return wait(request.get("cluster", "default"), [task["taskArn"] for task in answer["tasks"]])

    def wait(cluster, arns):
        expired = timed_out.get() or threading.Event()
        execution = running.get() or {}
        while not expired.wait(POLL_SECONDS) and execution.get("status", "RUNNING") == "RUNNING":
            tasks = json.loads(ecs._describe_tasks({"cluster": cluster, "tasks": arns})[2]).get("tasks", [])
            if not tasks or any(task.get("lastStatus") != "STOPPED" for task in tasks):
                continue
            for task in tasks:
                codes = [container.get("exitCode") for container in task.get("containers", [])]
                if task.get("stopCode") != "EssentialContainerExited" or any(code != 0 for code in codes):
                    cause = json.dumps(to_pascal(task), separators=(",", ":"))
                    raise stepfunctions._ExecutionError("States.TaskFailed", cause)
            return to_pascal(tasks[0]) if len(tasks) == 1 else to_pascal(tasks)
        for arn in arns:
            ecs._ACTION_MAP["StopTask"]({"cluster": cluster, "task": arn, "reason": "Task stopped by Step Functions"})
        return {}

    def execute_task(state, raw_input, execution, ctx):
        token = running.set(execution)
        try:
            return shipped_task(state, raw_input, execution, ctx)
        finally:
            running.reset(token)

    def with_timeout(resource, data, timeout):
        expired = threading.Event()
        token = timed_out.set(expired)
        try:
            return shipped_timeout(resource, data, timeout)
        except stepfunctions._ExecutionError as error:
            if error.error == "States.Timeout":
                expired.set()
            raise
        finally:
            timed_out.reset(token)

    assert stepfunctions._invoke_ecs_run_task in stepfunctions._SERVICE_DISPATCH.values()
    for prefix, handler in list(stepfunctions._SERVICE_DISPATCH.items()):
        if handler is stepfunctions._invoke_ecs_run_task:
            stepfunctions._SERVICE_DISPATCH[prefix] = run_task
    stepfunctions._execute_task = execute_task
    stepfunctions._invoke_resource_with_timeout = with_timeout


def to_pascal(value):
    """An answer of ECS as Step Functions hands it on: PascalCase, times in epoch milliseconds."""
    if isinstance(value, list):
        return [to_pascal(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {k[0].upper() + k[1:]: to_millis(v) if k.endswith("At") else to_pascal(v) for k, v in value.items()}


def to_millis(value):
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
        return int(datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp() * 1000)
    return int(value * 1000) if isinstance(value, float) else value


def restore_run_task_client_token():
    """As shipped clientToken is ignored: a repeated RunTask starts a second task.

    AWS: the same token and parameters answer with the first call's tasks, other parameters are refused with
    ConflictException, and the token is scoped to the cluster.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
    """
    shipped = ecs._ACTION_MAP["RunTask"]
    answers = {}
    lock = threading.Lock()

    def run_task(data):
        token = data.get("clientToken")
        if not token:
            return shipped(data)
        key = (get_account_id(), get_region(), ecs._resolve_cluster_name(data.get("cluster", "default")), token)
        request = json.dumps(data, sort_keys=True)
        with lock:
            if key not in answers:
                answer = shipped(data)
                if answer[0] == 200 and json.loads(answer[2]).get("tasks"):
                    answers[key] = (request, answer)
                return answer
            first, answer = answers[key]
        if request != first:
            message = "The clientToken was used before with other parameters."
            return error_response_json("ConflictException", message, 400)
        tasks = [ecs._resolve_task(task["taskArn"], key[2]) for task in json.loads(answer[2])["tasks"]]
        return json_response({"tasks": [ecs._sanitize(task) for task in tasks if task], "failures": []})

    ecs._ACTION_MAP["RunTask"] = run_task


def restore_stop_task():
    """As shipped StopTask marks the task STOPPED with exit code 0 while its process still runs, and kills it 5 s
    after SIGTERM.

    AWS: StopTask answers at once; the task is STOPPED when its containers have ended, with their own exit codes;
    SIGKILL comes stopTimeout (30 s) after SIGTERM.
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
    """
    stopping = contextvars.ContextVar("stopping", default=None)
    shipped_active = ecs._task_is_active
    shipped_mark = ecs._mark_task_stopped

    def task_is_active(arn, task):
        return (stopping.get() == arn and task.get("lastStatus") != "STOPPED") or shipped_active(arn, task)

    def mark_task_stopped(arn, task, reason, *args, **kwargs):
        # The wording of https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
        reason = "Essential container in task exited" if reason == "Essential container exited" else reason
        return shipped_mark(arn, task, reason, *args, **kwargs)

    def stop_task(data):
        cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
        if cluster is None:
            return error_response_json("ClusterNotFoundException", "Cluster not found.", 400)
        task = ecs._resolve_task(data.get("task", ""), cluster)
        if not task:
            return error_response_json("InvalidParameterException", "The referenced task was not found.", 400)
        with ecs.resource_lock("ecs-task", task["taskArn"]):
            first = task["desiredStatus"] != "STOPPED"
            if first:
                task.update(desiredStatus="STOPPED", stopCode="UserInitiated", stoppingAt=ecs._iso())
                task["stoppedReason"] = data.get("reason", "Task stopped by user")
        if first:
            args = (task, get_account_id(), get_region())
            threading.Thread(target=stop_containers, args=args, daemon=True).start()
        return json_response({"task": ecs._sanitize(task)})

    def stop_containers(task, account_id, region):
        with request_scope(account_id, region):
            definition = ecs._task_defs.get(ecs._resolve_td_key(task["taskDefinitionArn"])) or {}
            timeouts = [c.get("stopTimeout", STOP_TIMEOUT_SECONDS) for c in definition.get("containerDefinitions", [])]
            for index, container_id in enumerate(list(task.get("_docker_ids") or [])):
                try:
                    container = ecs._get_docker().containers.get(container_id)
                    container.stop(timeout=timeouts[index])
                    code = container.wait()["StatusCode"]
                except Exception as error:
                    print(f"could not stop container {container_id}: {error}", file=sys.stderr)
                    continue
                with ecs.resource_lock("ecs-task", task["taskArn"]):
                    task["containers"][index]["exitCode"] = code
            token = stopping.set(task["taskArn"])
            try:
                ecs._mark_task_stopped(task["taskArn"], task, task["stoppedReason"], "UserInitiated")
            finally:
                stopping.reset(token)
            ecs._cleanup_task_resources(task, ecs._get_docker())

    ecs._task_is_active = task_is_active
    ecs._mark_task_stopped = mark_task_stopped
    ecs._stop_task = ecs._ACTION_MAP["StopTask"] = stop_task


def restore_resource_types():
    """As shipped a stack with a capacity provider association, a user of a user pool, or one of RECORDED_TYPES is
    refused.

    AWS: these make what the calls of the services' APIs make.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-clustercapacityproviderassociations.html
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpooluser.html
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolusertogroupattachment.html
    """
    camel = stepfunctions._pascal_to_camel

    def through_api(create, delete, physical_id):
        def create_resource(logical_id, props, stack_name):
            status, _, body = create(props)
            if status >= 400:
                raise ValueError(json.loads(body)["message"])
            return physical_id(props), {}

        return {"create": create_resource, "delete": lambda _, props: delete(props)}

    def record(logical_id, props, stack_name):
        return f"{stack_name}-{logical_id}", {}

    handlers = provisioners._RESOURCE_HANDLERS
    handlers["AWS::ECS::ClusterCapacityProviderAssociations"] = through_api(
        lambda props: ecs._put_cluster_capacity_providers(camel(props)),
        lambda props: ecs._put_cluster_capacity_providers({"cluster": props["Cluster"]}),
        lambda props: props["Cluster"],
    )
    # Cognito makes the first password by the pool's policy; the emulator's own may be too short for it.
    handlers["AWS::Cognito::UserPoolUser"] = through_api(
        lambda props: cognito._admin_create_user({**props, "TemporaryPassword": f"{secrets.token_urlsafe(24)}aA1!"}),
        cognito._admin_delete_user,
        lambda props: props["Username"],
    )
    handlers["AWS::Cognito::UserPoolUserToGroupAttachment"] = through_api(
        cognito._admin_add_user_to_group,
        cognito._admin_remove_user_from_group,
        lambda props: f"{props['UserPoolId']}-{props['GroupName']}-{props['Username']}",
    )
    for resource_type in RECORDED_TYPES:
        handlers.setdefault(resource_type, {"create": record, "delete": lambda physical_id, props: None})


def restore_secret_refs():
    """As shipped Ref of a secret is its name, which grants and the Data API cannot use.

    AWS: it is the ARN.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
    """
    handler = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create, update, delete = handler["create"], handler["update"], handler["delete"]

    def name_of(arn):
        return next((name for name, secret in secretsmanager._secrets.items() if secret["ARN"] == arn), arn)

    def with_arn(result):
        return (result[1]["Arn"], *result[1:])

    def update_by_arn(physical_id, *args, **kwargs):
        return with_arn(update(name_of(physical_id), *args, **kwargs))

    handler["create"] = lambda *args: with_arn(create(*args))
    handler["update"] = update_by_arn
    handler["delete"] = lambda physical_id, props: delete(name_of(physical_id), props)


def restore_task_definition_secrets():
    """As shipped the secrets of a task definition made by CloudFormation are left out without a word.

    AWS: the container gets them as environment variables.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
    """
    shipped = provisioners._normalize_container_defs

    def normalize(definitions):
        camel = [stepfunctions._pascal_to_camel(definition.get("Secrets", [])) for definition in definitions]
        return [{**normal, "secrets": given} for normal, given in zip(shipped(definitions), camel)]

    provisioners._normalize_container_defs = normalize


def restore_api_origins():
    """As shipped CloudFront answers 502 for an origin that is an API of API Gateway.

    AWS: the request reaches the API, and is refused when it carries the viewer's Host.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
    """
    shipped = cloudfront._forward_to_origin

    def forward(origin, method, uri, query_string, headers, *args, **kwargs):
        api = re.match(r"([a-z0-9]+)\.execute-api\.", origin["domain_name"])
        if not api:
            return shipped(origin, method, uri, query_string, headers, *args, **kwargs)
        if any(name.lower() == "host" and value != origin["domain_name"] for name, value in headers.items()):
            return 403, "Forbidden", [("content-type", "application/json")], b'{"message":"Forbidden"}'
        gateway = {"domain_name": "127.0.0.1", "http_port": int(os.environ["GATEWAY_PORT"])}
        origin = {**origin, **gateway, "protocol_policy": "http-only"}
        uri = f"/_aws/execute-api/{api.group(1)}/$default{uri}"
        return shipped(origin, method, uri, query_string, headers, *args, **kwargs)

    cloudfront._forward_to_origin = forward


def restore_rule_schedules():
    """As shipped rules are looked at every 10 s; a rule that is enabled or changed fires at once for the time it
    missed; a rule that has targets can be deleted.

    AWS: a rule fires within its minute and never for the past; DeleteRule with targets is refused.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html
    """
    shipped_delete = eventbridge._delete_rule

    def key_of(data):
        return eventbridge._rule_key(data.get("Name"), data.get("EventBusName", "default"))

    def from_now_on(shipped):
        def change(data):
            answer = shipped(data)
            key = (get_account_id(), get_region(), key_of(data))
            if key in eventbridge._rule_last_fired:
                eventbridge._rule_last_fired[key] = eventbridge._now_ts()
            return answer

        return change

    def delete_rule(data):
        if eventbridge._targets.get(key_of(data)):
            return error_response_json("ValidationException", "Rule can't be deleted since it has targets.", 400)
        return shipped_delete(data)

    assert eventbridge._SCHEDULER_TICK_INTERVAL == 10
    eventbridge._SCHEDULER_TICK_INTERVAL = 0.5
    eventbridge._put_rule = from_now_on(eventbridge._put_rule)
    eventbridge._enable_rule = from_now_on(eventbridge._enable_rule)
    eventbridge._delete_rule = delete_rule


def add_run_task_faults(path):
    """Not AWS: refuses the next RunTask as the first entry of the JSON file `path` says, and removes the entry.

    An entry is {"code", "message"} or {"failures": [...]}; both are answers that ECS gives when it is busy.
    """
    shipped = ecs._ACTION_MAP["RunTask"]
    lock = threading.Lock()

    def run_task(data):
        with lock:
            try:
                with open(path, encoding="utf-8") as file:
                    faults = json.load(file)
            except FileNotFoundError:
                faults = []
            if not faults:
                return shipped(data)
            with open(f"{path}.new", "w", encoding="utf-8") as file:
                json.dump(faults[1:], file)
            os.replace(f"{path}.new", path)
        if "failures" in faults[0]:
            return json_response({"tasks": [], "failures": faults[0]["failures"]})
        return error_response_json(faults[0]["code"], faults[0]["message"], 400)

    ecs._ACTION_MAP["RunTask"] = run_task


def die_with_parent():
    """Ends the whole group, Lambda's processes included, when whoever holds our standard input is gone."""

    def watch():
        while sys.stdin.buffer.read(4096):
            pass
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


RESTORED = {
    name.removeprefix("restore_"): function for name, function in list(globals().items()) if name.startswith("restore_")
}

if __name__ == "__main__":
    assert os.getpgrp() == os.getpid(), "The launcher must lead its own process group."
    die_with_parent()
    wanted = os.environ.get("HEADRACE_RESTORE")
    for name in RESTORED if wanted is None else filter(None, wanted.split(",")):
        RESTORED[name]()
    if "HEADRACE_RUN_TASK_FAULTS" in os.environ:
        add_run_task_faults(os.environ["HEADRACE_RUN_TASK_FAULTS"])
    sys.argv = sys.argv[:1]
    main()
