# An app's sign-in as Authlib does it for Flask and Django, with the settings of its first page: the address of discovery, S256, a scope.
# Reads its settings as the first line, says where to go, reads where the browser came back, and says what it then knows.
import json
import sys

from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session

told = json.loads(sys.stdin.readline())


class Framework:
    """What Flask would be: where a renewed token is kept."""

    kept = []

    def update_token(self, token, refresh_token=None, access_token=None):
        self.kept.append({"token": token, "refresh_token": refresh_token})


class App(OAuth2Mixin, OpenIDMixin, BaseApp):
    client_cls = OAuth2Session


def say(value):
    print(json.dumps(value), flush=True)


def refusal(act):
    """The name of the error that an act ends in."""
    try:
        act()
    except Exception as error:
        return type(error).__name__
    return None


framework = Framework()
app = App(
    framework,
    "purser",
    client_id=told["client_id"],
    client_secret=told["client_secret"],
    server_metadata_url=told["issuer"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": told["scope"], "code_challenge_method": "S256"},
)
begun = app.create_authorization_url(told["redirect_uri"])
say({"url": begun["url"]})

came_back = sys.stdin.readline().strip()
asked = {"authorization_response": came_back, "state": begun["state"]}
foreign_state = refusal(lambda: app.fetch_access_token(told["redirect_uri"], **{**asked, "state": "another"}))
if told["wrong_verifier"]:
    say({"foreign_verifier": refusal(lambda: app.fetch_access_token(told["redirect_uri"], code_verifier="v" * 43, **asked))})
    sys.exit()
token = app.fetch_access_token(told["redirect_uri"], code_verifier=begun["code_verifier"], **asked)
claims = app.parse_id_token(token, begun["nonce"])

head, body, signature = token["id_token"].split(".")
forged = {**token, "id_token": ".".join([head, body, signature[:-8] + "AAAAAAAA"])}
swapped = {**token, "access_token": token["access_token"] + "x"}

# An access token that ran out: Authlib renews it by itself before it calls.
with app._get_oauth_client(**app.load_server_metadata()) as session:
    session.token = {**token, "expires_at": 1}
    renewed_info = session.get(app.server_metadata["userinfo_endpoint"]).json()
renewed = framework.kept[-1]["token"]

say(
    {
        "claims": claims,
        "userinfo": app.userinfo(token=token),
        "renewed_info": renewed_info,
        "renewed_claims": app.parse_id_token(renewed, None),
        "rotated": renewed["refresh_token"] != token["refresh_token"] and renewed["access_token"] != token["access_token"],
        "foreign_state": foreign_state,
        "foreign_nonce": refusal(lambda: app.parse_id_token(token, "another")),
        "forged": refusal(lambda: app.parse_id_token(forged, begun["nonce"])),
        "swapped": refusal(lambda: app.parse_id_token(swapped, begun["nonce"])),
    }
)
