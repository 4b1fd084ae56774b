// Questions before an API is deleted, and before its signing key changes.
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import type { FormView } from "../../ui/index.ts"
import { type ProductHead, productPath } from "./product-frame.tsx"

export interface ProductActProps {
  frame: Frame
  product: ProductHead
  form: FormView
}

export function RemoveProductPage({ frame, product, form }: ProductActProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Delete ${product.title}?`}
      section="Developer"
      up={{ href: productPath(product), label: product.title }}
      form={{ ...form, submit: `Delete ${product.title}`, danger: true }}
      words={[
        "Its endpoints, plans, guides and changes go with it. This cannot be taken back.",
        "An API that somebody subscribed to cannot be deleted: their invoices name it. Unpublish it instead.",
      ]}
      cancelHref={productPath(product)}
    />
  )
}

export function SigningKeyPage({ frame, product, form }: ProductActProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Make a new signing key for ${product.title}?`}
      section="Developer"
      up={{ href: productPath(product), label: product.title }}
      form={form}
      words={[
        "The present key ends at once. A server that checks signatures refuses all calls until it knows the new one.",
        "The new key is shown once.",
      ]}
      cancelHref={productPath(product)}
    />
  )
}
