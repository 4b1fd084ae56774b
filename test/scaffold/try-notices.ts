// Runs in a copy of the tree that has notices: a program adds one, a person changes it.
import { csrfOf, signedIn } from "../browser/house.ts"
import { makeUser, startTestServer } from "../build.ts"

interface Answer {
  message?: string
  errors?: Record<string, string>
}

const server = await startTestServer({ drainSeconds: 1 })
const admin = await signedIn(server, (await makeUser(server.app, { isAdmin: true })).email)
const person = await signedIn(server, (await makeUser(server.app)).email)
const cookie = ["browser", "auth", "console"]
  .map((name) => `purser_${name}=${admin.cookie(server.url, `_${name}`)}`)
  .join("; ")
const token = await csrfOf(server, admin)

async function send(body: unknown): Promise<[number, Answer]> {
  const response = await fetch(`${server.url}/api/v1/admin/notices`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": token, cookie },
    body: JSON.stringify(body),
  })
  return [response.status, (await response.json()) as Answer]
}

const [wrongStatus, wrong] = await send({ text: "", reward: "much", reason: "To tell" })
const [ruleStatus, rule] = await send({ text: "Hello", reward: "2", reason: "To tell" })
const [addedStatus, added] = await send({ text: "Hello", reward: { credits: "1" }, reason: "To tell" })
const list = await admin.get(`${server.url}/admin/notices`)
const page = await admin.get(`${server.url}/admin/notices/1`)
const changed = await admin.submit(page, "/admin/notices/1", { text: "Hello", reward: "0.5", reason: "Less" })
const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: object }
const again = await admin.get(`${server.url}/admin/notices/1`)
const result = {
  stranger: (await person.get(`${server.url}/admin/notices`)).status,
  wrong: [wrongStatus, wrong.errors],
  rule: [ruleStatus, rule.errors],
  added: [addedStatus, added.message],
  list: list.text.includes("Hello"),
  changed: [
    changed.status,
    /The notice is changed\./.exec(changed.text)?.[0],
    again.forms.flatMap((form) => form.fields).find(([name]) => name === "reward")?.[1],
  ],
  documented: Object.keys(document.paths).filter((path) => path.includes("notice")),
}
await server.close()
console.log(JSON.stringify(result))
process.exit(0)
