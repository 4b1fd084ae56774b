// Models of the house, by the name that callers ask for.
import { HOUSE_FORM, NEW_HOUSE_MODEL } from "../../house-models.ts"
import type { Kind, SetupDeps } from "../types.ts"

const FORM = HOUSE_FORM.with({ name: null, reason: null })

export function modelsKind({ gateway }: Pick<SetupDeps, "gateway">): Kind {
  return {
    name: "models",
    shape: "fields",
    present: () => new Map(gateway.houseModels().map((one) => [one.name, one])),
    formOf: () => FORM,
    fresh: NEW_HOUSE_MODEL,
    saveIn(tx, name, { model, input1kNano, output1kNano, feeNano, active }, before) {
      const terms = { name, model, input1kNano, output1kNano, feeNano, active }
      gateway.setHouseModelIn(tx, before?.publicId ?? null, terms)
    },
  }
}
