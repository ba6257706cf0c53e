// The same tour with the first AWS SDK for Go, which ended in 2025 and is what older programs still carry: `tour IMAGE NAME` prints what it saw as JSON. The keys come
// from the environment, and so does the endpoint, which this SDK does not look for by itself.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/apprunner"
	"github.com/aws/aws-sdk-go/service/ecr"
	"github.com/aws/aws-sdk-go/service/iam"
	"github.com/aws/aws-sdk-go/service/sts"
)

const restSeconds = 60

func must[T any](answer T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return answer
}

func rests(client *apprunner.AppRunner, arn *string) string {
	for deadline := time.Now().Add(restSeconds * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		status := *must(client.DescribeService(&apprunner.DescribeServiceInput{ServiceArn: arn})).Service.Status
		if status != apprunner.ServiceStatusOperationInProgress {
			return status
		}
	}
	return "it does not come to rest"
}

func main() {
	image, name := os.Args[1], os.Args[2]
	settings := must(session.NewSession(&aws.Config{Endpoint: aws.String(os.Getenv("AWS_ENDPOINT_URL"))}))
	client := apprunner.New(settings)
	seen := map[string]any{"version": aws.SDKVersion, "account": *must(sts.New(settings).GetCallerIdentity(&sts.GetCallerIdentityInput{})).Account}

	source := &apprunner.SourceConfiguration{ImageRepository: &apprunner.ImageRepository{
		ImageIdentifier: &image, ImageRepositoryType: aws.String("ECR"),
		ImageConfiguration: &apprunner.ImageConfiguration{Port: aws.String("8080"), RuntimeEnvironmentVariables: aws.StringMap(map[string]string{"A": "ä"})},
	}}
	created := must(client.CreateService(&apprunner.CreateServiceInput{ServiceName: &name, SourceConfiguration: source})).Service
	seen["began"] = *created.Status
	seen["rests"] = rests(client, created.ServiceArn)
	scaling := name + "-go"
	for size := int64(1); size <= 3; size++ {
		must(client.CreateAutoScalingConfiguration(&apprunner.CreateAutoScalingConfigurationInput{AutoScalingConfigurationName: &scaling, MaxSize: &size}))
	}
	revisions := []int64{}
	every := &apprunner.ListAutoScalingConfigurationsInput{AutoScalingConfigurationName: &scaling, LatestOnly: aws.Bool(false), MaxResults: aws.Int64(1)}
	err := client.ListAutoScalingConfigurationsPages(every, func(page *apprunner.ListAutoScalingConfigurationsOutput, _ bool) bool {
		for _, one := range page.AutoScalingConfigurationSummaryList {
			revisions = append(revisions, *one.AutoScalingConfigurationRevision)
		}
		return true
	})
	must(0, err)
	slices.Sort(revisions)
	seen["revisions"] = revisions
	absent := (*created.ServiceArn)[:len(*created.ServiceArn)-32] + strings.Repeat("0", 32)
	_, err = client.DescribeService(&apprunner.DescribeServiceInput{ServiceArn: &absent})
	var gone *apprunner.ResourceNotFoundException
	var failure awserr.RequestFailure
	seen["absent"] = errors.As(err, &gone) && errors.As(err, &failure) && failure.RequestID() != "" && failure.StatusCode() == 400
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"build.apprunner.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	roles := iam.New(settings)
	must(roles.CreateRole(&iam.CreateRoleInput{RoleName: &scaling, AssumeRolePolicyDocument: &trust}))
	seen["role"] = roles.WaitUntilRoleExists(&iam.GetRoleInput{RoleName: &scaling}) == nil
	must(roles.DeleteRole(&iam.DeleteRoleInput{RoleName: &scaling}))
	repository := strings.Split(strings.SplitN(image, "/", 2)[1], ":")[0]
	images := 0
	must(0, ecr.New(settings).ListImagesPages(&ecr.ListImagesInput{RepositoryName: &repository}, func(page *ecr.ListImagesOutput, _ bool) bool {
		images += len(page.ImageIds)
		return true
	}))
	seen["images"] = images > 0
	must(client.DeleteService(&apprunner.DeleteServiceInput{ServiceArn: created.ServiceArn}))
	seen["ends"] = rests(client, created.ServiceArn)
	must(0, json.NewEncoder(os.Stdout).Encode(seen))
}
