// What a page costs: a settings page is five files, an admin's list with its table nine. They are built here in a copy of the tree, as
// `src/sites/README.md` says, and used over HTTP by a person and a program.
import { afterAll, expect, test } from "bun:test"
import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Copy } from "./copy.ts"

const copy = new Copy()
afterAll(() => copy.remove())

/** Puts text behind the one place where `mark` stands. */
const after = (path: string, mark: string, text: string): void => copy.replace(path, mark, mark + text)

const nextMigration = (): string => String(readdirSync(join(copy.folder, "migrations")).length + 1).padStart(4, "0")

/** Type errors of the copy, a line each. Its tests are left out: they are as they were. */
async function typeErrors(): Promise<string[]> {
  const project = "tsconfig.copy.json"
  const options = { extends: "./tsconfig.json", exclude: ["node_modules", "**/*.test.ts", "**/*.test.tsx"] }
  writeFileSync(join(copy.folder, project), JSON.stringify(options))
  const command = [
    process.execPath,
    "node_modules/typescript-7/bin/tsc",
    "-p",
    project,
    "--noEmit",
    "--pretty",
    "false",
  ]
  const child = Bun.spawn(command, { cwd: copy.folder, stdout: "pipe", stderr: "ignore" })
  const out = await new Response(child.stdout).text()
  const errors = out.split("\n").filter((line) => line.includes("error TS"))
  return (await child.exited) === 0 || errors.length > 0 ? errors : [`tsc failed: ${out}`]
}

test("a settings page: five files; found in the sidebar's list and the search, guarded, refused with what was typed, saved", async () => {
  copy.files()
  copy.insert(
    "src/sites/console/pages.ts",
    "] as const satisfies readonly PageEntry[]",
    `  {
    path: "/settings/motto",
    viewer: "person",
    title: "Motto",
    nav: { group: "", label: "Motto", icon: "book", order: 50 },
    search: { text: "A line about you.", words: "about" },
  },
`,
  )
  copy.add(
    "src/sites/console/motto.ts",
    `// /settings/motto: a line about oneself.
import { MottoPage } from "../../../views/console/motto.tsx"
import { field, form } from "../../http/index.ts"
import type { ConsoleSite } from "./site.ts"

const MOTTO_FORM = form(
  { motto: field.text({ label: "Motto", missing: "Say something.", max: 40 }), shown: field.box({ label: "Shown" }) },
  { submit: "Save motto" },
)

export function mottoRoutes(site: ConsoleSite): void {
  const mottos = new Map<number, { motto: string; shown: boolean }>()
  site.form("/settings/motto", {
    form: MOTTO_FORM,
    load: (page) => mottos.get(page.session.userId),
    present: (saved) => saved ?? {},
    async act(page, values) {
      mottos.set(page.session.userId, values)
      return { to: "/settings/motto", say: "Your motto is saved." }
    },
    show: (page, form, _, status) => page.render((frame) => MottoPage({ frame, form }), status),
  })
}
`,
  )
  copy.insert(
    "src/sites/console/index.ts",
    'import { planRoutes } from "./plan.ts"\n',
    'import { mottoRoutes } from "./motto.ts"\n',
  )
  after("src/sites/console/index.ts", "  planRoutes(site, deps)\n", "  mottoRoutes(site)\n")
  copy.add(
    "views/console/motto.tsx",
    `// A line about oneself.
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import type { FormView } from "../ui/index.ts"

export const MottoPage = ({ frame, form }: { frame: Frame; form: FormView }): JSX.Element => (
  <EditPage frame={frame} title="Motto" lead="A line about you." form={form} />
)
`,
  )
  copy.add(
    "views/fixtures/console/motto.tsx",
    `// Fixtures of console/motto.
import { MottoPage } from "../../console/motto.tsx"
import type { Stage } from "../data.ts"
import { fieldOf, formOf } from "../forms.ts"

export const pages = ({ words, at }: Stage): Record<string, JSX.Element> => ({
  motto: (
    <MottoPage
      frame={at("/settings/motto")}
      form={formOf("/settings/motto", "Save motto", [fieldOf("motto", "Motto", words.text)])}
    />
  ),
})
`,
  )
  expect(copy.files()).toHaveLength(5)
  await expect(copy.found("try-motto.ts")).resolves.toEqual({
    listed: true,
    stranger: 303,
    empty: [422, "Say something."],
    saved: [200, "Your motto is saved.", "Deeds, not words"],
    found: true,
    fixture: true,
  })
}, 60_000)

