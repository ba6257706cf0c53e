//! How a service shall run, as flags: what `deploy` and `update` say to CreateService and UpdateService.
//!
//! Never calls anything: it writes members. An update sends only what changes, and repeats what the API replaces as a whole.

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::run_file::RunFile;

#[derive(Args, Clone, Debug, Default)]
pub struct ServiceSettings {
    /// The port that the application listens on [default of a new service: 8080]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// A variable for the application; may be repeated
    #[arg(short, long = "env", value_name = "NAME=VALUE", value_parser = pair)]
    environment: Vec<(String, String)>,
    /// Take a variable away; may be repeated
    #[arg(long, value_name = "NAME")]
    unset_env: Vec<String>,
    /// The command that starts the application, instead of the image's own
    #[arg(long, value_name = "COMMAND")]
    command: Option<String>,
    /// vCPUs of an instance: 0.25, 0.5, 1, 2 or 4 [default of a new service: 1]
    #[arg(long, value_name = "VCPU")]
    cpu: Option<String>,
    /// Memory of an instance in GB: 0.5 to 12 [default of a new service: 2]
    #[arg(long, value_name = "GB")]
    memory: Option<String>,
    /// Probe GET on this path instead of a connection to the port
    #[arg(long, value_name = "PATH")]
    health_path: Option<String>,
    /// Deploy by itself when the image's tag is pushed again
    #[arg(long, value_name = "ON|OFF")]
    auto_deploy: Option<Switch>,
    /// The name or ARN of an auto scaling configuration
    #[arg(long, value_name = "NAME")]
    auto_scaling: Option<String>,
    /// The role that lets the platform pull the image
    #[arg(long, value_name = "ARN")]
    access_role: Option<String>,
    /// A tag of the service; keys that begin with outrunner: are settings; may be repeated
    #[arg(long = "tag", value_name = "KEY=VALUE", value_parser = pair)]
    tags: Vec<(String, String)>,
}

/// A word for yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        Some(_) | None => Err("expected a name, '=' and a value".to_owned()),
    }
}

/// The identifier of an image as the API takes it: a name without a registry is one of our own.
///
/// # Errors
/// A usage failure where it is a folder: there is nobody here yet who builds one.
pub fn image_identifier(image: &str, run: &RunFile) -> Result<String, Failure> {
    let is_path = image.starts_with(['.', '/', '~']) || std::path::Path::new(image).is_dir();
    if is_path {
        return Err(Failure::Usage(format!(
            "'{image}' is a folder. Building from source comes in a later version: build an image, push it, and name it here, such as hello:v1"
        )));
    }
    // As docker tells them apart: only a registry has a dot, a port, or is called localhost.
    let registry = image.split_once('/').map_or("", |(first, _)| first);
    if registry.contains(['.', ':']) || registry == "localhost" {
        return Ok(image.to_owned());
    }
    Ok(format!("{}.dkr.ecr.{}.amazonaws.com/{image}", run.account, run.region))
}

/// The name of a service after its image: the last part of the repository's name.
///
/// # Errors
/// A usage failure where that cannot be a service's name.
pub fn name_of_image(image: &str) -> Result<String, Failure> {
    let last = image.rsplit('/').next().unwrap_or_default();
    let name = last.split(['@', ':']).next().unwrap_or_default().replace('.', "-");
    match model::service_name::ServiceName::parse(&name) {
        Ok(_) => Ok(name),
        Err(refusal) => Err(Failure::Usage(format!("{refusal} Say one with --name"))),
    }
}

impl ServiceSettings {
    /// The input of CreateService.
    pub fn create_input(&self, name: &str, image: &str, run: &RunFile) -> Value {
        let mut input = self.input(&Value::Null, Some(image), run);
        input["ServiceName"] = json!(name);
        if !self.tags.is_empty() {
            input["Tags"] = self.tags();
        }
        input
    }

    /// The input of UpdateService for a service as it is described now; nothing if it would change nothing. Tags are set by another call.
    pub fn update_input(&self, service: &Value, image: Option<&str>, run: &RunFile) -> Option<Value> {
        let mut input = self.input(service, image, run);
        if input.as_object().is_none_or(Map::is_empty) {
            return None;
        }
        input["ServiceArn"] = service["ServiceArn"].clone();
        Some(input)
    }

    /// The input of TagResource; nothing if no tag is said.
    pub fn tag_input(&self, service: &Value) -> Option<Value> {
        (!self.tags.is_empty()).then(|| json!({ "ResourceArn": service["ServiceArn"], "Tags": self.tags() }))
    }

    fn tags(&self) -> Value {
        self.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
    }

