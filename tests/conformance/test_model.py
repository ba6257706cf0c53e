"""Every operation of every service that we offer, against botocore's own model: valid inputs, each constraint broken once, each fault that it declares."""
import contextlib
import re

import pytest
from answer_check import declared_faults, is_server_fault
from breaking import cases, names_it
from inputs import INPUTS, TOKENS, UNKNOWN, inputs_of, left_out, member_paths
from partly_honoured import OURS, sent_alone, taken_alone
from provoked import UNPROVOKED, recipe_of
from required_operations import LATER, REFUSED, REQUIRED, required
from signed_call import model_of
from under_test import ROOT


def listed():
    """What the platform's shapes are made for: the generator's list. Our own services are in no model of botocore."""
    text = (ROOT / "api" / "tests" / "shapes.rs").read_text().split("const OFFERED")[1].split("\n];", 1)[0]
    found = set()
    for block in text.split("Api {")[1:]:
        file, names = re.search(r'file: "([^"]+)"', block).group(1), re.findall(r'"([^"]+)"', block.split("operations:")[1])
        found |= {("service-quotas" if file == "service_quotas" else file, name) for name in names}
    return {one for one in found if one[0] in REQUIRED}


# What is required and not here has no item of its own: the first test names it.
ALL = sorted(listed())
IDS = [f"{service}.{operation}" for service, operation in ALL]
every_operation = pytest.mark.parametrize("service, operation", ALL, ids=IDS)
# What tells violations of the model, where a service has one name for them.
VALIDATION = {
    "apprunner": {"InvalidRequestException"}, "ecr": {"InvalidParameterException"}, "logs": {"InvalidParameterException"},
    "iam": {"ValidationError"}, "sts": {"ValidationError"},
}


@pytest.fixture
def place(request, ground, service, operation):
    """Where the operation is tried."""
    assert (service, operation) in ground.offered, "the platform was not built from this tree"
    # Quotas that are lifted cannot be raised.
    return request.getfixturevalue("strict") if service == "service-quotas" else ground


@contextlib.contextmanager
def checking(tally, service, operation):
    """Writes down each check, and fails after the last with every one that did not hold."""
    before = len(tally.of(service, operation)["failed"])
    try:
        yield lambda *what: tally.check(service, operation, *what)
    except Exception as error:
        tally.check(service, operation, "there is ground to try it on", False, str(error))
        raise
    found = tally.of(service, operation)["failed"][before:]
    assert not found, "\n".join(found)


def test_what_is_required_is_here_or_said_to_come(ground, tally):
    missing = []
    for one in required():
        if one in ground.offered:
            tally.check(*one, "it is here", one not in LATER, "it is here: take it out of LATER")
        elif one in LATER:
            tally.notes.append(f"NOT HERE {one[0]}:{one[1]}: {LATER[one]}")
        else:
            tally.check(*one, "it is here", False, "it is required and not here")
            missing.append(".".join(one))
    assert not missing, f"required and not here: {' '.join(missing)}"
    assert not set(LATER) & ground.offered, f"here by now: {set(LATER) & ground.offered}"
    assert set(LATER) <= set(required())
    assert set(REFUSED) <= ground.offered


def test_the_platform_knows_what_its_shapes_were_made_for(ground):
    assert listed() == ground.offered
    assert not (unknown := {one for one in INPUTS if one[1] not in model_of(one[0]).operation_names}), unknown


@every_operation
def test_every_valid_input_is_answered_as_the_model_says(place, tally, service, operation):
    model = model_of(service).operation_model(operation)
    assert (service, operation) in INPUTS, "no input for an operation that is here: write one in inputs.py"
    with checking(tally, service, operation) as checked:
        named = set()
        for what, members in inputs_of(place, service, operation):
            named |= set(member_paths(model.input_shape, members))
            answer = place.call(service, operation, members)
            if (service, operation) in REFUSED:
                expected, why = REFUSED[service, operation]
                checked(f"the {what} input is refused by name", answer.code == expected and "Outrunner" in answer.words, repr(answer))
                continue
            # Who may do everything has no sentence to decode: the only operation whose valid input is made by a denial.
            expected = {"DecodeAuthorizationMessage": "InvalidAuthorizationMessageException"}.get(operation, "")
            checked(f"the {what} input is answered", answer.code == expected, repr(answer))
        if (service, operation) in REFUSED:
            tally.notes.append(f"REFUSED BY NAME {service}:{operation}: {REFUSED[service, operation][1]}")
        for path in member_paths(model.input_shape):
            why = left_out(service, operation, path)
            holds = (path in named) == (why is None)
            checked(f"{path} is tried", holds, f"an input names it: {why!r} is not so" if why else "no input names it and LEFT_OUT says nothing")


def inputs_to_break(g, service, operation):
    """Every valid input, and what is refused by name: a member that is not honoured has its constraints all the same. Members that are `None` are not sent."""
    yield from (members for _, members in inputs_of(g, service, operation))
    taken = [one for one in taken_alone(g, service, operation) if left_out(service, operation, one[0]) != UNKNOWN]
    for _, _, members in (*sent_alone(g, service, operation), *taken):
        yield {name: value for name, value in members.items() if value is not None}
    shape = model_of(service).operation_model(operation).input_shape
    for token in shape.members if shape else {}:
        if left_out(service, operation, token) == TOKENS:
            yield {**INPUTS[service, operation][0](g), token: "no token of ours"}


@every_operation
def test_every_broken_constraint_is_refused(place, tally, service, operation):
    model = model_of(service).operation_model(operation)
    with checking(tally, service, operation) as checked:
        tried, named = set(), set()
        for members in inputs_to_break(place, service, operation):
            named |= set(member_paths(model.input_shape, members))
            for case in cases(service, model.input_shape, members):
                if case.what in tried:
                    continue
                tried.add(case.what)
                answer = place.call(service, operation, case.members)
                own, common = declared_faults(service, model)
                expected = VALIDATION.get(service, {code for code in own if not is_server_fault(model, code)} | {"ValidationException"})
                # What is refused whatever is sent must be refused for what is broken here.
                holds = answer.code in expected - {REFUSED.get((service, operation), ("",))[0]} and OURS not in answer.words
                if holds and service == "apprunner":
                    holds = names_it(answer.words, case.path, case.phrase)
                checked(f"{case.what} is refused", holds, f"wants {case.phrase!r} at {case.path}: {answer!r}")
        for path in member_paths(model.input_shape):
            checked(f"{path} is broken where it can be", path in named or left_out(service, operation, path) == UNKNOWN, "no input to break names it")


@every_operation
def test_every_declared_fault_is_provoked(place, tally, service, operation):
    model = model_of(service).operation_model(operation)
    with checking(tally, service, operation) as checked:
        for shape in model.error_shapes:
            recipe = recipe_of(service, operation, shape.name)
            if isinstance(recipe, str):
                tally.unprovoked(service, operation, shape.error_code, recipe)
                continue
            if recipe is None:
                checked(f"{shape.error_code} is provoked", False, "there is no recipe, and UNPROVOKED says nothing")
                continue
            answer = place.call(service, operation, recipe(place))
            checked(f"{shape.error_code} is provoked", answer.code == shape.error_code, repr(answer))


def test_nothing_is_said_to_be_unprovoked_that_no_operation_declares():
    for service, fault in UNPROVOKED:
        model = model_of(service)
        assert fault in {shape.name for name in model.operation_names for shape in model.operation_model(name).error_shapes}, f"{service}: {fault}"
