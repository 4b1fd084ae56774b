// A calculation that a form asks of the browser before it is sent: stands within the form, beside two hidden fields. Without scripts it says
// how it goes then.
import { assetUrl } from "../layout/assets.ts"

export interface WorkProps {
  salt: string
  /** SHA-256 in hex of the salt with the number that is looked for. */
  target: string
  numbersMax: number
}

export function Work({ salt, target, numbersMax }: WorkProps): JSX.Element {
  return (
    <div
      class="work"
      data-module={assetUrl("js/work.js")}
      data-solver={assetUrl("js/work-solver.js")}
      data-salt={salt}
      data-target={target}
      data-most={String(numbersMax)}
    >
      <p class="quiet js" role="status" />
      <p class="quiet nojs">
        Many accounts are being made right now. Without scripts only a few people get through at a time: if you are
        asked to wait, press the button again after that.
      </p>
    </div>
  )
}