test("an admin's list with its table: nine files; added and changed by a person and by a program, rules by field", async () => {
  copy.files()
  copy.add(
    `migrations/${nextMigration()}_notices.sql`,
    `-- What the operator tells everybody.
CREATE TABLE operator_notices (
  id         INTEGER PRIMARY KEY,
  text       TEXT NOT NULL CHECK (text <> ''),
  reward     INTEGER NOT NULL CHECK (reward >= 0),
  changed_ms INTEGER NOT NULL
) STRICT;
`,
  )
  after(
    "src/developers/tables.ts",
    'import type { ClientId, UserId } from "../app/index.ts"\n',
    `import type { Nano } from "../app/index.ts"

/** What the operator tells everybody, and what reading it earns, n$. */
export const notices = sqliteTable("operator_notices", {
  id: integer().primaryKey(),
  text: text().notNull(),
  rewardNano: integer("reward").notNull().$type<Nano>(),
  changedMs: integer("changed_ms").notNull(),
})
`,
  )
  copy.replace("src/developers/store.ts", "{ agreements, developers }", "{ agreements, developers, notices }")
  after(
    "src/developers/store.ts",
    'from "./tables.ts"\n',
    `import type { OrmReader } from "../store/index.ts"

/** \`id\` null = a new one. */
export type Notice = Omit<typeof notices.$inferInsert, "id" | "changedMs"> & { id: number | null }

export const noticeRows = (reader: OrmReader) => reader.drizzle.select().from(notices).orderBy(notices.id).all()

export function saveNoticeRow(tx: Tx, { id, ...notice }: Notice): void {
  const row = { ...notice, changedMs: tx.now }
  if (id === null) tx.drizzle.insert(notices).values(row).run()
  else tx.drizzle.insert(notices).values({ ...row, id }).onConflictDoUpdate({ target: notices.id, set: row }).run()
}
`,
  )
  copy.insert(
    "src/developers/index.ts",
    "import type { AcceptAgreement,",
    'import { type Notice, noticeRows, saveNoticeRow } from "./store.ts"\n',
  )
  copy.insert(
    "src/developers/index.ts",
    "    earningTerms: () => earningTerms(settings),\n",
    `    notices: () => noticeRows(store.read),
    /** @throws AppError validation_failed */
    saveNotice(ctx: WriteContext, notice: Notice) {
      const words = "A reward is at most one credit."
      if (notice.rewardNano > 1_000_000)
        throw new AppError("validation_failed", words, { formErrors: { rewardNano: words } })
      return store.write(ctx, (tx) => {
        saveNoticeRow(tx, notice)
        auditIn(tx, { action: "notice.saved", subject: "notices", after: notice })
      })
    },

`,
  )
  copy.insert(
    "src/sites/admin/pages.ts",
    "] as const satisfies readonly PageEntry[]",
    `  {
    path: "/admin/notices",
    viewer: "admin",
    title: "Notices",
    nav: { group: "Admin", label: "Notices", icon: "info", order: 90 },
    search: { text: "What you tell everybody.", words: "message admin" },
  },
  { path: "/admin/notices/new", viewer: "admin", title: "New notice" },
  { path: "/admin/notices/:notice", viewer: "admin", title: "A notice" },
`,
  )
  copy.add(
    "src/sites/admin/notices.ts",
    `// /admin/notices: what the operator tells everybody.
import { NoticePage, NoticesPage } from "../../../views/admin/notices.tsx"
import { ensure } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const LIST = "/admin/notices"
const NOTICE_FORM = form(
  {
    text: field.area({ label: "Text", missing: "Say what it is." }),
    rewardNano: field.credits({ name: "reward", label: "Reward" }),
    reason: field.reason(),
  },
  { submit: "Save notice" },
)

export function noticeRoutes(site: AdminSite, { developers }: Pick<AdminDeps, "developers">): void {
  site.get(LIST, (page) => page.render((frame) => NoticesPage({ frame, notices: developers.notices() })))
  site.form(
    "/admin/notices/new",
    {
      form: NOTICE_FORM,
      async act(page, { reason, ...notice }) {
        await developers.saveNotice(page.ctx(reason), { id: null, ...notice })
        return { to: LIST, say: "The notice is there." }
      },
      show: (page, form, _, status) => page.render((frame) => NoticePage({ frame, form }), status),
    },
    LIST,
  )
  site.form("/admin/notices/:notice", {
    load(_, { notice }) {
      const found = developers.notices().find(({ id }) => String(id) === notice)
      ensure(found, "not_found", "There is no such notice.")
      return found
    },
    form: NOTICE_FORM,
    present: (notice) => notice,
    async act(page, { reason, ...changes }, { id }) {
      await developers.saveNotice(page.ctx(reason), { id, ...changes })
      return { to: LIST, say: "The notice is changed." }
    },
    show: (page, form, _, status) => page.render((frame) => NoticePage({ frame, form }), status),
  })
}
`,
  )
  copy.insert(
    "src/sites/admin/index.ts",
    'import { ADMIN_PAGES } from "./pages.ts"\n',
    'import { noticeRoutes } from "./notices.ts"\n',
  )
  after("src/sites/admin/index.ts", "  earningsRoutes(site, deps)\n", "  noticeRoutes(site, deps)\n")
  copy.add(
    "views/admin/notices.tsx",
    `// What the operator tells everybody: the list, and one of it.
import type { Nano } from "../../src/app/units.ts"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { Button, CreditsNumber, Empty, type FormView, RowLink } from "../ui/index.ts"

interface Notice {
  id: number
  text: string
  rewardNano: Nano
}

export const NoticesPage = ({ frame, notices }: { frame: Frame; notices: readonly Notice[] }): JSX.Element => (
  <ListPage
    frame={frame}
    title="Notices"
    section="Admin"
    action={<Button kind="primary" href="/admin/notices/new" label="New notice" />}
    table={{
      caption: "Notices",
      columns: [{ label: "Text" }, { label: "Reward", numeric: true }],
      rows: notices.map(({ id, text, rewardNano }) => [
        <RowLink href={\`/admin/notices/\${id}\`} label={text} />,
        <CreditsNumber amount={rewardNano} />,
      ]),
      empty: <Empty title="No notice yet" text="People read them on their dashboard." />,
    }}
  />
)

export const NoticePage = ({ frame, form }: { frame: Frame; form: FormView }): JSX.Element => (
  <EditPage frame={frame} title="Notice" section="Admin" up={{ href: "/admin/notices", label: "Notices" }} form={form} />
)
`,
  )
  copy.add(
    "views/fixtures/admin/notices.tsx",
    `// Fixtures of admin/notices.
import { credits } from "../../../src/app/units.ts"
import { NoticePage, NoticesPage } from "../../admin/notices.tsx"
import type { Stage } from "../data.ts"
import { fieldOf, formOf, reasonField } from "../forms.ts"

export const pages = ({ words, at }: Stage): Record<string, JSX.Element> => ({
  notices: <NoticesPage frame={at("/admin/notices")} notices={[{ id: 1, text: words.text, rewardNano: credits(1) }]} />,
  notice: (
    <NoticePage
      frame={at("/admin/notices/1")}
      form={formOf("/admin/notices/1", "Save notice", [fieldOf("text", "Text", words.text), reasonField()])}
    />
  ),
})
`,
  )
  expect(copy.files()).toHaveLength(9)
  expect(await copy.found("try-notices.ts")).toEqual({
    stranger: 404,
    wrong: [422, { text: "Say what it is.", reward: "Give a number of credits, such as 500." }],
    rule: [422, { reward: "A reward is at most one credit." }],
    added: [200, "The notice is there."],
    list: true,
    changed: [200, "The notice is changed.", "0.5"],
    documented: ["/api/v1/admin/notices", "/api/v1/admin/notices/{notice}"],
  })
}, 60_000)

test("and all of it is typed", async () => {
  expect(await typeErrors()).toEqual([])
}, 240_000)
