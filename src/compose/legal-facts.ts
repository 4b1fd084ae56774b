// What the legal pages say of this server, from the lists that make it so: cookies, what is kept how long, and who else gets data.
import { operatorEmail, operatorLines } from "../billing/index.ts"
import { EARNING_TERMS } from "../developers/index.ts"
import { COOKIE_FACTS, createCookies, STORAGE_FACTS } from "../http/index.ts"
import type { LegalFacts } from "../legal/index.ts"
import { DEFAULT_RULES } from "../pricing/index.ts"
import { GRACE_DAYS } from "../privacy/index.ts"
import { DECLARED, type House } from "./parts.ts"

const BP_PERCENT = 100

export function factsOf(house: House): LegalFacts {
  const { settings, config, brand } = house
  const cookies = createCookies({ secure: config.baseUrl.startsWith("https:") })
  return {
    name: brand.look().name,
    operator: operatorLines(settings),
    contact: brand.support() || operatorEmail(settings),
    cookies: Object.entries(COOKIE_FACTS).map(([name, { what, kept }]) => ({
      name: cookies.nameOf(name as keyof typeof COOKIE_FACTS),
      what,
      kept,
    })),
    storage: STORAGE_FACTS,
    kept: DECLARED.keeps.map(({ what, goes, kept }) => ({
      what,
      goes,
      kept: typeof kept === "string" ? kept : `${settings.get(kept)} days`,
    })),
    processors: processorsOf(house),
    share: DEFAULT_RULES.app.developerBp / BP_PERCENT,
    graceDays: settings.get(GRACE_DAYS),
    paidDays: settings.get(EARNING_TERMS.paidDays),
  }
}

/** Who is really asked, as it is set now. */
function processorsOf({ gateway, billing, mailer, config, identity }: House): LegalFacts["processors"] {
  const upstreams = gateway.upstreams().filter(({ enabled, isLocal }) => enabled && !isLocal)
  return [
    ...upstreams.map(({ name, baseUrl }) => ({
      name: `${name} (${URL.parse(baseUrl)?.hostname ?? baseUrl})`,
      what: "Answers prompts of the models that it serves; gets the prompt, not who you are.",
    })),
    ...(billing.isOn ? [{ name: "Stripe", what: "Takes payments; gets your email address and what you buy." }] : []),
    ...(mailer.road === "smtp" && config.smtpUrl
      ? [
          {
            name: `Mail server ${URL.parse(config.smtpUrl)?.hostname ?? ""}`.trim(),
            what: "Sends mail to your address.",
          },
        ]
      : []),
    ...(config.replica ? [{ name: "Storage for backups", what: "Keeps a copy of the database." }] : []),
    ...identity
      .issuers()
      .filter(({ active }) => active)
      .map(({ name }) => ({ name, what: "Signs you in, if you choose it; learns that you did." })),
  ]
}
