// /developer/payouts/documents: what somebody sends to show who they are. Files go out as files, never as pages.

import { bytesText } from "../../../../views/admin/bytes.ts"
import { DocumentRemovalPage, type DocumentRow, DocumentsPage } from "../../../../views/portal/payouts/documents.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { ensure } from "../../../app/index.ts"
import { button, field, form } from "../../../http/index.ts"
import {
  DOCUMENT_KINDS,
  type DocumentKind,
  MEDIA_TYPES,
  type OpenedDocument,
  PAYOUT_LIMITS,
  type PayoutCheck,
  type PayoutDocument,
  TAX_YEARS,
} from "../../../payouts/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"

const PATH = "/developer/payouts/documents"

const SEND = form(
  {
    kind: field.choice<DocumentKind>({
      label: "What it is",
      options: (Object.keys(DOCUMENT_KINDS) as DocumentKind[]).map((value) => ({
        value,
        label: DOCUMENT_KINDS[value],
      })),
      wrong: "Choose what it is.",
    }),
    file: field.document({
      label: "File",
      accept: ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png",
      help: `PDF, JPEG or PNG, up to ${PAYOUT_LIMITS.documentBytes / 1024 / 1024} MB.`,
      missing: "Choose a file.",
    }),
  },
  { submit: "Send" },
)

export const documentRow =
  (check: PayoutCheck | null) =>
  ({ publicId, kind, format, bytes, createdMs }: PayoutDocument): DocumentRow => ({
    id: publicId,
    kind: DOCUMENT_KINDS[kind],
    what: `${format.toUpperCase()}, ${bytesText(bytes)}`,
    sentMs: createdMs,
    isKept: check?.state === "approved" && createdMs <= check.decidedMs!,
  })

/** A file of somebody's, to keep: nothing in it runs here, and no cache keeps it. */
export const documentAnswer = ({ document, format, bytes }: OpenedDocument): Response =>
  new Response(bytes, {
    headers: {
      "content-type": MEDIA_TYPES[format],
      "content-disposition": `attachment; filename="${document.kind}-${document.publicId}.${format}"`,
      "content-security-policy": "default-src 'none'; sandbox",
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
    },
  })

export function payoutDocumentRoutes(site: PortalSite, deps: PortalDeps): void {
  const { payouts, store } = deps
  site.get(PATH, (page) => documents(deps, page))
  site.post(PATH, {
    form: SEND,
    async act(page, { kind, file }) {
      const adding = { userId: page.holder.id, kind, file }
      await store.write(page.ctx("sent a document for payouts"), (tx) => payouts.addDocumentIn(tx, adding))
      return { to: PATH, say: "The document is sent. You get a mail when somebody has looked at it." }
    },
    show: (page, sent, _, status) => documents(deps, page, sent, status),
  })
  site.get(`${PATH}/:paydoc/file`, (page, { paydoc }) => documentAnswer(payouts.openDocument(page.holder.id, paydoc)))
  site.form(`${PATH}/:paydoc/removal`, {
    load(page, { paydoc }) {
      const found = payouts.documentsOf(page.holder.id).find(({ publicId }) => publicId === paydoc)
      ensure(found, "not_found", "You have no such document.")
      return found
    },
    form: button("Take off", true),
    async act(page, _, { publicId }) {
      const userId = page.holder.id
      await store.write(page.ctx("took off a document"), (tx) => payouts.removeDocumentIn(tx, { userId, publicId }))
      return { to: PATH, say: "The document is deleted." }
    },
    show: (page, view, { kind }, status) =>
      page.render((frame) => DocumentRemovalPage({ frame, kind: DOCUMENT_KINDS[kind], form: view }), status),
  })
}

function documents(deps: PortalDeps, page: PageRequest, sent?: FormView, status?: Status): Response {
  const { payouts, settings, clock } = deps
  const userId = page.holder.id
  const check = payouts.checkOf(userId)
  const props = {
    now: clock.now(),
    state: check?.state ?? null,
    because: check?.because ?? null,
    room: payouts.roomBeforeProof(userId),
    documents: payouts.documentsOf(userId).map(documentRow(check)),
    taxYears: settings.get(TAX_YEARS),
    form: sent ?? SEND.show({ action: PATH, present: { kind: "identity" } }),
  }
  return page.render((frame) => DocumentsPage({ frame, ...props }), status)
}