    /// The members that are said. `service` is what is described now, or nothing.
    fn input(&self, service: &Value, image: Option<&str>, run: &RunFile) -> Value {
        let mut input = json!({});
        let mut source = json!({});
        if image.is_some() || self.says_how_to_run() {
            source["ImageRepository"] = self.image_repository(&service["SourceConfiguration"]["ImageRepository"], image);
        }
        if let Some(switch) = self.auto_deploy {
            source["AutoDeploymentsEnabled"] = json!(switch == Switch::On);
        }
        if let Some(role) = &self.access_role {
            source["AuthenticationConfiguration"] = json!({ "AccessRoleArn": role });
        }
        if source.as_object().is_some_and(|source| !source.is_empty()) {
            input["SourceConfiguration"] = source;
        }
        let sizes = [("Cpu", &self.cpu, "vCPU"), ("Memory", &self.memory, "GB")];
        for (member, size, unit) in sizes {
            if let Some(size) = size {
                input["InstanceConfiguration"][member] = json!(with_unit(size, unit));
            }
        }
        if let Some(path) = &self.health_path {
            input["HealthCheckConfiguration"] = json!({ "Protocol": "HTTP", "Path": path });
        }
        if let Some(name) = &self.auto_scaling {
            let arn = if name.starts_with("arn:") {
                name.clone()
            } else {
                format!("arn:aws:apprunner:{}:{}:autoscalingconfiguration/{name}", run.region, run.account)
            };
            input["AutoScalingConfigurationArn"] = json!(arn);
        }
        input
    }

    fn says_how_to_run(&self) -> bool {
        self.port.is_some() || !self.environment.is_empty() || !self.unset_env.is_empty() || self.command.is_some()
    }

    /// The API replaces all of it: what is not said is repeated from what is there.
    fn image_repository(&self, now: &Value, image: Option<&str>) -> Value {
        let mut configuration = now.get("ImageConfiguration").cloned().unwrap_or_else(|| json!({}));
        if let Some(port) = self.port {
            configuration["Port"] = json!(port.to_string());
        }
        if let Some(command) = &self.command {
            configuration["StartCommand"] = json!(command);
        }
        if !self.environment.is_empty() || !self.unset_env.is_empty() {
            let mut variables = configuration["RuntimeEnvironmentVariables"].as_object().cloned().unwrap_or_default();
            variables.retain(|name, _| !self.unset_env.contains(name));
            variables.extend(self.environment.iter().map(|(name, value)| (name.clone(), json!(value))));
            configuration["RuntimeEnvironmentVariables"] = Value::Object(variables);
        }
        let identifier = image.or(now["ImageIdentifier"].as_str()).unwrap_or_default();
        let mut repository = json!({ "ImageIdentifier": identifier });
        repository["ImageRepositoryType"] = match (image, now.get("ImageRepositoryType")) {
            (None, Some(kind)) => kind.clone(),
            (Some(_), _) | (None, None) if identifier.starts_with("public.ecr.aws/") => json!("ECR_PUBLIC"),
            (Some(_), _) | (None, None) => json!("ECR"),
        };
        if configuration.as_object().is_some_and(|configuration| !configuration.is_empty()) {
            repository["ImageConfiguration"] = configuration;
        }
        repository
    }
}

