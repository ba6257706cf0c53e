// A tour with the AWS SDK for Go as it ships: `tour IMAGE NAME` prints what it saw as JSON. The endpoint and the keys come from the environment.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/apprunner"
	"github.com/aws/aws-sdk-go-v2/service/apprunner/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

const restSeconds = 60

var ctx = context.Background()

func must[T any](answer T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return answer
}

func rests(client *apprunner.Client, arn *string) types.ServiceStatus {
	for deadline := time.Now().Add(restSeconds * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		status := must(client.DescribeService(ctx, &apprunner.DescribeServiceInput{ServiceArn: arn})).Service.Status
		if status != types.ServiceStatusOperationInProgress {
			return status
		}
	}
	return "it does not come to rest"
}

// The version of the client of App Runner, as it was built in.
func version() string {
	built, _ := debug.ReadBuildInfo()
	for _, module := range built.Deps {
		if strings.HasSuffix(module.Path, "/service/apprunner") {
			return module.Version
		}
	}
	return "unknown"
}

func main() {
	image, name := os.Args[1], os.Args[2]
	settings := must(config.LoadDefaultConfig(ctx))
	client := apprunner.NewFromConfig(settings)
	seen := map[string]any{"version": version(), "account": *must(sts.NewFromConfig(settings).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})).Account}

	source := &types.SourceConfiguration{ImageRepository: &types.ImageRepository{
		ImageIdentifier: &image, ImageRepositoryType: types.ImageRepositoryTypeEcr,
		ImageConfiguration: &types.ImageConfiguration{Port: aws.String("8080"), RuntimeEnvironmentVariables: map[string]string{"A": "ä"}},
	}}
	created := must(client.CreateService(ctx, &apprunner.CreateServiceInput{ServiceName: &name, SourceConfiguration: source})).Service
	seen["began"] = created.Status
	seen["rests"] = rests(client, created.ServiceArn)
	for size := int32(1); size <= 3; size++ {
		input := &apprunner.CreateAutoScalingConfigurationInput{AutoScalingConfigurationName: aws.String(name + "-go"), MaxSize: aws.Int32(size)}
		must(client.CreateAutoScalingConfiguration(ctx, input))
	}
	// The SDK cannot say `LatestOnly: false`: only the newest of a name is listed.
	found := []int32{}
	pages := apprunner.NewListAutoScalingConfigurationsPaginator(client, &apprunner.ListAutoScalingConfigurationsInput{MaxResults: aws.Int32(1)})
	for pages.HasMorePages() {
		for _, one := range must(pages.NextPage(ctx)).AutoScalingConfigurationSummaryList {
			if *one.AutoScalingConfigurationName == name+"-go" {
				found = append(found, one.AutoScalingConfigurationRevision)
			}
		}
	}
	seen["latest"] = found
	absent := (*created.ServiceArn)[:len(*created.ServiceArn)-32] + strings.Repeat("0", 32)
	_, err := client.DescribeService(ctx, &apprunner.DescribeServiceInput{ServiceArn: &absent})
	var gone *types.ResourceNotFoundException
	seen["absent"] = errors.As(err, &gone)
	role := name + "-go"
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"build.apprunner.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	roles := iam.NewFromConfig(settings)
	must(roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &role, AssumeRolePolicyDocument: &trust}))
	seen["role"] = iam.NewRoleExistsWaiter(roles).Wait(ctx, &iam.GetRoleInput{RoleName: &role}, time.Minute) == nil
	must(roles.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: &role}))
	repository := strings.Split(strings.SplitN(image, "/", 2)[1], ":")[0]
	images := ecr.NewListImagesPaginator(ecr.NewFromConfig(settings), &ecr.ListImagesInput{RepositoryName: &repository})
	seen["images"] = len(must(images.NextPage(ctx)).ImageIds) > 0
	must(client.DeleteService(ctx, &apprunner.DeleteServiceInput{ServiceArn: created.ServiceArn}))
	seen["ends"] = rests(client, created.ServiceArn)
	must(0, json.NewEncoder(os.Stdout).Encode(seen))
}
