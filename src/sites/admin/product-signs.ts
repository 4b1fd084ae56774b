// Signs of unusual use of APIs, for an admin: shown with the products, and closed with what was found.
import type { AdminSign } from "../../../views/admin/product-signs.tsx"
import { ProductActPage } from "../../../views/admin/products.tsx"
import { signWords } from "../../../views/portal/publisher/calls.tsx"
import { ensure } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import type { Product } from "../../marketplace/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "marketplace" | "store">
type Signal = ReturnType<Deps["marketplace"]["calls"]["openSignalsOf"]>[number]

const CLOSE = form(
  { reason: field.reason({ label: "What you found", help: "It stands beside the sign, and in the audit log." }) },
  { submit: "Close" },
)
const PATH = "/admin/products/:product/signs/:sign/closing"

export function productSignRoutes(
  site: AdminSite,
  { marketplace, store }: Deps,
  productOf: (id: string) => Product,
): void {
  const { calls } = marketplace
  site.form(PATH, {
    summary: "Close a sign of unusual use",
    load(_, params: { product: string; sign: string }) {
      const product = productOf(params.product)
      const signal = /^\d{1,15}$/.test(params.sign) ? calls.signalById(Number(params.sign)) : null
      ensure(signal?.productId === product.id && signal, "not_found", "This API has no such sign.")
      return { product, signal }
    },
    form: CLOSE,
    async act(page, { reason }, { product, signal }) {
      await store.write(page.ctx(reason), (tx) =>
        calls.closeSignalIn(tx, { product, signalId: signal.id, note: reason }),
      )
      return { to: `/admin/products/${product.publicId}#signs`, say: "Closed. Seen again, it is a new one." }
    },
    show(page, view, { product, signal }, status) {
      const title = "Close this sign?"
      const about = { id: product.publicId, title: product.title }
      const words = `${signWords(signal)} Nothing was blocked by it.`
      return page.render((frame) => ProductActPage({ frame, product: about, title, words, form: view }), status)
    },
  })
}

/** Those nobody looked at yet, of all products. */
export function openSigns({ marketplace: { calls, catalog } }: Deps): AdminSign[] {
  const titles = new Map<number, Product | null>()
  const productOf = (id: number) => {
    if (!titles.has(id)) titles.set(id, catalog.productById(id))
    return titles.get(id)
  }
  return calls
    .signalsOf(null)
    .filter(({ closedMs }) => closedMs === null)
    .flatMap((signal) => {
      const product = productOf(signal.productId)
      return product ? [signShown(signal, product)] : []
    })
}

export const signsOf = ({ marketplace: { calls } }: Deps, product: Product): AdminSign[] =>
  calls.signalsOf(product.id).map((signal) => signShown(signal, product))

const signShown = (signal: Signal, { publicId, title }: Pick<Product, "publicId" | "title">): AdminSign => ({
  id: signal.id,
  product: { id: publicId, title },
  words: signWords(signal),
  lastMs: signal.lastMs,
  times: signal.times,
  closedMs: signal.closedMs,
  note: signal.note,
})
