// /admin/payouts/files: files for a bank or a payment service. Making one and reading it asks who is there: it has people's accounts in it.
import {
  AdminPayoutFileActPage,
  AdminPayoutFilePage,
  AdminPayoutFilesPage,
} from "../../../views/admin/payout-files.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure } from "../../app/index.ts"
import { csvHeaders, field, form } from "../../http/index.ts"
import { methodName, minorText, type PayoutFile } from "../../payouts/index.ts"
import { confirmToRead, type PageRequest, type Status } from "../base/index.ts"
import { PAID_REFERENCE, whoseOf } from "./payouts.ts"
import { actorName } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "payouts" | "store" | "clock" | "identity" | "oauth">

const LIST = "/admin/payouts/files"
const MAKE = form(
  {
    format: field.choice({
      label: "Kind of file",
      control: "radios",
      wrong: "Choose a kind of file.",
      options: [
        {
          value: "pain",
          label: "For a bank",
          help: "ISO 20022 (pain.001.001.09): everything that goes to bank accounts.",
        },
        { value: "paypal", label: "For PayPal", help: "Mass payments: everything that goes to PayPal." },
        { value: "csv", label: "A table (CSV)", help: "Everything, to pay by hand or by another service." },
      ],
    }),
    reason: field.reason(),
  },
  { submit: "Make the file" },
)
const PAID = form({ reference: PAID_REFERENCE, reason: field.reason() }, { submit: "Mark all as paid" })
const BACK = form({ reason: field.reason() }, { submit: "Take the file back", danger: true })

export function payoutFileRoutes(site: AdminSite, deps: Deps): void {
  const { payouts, store } = deps
  const load = (_: unknown, { payoutfile }: { payoutfile: string }) => fileOf(deps, payoutfile)
  site.get(LIST, (page) => listPage(deps, page))
  site.post(LIST, {
    summary: "Make a file of approved payouts",
    form: MAKE,
    fresh: true,
    async act(page, { format, reason }) {
      const ctx = page.ctx(reason)
      const made = await store.write(ctx, (tx) => payouts.makeFileIn(tx, { format, actor: ctx.actor }))
      return {
        to: `${LIST}/${made.publicId}`,
        say: "The file is made. What is in it is in no other.",
        result: { file: made.publicId },
      }
    },
    show: (page, view, _, status) => listPage(deps, page, view, status),
  })
  site.get(`${LIST}/:payoutfile`, (page, params) => filePage(deps, page, load(page, params)))
  site.get(`${LIST}/:payoutfile/download`, (page, params) => {
    const file = load(page, params)
    const asked = confirmToRead(page, `${LIST}/${file.publicId}`)
    if (asked) return asked
    const { name, kind, text } = payouts.fileText(file.publicId)
    const headers = csvHeaders(name, kind === "table")
    return new Response(text, { headers: kind === "xml" ? { ...headers, "content-type": "application/xml" } : headers })
  })
  actRoutes(site, deps, load)
}

function actRoutes(
  site: AdminSite,
  deps: Deps,
  load: (_: unknown, params: { payoutfile: string }) => PayoutFile,
): void {
  const { payouts, store } = deps
  const show =
    (act: "payment" | "withdrawal") => (page: PageRequest, view: FormView, file: PayoutFile, status: Status) => {
      const open = payouts.rowsOfFile(file.id).filter(({ state }) => state === "approved").length
      return page.render((frame) => AdminPayoutFileActPage({ frame, act, id: file.publicId, open, form: view }), status)
    }
  site.form(`${LIST}/:payoutfile/payment`, {
    summary: "Mark a whole file as paid",
    load,
    form: PAID,
    async act(page, { reference, reason }, { publicId }) {
      const paid = await store.write(page.ctx(reason), (tx) => payouts.payFileIn(tx, { publicId, reference }))
      return { to: `${LIST}/${publicId}`, say: `${paid === 1 ? "1 payout is" : `${paid} payouts are`} paid.` }
    },
    show: show("payment"),
  })
  site.form(`${LIST}/:payoutfile/withdrawal`, {
    summary: "Take back a file that was not sent",
    load,
    form: BACK,
    fresh: true,
    async act(page, { reason }, { publicId }) {
      await store.write(page.ctx(reason), (tx) => payouts.withdrawFileIn(tx, publicId))
      return { to: LIST, say: "The file is taken back. What was in it can go into another one." }
    },
    show: show("withdrawal"),
  })
}

function fileOf({ payouts }: Deps, id: string): PayoutFile {
  const file = payouts.file(id)
  ensure(file, "not_found", "There is no such file. They are listed under Payouts.")
  return file
}

function listPage(deps: Deps, page: PageRequest, sent?: FormView, status?: Status): Response {
  const { payouts, clock } = deps
  const props = {
    now: clock.now(),
    waiting: { pain: payouts.waitingFor("pain"), paypal: payouts.waitingFor("paypal"), csv: payouts.waitingFor("csv") },
    problem: payouts.debtorProblem(),
    form: sent ?? MAKE.show({ action: LIST }),
    files: payouts.files().map(({ publicId, format, createdMs, actor, withdrawnMs, payouts: count, open }) => ({
      id: publicId,
      format,
      atMs: createdMs,
      by: actorName(deps, actor),
      isBack: withdrawnMs !== null,
      count,
      open,
    })),
  }
  // A refused form was posted to the list's own address.
  return page.render((frame) => AdminPayoutFilesPage({ frame, ...props }), status)
}

function filePage(deps: Deps, page: PageRequest, file: PayoutFile): Response {
  const rows = deps.payouts.rowsOfFile(file.id)
  const props = {
    now: deps.clock.now(),
    file: {
      id: file.publicId,
      format: file.format,
      atMs: file.createdMs,
      by: actorName(deps, file.actor),
      isBack: file.withdrawnMs !== null,
    },
    rows: rows.map((row) => ({
      id: row.publicId,
      state: row.state,
      to: methodName(row),
      who: whoseOf(deps, { ownerId: row.ownerId as never }).who,
      amount: `${row.currency} ${minorText(row.paidMinor, row.currency)}`,
    })),
  }
  return page.render((frame) => AdminPayoutFilePage({ frame, ...props }))
}
