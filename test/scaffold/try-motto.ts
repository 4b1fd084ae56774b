// Runs in a copy of the tree that has a page of mottos: a person and a stranger use it.
import { ALL_PAGES } from "../../src/sites/public/index.ts"
import { allPages, FRIENDLY } from "../../views/fixtures/index.ts"
import { signedIn } from "../browser/house.ts"
import { makeUser, startTestServer } from "../build.ts"

const server = await startTestServer({ drainSeconds: 1 })
const user = await makeUser(server.app)
const agent = await signedIn(server, user.email)
const path = "/settings/motto"
const at = `${server.url}${path}`
const stranger = (await fetch(at, { redirect: "manual" })).status
const page = await agent.get(at)
const empty = await agent.submit(page, path, { motto: "" })
const saved = await agent.submit(page, path, { motto: "Deeds, not words" })
const found = await agent.get(`${server.url}/search?q=motto`)
const result = {
  listed: ALL_PAGES.some((each) => each.path === path) && saved.text.includes(`<a href="${path}" aria-current="page">`),
  stranger,
  empty: [empty.status, /motto-error.*?<span>(.*?)<\/span>/s.exec(empty.text)?.[1]],
  saved: [
    saved.status,
    /Your motto is saved\./.exec(saved.text)?.[0],
    saved.forms.flatMap((form) => form.fields).find(([name]) => name === "motto")?.[1],
  ],
  found: found.text.includes(`href="${path}"`),
  fixture: "motto" in allPages(FRIENDLY, "light"),
}
await server.close()
console.log(JSON.stringify(result))
process.exit(0)
