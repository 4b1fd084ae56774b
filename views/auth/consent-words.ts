// What the consent page says in whole sentences: why somebody is asked again, what the developer earns, what the app pays.
import type { Nano } from "../../src/app/units.ts"
import { creditsText } from "../ui/format.ts"

export const AGAIN = {
  more: "You approved this app before. It asks for more now: the new parts are marked.",
  old: "You approved this app a while ago. Look once more whether it is still right.",
  limits: "You approved this app before. It proposes a higher daily limit now; yours stands until you change it.",
  developer:
    "You approved this app before, when another developer had it. Nothing of yours goes to the new one until you approve.",
  share:
    "You approved this app before. Its developer earns a larger share of each call now; until you approve, you pay as before.",
  tools: "You approved this app before, for other tools than those it asks for now.",
  revoked: "You revoked this app before. Approving lets it in again.",
  asked: "You approved this app before. It wants you to look once more.",
} as const

export const sponsoredWords = ({ capNano, leftNano }: { capNano: Nano; leftNano: Nano }): string =>
  leftNano === capNano
    ? `The first ${creditsText(capNano)} are paid by the app; what comes after them by you.`
    : `The app pays the next ${creditsText(leftNano)}; what comes after them you pay.`

export const shareWords = (bp: number): string =>
  bp === 0
    ? "Its developer earns nothing by it. "
    : `Of each call, its developer earns ${bp / 100}% of the model’s price, which is part of what you pay. `
