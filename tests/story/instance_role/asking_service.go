// A service that asks AWS with whatever its environment gives it: the stock SDK for Go, no setting of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/apprunner"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

func main() {
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	identity, services := sts.NewFromConfig(settings), apprunner.NewFromConfig(settings)
	answer := func(path string) (string, error) {
		switch path {
		case "/who":
			who, err := identity.GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
			if err != nil {
				return "", err
			}
			return *who.Arn, nil
		case "/services":
			list, err := services.ListServices(context.Background(), &apprunner.ListServicesInput{})
			if err != nil {
				return "", err
			}
			return *list.ServiceSummaryList[0].ServiceName, nil
		case "/connections":
			_, err := services.ListConnections(context.Background(), &apprunner.ListConnectionsInput{})
			return "", err
		}
		return "Hello", nil
	}
	http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
		text, err := answer(request.URL.Path)
		var fault smithy.APIError
		if errors.As(err, &fault) {
			response.WriteHeader(http.StatusBadGateway)
			text = fault.ErrorCode()
		} else if err != nil {
			response.WriteHeader(http.StatusServiceUnavailable)
			text = err.Error()
		}
		fmt.Fprint(response, text)
	})
	panic(http.ListenAndServe("0.0.0.0:"+os.Getenv("PORT"), nil))
}
