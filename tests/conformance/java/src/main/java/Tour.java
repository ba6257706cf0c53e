// A tour with the AWS SDK for Java as it ships: `Tour IMAGE NAME` prints what it saw as JSON. The endpoint and the keys come from the environment.
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apprunner.AppRunnerClient;
import software.amazon.awssdk.services.apprunner.model.ImageConfiguration;
import software.amazon.awssdk.services.apprunner.model.ImageRepository;
import software.amazon.awssdk.services.apprunner.model.ResourceNotFoundException;
import software.amazon.awssdk.services.apprunner.model.ServiceStatus;
import software.amazon.awssdk.services.apprunner.model.SourceConfiguration;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;

public final class Tour {
    private static final int REST_TURNS = 600;

    private static ServiceStatus rests(AppRunnerClient client, String arn) throws InterruptedException {
        for (int turn = 0; turn < REST_TURNS; turn++) {
            ServiceStatus status = client.describeService(b -> b.serviceArn(arn)).service().status();
            if (status != ServiceStatus.OPERATION_IN_PROGRESS) {
                return status;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException(arn + " does not come to rest");
    }

    private static boolean isAbsent(AppRunnerClient client, String arn) {
        try {
            client.describeService(b -> b.serviceArn(arn));
            return false;
        } catch (ResourceNotFoundException expected) {
            return expected.requestId() != null && expected.statusCode() == 400;
        }
    }

    public static void main(String[] words) throws InterruptedException {
        String image = words[0];
        String name = words[1];
        AppRunnerClient client = AppRunnerClient.create();
        String account = StsClient.create().getCallerIdentity().account();
        ImageConfiguration configuration = ImageConfiguration.builder().port("8080").runtimeEnvironmentVariables(Map.of("A", "ä")).build();
        ImageRepository repository = ImageRepository.builder().imageIdentifier(image).imageRepositoryType("ECR").imageConfiguration(configuration).build();
        SourceConfiguration source = SourceConfiguration.builder().imageRepository(repository).build();
        var created = client.createService(b -> b.serviceName(name).sourceConfiguration(source)).service();
        ServiceStatus rests = rests(client, created.serviceArn());
        for (int size = 1; size <= 3; size++) {
            int max = size;
            client.createAutoScalingConfiguration(b -> b.autoScalingConfigurationName(name + "-java").maxSize(max));
        }
        List<Integer> revisions = new ArrayList<>();
        client.listAutoScalingConfigurationsPaginator(b -> b.autoScalingConfigurationName(name + "-java").latestOnly(false).maxResults(1))
            .forEach(page -> page.autoScalingConfigurationSummaryList().forEach(one -> revisions.add(one.autoScalingConfigurationRevision())));
        revisions.sort(null);
        String arn = created.serviceArn();
        boolean absent = isAbsent(client, arn.substring(0, arn.length() - 32) + "0".repeat(32));
        String trust = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"build.apprunner.amazonaws.com\"},"
            + "\"Action\":\"sts:AssumeRole\"}]}";
        // IAM is a global service: this client has no region of its own.
        IamClient iam = IamClient.builder().region(Region.AWS_GLOBAL).build();
        iam.createRole(b -> b.roleName(name + "-java").assumeRolePolicyDocument(trust));
        boolean role = iam.waiter().waitUntilRoleExists(b -> b.roleName(name + "-java")).matched().response().isPresent();
        iam.deleteRole(b -> b.roleName(name + "-java"));
        String pulled = image.split("/", 2)[1].split(":")[0];
        boolean images = EcrClient.create().listImagesPaginator(b -> b.repositoryName(pulled)).imageIds().stream().findAny().isPresent();
        client.deleteService(b -> b.serviceArn(arn));
        ServiceStatus ends = rests(client, arn);
        System.out.printf(
            "{\"version\":\"%s\",\"account\":\"%s\",\"began\":\"%s\",\"rests\":\"%s\",\"revisions\":%s,\"absent\":%s,\"role\":%s,\"images\":%s,\"ends\":\"%s\"}%n",
            VersionInfo.SDK_VERSION, account, created.status(), rests, revisions, absent, role, images, ends);
    }
}
