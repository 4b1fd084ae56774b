# A server in Python: sign-in with Authlib in Flask, and a call with the credits of whoever signed in.
import os
import secrets
import time

import requests
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, render_template, request, session, url_for

ISSUER = os.environ["PURSER_ISSUER"]
MODEL = os.environ.get("MODEL", "capability:fast")

app = Flask(__name__)
app.secret_key = os.environ.get("SESSION_SECRET") or secrets.token_hex(32)
app.config.update(SESSION_COOKIE_SAMESITE="Lax")

purser = OAuth(app).register(
    "purser",
    client_id=os.environ["PURSER_CLIENT_ID"],
    client_secret=os.environ["PURSER_CLIENT_SECRET"],
    server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile offline_access llm", "code_challenge_method": "S256"},
)

# By session. A real server keeps these in its database, sealed: a session cookie of Flask can be read.
visitors = {}


@app.get("/")
def home():
    visitor = visitors.get(session.get("id"))
    return render_template("home.html", name=visitor["name"] if visitor else None)


@app.get("/login")
def login():
    return purser.authorize_redirect(url_for("callback", _external=True))


@app.get("/callback")
def callback():
    if request.args.get("error") == "access_denied":
        return redirect("/")
    token = purser.authorize_access_token()
    session["id"] = secrets.token_urlsafe(32)
    visitors[session["id"]] = {"token": token, "name": token["userinfo"].get("name") or "you"}
    return redirect("/")


@app.post("/write")
def write():
    visitor = visitors.get(session.get("id"))
    if visitor is None:
        return redirect("/login")
    if visitor["token"]["expires_at"] < time.time() + 60:
        visitor["token"] = purser.fetch_access_token(
            grant_type="refresh_token", refresh_token=visitor["token"]["refresh_token"]
        )
    answer = requests.post(
        f"{ISSUER}/v1/chat/completions",
        headers={"Authorization": f"Bearer {visitor['token']['access_token']}"},
        json={
            "model": MODEL,
            "max_tokens": 200,
            "messages": [{"role": "user", "content": f"Write a haiku about {request.form['about']}."}],
        },
        timeout=120,
    )
    told = answer.json()
    # 402 and 429 have a sentence for the person.
    text = told["choices"][0]["message"]["content"] if answer.ok else told["error"]["message"]
    cost = answer.headers.get("x-credits-charged")
    return render_template("home.html", name=visitor["name"], text=text, cost=cost), answer.status_code


if __name__ == "__main__":
    app.run("127.0.0.1", int(os.environ.get("PORT", "3000")))
