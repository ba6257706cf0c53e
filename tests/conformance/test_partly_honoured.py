"""What the compatibility table says is not complete: each member of PARTIAL is really refused by name, or ends as it says; and no list says more than is so."""
import pytest
from inputs import INPUTS, LEFT_OUT, TOKENS, member_paths
from named_operations import NAMED, named
from partly_honoured import SENT, TAKEN, Ends, member_of, sent_alone, taken_alone
from required_operations import LATER, PARTIAL, RECORD_ONLY, REFUSED, REQUIRED, required
from signed_call import model_of
from test_model import ALL


def identities(table):
    return [f"{service}.{operation}" for service, operation in table]


def test_all_that_is_named_is_required_or_refused_and_nothing_else_is():
    """`LATER` is part of what is required: it says what an operation waits for."""
    own = {(service, operation) for service, operation in required() if service != "apprunner"}
    assert named() == own | set(REFUSED), sorted(named() ^ (own | set(REFUSED)))
    assert not own & set(REFUSED) and set(LATER) <= set(required())
    assert sorted(REQUIRED["apprunner"].split()) == sorted(model_of("apprunner").operation_names)
    for (where, service), names in NAMED.items():
        assert set(names.split()) <= set(model_of(service).operation_names), where


def test_the_lists_say_how_each_member_is_sent_and_nothing_of_what_is_not_here():
    assert {one: set(keys) for one, keys in PARTIAL.items()} == {one: set(keys) for one, keys in SENT.items()}
    assert set(PARTIAL) <= set(ALL) and not set(PARTIAL) & (set(RECORD_ONLY) | set(REFUSED) | set(LATER))
    assert set(INPUTS) <= set(ALL), f"inputs of what is not offered: {sorted(set(INPUTS) - set(ALL))}"
    for (service, operation), keys in PARTIAL.items():
        known = set(member_paths(model_of(service).operation_model(operation).input_shape))
        assert not (strange := {member_of(key)[0] for key in keys} - known), f"{operation} has no {strange}"
    for (service, operation), entries in LEFT_OUT.items():
        operations = [o for s, o in ALL if s == service] if operation == "*" else [operation]
        paths = {path for o in operations for path in member_paths(model_of(service).operation_model(o).input_shape)}
        assert not (strange := {name for name in entries if name.rstrip("*") not in paths}), f"nothing of {service} {operation} has {strange}"
    said = {(one, name.rstrip("*")) for one, entries in LEFT_OUT.items() for name, why in entries.items() if why != TOKENS}
    assert said == {(one, name) for one, names in TAKEN.items() for name in names}


@pytest.mark.parametrize("service, operation", list(PARTIAL), ids=identities(PARTIAL))
def test_what_is_not_honoured_is_refused_by_name_or_ends_as_it_says(ground, tally, service, operation):
    wrong = []
    for key, sent, members in sent_alone(ground, service, operation):
        answer = ground.call(service, operation, {name: value for name, value in members.items() if value is not None})
        if isinstance(sent, Ends):
            found = answer if answer.is_fault else ended(ground, answer, sent.says)
            holds, wants = found == (sent.status, sent.operation, True), f"ends {sent.status}, {sent.operation}, with an event that says why"
        else:
            found, wants = answer, f"says {sent.says!r}"
            holds = answer.is_fault and sent.says in answer.words
        if not tally.check(service, operation, f"{key}: {wants}", holds, repr(found)):
            wrong.append(f"{key}: {wants}: {found!r}")
    assert not wrong, "\n".join(wrong)


def ended(ground, answer, says):
    """(the service's status, its operation's, whether an event `says` why) once it rests."""
    service = answer["Service"]["ServiceArn"]
    status = ground.settled(service)
    listed = ground.made("apprunner", "ListOperations", ServiceArn=service)["OperationSummaryList"]
    how = next(one["Status"] for one in listed if one["Id"] == answer["OperationId"])
    return status, how, says in str(ground.p.events(service.split("/")[1]))


@pytest.mark.parametrize("service, operation", list(TAKEN), ids=identities(TAKEN))
def test_what_is_said_to_be_taken_and_to_say_nothing_is_taken(ground, tally, service, operation):
    for name, fault, members in taken_alone(ground, service, operation):
        answer = ground.call(service, operation, members)
        assert tally.check(service, operation, f"{name} is taken", answer.code == fault, repr(answer)), answer
