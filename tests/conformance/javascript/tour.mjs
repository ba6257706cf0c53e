// A tour with the AWS SDK for JavaScript as it ships: its own retries, paginators and waiters. `tour.mjs SDK IMAGE NAME SERVICE…` takes the services
// beside App Runner that it may call, and prints what it saw as JSON. The endpoint and the keys come from the environment.
import path from 'node:path';
import { createRequire } from 'node:module';

const [sdk, image, name, ...services] = process.argv.slice(2);
const require = createRequire(path.join(sdk, 'package.json'));
const has = (service) => services.includes(service);
const seen = {};

const { STS, STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
const AppRunner = require('@aws-sdk/client-apprunner');
const client = new AppRunner.AppRunner({});
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function code(promise) {
  try {
    await promise;
    return '';
  } catch (error) {
    return `${error.name} ${error instanceof AppRunner.AppRunnerServiceException} ${error.$metadata?.httpStatusCode} ${Boolean(error.$metadata?.requestId)}`;
  }
}

async function rests(ServiceArn) {
  for (let turn = 0; turn < 600; turn += 1) {
    const { Service } = await client.describeService({ ServiceArn });
    if (Service.Status !== 'OPERATION_IN_PROGRESS') return Service;
    await sleep(100);
  }
  throw new Error(`${ServiceArn} does not come to rest`);
}

async function appRunner() {
  const source = { ImageRepository: { ImageIdentifier: image, ImageRepositoryType: 'ECR', ImageConfiguration: { Port: '8080', RuntimeEnvironmentVariables: { A: 'ä' } } } };
  const created = await client.createService({ ServiceName: name, SourceConfiguration: source, Tags: [{ Key: 'made-by', Value: 'javascript' }] });
  seen.began = created.Service.Status;
  seen.dates = created.Service.CreatedAt instanceof Date && Math.abs(Date.now() - created.Service.CreatedAt) < 600_000;
  const service = await rests(created.Service.ServiceArn);
  seen.rests = service.Status;
  seen.variables = service.SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables;
  for (const size of [1, 2, 3]) await client.createAutoScalingConfiguration({ AutoScalingConfigurationName: `${name}-js`, MaxSize: size });
  const revisions = [];
  const pages = AppRunner.paginateListAutoScalingConfigurations({ client, pageSize: 1 }, { AutoScalingConfigurationName: `${name}-js`, LatestOnly: false });
  for await (const page of pages) revisions.push(...page.AutoScalingConfigurationSummaryList.map((one) => one.AutoScalingConfigurationRevision));
  seen.revisions = revisions.sort();
  // This SDK checks nothing before it sends: what is missing reaches the platform.
  seen.missing = await code(client.createService({ ServiceName: `${name}2` }));
  seen.absent = await code(client.describeService({ ServiceArn: `${service.ServiceArn.slice(0, -32)}${'0'.repeat(32)}` }));
  seen.tags = (await client.listTagsForResource({ ResourceArn: service.ServiceArn })).Tags;
  await client.deleteService({ ServiceArn: service.ServiceArn });
  seen.ends = (await rests(service.ServiceArn)).Status;
}

async function companions() {
  const repository = image.split('/')[1].split(':')[0];
  const ecr = require('@aws-sdk/client-ecr');
  const images = [];
  for await (const page of ecr.paginateListImages({ client: new ecr.ECRClient({}) }, { repositoryName: repository })) images.push(...page.imageIds);
  seen.images = images.length > 0;
  const iam = require('@aws-sdk/client-iam');
  const roles = new iam.IAM({});
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'build.apprunner.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
  await roles.createRole({ RoleName: `${name}-js`, AssumeRolePolicyDocument: trust });
  const waited = await iam.waitUntilRoleExists({ client: roles, maxWaitTime: 60 }, { RoleName: `${name}-js` });
  seen.role = waited.state;
  seen.trust = decodeURIComponent((await roles.getRole({ RoleName: `${name}-js` })).Role.AssumeRolePolicyDocument) === trust;
  await roles.deleteRole({ RoleName: `${name}-js` });
  const logs = require('@aws-sdk/client-cloudwatch-logs');
  const groups = await new logs.CloudWatchLogs({}).describeLogGroups({ logGroupNamePrefix: `/aws/apprunner/${name}/` });
  seen.groups = groups.logGroups.length > 0;
  if (has('secretsmanager')) {
    const secrets = new (require('@aws-sdk/client-secrets-manager').SecretsManager)({});
    await secrets.createSecret({ Name: `${name}-js`, SecretBinary: new Uint8Array([0, 255]) });
    seen.secret = [...(await secrets.getSecretValue({ SecretId: `${name}-js` })).SecretBinary];
    await secrets.deleteSecret({ SecretId: `${name}-js`, ForceDeleteWithoutRecovery: true });
  }
  if (has('ssm')) {
    const ssm = new (require('@aws-sdk/client-ssm').SSM)({});
    await ssm.putParameter({ Name: `/${name}/js`, Value: 'v', Type: 'SecureString' });
    seen.parameter = (await ssm.getParameter({ Name: `/${name}/js`, WithDecryption: true })).Parameter.Value;
    await ssm.deleteParameter({ Name: `/${name}/js` });
  }
  if (has('cloudtrail')) {
    const trail = new (require('@aws-sdk/client-cloudtrail').CloudTrail)({});
    seen.events = Array.isArray((await trail.lookupEvents({ MaxResults: 1 })).Events);
  }
  if (has('service-quotas')) {
    const quotas = new (require('@aws-sdk/client-service-quotas').ServiceQuotas)({});
    seen.quotas = (await quotas.listServiceQuotas({ ServiceCode: 'apprunner' })).Quotas.length > 0;
  }
}

seen.version = require('@aws-sdk/client-apprunner/package.json').version;
seen.account = (await new STS({}).getCallerIdentity({})).Account;
seen.modular = (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Account === seen.account;
await appRunner();
await companions();
console.log(JSON.stringify(seen));
