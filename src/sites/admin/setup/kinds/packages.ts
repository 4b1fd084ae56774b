// Packages of credits, by their slug.
import { nano } from "../../../../app/index.ts"
import { field, form } from "../../../../http/index.ts"
import { PACKAGE_FORM } from "../../package-form.ts"
import type { Kind, SetupDeps } from "../types.ts"

const { seenMs: _, reason: __, ...TERMS } = PACKAGE_FORM.fields
const FORM = form({ ...TERMS, active: field.box({ label: "On sale" }) }, { submit: "Save package" })

export function packagesKind({ billing }: Pick<SetupDeps, "billing">): Kind {
  return {
    name: "packages",
    shape: "fields",
    present: () => new Map(billing.packages().map((one) => [one.slug, one])),
    formOf: () => FORM,
    fresh: { bonusNano: nano(0), bonusDays: null, active: true },
    saveIn(tx, slug, { name, priceNano, bonusNano, bonusDays, active }, before) {
      const terms = { name, priceNano, bonusNano, bonusDays }
      if (before) billing.editPackageIn(tx, { slug, ...terms, active })
      else {
        billing.createPackageIn(tx, { slug, ...terms })
        if (!active) billing.editPackageIn(tx, { slug, active })
      }
    },
  }
}
