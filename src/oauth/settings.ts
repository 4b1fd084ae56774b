// What an operator decides about clients that no developer of this house made, about the keys that sign tokens, and about permissions.
import { field } from "../http/index.ts"
import { daysBetween, reviewsSetting, type Setting } from "../part/index.ts"
import { isPlainHost } from "./client/redirect-uri.ts"

const GROUP = "Apps that come by themselves"
const YES_NO = (yes: string, no: string) => [
  { value: "yes", label: yes },
  { value: "no", label: no },
]
const oneOfTwo = (value: string): string | null => (["yes", "no"].includes(value) ? null : "Choose one of the two.")

/** On: an app that describes itself at an address of its own is what MCP clients are from 2025-11 on, and nothing piles up here. */
export const DOCUMENTS: Setting<string> = {
  key: "oauth.documents",
  group: GROUP,
  field: field.choice({
    label: "Apps that describe themselves at an https address (client ID metadata documents)",
    options: YES_NO("May ask people to sign in", "Are refused"),
    control: "radios",
  }),
  default: "yes",
  problem: oneOfTwo,
}

const HOSTS_MAX = 200
const LINES = field.lines({
  label: "Hosts of such addresses",
  optional: true,
  mono: true,
  help: "One per line, such as claude.ai; a name means itself, not what is below it. None: every public host.",
})

function hostsProblem(hosts: readonly string[]): string | null {
  if (hosts.length > HOSTS_MAX) return `At most ${HOSTS_MAX} hosts.`
  const wrong = hosts.find((host) => host !== host.toLowerCase() || !isPlainHost(host))
  return wrong === undefined ? null : `${wrong.slice(0, 80)} is not a host name such as claude.ai.`
}

export const DOCUMENT_HOSTS: Setting<string[]> = {
  key: "oauth.document_hosts",
  group: GROUP,
  field: {
    ...LINES,
    read(texts, look) {
      const read = LINES.read(texts, look)
      const problem = "error" in read ? read.error : hostsProblem(read.value)
      return problem === null ? read : { error: problem }
    },
  },
  default: [],
  problem: hostsProblem,
}

/** Off: whoever registers leaves a row here, and MCP clients of today need it no more. */
export const REGISTRATION: Setting<string> = {
  key: "oauth.registration",
  group: GROUP,
  field: field.choice({
    label: "Apps that register themselves (dynamic registration)",
    options: YES_NO("May register", "Are refused"),
    control: "radios",
  }),
  default: "no",
  problem: oneOfTwo,
}

/** None: whoever has just come here gets an app to work without waiting for anybody. */
export const APP_REVIEWS = reviewsSetting({
  key: "oauth.app_reviews",
  group: "Apps of developers",
  label: "New apps",
  wanted: "An admin looks at each before anybody but its developer can sign in to it",
  none: "Everybody can sign in to them at once",
  default: "none",
})

const DAYS_MAX = 3_650

/** 0 = only by hand. */
export const ROTATE_DAYS: Setting<number> = {
  key: "oauth.rotate_days",
  group: "Signing keys",
  field: field.days({
    label: "New signing keys every",
    help: "The keys that sign tokens are replaced by the next ones, which apps have known for a while by then. 0: only when somebody does it by hand.",
    required: true,
  }),
  default: 90,
  problem: daysBetween(0, DAYS_MAX),
}

/** SPEC §4.5: a permission that is older is asked for again. */
export const CONSENT_DAYS: Setting<number> = {
  key: "oauth.consent_days",
  group: "Permissions of apps",
  field: field.days({
    label: "Ask again after",
    help: "Whoever allowed an app so long ago is asked again at the next sign-in, with what stands. 0: never.",
    required: true,
  }),
  default: 0,
  problem: daysBetween(0, DAYS_MAX),
}

const SHARES = "Earnings of developers"
const ALL_BP = 10_000
const shareProblem = (value: number): string | null =>
  Number.isSafeInteger(value) && value >= 0 && value <= 10 * ALL_BP ? null : "Give a share from 0 to 1000%."

/** What a developer may choose for an app (SPEC DE-8); what was chosen outside of it counts as the nearest bound. */
export const SHARE_MIN: Setting<number> = {
  key: "oauth.share_min",
  group: SHARES,
  field: field.percent({
    name: "share_min",
    label: "A developer’s own share of an app is at least",
    suffix: "% of the model’s price",
    help: "Whoever chooses none gets what the price rules say.",
    required: true,
  }),
  default: 0,
  problem: shareProblem,
}

export const SHARE_MAX: Setting<number> = {
  key: "oauth.share_max",
  group: SHARES,
  field: field.percent({
    name: "share_max",
    label: "A developer’s own share of an app is at most",
    suffix: "% of the model’s price",
    help: "People read it when they allow the app, and pay it on top.",
    required: true,
  }),
  default: ALL_BP,
  problem: shareProblem,
}
