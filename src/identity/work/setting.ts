// Whether sign-ups cost a calculation, as an operator decides.
import { field } from "../../http/index.ts"
import type { Setting } from "../../part/index.ts"

export const SIGN_UP_WORK: Setting<"flood" | "always" | "never"> = {
  key: "identity.sign_up_work",
  group: "Sign-up",
  field: field.choice({
    label: "Proof of work",
    help: "The browser calculates for a second or two before an account is made, which costs whoever makes thousands. Nobody else is asked. Without scripts only a few people an hour get through meanwhile.",
    options: [
      { value: "flood", label: "In a flood of sign-ups" },
      { value: "always", label: "Always" },
      { value: "never", label: "Never" },
    ],
  }),
  default: "flood",
  problem: () => null,
}
