// Guides of an API, in Markdown with a preview.
import { GuidePage } from "../../../../views/portal/publisher/words.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { ensure } from "../../../app/index.ts"
import { button } from "../../../http/index.ts"
import type { Guide, Product } from "../../../marketplace/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { GUIDE_FORM } from "./forms.ts"
import { mineOf, pathOf } from "./places.ts"
import { shown } from "./product.ts"
import { again, loadWriting, OK, textIn, type Writing } from "./writing.ts"

const PATH = "/publisher/products/:product"

interface GuideView {
  product: Product
  /** Null = a new one. */
  guide: Guide | null
  form: FormView
  text: string
}

function show(page: PageRequest, { product, guide, form, text }: GuideView, status: Status): Response {
  const path = `${pathOf(product)}/docs/${guide?.publicId ?? "new"}`
  const props = { product: shown(product), guide: guide && { id: guide.publicId, title: guide.title }, form, text }
  return page.render((frame) => GuidePage({ frame: { ...frame, path }, ...props }), status)
}

async function save(
  { marketplace, store }: PortalDeps,
  page: PageRequest,
  { product, guide, ...values }: { product: Product; guide: Guide | null; title: string; body: string },
) {
  const input = { ...mineOf(page, product), ...(guide ? { guidePublicId: guide.publicId } : {}), ...values }
  const saved = await store.write(page.ctx("wrote a guide"), (tx) => marketplace.catalog.saveGuideIn(tx, input))
  return { to: `${pathOf(product)}/docs/${saved.publicId}`, say: `${saved.title} is saved.` }
}

export function guideRoutes(site: PortalSite, deps: PortalDeps): void {
  const load = loadWriting(deps)
  const add = ({ product }: Writing) => `${pathOf(product)}/guides`
  site.form(
    `${PATH}/docs/new`,
    {
      load,
      form: GUIDE_FORM,
      async act(page, values, writing) {
        const { product, preview } = writing
        const form = again(GUIDE_FORM, add(writing), values)
        if (preview) return show(page, { product, guide: null, form, text: values.body }, OK)
        return save(deps, page, { product, guide: null, ...values })
      },
      show: (page, view, writing, status) => {
        const form = { ...view, action: add(writing) }
        return show(page, { product: writing.product, guide: null, form, text: textIn(view, "body") }, status)
      },
    },
    `${PATH}/guides` as never,
  )
  oneRoutes(site, deps)
}

function oneRoutes(site: PortalSite, deps: PortalDeps): void {
  const { marketplace, store } = deps
  const load = loadWriting(deps)
  const one = (page: PageRequest, ids: { product: string; guide: string }, sent: (name: string) => string) => {
    const writing = load(page, ids, sent)
    const guide = marketplace.catalog.guide(writing.product.id, ids.guide)
    ensure(guide, "not_found", "There is no such guide.")
    return { ...writing, guide }
  }
  site.form(`${PATH}/docs/:guide`, {
    load: one,
    form: GUIDE_FORM,
    present: ({ guide }) => ({ title: guide.title, body: guide.body }),
    async act(page, values, { product, guide, preview }) {
      const form = again(GUIDE_FORM, `${pathOf(product)}/docs/${guide.publicId}`, values)
      if (preview) return show(page, { product, guide, form, text: values.body }, OK)
      return save(deps, page, { product, guide, ...values })
    },
    show: (page, form, { product, guide }, status) =>
      show(page, { product, guide, form, text: textIn(form, "body") }, status),
  })
  site.post(`${PATH}/docs/:guide/removal`, {
    load: one,
    form: button("Delete guide", true),
    async act(page, _, { product, guide }) {
      const input = { ...mineOf(page, product), guidePublicId: guide.publicId }
      await store.write(page.ctx("deleted a guide"), (tx) => marketplace.catalog.removeGuideIn(tx, input))
      return { to: `${pathOf(product)}/docs`, say: `${guide.title} is gone.` }
    },
    back: ({ product }) => `${pathOf(product)}/docs`,
  })
}
