// What the editors of Markdown share: a second button that shows the text as readers see it, and saves nothing.
import type { FormView } from "../../../../views/ui/index.ts"
import type { FormDef } from "../../../http/index.ts"
import type { Product } from "../../../marketplace/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { PortalDeps } from "../site.ts"
import type { GUIDE_FORM, OVERVIEW_FORM } from "./forms.ts"
import { productOf } from "./places.ts"

export const OK: Status = { status: 200 }

export interface Writing {
  product: Product
  /** Only to be looked at: nothing is saved. */
  preview: boolean
}

export const loadWriting =
  (deps: PortalDeps) =>
  (page: PageRequest, { product }: { product: string }, sent: (name: string) => string): Writing => ({
    product: productOf(deps, page, product),
    preview: sent("preview") === "1",
  })

/** The form again as it was typed. */
export const again = (declared: typeof GUIDE_FORM | typeof OVERVIEW_FORM, action: string, values: object): FormView =>
  (declared as unknown as FormDef<never>).show({ action, present: values as never })

export const textIn = (form: FormView, name: string): string =>
  form.fields.find((one) => one.name === name)?.typed[0] ?? ""
