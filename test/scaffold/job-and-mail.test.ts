// Adding a job and a mail takes two files each, and they work: nothing else in the house has to be told.
import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { Copy } from "./copy.ts"

setDefaultTimeout(60_000)
const copy = new Copy()
afterAll(() => copy.remove())

/** A server that lives while `body` runs. */
const inServer = (body: string): string => `
import { CTX, makeUser, startTestServer } from "./test/build.ts"
const server = await startTestServer()
const { app } = server
${body}
await server.close()
`

test("a job: its verb, and an entry in its domain's part", async () => {
  copy.add(
    "src/plans/count.ts",
    `// Counts people by plan.
import type { Plans } from "./types.ts"

export const countPeople = (plans: Pick<Plans, "peopleByPlan">): number => plans.peopleByPlan().size
`,
  )
  copy.insert("src/plans/part.ts", "import type { Plan, Plans }", 'import { countPeople } from "./count.ts"\n')
  copy.replace("src/plans/part.ts", '"allocateDue" | "planOf"', '"allocateDue" | "planOf" | "peopleByPlan"')
  copy.insert(
    "src/plans/part.ts",
    '      {\n        name: "allocate-plans"',
    '      { name: "count-people", everyMs: 60_000, atStart: true, run: async () => countPeople(plans) < 0 },\n',
  )
  expect(copy.files()).toEqual(["src/plans/count.ts", "src/plans/part.ts"])
  const out = await copy.run(
    inServer(`
const ran = () => app.jobs.states().find((job) => job.name === "count-people" && job.lastOkMs !== null)
for (let tries = 0; tries < 1_200 && !ran(); tries++) await Bun.sleep(25)
console.log(ran()?.lastError === null ? "it ran" : "it did not run")
`),
  )
  expect(out).toBe("it ran\n")
})

test("a mail: its letter, and the verb that queues it", async () => {
  copy.insert(
    "src/identity/mails.ts",
    "export const LETTERS = [",
    `export const adminGranted: Letter<null> = {
  kind: "admin_granted",
  subject: (_, { productName }) => \`You are an admin of \${productName} now\`,
  body: (_, { baseUrl }) => [{ text: "Look around:", link: \`\${baseUrl}/admin\` }],
  sample: null,
}

`,
  )
  copy.insert("src/identity/mails.ts", "  signUpCode,\n", "  adminGranted,\n")
  copy.insert(
    "src/identity/users.ts",
    "/** @see Identity.setName */",
    `export const tellAdminIn = (core: Core, tx: Tx, to: string): void =>
  core.mails.queueIn(tx, adminGranted, { to, data: null, uselessAfterMs: null })

`,
  )
  copy.insert("src/identity/users.ts", "import { ADDRESS_WORDS", 'import { adminGranted } from "./mails.ts"\n')
  copy.insert(
    "src/identity/users.ts",
    "    return input.isAdmin ? setAdminIn",
    "    if (input.isAdmin) tellAdminIn(core, tx, email)\n",
  )
  expect(copy.files()).toEqual(["src/identity/mails.ts", "src/identity/users.ts"])
  const out = await copy.run(
    inServer(`
const admin = await makeUser(app, { isAdmin: true })
for (let tries = 0; tries < 1_200 && app.mailer.mailbox.length === 0; tries++) await Bun.sleep(25)
const [mail] = app.mailer.mailbox
console.log(mail?.to === admin.email, mail?.subject, mail?.html?.includes("/admin"))
`),
  )
  expect(out).toBe("true You are an admin of Purser now true\n")
})
