// A service that asks AWS with whatever its environment gives it: the stock SDK for JavaScript, no setting of its own.
import http from "node:http";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const sts = new STSClient({}), secrets = new SecretsManagerClient({});

async function answer(path) {
    if (path === "/who") return (await sts.send(new GetCallerIdentityCommand({}))).Arn;
    if (path.startsWith("/secret/")) {
        return (await secrets.send(new GetSecretValueCommand({ SecretId: path.slice("/secret/".length) }))).SecretString;
    }
    return "Hello";
}

http.createServer(async (request, response) => {
    try {
        response.end(await answer(request.url));
    } catch (error) {
        response.statusCode = 502;
        response.end(error.name);
    }
}).listen(Number(process.env.PORT), "0.0.0.0");
