// Who writes the mails: the house as it is called and looks now, and the legal entity behind it.
import type { Config } from "../app/index.ts"
import { operatorEmail, operatorLines } from "../billing/index.ts"
import { accentOf, BRAND, brandName } from "../brand/index.ts"
import type { House } from "../part/index.ts"
import type { Settings } from "../settings/index.ts"

export const mailHouseOf = (
  { baseUrl }: Pick<Config, "baseUrl">,
  settings: Pick<Settings, "get">,
): Required<House> => ({
  get productName() {
    return brandName(settings)
  },
  baseUrl,
  get look() {
    const { light, dark } = accentOf(settings.get(BRAND.accent) || USUAL)
    return {
      accent: { light: light.accent, dark: dark.accent },
      operator: operatorLines(settings),
      contact: settings.get(BRAND.support) || operatorEmail(settings),
    }
  },
})

/** Sea blue, as `--accent` of tokens.css. */
const USUAL = "#0b6aa2"
