"""The ground that the conformance run stands on: one platform, somebody who may do everything, and resources of each kind made when they are asked for.

Every answer that comes back through `Ground.call` is read against the model and written down, whatever the test that asked looks for.
"""
import functools
import threading
import time

from answer_check import offences
from signed_call import Caller, model_of
from under_test import ACCOUNT, BUILDS, PULL_POLICY, REGION, REGISTRY, policy, until

TASKS = "tasks.apprunner.amazonaws.com"
HEX = "0123456789abcdef0123456789abcdef"
# A health check that is answered late, and nobody gives up before: what is deployed with it stays under way.
PATIENT = {"Protocol": "HTTP", "Path": "/wait/60000", "Timeout": 20, "Interval": 20, "UnhealthyThreshold": 20}
UNHURRIED = [{"Key": "outrunner:stop-grace", "Value": "1s"}, {"Key": "outrunner:startup-timeout", "Value": "30m"}]


def arn(kind, rest):
    return f"arn:aws:apprunner:{REGION}:{ACCOUNT}:{kind}/{rest}"


class Ground:
    """A platform with what calls need."""

    def __init__(self, p, images, issuer):
        self.p, self.images, self.issuer = p, images, issuer
        env = p.env()
        self.caller = Caller(p.run_file()["api"], env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], REGION)
        self.access_key = env["AWS_ACCESS_KEY_ID"]
        self.wrong = {}
        self.calls = 0
        self.counter = 0
        self.lock = threading.Lock()
        self.kept = {}

    # --- calls

    def call(self, service, operation, _members=None, **members):
        return self.judged(service, self.caller.call(service, operation, _members, **members))

    def judged(self, service, answer):
        """The same answer, read against the model."""
        self.calls += 1
        for offence in offences(service, answer):
            self.wrong.setdefault((service, answer.operation.name), {}).setdefault(offence, repr(answer))
        return answer

    def made(self, service, operation, _members=None, **members):
        """The same, where the test goes on only if it was answered."""
        answer = self.call(service, operation, _members, **members)
        assert not answer.is_fault, f"{operation} was to be answered: {answer}"
        return answer

    @functools.cached_property
    def offered(self):
        """What the platform knows, of every service of which anything is required."""
        from required_operations import REQUIRED

        names = [(s, o) for s in REQUIRED for o in model_of(s).operation_names]
        return {one for one in names if self.caller.is_offered(*one)}

    def name(self, stem="made"):
        """A name that nobody had before."""
        with self.lock:
            self.counter += 1
            return f"{stem}-{self.counter:05}"

    def once(self, key, make):
        """What `make` answers, made once."""
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]

    # --- App Runner

    def image(self):
        def offer():
            layout, self.hello_digest = self.images("hello", flags=["--env", "GREETING=Hello"])
            self.p.offer(layout)
            return f"{REGISTRY}/hello:v1"

        return self.once("image", offer)

    def source(self, tag="v1", **configuration):
        image = {"ImageIdentifier": self.image().rsplit(":", 1)[0] + f":{tag}", "ImageRepositoryType": "ECR"}
        if configuration:
            image["ImageConfiguration"] = configuration
        return {"ImageRepository": image, "AutoDeploymentsEnabled": False}

    def create_service(self, **members):
        members.setdefault("ServiceName", self.name("service"))
        members.setdefault("SourceConfiguration", self.source())
        members.setdefault("InstanceConfiguration", {"Cpu": "256", "Memory": "512"})
        return self.made("apprunner", "CreateService", **members)["Service"]

    def status(self, service_arn):
        return self.made("apprunner", "DescribeService", ServiceArn=service_arn)["Service"]["Status"]

    def settled(self, service_arn, seconds=60):
        """The status in which it comes to rest."""
        reached = lambda: self.status(service_arn) != "OPERATION_IN_PROGRESS"
        until(f"{service_arn} rests", reached, seconds)
        return self.status(service_arn)

    def service(self, status="RUNNING"):
        """A service of its own in that status."""
        if status == "OPERATION_IN_PROGRESS":
            made = self.create_service(HealthCheckConfiguration=PATIENT, Tags=UNHURRIED)
            return made["ServiceArn"]
        made = self.create_service(SourceConfiguration=self.source("v1" if status != "CREATE_FAILED" else "missing"))["ServiceArn"]
        first = self.settled(made)
        assert first == ("CREATE_FAILED" if status == "CREATE_FAILED" else "RUNNING"), f"{made} is {first}: {self.p.events(made.split('/')[1])}"
        if status in ("PAUSED", "DELETED"):
            operation = "PauseService" if status == "PAUSED" else "DeleteService"
            self.made("apprunner", operation, ServiceArn=made)
            assert self.settled(made) == status
        return made

    def shared_service(self, status="RUNNING"):
        """One that nobody changes."""
        return self.once(("service", status), lambda: self.service(status))

    def scaling(self, **members):
        members.setdefault("AutoScalingConfigurationName", self.name("scaling"))
        made = self.made("apprunner", "CreateAutoScalingConfiguration", **members)["AutoScalingConfiguration"]
        return made["AutoScalingConfigurationArn"]

    def observability(self):
        made = self.made("apprunner", "CreateObservabilityConfiguration", ObservabilityConfigurationName=self.name("tracing"))
        return made["ObservabilityConfiguration"]["ObservabilityConfigurationArn"]

    def connector(self):
        made = self.made("apprunner", "CreateVpcConnector", VpcConnectorName=self.name("connector"), Subnets=["subnet-0a1b2c3d"])
        return made["VpcConnector"]["VpcConnectorArn"]

    def connection(self):
        made = self.made("apprunner", "CreateConnection", ConnectionName=self.name("github"), ProviderType="GITHUB")
        return made["Connection"]["ConnectionArn"]

    def private_service(self, **members):
        closed = {"IngressConfiguration": {"IsPubliclyAccessible": False}}
        made = self.create_service(NetworkConfiguration=closed, **members)["ServiceArn"]
        assert self.settled(made) == "RUNNING"
        return made

    def ingress(self):
        """A VPC ingress connection that rests: it ends FAILED_CREATION, because nothing stands behind it."""
        made = self.new_ingress(self.private_service())
        self.settled_ingress(made)
        return made

    def new_ingress(self, service_arn):
        """One that has just been made: it is PENDING_CREATION for a moment."""
        to = {"VpcId": "vpc-0a1b2c3d", "VpcEndpointId": "vpce-0a1b2c3d"}
        members = {"ServiceArn": service_arn, "VpcIngressConnectionName": self.name("ingress"), "IngressVpcConfiguration": to}
        return self.made("apprunner", "CreateVpcIngressConnection", members)["VpcIngressConnection"]["VpcIngressConnectionArn"]

    def ingress_status(self, ingress_arn):
        return self.made("apprunner", "DescribeVpcIngressConnection", VpcIngressConnectionArn=ingress_arn)["VpcIngressConnection"]["Status"]

    def settled_ingress(self, ingress_arn):
        """The status in which it comes to rest."""
        until("the ingress connection rests", lambda: not self.ingress_status(ingress_arn).startswith("PENDING"), 30)
        return self.ingress_status(ingress_arn)

    def domain(self, service_arn=None):
        """(service, name) of an associated domain."""
        service_arn = service_arn or self.shared_service()
        name = f"{self.name('shop')}.example.com"
        self.made("apprunner", "AssociateCustomDomain", ServiceArn=service_arn, DomainName=name)
        return service_arn, name

    # --- IAM

    def role(self, trust=BUILDS, **members):
        name = members.pop("RoleName", None) or self.name("role")
        who = {"Service": trust} if not trust.startswith("arn:") and len(trust) != 12 else {"AWS": trust}
        members["AssumeRolePolicyDocument"] = policy(Principal=who, Action="sts:AssumeRole")
        return self.made("iam", "CreateRole", RoleName=name, **members)["Role"]

    def provider(self):
        """The issuer beside the platform, as its account knows it."""
        made = self.made("iam", "CreateOpenIDConnectProvider", Url=self.issuer.url, ClientIDList=["sts.amazonaws.com"])
        return made["OpenIDConnectProviderArn"]

    def federated_role(self):
        """A role that trusts its tokens."""
        trust = policy(Principal={"Federated": self.once("the provider of the issuer", self.provider)}, Action="sts:AssumeRoleWithWebIdentity")
        return self.made("iam", "CreateRole", RoleName=self.name("role"), AssumeRolePolicyDocument=trust)["Role"]["Arn"]

    def access_role(self):
        def make():
            role = self.role(BUILDS)
            self.made("iam", "AttachRolePolicy", RoleName=role["RoleName"], PolicyArn=PULL_POLICY)
            return role["Arn"]

        return self.once("access role", make)

    def instance_role(self):
        return self.once("instance role", lambda: self.role(TASKS)["Arn"])

    def own_policy(self):
        return self.made("iam", "CreatePolicy", PolicyName=self.name("policy"), PolicyDocument=policy(Action="s3:Get*", Resource="*"))["Policy"]["Arn"]

    def user(self, **members):
        return self.made("iam", "CreateUser", UserName=self.name("user"), **members)["User"]["UserName"]

    def key_of(self, user):
        return self.made("iam", "CreateAccessKey", UserName=user)["AccessKey"]

    # --- the rest

    def repository(self, **members):
        return self.made("ecr", "CreateRepository", repositoryName=self.name("repository"), **members)["repository"]

    def pushed(self):
        """(repository, tag) of an image of its own."""
        repository = self.repository()["repositoryName"]
        layout, _ = self.images("hello", flags=["--env", "GREETING=Hello"])
        self.once("login", self.p.login)
        self.p.push(layout, "v1", f"{repository}:v1")
        return repository, "v1"

    def log_group(self, **members):
        name = self.name("/made/group")
        self.made("logs", "CreateLogGroup", logGroupName=name, **members)
        return name

    def log_stream(self):
        """(group, stream) with a line in it."""
        group = self.log_group()
        self.made("logs", "CreateLogStream", logGroupName=group, logStreamName="stream")
        line = {"timestamp": int(time.time() * 1000), "message": "a line"}
        self.made("logs", "PutLogEvents", logGroupName=group, logStreamName="stream", logEvents=[line])
        return group, "stream"

    def secret(self, **members):
        return self.made("secretsmanager", "CreateSecret", Name=self.name("secret"), SecretString="open sesame", **members)["ARN"]

    def parameter(self, **members):
        name = self.name("/made/parameter")
        self.made("ssm", "PutParameter", {"Name": name, "Value": "1", "Type": "String", **members})
        return name


def document(**statement):
    return policy(**statement)

