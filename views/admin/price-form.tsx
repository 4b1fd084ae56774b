// Setting a model's price: the form, and what it would have made of last month's calls.
import { AskedPage } from "../layout/confirm-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import type { FormView } from "../ui/index.ts"
import { asksWords, type ModelNames, type ModelPriceProps, PRICES_CRUMB } from "./price-model.tsx"
import { modelPath } from "./price-text.ts"

export interface PriceFormProps extends ModelNames {
  frame: Frame
  form: FormView
  isNew: boolean
  suggestion: ModelPriceProps["suggestion"]
}

const trail = ({ list, model }: ModelNames) => [PRICES_CRUMB, { href: modelPath(list, model), label: model }]

export function AdminPriceFormPage(props: PriceFormProps): JSX.Element {
  const { frame, form, isNew, model, suggestion } = props
  const asks = suggestion ? [asksWords(suggestion)] : []
  return (
    <EditPage
      frame={frame}
      title={isNew ? `Set a price for ${model}` : `Change the price of ${model}`}
      section="Admin"
      lead="What the provider takes. Shares and fees come on top by the price rules."
      up={trail(props)}
      form={form}
      words={[
        ...asks,
        "Before it is saved, you see what it would have made of last month’s calls. A price in force is never rewritten: another one follows it.",
      ]}
      formClass="form plan-form"
      cancelHref={modelPath(props.list, model)}
    />
  )
}

export interface PriceAskedProps extends ModelNames {
  frame: Frame
  words: readonly string[]
  label: string
  danger: boolean
  action: string
  hidden: Record<string, string>
}

export function AdminPriceAskedPage(props: PriceAskedProps): JSX.Element {
  const { listName: _, list, model, ...asked } = props
  return (
    <AskedPage
      {...asked}
      title={`Set this price for ${model}?`}
      section="Admin"
      up={trail(props)}
      cancelHref={modelPath(list, model)}
    />
  )
}
