// /admin/users/:user/payouts/documents: what a payee sent to show who they are. Reading one asks who is there and stands in the audit log.
import { AdminUserDocumentsPage } from "../../../views/admin/user-documents.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { field, form } from "../../http/index.ts"
import type { User } from "../../identity/index.ts"
import { confirmToRead, type PageRequest, type Status } from "../base/index.ts"
import { documentAnswer, documentRow } from "../portal/index.ts"
import { labelOf, payeeOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const PATH = "/admin/users/:user/payouts/documents"
/** Also of somebody who left, whose tax documents are kept. */
const FILE = "/admin/payouts/documents/:paydoc"
const DECIDE = form(
  {
    decision: field.choice({
      label: "Decision",
      control: "radios",
      wrong: "Choose one of the two.",
      options: [
        { value: "approved", label: "Accept", help: "They may ask for any sum." },
        { value: "refused", label: "Refuse", help: "Large sums are not paid. They can send others." },
      ],
    }),
    because: field.text({
      label: "Why, if you refuse",
      help: "They read it.",
      optional: true,
      max: 500,
      autocomplete: "off",
    }),
    reason: field.reason(),
  },
  { submit: "Decide" },
)

const pathOf = ({ publicId }: User): string => `/admin/users/${publicId}/payouts/documents`

export function userDocumentRoutes(site: AdminSite, deps: AdminDeps): void {
  const { payouts, store } = deps
  const load = (_: unknown, params: { user: string }): User => payeeOf(deps, params.user)
  site.get(PATH, (page, params) => documents(deps, page, load(page, params)))
  site.post(PATH, {
    summary: "Decide about the documents of a payee",
    load,
    form: DECIDE,
    fresh: true,
    async act(page, { decision, because, reason }, user) {
      const deciding = { userId: user.id, decision, because }
      await store.write(page.ctx(reason), (tx) => payouts.decideCheckIn(tx, deciding))
      return {
        to: pathOf(user),
        say: decision === "approved" ? "Accepted. They get a mail." : "Refused. They get a mail.",
      }
    },
    show: (page, sent, user, status) => documents(deps, page, user, sent, status),
  })
  site.get(FILE, async (page, { paydoc }) => {
    const asked = confirmToRead(page, "/admin/payouts")
    if (asked) return asked
    const opened = payouts.openDocument(null, paydoc)
    await store.write(page.ctx("read a document of a payee"), (tx) => payouts.noteReadIn(tx, paydoc))
    return documentAnswer(opened)
  })
}

function documents(deps: AdminDeps, page: PageRequest, user: User, sent?: FormView, status?: Status): Response {
  const { payouts, clock } = deps
  const check = payouts.checkOf(user.id)
  const props = {
    now: clock.now(),
    user: { id: user.publicId, label: labelOf(user) },
    state: check?.state ?? null,
    because: check?.because ?? null,
    decidedMs: check?.decidedMs ?? null,
    documents: payouts.documentsOf(user.id).map(documentRow(check)),
    form: sent ?? DECIDE.show({ action: pathOf(user) }),
  }
  return page.render((frame) => AdminUserDocumentsPage({ frame, ...props }), status)
}
