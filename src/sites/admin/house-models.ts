// /admin/models: models that the house sells under names of its own, and what is kept of each.
import { AdminHouseModelPage, AdminHouseModelsPage, type HouseRow } from "../../../views/admin/house-models.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure, type Nano, nano } from "../../app/index.ts"
import type { HouseModel, Option } from "../../gateway/index.ts"
import { field, form } from "../../http/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "gateway">

const PRICE = "What it is sold at"
export const HOUSE_FORM = form(
  {
    name: field.text({
      label: "Name",
      missing: "Enter a name.",
      max: 80,
      help: "What callers ask for and answers say, such as pipilot-1-chat.",
    }),
    model: field.text({
      label: "Answered by",
      missing: "Name the model that answers.",
      max: 256,
      help: "A model that a provider here serves, such as openai/gpt-5-mini. Callers never see it.",
    }),
    input1kNano: field.dollars({ name: "input_1k", label: "1,000 tokens in", group: PRICE }),
    output1kNano: field.dollars({ name: "output_1k", label: "1,000 tokens out", group: PRICE }),
    feeNano: field.dollars({ name: "fee", label: "Each call", group: PRICE }),
    active: field.box({ label: "On sale" }),
    reason: field.reason(),
  },
  { submit: "Save model" },
)

export const NEW_HOUSE_MODEL = {
  name: "",
  model: "",
  input1kNano: nano(0),
  output1kNano: nano(0),
  feeNano: nano(0),
  active: true,
}

export function houseModelRoutes(site: AdminSite, deps: Deps): void {
  const { gateway } = deps
  site.get("/admin/models", (page) => {
    const options = gateway.modelOptions("live")
    const models = gateway.houseModels().map((one) => rowOf(one, options))
    return page.render((frame) => AdminHouseModelsPage({ frame, models }))
  })
  site.form("/admin/models/new", {
    summary: "Put a model of the house on sale",
    form: HOUSE_FORM,
    present: () => NEW_HOUSE_MODEL,
    async act(page, { reason, ...terms }) {
      const { name } = await gateway.setHouseModel(page.ctx(reason), null, terms)
      return { to: "/admin/models", say: `${name} is a model of the house now.` }
    },
    show: (page, shown, _, status) => editor(page, null, shown, status),
  })
  site.form("/admin/models/:house", {
    summary: "Change a model of the house",
    load: (_, params) => modelOf(deps, params.house),
    form: HOUSE_FORM,
    present: (model) => model,
    kept: ["name", "model"],
    async act(page, { reason, ...terms }, model) {
      const { name, active } = await gateway.setHouseModel(page.ctx(reason), model.publicId, terms)
      return {
        to: "/admin/models",
        say: active ? `${name} is sold at its new terms from the next call on.` : `${name} is off sale.`,
      }
    },
    show: (page, shown, model, status) => editor(page, model, shown, status),
  })
}

function modelOf({ gateway }: Deps, id: string): HouseModel {
  const model = gateway.houseModel(id)
  ensure(model, "not_found", "There is no such model.")
  return model
}

/** Three tokens in for one out, as models are compared everywhere. */
function rowOf(
  { publicId, name, model, input1kNano, output1kNano, feeNano, active }: HouseModel,
  options: readonly Option[],
): HouseRow {
  const option = options.find((one) => one.id === model || one.model === model)
  const soldNano = Math.round(((3 * input1kNano + output1kNano) * 1_000) / 4) as Nano
  const costNano = option ? nano(option.costPico / 1_000n) : null
  return {
    id: publicId,
    name,
    model,
    active,
    input1k: input1kNano,
    output1k: output1kNano,
    fee: feeNano,
    sold: soldNano,
    cost: costNano,
    keptPercent: costNano === null || soldNano === 0 ? null : Math.floor((100 * (soldNano - costNano)) / soldNano),
  }
}

function editor(page: PageRequest, model: HouseModel | null, form: FormView, status: Status): Response {
  return page.render((frame) => AdminHouseModelPage({ frame, name: model?.name ?? null, form }), status)
}
