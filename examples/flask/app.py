"""The tutorial's application: JSON at `/`, `ok` at `/health`."""
import os

from flask import Flask, jsonify

MESSAGE = "Hello from App Runner"

app = Flask(__name__)


@app.get("/")
def index():
    return jsonify(service="apprunner-flask-demo", message=MESSAGE, env=os.environ.get("APP_ENV", "local"))


@app.get("/health")
def health():
    return "ok"