/// `0.5` is in the unit that people say; `512`, or a unit that is said, is as App Runner writes it.
fn with_unit(size: &str, unit: &str) -> String {
    match size.parse::<f32>() {
        Ok(number) if number < 32.0 => format!("{size} {unit}"),
        Ok(_) | Err(_) => size.to_owned(),
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn run_file() -> RunFile {
        let address = "127.0.0.1:1".parse().expect("an address");
        let (domain, region) = ("outrunner.localhost".to_owned(), "us-east-1".to_owned());
        let (account, runtime) = ("000000000000".to_owned(), "runc".to_owned());
        let (api, http, https) = (address, address, address);
        RunFile {
            version: RunFile::version(),
            pid: 1,
            api,
            http,
            https,
            edge_pid: None,
            started: 0,
            domain,
            region,
            account,
            runtime,
            upstreams: Vec::new(),
        }
    }

    #[test]
    fn a_bare_name_is_an_image_of_our_own_registry_and_a_folder_is_told_so() {
        let run = run_file();
        let own = "000000000000.dkr.ecr.us-east-1.amazonaws.com";
        for (image, identifier) in [
            ("hello:v1", format!("{own}/hello:v1")),
            ("team/hello", format!("{own}/team/hello")),
            ("localhost:4566/hello:v1", "localhost:4566/hello:v1".to_owned()),
            ("public.ecr.aws/x/hello", "public.ecr.aws/x/hello".to_owned()),
        ] {
            assert_eq!(image_identifier(image, &run).expect("an image"), identifier);
        }
        for folder in [".", "./app", "/srv/app"] {
            let failure = image_identifier(folder, &run).expect_err("a folder");
            assert_eq!(failure.exit_code(), 2);
            assert!(failure.to_string().contains("comes in a later version"), "{failure}");
        }
    }

    #[test]
    fn a_service_is_called_after_its_image_where_that_can_be_a_name() {
        for (image, name) in [
            ("hello:v1", "hello"),
            ("team/hello.web:v1", "hello-web"),
            ("localhost:4566/hello@sha256:0", "hello"),
            ("localhost:4566/hello", "hello"),
        ] {
            assert_eq!(name_of_image(image).expect("a name"), name);
        }
        assert_eq!(name_of_image("web:v1").expect_err("too short").exit_code(), 2);
    }

    #[test]
    fn a_creation_says_what_is_said_and_nothing_else() {
        let bare = ServiceSettings::default().create_input("webs", "x/hello:v1", &run_file());
        let image = json!({ "ImageIdentifier": "x/hello:v1", "ImageRepositoryType": "ECR" });
        assert_eq!(bare, json!({ "ServiceName": "webs", "SourceConfiguration": { "ImageRepository": image } }));
        let settings = ServiceSettings {
            port: Some(80),
            environment: vec![("A".to_owned(), "1=2".to_owned())],
            cpu: Some("0.25".to_owned()),
            memory: Some("512".to_owned()),
            health_path: Some("/health".to_owned()),
            auto_deploy: Some(Switch::Off),
            auto_scaling: Some("mine/2".to_owned()),
            tags: vec![("team".to_owned(), "web".to_owned())],
            ..ServiceSettings::default()
        };
        let full = settings.create_input("webs", "public.ecr.aws/x/hello:v1", &run_file());
        let wanted = json!({
            "ServiceName": "webs",
            "SourceConfiguration": {
                "AutoDeploymentsEnabled": false,
                "ImageRepository": {
                    "ImageIdentifier": "public.ecr.aws/x/hello:v1",
                    "ImageRepositoryType": "ECR_PUBLIC",
                    "ImageConfiguration": { "Port": "80", "RuntimeEnvironmentVariables": { "A": "1=2" } },
                },
            },
            "InstanceConfiguration": { "Cpu": "0.25 vCPU", "Memory": "512" },
            "HealthCheckConfiguration": { "Protocol": "HTTP", "Path": "/health" },
            "AutoScalingConfigurationArn": "arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration/mine/2",
            "Tags": [{ "Key": "team", "Value": "web" }],
        });
        assert_eq!(full, wanted);
    }

    #[test]
    fn an_update_repeats_what_the_api_would_forget_and_sends_nothing_for_nothing() {
        let service = json!({
            "ServiceArn": "arn:1",
            "SourceConfiguration": { "ImageRepository": {
                "ImageIdentifier": "x/hello:v1",
                "ImageRepositoryType": "ECR",
                "ImageConfiguration": { "Port": "80", "RuntimeEnvironmentVariables": { "A": "1", "B": "2" } },
            } },
        });
        assert_eq!(ServiceSettings::default().update_input(&service, None, &run_file()), None);
        let settings = ServiceSettings {
            environment: vec![("C".to_owned(), "3".to_owned())],
            unset_env: vec!["A".to_owned()],
            ..ServiceSettings::default()
        };
        let input = settings.update_input(&service, None, &run_file()).expect("it changes something");
        let image = &input["SourceConfiguration"]["ImageRepository"];
        let configuration = json!({ "Port": "80", "RuntimeEnvironmentVariables": { "B": "2", "C": "3" } });
        let wanted = json!({ "ImageIdentifier": "x/hello:v1", "ImageRepositoryType": "ECR", "ImageConfiguration": configuration });
        assert_eq!(*image, wanted);
        assert_eq!(input["ServiceArn"], "arn:1");
        let moved = ServiceSettings::default().update_input(&service, Some("x/hello:v2"), &run_file()).expect("another image");
        assert_eq!(moved["SourceConfiguration"]["ImageRepository"]["ImageConfiguration"]["Port"], "80");
        assert_eq!(moved["SourceConfiguration"]["ImageRepository"]["ImageIdentifier"], "x/hello:v2");
    }

    #[test]
    fn a_pair_has_a_name_and_may_have_an_empty_value() {
        assert_eq!(pair("A="), Ok(("A".to_owned(), String::new())));
        assert!(pair("A").is_err() && pair("=1").is_err());
    }
}
