// A later document for an API that is there: brought, looked at with what it changes, taken over or thrown away; and the way out.
import { ImportPage } from "../../../../views/portal/publisher/import.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { field, form } from "../../../http/index.ts"
import type { Product } from "../../../marketplace/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { BRING_FORM } from "./forms.ts"
import { mineOf, pathOf, productOf } from "./places.ts"
import { shown } from "./product.ts"

const PATH = "/publisher/products/:product"

const APPLY = form(
  {
    words: field.box({ label: "Take over version and overview too" }),
    createdMs: field.hidden({ label: "Document" }),
  },
  { submit: "Take it over" },
)
const DROP = form({}, { submit: "Throw it away" })

export function importRoutes(site: PortalSite, deps: PortalDeps): void {
  const { marketplace, store } = deps
  const { catalog } = marketplace
  const load = (page: PageRequest, { product }: { product: string }) => productOf(deps, page, product)
  const here = (product: Product) => `${pathOf(product)}/import`
  site.form(`${PATH}/import`, {
    load,
    form: BRING_FORM,
    async act(page, { file, url, text }, product) {
      const source = { text: file ? new TextDecoder().decode(file) : text, url }
      await catalog.bringDocument(page.ctx("brought a document"), { ...mineOf(page, product), ...source })
      return { to: here(product) }
    },
    show: (page, bring, product, status) => importPage(deps, page, product, bring, status),
  })
  site.post(`${PATH}/import/application`, {
    load,
    form: APPLY,
    async act(page, { words, createdMs }, product) {
      const input = { ...mineOf(page, product), createdMs: Number(createdMs), words }
      const { added, changed, removed } = await catalog.applyDocument(page.ctx("took a document over"), input)
      return {
        to: `${pathOf(product)}/endpoints`,
        say: `Taken over: ${added} new, ${changed} changed, ${removed} gone.`,
      }
    },
    back: here,
  })
  site.post(`${PATH}/import/removal`, {
    load,
    form: DROP,
    async act(page, _, product) {
      await store.write(page.ctx("threw a document away"), (tx) => catalog.dropWaitingIn(tx, mineOf(page, product)))
      return { to: here(product), say: "Thrown away. Nothing has changed." }
    },
    back: here,
  })
  site.get(`${PATH}/openapi.json`, (page, ids) => {
    const product = load(page, ids)
    return new Response(JSON.stringify(catalog.openapiOf(product), null, 2), {
      headers: {
        "content-type": "application/json",
        "content-disposition": `attachment; filename="${product.slug}-openapi.json"`,
      },
    })
  })
}

async function importPage(
  deps: PortalDeps,
  page: PageRequest,
  product: Product,
  bring: FormView,
  status: Status,
): Promise<Response> {
  const waiting = await deps.marketplace.catalog.waitingDocument(mineOf(page, product))
  const action = `${pathOf(product)}/import`
  const props = {
    product: shown(product),
    bring,
    waiting: waiting && {
      title: waiting.document.title,
      version: waiting.document.version,
      sourceUrl: waiting.sourceUrl,
      notes: waiting.document.notes,
      differences: waiting.differences,
      apply: APPLY.show({
        action: `${action}/application`,
        present: { words: true, createdMs: String(waiting.createdMs) },
      }),
      drop: DROP.show({ action: `${action}/removal` }),
    },
  }
  return page.render((frame) => ImportPage({ frame: { ...frame, path: action }, ...props }), status)
}
