// Purser as a target: the server as it is served, its clients and people made by its own verbs.
import { makeClient, makeUser, PASSWORD, startTestServer, type TestServer } from "../../build.ts"
import type { Manners, WebForm } from "./agent.ts"
import { CALLBACKS, type ClientInfo, type Target } from "./run.ts"

const named = (form: WebForm, name: string): boolean => form.fields.some((field) => field.name === name)

export const PURSER_MANNERS: Manners = {
  loginField: "email",
  approve: { name: "decision", value: "approve" },
  deny: { name: "decision", value: "deny" },
  signOut: { name: "", value: "" },
  read(forms) {
    const login = forms.find((form) => named(form, "email") && named(form, "password"))
    if (login) return { kind: "login", form: login }
    const consent = forms.find((form) => form.buttons.some(({ name }) => name === "decision"))
    if (consent) return { kind: "consent", form: consent }
    const logout = forms.find((form) => form.action.startsWith("/logout"))
    return logout ? { kind: "logout", form: logout } : null
  },
}

/** Time as it is, and as much more as a module asks for. */
class LateClock {
  private lateMs = 0
  now = (): number => Date.now() + this.lateMs
  add(ms: number): void {
    this.lateMs += ms
  }
}

/** What the outside sees, and the server behind it. */
export interface PurserTarget extends Target {
  server: TestServer
}

export async function purserTarget(): Promise<PurserTarget> {
  const clock = new LateClock()
  const server = await startTestServer({ clock })
  const client = async (name: string, type: "confidential" | "public"): Promise<ClientInfo> => {
    const made = await makeClient(server.app, { name, type, redirectUris: CALLBACKS })
    return { id: made.client.publicId, secret: made.secret || null }
  }
  const basic = await client("Basic", "confidential")
  const post = { ...(await client("Post", "confidential")), posts: true }
  return {
    server,
    name: "Purser",
    issuer: server.url,
    manners: PURSER_MANNERS,
    clients: { basic, post, second: await client("Second", "confidential"), open: await client("Open", "public") },
    async newPerson() {
      const user = await makeUser(server.app)
      return { login: user.email, password: PASSWORD }
    },
    async later(ms) {
      clock.add(ms)
    },
    backchannel: null,
    async rotate() {
      await server.app.oauth.rotateKeys({ requestId: "req_test", actor: "cli", force: true })
    },
    close: () => server.close(),
  }
}
